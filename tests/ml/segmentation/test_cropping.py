"""From frame to liver: the same rule in preparing and staging, recorded with cohort, model and answer.

The segmenter here is a real one, of one convolution with weights set by hand: what is bright is liver. So
the tests know where the liver has to be found.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from ml.cohort import load_cache, prepare, write_cache
from ml.dicom import Box
from ml.models import BandClassifier, Calibration, Model, ModelInfo, load_model, save_model
from ml.protocols import evaluate, stage_files
from ml.protocols.evaluate import EvaluationRefused
from ml.protocols.stage import StagingRefused
from ml.segmentation import LiverCropper, Segmenter, SegmenterInfo
from ml.spec import Architecture, Band, TrainSpec
from ml.spec.crop import Crop
from tests.ml.dicom import making

ROWS, COLUMNS = 120, 160
LIVER = (40, 50, 120, 100)  # x0, y0, x1, y1 of the bright block in the frame


def bright_is_liver(sha256: str = "a" * 64, margin: float = 0.0) -> LiverCropper:
    network = torch.nn.Conv2d(1, 1, 1)
    with torch.no_grad():
        network.weight.fill_(40.0)
        network.bias.fill_(-20.0)
    info = SegmenterInfo(
        sha256=sha256, size=160, width=16, epochs=1, seed=0, simulated=True, boxes_bound=False, trained_on=[]
    )
    return LiverCropper(Segmenter(network.eval(), info, torch.device("cpu")), margin)


def frame(*, liver: bool = True, seed: int = 0) -> np.ndarray:
    picture = np.random.default_rng(seed).integers(10, 60, (ROWS, COLUMNS), dtype=np.uint8)
    if liver:
        x0, y0, x1, y1 = LIVER
        picture[y0:y1, x0:x1] = 200 + picture[y0:y1, x0:x1] // 2
    return picture


def file(path: Path, patient: str, band: Band, *, liver: bool = True) -> Path:
    probe, frequency, delta = {Band.HF: ("L12-5", 9000, 0.01), Band.LF: ("C5-1", 3500, 0.15)}[band]
    key = int.from_bytes(f"{patient}{band}".encode(), "big") % 10**9
    region = making.region(
        10, 20, 149, 109, PhysicalDeltaX=delta, PhysicalDeltaY=delta, TransducerFrequency=frequency
    )
    elements = {
        "PatientID": patient,
        "SOPInstanceUID": f"1.2.3.{key}",
        "StudyInstanceUID": f"1.2.4.{int.from_bytes(patient.encode(), 'big')}",
        "TransducerData": probe,
        "SequenceOfUltrasoundRegions": [region],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(making.native([frame(liver=liver, seed=key)], **elements))
    return path


def near(box: tuple[int, ...], other: tuple[int, ...], within: int = 2) -> bool:
    return all(abs(one - two) <= within for one, two in zip(box, other, strict=True))


def test_box_of_the_liver_is_in_the_frames_pixels_and_wider_by_the_margin() -> None:
    region = Box(10, 20, 150, 110, "region")
    tight = bright_is_liver()(frame(), region)
    assert tight.liver
    assert tight.box.source == "liver"
    assert near((tight.box.x0, tight.box.y0, tight.box.x1, tight.box.y1), LIVER)
    assert tight.picture.shape == (256, 256)
    assert (tight.mask > 0).mean() > 0.5
    assert tight.picture[tight.mask > 0].min() > 150
    wide = bright_is_liver(margin=0.1)(frame(), region)
    assert near((wide.box.x0, wide.box.x1), (LIVER[0] - 8, LIVER[2] + 8))


def test_without_a_liver_the_region_is_the_picture_and_says_so() -> None:
    region = Box(10, 20, 150, 110, "region")
    found = bright_is_liver()(frame(liver=False), region)
    assert not found.liver
    assert found.box == region
    assert found.mask is None


@pytest.fixture
def hospital(tmp_path: Path) -> Path:
    """Ten patients, two of each stage; nobody finds a liver in the LF picture of the last one."""
    for number in range(10):
        for band in Band:
            name = f"P{number:02d}"
            liver = not (number == 9 and band is Band.LF)
            file(tmp_path / "export" / name / f"{band}.dcm", name, band, liver=liver)
    lines = [f"P{number:02d},S{number % 5},A" for number in range(10)]
    (tmp_path / "stages.csv").write_text("patient_id,stage,site\n" + "\n".join(lines) + "\n", "utf-8")
    return tmp_path


def test_a_cohort_is_cropped_to_the_liver_and_its_index_says_where(hospital: Path) -> None:
    cropper = bright_is_liver()
    events = list(
        prepare(
            hospital / "export",
            hospital / "stages.csv",
            out=hospital / "cache",
            workers=1,
            cropper=cropper,
        )
    )
    cohort = load_cache(hospital / "cache", verify=True)
    assert cohort.crop == cropper.crop == Crop(kind="liver", segmenter="a" * 64, margin=0.0)
    kinds = cohort.index.set_index(["patient", "band"])["crop"]
    assert kinds["P09", "LF"] == "region"
    assert (kinds.drop(("P09", "LF")) == "liver").all()
    boxes = cohort.index.set_index(["patient", "band"])["box"]
    assert near(tuple(map(int, boxes["P00", "HF"].split())), LIVER)
    assert near(tuple(map(int, boxes["P09", "LF"].split())), (10, 20, 150, 110), 0)
    assert cohort.images[0].max() > 200
    assert np.median(cohort.images[0][cohort.outlines[0] > 0]) > 200, "mask and picture lie on each other"
    warnings = [event.message for event in events if event.kind == "note" and event.level == "warning"]
    assert any("No liver was found in 1 pictures" in line for line in warnings)


def test_without_a_segmenter_a_cohort_is_what_it_ever_was(hospital: Path) -> None:
    list(prepare(hospital / "export", hospital / "stages.csv", out=hospital / "cache", workers=1))
    cohort = load_cache(hospital / "cache", verify=True)
    assert cohort.crop == Crop()
    assert not {"crop", "box"} & set(cohort.index.columns)
    assert not (hospital / "cache" / "outlines.npy").exists()


def model(folder: Path, crop: Crop, *, size: int = 256) -> Model:
    torch.manual_seed(0)
    info = ModelInfo(
        name="Test", spec=TrainSpec(architecture=Architecture.HF), dataset_hash="0" * 64, simulated=False,
        size=size, networks=["hf"], calibration={"hf": Calibration()}, crop=crop,
    )  # fmt: skip
    save_model(folder, {"hf": BandClassifier()}, info)
    return load_model(folder, device="cpu")


def test_a_model_of_the_liver_is_shown_the_liver_and_the_answer_says_where(tmp_path: Path) -> None:
    cropper = bright_is_liver()
    path = file(tmp_path / "hf.dcm", "P1", Band.HF)
    result = stage_files(model(tmp_path / "m", cropper.crop), [path], cropper=cropper)
    (used,) = result.crops
    assert (used.kind, used.liver_found, used.used, used.image) == ("liver", True, True, "hf.dcm")
    assert near(used.box, LIVER)


def test_pictures_without_a_liver_are_left_out_and_none_left_is_refused(tmp_path: Path) -> None:
    cropper = bright_is_liver()
    liver = file(tmp_path / "with.dcm", "P1", Band.HF)
    none = file(tmp_path / "without.dcm", "P1", Band.HF, liver=False)
    own = model(tmp_path / "m", cropper.crop)
    result = stage_files(own, [liver, none], cropper=cropper)
    assert [(crop.image, crop.used) for crop in result.crops] == [("with.dcm", True), ("without.dcm", False)]
    assert result.images == {Band.HF: 1}
    assert "No liver was found in 1 of 2 HF pictures; they were not used." in result.warnings
    with pytest.raises(StagingRefused) as refused:
        stage_files(own, [none], cropper=cropper)
    assert refused.value.code == "no-liver-found"


@pytest.mark.parametrize(("given", "code"), [(None, "segmenter-missing"), ("b" * 64, "segmenter-differs")])
def test_a_model_of_the_liver_is_staged_with_its_own_segmenter_only(
    tmp_path: Path, given: str | None, code: str
) -> None:
    own = model(tmp_path / "m", bright_is_liver().crop)
    other = bright_is_liver(given) if given else None
    with pytest.raises(StagingRefused) as refused:
        stage_files(own, [file(tmp_path / "hf.dcm", "P1", Band.HF)], cropper=other)
    assert refused.value.code == code


def test_a_model_of_the_region_sees_the_region_whatever_the_segmenter_says(tmp_path: Path) -> None:
    own = model(tmp_path / "m", Crop())
    path = file(tmp_path / "hf.dcm", "P1", Band.HF, liver=False)
    plain = stage_files(own, [path])
    looked = stage_files(own, [path], cropper=bright_is_liver())
    assert plain.probabilities == looked.probabilities
    assert plain.crops[0].liver_found is None
    assert looked.crops[0].liver_found is False
    assert looked.crops[0].kind == "region"
    assert "No liver was found in 1 of 1 HF pictures; look at them." in looked.warnings


def test_a_model_is_not_evaluated_on_another_crop(tmp_path: Path, cache: Path) -> None:
    model(tmp_path / "m", bright_is_liver().crop)
    with pytest.raises(EvaluationRefused) as refused:
        list(evaluate(tmp_path / "m", load_cache(cache), tmp_path / "out", device="cpu"))
    assert refused.value.code == "crop-differs"


def test_models_written_before_the_crop_was_recorded_see_the_region(tmp_path: Path) -> None:
    own = model(tmp_path / "m", Crop())
    text = (tmp_path / "m" / "model.json").read_text("utf-8")
    lines = own.info.model_dump(mode="json")
    del lines["crop"]
    assert ModelInfo.model_validate(lines).crop == Crop()
    assert '"crop"' in text


def test_cohorts_of_different_crops_are_not_joined(tmp_path: Path, hospital: Path) -> None:
    from ml.cohort.errors import CohortError
    from ml.cohort.external import join_external

    plain = hospital / "plain"
    list(prepare(hospital / "export", hospital / "stages.csv", out=plain, workers=1))
    one = load_cache(plain)
    renamed = ((row, picture) for row, picture in _renamed(one))
    other = write_cache(tmp_path / "other", renamed, simulated=False, crop=bright_is_liver().crop)
    with pytest.raises(CohortError) as refused:
        join_external(one, other, tmp_path / "joined")
    assert refused.value.code == "external-crop-differs"


def _renamed(cohort):
    import dataclasses

    from ml.cohort import CohortImage
    from ml.spec import Stage

    for number, row in enumerate(cohort.index.drop(columns="row").to_dict("records")):
        image = CohortImage(**row | {"band": Band(row["band"]), "stage": Stage(row["stage"])})
        yield (
            dataclasses.replace(image, patient=f"X{image.patient}", exam=f"X{image.exam}"),
            cohort.images[number],
        )

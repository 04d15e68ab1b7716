"""Valid DICOM that says it is simulated, in tags and picture, and that gives de-identification work."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pydicom
import pytest
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit, RLELossless

from ml.simulation.furniture import Caption, draw_screen
from ml.simulation.identity import Person, invent
from ml.simulation.instances import Exposure, build_instance, content_time
from ml.simulation.patient import generator
from ml.simulation.picture import Picture, render
from ml.simulation.scanner import VENDORS, Habitus, choose_setting
from ml.simulation.severity import Factors
from ml.spec import Band

from .conftest import Made

US = "1.2.840.10008.5.1.4.1.1.6.1"
US_MULTIFRAME = "1.2.840.10008.5.1.4.1.1.3.1"


def person(index: int = 0) -> Person:
    return invent(generator(index, 3), seed=0, site="DEMO", index=index, severity=2.0)


def picture_of(band: Band, vendor: int, frames: int = 1) -> Picture:
    habitus = Habitus(fat=7, muscle=6, steatosis=0.2)
    rng = generator(vendor, frames)
    setting = choose_setting(rng, VENDORS[vendor], band, habitus, VENDORS[vendor].probes[band][0])
    return render(rng, band, Factors(2, 2, 2, 2), habitus, setting, frames=frames)


@pytest.fixture(
    scope="module", params=[(v, b, n) for v in range(len(VENDORS)) for b, n in ((Band.HF, 1), (Band.LF, 3))]
)
def instance(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[pydicom.FileDataset, Picture]:
    """One written and read back file of each vendor, still and cine."""
    vendor, band, frames = request.param
    picture = picture_of(band, vendor, frames)
    screens = draw_screen(picture, Caption.of(person(), "01.02.2024 10:00:00"))
    exposure = Exposure(
        "2.25.1", "2.25.2", "2.25.3", number=1, series_number=1, when=content_time(person(), 1)
    )
    path = tmp_path_factory.mktemp("dicom") / "one.dcm"
    build_instance(picture, screens, person(), exposure).save_as(path, enforce_file_format=True)
    return pydicom.dcmread(path), picture


def test_pixels_decode_to_the_picture(instance: tuple[pydicom.FileDataset, Picture]) -> None:
    dataset, picture = instance
    pixels = dataset.pixel_array
    assert pixels.shape[:1] == (3,) or "NumberOfFrames" not in dataset
    first = pixels[0] if "NumberOfFrames" in dataset else pixels
    grey = first[..., 0] if first.ndim == 3 else first
    error = np.abs(grey[picture.region.slices].astype(int) - picture.frames[0])
    lossy = dataset.file_meta.TransferSyntaxUID == JPEGBaseline8Bit
    assert error.max() == 0 if not lossy else error.mean() < 4
    assert (dataset.LossyImageCompression == "01") == lossy


def test_sop_class_follows_the_number_of_frames(instance: tuple[pydicom.FileDataset, Picture]) -> None:
    dataset, picture = instance
    assert dataset.SOPClassUID == dataset.file_meta.MediaStorageSOPClassUID
    if len(picture.frames) > 1:
        assert dataset.SOPClassUID == US_MULTIFRAME
        assert dataset.NumberOfFrames == len(picture.frames)
        assert 1000 / float(dataset.FrameTime) == pytest.approx(picture.setting.vendor.frame_rate, abs=0.1)
        assert dataset.FrameIncrementPointer == 0x00181063
    else:
        assert dataset.SOPClassUID == US


def test_region_lies_in_the_frame_and_measures_the_depth(
    instance: tuple[pydicom.FileDataset, Picture],
) -> None:
    dataset, picture = instance
    (region,) = dataset.SequenceOfUltrasoundRegions
    assert 0 <= region.RegionLocationMinX0 < region.RegionLocationMaxX1 < dataset.Columns
    assert 0 <= region.RegionLocationMinY0 < region.RegionLocationMaxY1 < dataset.Rows
    assert (region.PhysicalUnitsXDirection, region.PhysicalUnitsYDirection) == (3, 3)
    height = region.RegionLocationMaxY1 - region.RegionLocationMinY0 + 1
    below_face = (height - region.ReferencePixelY0) * region.PhysicalDeltaY * 10
    assert below_face == pytest.approx(picture.setting.depth, rel=0.02)
    if picture.setting.vendor.names_frequency:
        assert region.TransducerFrequency == pytest.approx(picture.setting.acquisition.frequency * 1000)


def test_tags_say_simulated(instance: tuple[pydicom.FileDataset, Picture]) -> None:
    dataset, _ = instance
    for keyword in ("Manufacturer", "SeriesDescription", "StudyDescription", "ImageComments"):
        assert "SIMULATED" in dataset[keyword].value, keyword
    assert dataset.SyntheticData == "YES"


def test_identity_is_there_to_be_removed(instance: tuple[pydicom.FileDataset, Picture]) -> None:
    dataset, picture = instance
    assert dataset.BurnedInAnnotation == "YES"
    for keyword in (
        "PatientName",
        "PatientID",
        "PatientBirthDate",
        "OtherPatientIDs",
        "PatientAddress",
        "AccessionNumber",
        "PatientTelephoneNumbers",
        "ReferringPhysicianName",
        "OperatorsName",
        "InstitutionName",
    ):
        assert str(dataset[keyword].value), keyword
    assert dataset[0x0019, 0x1001].value == person().latin_name
    if picture.setting.vendor.key != "aurora":
        assert str(dataset.PatientName).endswith(f"={person().family[1]}^{person().given[1]}")


@pytest.mark.parametrize("band", list(Band))
@pytest.mark.parametrize("vendor", range(len(VENDORS)))
def test_words_are_outside_the_region(vendor: int, band: Band) -> None:
    picture = picture_of(band, vendor)
    screens = draw_screen(picture, Caption.of(person(), "01.02.2024 10:00:00"))[0]
    rows, columns = picture.region.slices
    inside = screens[rows, columns] if screens.ndim == 2 else screens[rows, columns, 0]
    assert np.array_equal(inside, picture.frames[0])
    other = draw_screen(picture, Caption.of(person(9), "01.02.2024 10:00:00"))[0]
    changed = screens != other
    assert changed.any(), "the name is not in the picture"
    assert not changed[rows, columns].any()


def test_watermark_is_in_the_picture_of_every_vendor(monkeypatch: pytest.MonkeyPatch) -> None:
    for vendor in range(len(VENDORS)):
        picture = picture_of(Band.HF, vendor)
        with_mark = draw_screen(picture, Caption.anonymous())[0]
        with monkeypatch.context() as patch:
            patch.setattr("ml.simulation.furniture.WATERMARK", "")
            without = draw_screen(picture, Caption.anonymous())[0]
        changed = np.argwhere((with_mark != without).reshape(*VENDORS[vendor].screen, -1).any(axis=-1))
        assert len(changed) > 200
        assert np.ptp(changed[:, 1]) > 80


def test_cohort_mixes_syntaxes_bands_and_kinds_with_unique_uids(made: Made) -> None:
    datasets = made.datasets()
    known = {ExplicitVRLittleEndian, RLELossless, JPEGBaseline8Bit}
    assert {dataset.file_meta.TransferSyntaxUID for dataset in datasets} <= known
    uids = Counter(dataset.SOPInstanceUID for dataset in datasets)
    assert max(uids.values()) == 1
    for dataset in datasets:
        assert len(dataset.SOPInstanceUID) <= 64
        assert dataset.SOPInstanceUID == dataset.file_meta.MediaStorageSOPInstanceUID
    studies = {(dataset.PatientID, dataset.StudyInstanceUID) for dataset in datasets}
    assert len(studies) == len({dataset.PatientID for dataset in datasets})


def test_band_is_not_written_out(made: Made) -> None:
    """Recognition has to work from probe, frequency, depth and geometry, as with real files."""
    for dataset in made.datasets():
        text = f"{dataset.SeriesDescription} {dataset.StudyDescription} {dataset.ImageComments}"
        assert "HF" not in text
        assert "LF" not in text


def test_age_is_in_full_years() -> None:
    someone = person()
    birthday = date(someone.visit.year, someone.birth.month, min(someone.birth.day, 28))
    assert someone.age in {birthday.year - someone.birth.year, birthday.year - someone.birth.year - 1}

"""From a folder of files to a cache: every file has a line of report, and nothing dubious gets in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ml.cohort import CohortError, TableRefused, assert_no_leak, load_cache, prepare
from ml.dicom import network_input, read_ultrasound
from ml.spec import Band
from tests.ml.dicom import making

PROBE = {Band.HF: ("L12-5", 9000, 0.01), Band.LF: ("C5-1", 3500, 0.15)}


def ultrasound(
    patient: str, band: Band, number: int, *, seed: int | None = None, frames: int = 1, **more: object
) -> bytes:
    """A small file of one patient; its identifiers follow from patient, band and number."""
    probe, frequency, delta = PROBE[band]
    key = int.from_bytes(f"{patient}{band}{number}".encode(), "big") % 10**9
    fan = np.abs(np.arange(80) - 40)[None] < 12 + 28 * np.arange(96)[:, None] / 96
    shown = fan if band is Band.LF else np.ones((96, 80), bool)
    pictures = [
        making.speckle(96, 80, seed=(key if seed is None else seed) + shot) * shown for shot in range(frames)
    ]
    elements: dict[str, object] = {
        "PatientID": patient, "SOPInstanceUID": f"1.2.3.{key}",
        "StudyInstanceUID": f"1.2.4.{int.from_bytes(patient.encode(), 'big')}",
        "TransducerData": probe,
        "SequenceOfUltrasoundRegions": [
            making.region(
                0, 0, 79, 95, PhysicalDeltaX=delta, PhysicalDeltaY=delta, TransducerFrequency=frequency
            )
        ],
    } | more  # fmt: skip
    return making.native(pictures, **elements)


@pytest.fixture
def hospital(tmp_path: Path) -> Callable[..., Path]:
    """A folder of ten patients (two of each stage) with one HF and one LF still each."""
    folder = tmp_path / "export"
    for number in range(10):
        place = folder / f"P{number:02d}" / "exam"
        place.mkdir(parents=True)
        for band in Band:
            (place / f"{band}.dcm").write_bytes(ultrasound(f"P{number:02d}", band, 0))
    (tmp_path / "stages.csv").write_text(
        "patient_id,stage,site\n" + "".join(f"P{number:02d},S{number % 5},A\n" for number in range(10)),
        "utf-8",
    )

    def add(name: str, data: bytes) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return add


def run(tmp_path: Path, **options: object) -> tuple[list, dict[str, dict]]:
    options.setdefault("workers", 1)
    events = list(prepare(tmp_path / "export", tmp_path / "stages.csv", out=tmp_path / "cache", **options))
    lines = [
        json.loads(line) for line in (tmp_path / "cache" / "report.jsonl").read_text("utf-8").splitlines()
    ]
    assert all({"path", "outcome", "code", "message", "remedy", "band"} <= line.keys() for line in lines)
    return events, {line["path"] or line["patient"]: line for line in lines}


def test_a_clean_folder_becomes_a_cohort(tmp_path: Path, hospital: Callable[..., Path]) -> None:
    events, report = run(tmp_path)
    assert events[0].kind == "started"
    assert events[-1].kind == "finished"
    assert events[-1].result["files"] == {"accepted": 20, "duplicate": 0, "quarantined": 0, "refused": 0}
    cohort = load_cache(tmp_path / "cache", verify=True)
    assert len(report) == len(cohort) == 20
    assert len(cohort.pairs()) == 10
    assert not cohort.simulated
    assert set(cohort.index["site"]) == {"A"}
    assert_no_leak(cohort)
    image = read_ultrasound(tmp_path / "export" / "P00" / "exam" / "HF.dcm")
    assert np.array_equal(cohort.images[0], network_input(image, 0))
    assert (cohort.index["patient"].iloc[0], cohort.index["band"].iloc[0]) == ("P00", "HF")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "export", "stages.csv"]


def test_preparing_twice_gives_the_same_cohort(tmp_path: Path, hospital: Callable[..., Path]) -> None:
    run(tmp_path)
    first = load_cache(tmp_path / "cache").dataset_hash
    run(tmp_path, workers=2)
    assert load_cache(tmp_path / "cache").dataset_hash == first


def test_a_cine_gives_its_representative_frames(tmp_path: Path, hospital: Callable[..., Path]) -> None:
    hospital("P00/exam/cine.dcm", ultrasound("P00", Band.HF, 7, frames=9))
    _, report = run(tmp_path)
    assert report["P00/exam/cine.dcm"]["pictures"] == 3
    index = load_cache(tmp_path / "cache").index
    assert list(index["frame"][index["frame"] > 0]) == [1, 4, 7]


def test_every_outcome_is_reported_and_only_the_sound_get_in(
    tmp_path: Path, hospital: Callable[..., Path]
) -> None:
    original = (tmp_path / "export" / "P00" / "exam" / "HF.dcm").read_bytes()
    hospital("P00/exam/again.dcm", original)  # sorts after HF.dcm: capitals come first
    hospital("P00/exam/same-picture.dcm", ultrasound("P00", Band.HF, 9, seed=41))
    hospital("P00/exam/same-picture-too.dcm", ultrasound("P00", Band.HF, 10, seed=41))
    hospital("P02/exam/edited.dcm", ultrasound("P02", Band.HF, 5, SOPInstanceUID="1.2.3.5"))
    hospital("P02/exam/edited-too.dcm", ultrasound("P02", Band.HF, 6, SOPInstanceUID="1.2.3.5"))
    hospital("P03/exam/swapped.dcm", ultrasound("P03", Band.HF, 5, seed=77))
    hospital("P04/exam/swapped.dcm", ultrasound("P04", Band.HF, 5, seed=77))
    hospital("P05/exam/misfiled.dcm", ultrasound("P05", Band.HF, 5, StudyInstanceUID="1.2.4.999"))
    hospital("P06/exam/misfiled.dcm", ultrasound("P06", Band.HF, 5, StudyInstanceUID="1.2.4.999"))
    hospital("stranger.dcm", ultrasound("P99", Band.HF, 0))
    hospital("nameless.dcm", ultrasound("P00", Band.HF, 11, PatientID=""))
    hospital("contradiction.dcm", ultrasound("P00", Band.HF, 12, TransducerData="C5-1"))
    hospital("notes.txt", b"call Dr Li")
    hospital(".DS_Store", b"hidden")
    hospital(
        "blank.dcm", making.native([np.zeros((64, 64), np.uint8)], PatientID="P00", TransducerData="L12-5")
    )
    with (tmp_path / "stages.csv").open("a") as table:
        table.write("P77,S2,A\n")
    _, report = run(tmp_path)
    outcomes = {
        name: f"{line['outcome']} {line['code']}"
        for name, line in report.items()
        if line["outcome"] != "accepted"
    }
    assert outcomes == {
        "P00/exam/again.dcm": "duplicate same-file",
        "P00/exam/same-picture.dcm": "duplicate same-picture",
        "P02/exam/edited.dcm": "quarantined same-uid-different-content",
        "P02/exam/edited-too.dcm": "quarantined same-uid-different-content",
        "P03/exam/swapped.dcm": "quarantined picture-under-two-patients",
        "P04/exam/swapped.dcm": "quarantined picture-under-two-patients",
        "P05/exam/misfiled.dcm": "quarantined exam-under-two-patients",
        "P06/exam/misfiled.dcm": "quarantined exam-under-two-patients",
        "stranger.dcm": "refused patient-not-in-table",
        "nameless.dcm": "refused patient-id-missing",
        "contradiction.dcm": "quarantined band-unclear",
        "notes.txt": "refused not-dicom",
        "blank.dcm": "refused picture-blank",
        "P77": "missing patient-without-images",
    }
    assert report["P02/exam/edited.dcm"]["message"].startswith("P02/exam/edited-too.dcm")
    assert all(
        line["remedy"] for line in report.values() if line["outcome"] in {"refused", "quarantined", "missing"}
    )


def test_rows_that_differ_in_zeros_only_are_pointed_out(
    tmp_path: Path, hospital: Callable[..., Path]
) -> None:
    hospital("zeros.dcm", ultrasound("00P03", Band.HF, 0, seed=5))
    events, _ = run(tmp_path)
    assert any(
        "zeros or case" in event.message and "00P03" in event.message
        for event in events
        if event.kind == "note"
    )


def test_one_simulated_image_makes_the_cohort_simulated(
    tmp_path: Path, hospital: Callable[..., Path]
) -> None:
    hospital("simulated.dcm", ultrasound("P00", Band.HF, 20, Manufacturer="HepaStage SIMULATED"))
    events, _ = run(tmp_path)
    assert load_cache(tmp_path / "cache").simulated
    assert any("mixed" in event.message for event in events if event.kind == "note")


def test_clinical_values_and_outlines_are_stored_beside(
    tmp_path: Path, hospital: Callable[..., Path]
) -> None:
    (tmp_path / "clinical.csv").write_text("patient_id,age,albumin (g/dL)\nP00,50,4.2\nP98,50,4.2\n", "utf-8")
    drawn = tmp_path / "outlines"
    drawn.mkdir()
    shape = {"label": "liver", "shape_type": "rectangle", "points": [[0, 0], [79, 47]]}
    uid = read_ultrasound(tmp_path / "export" / "P00" / "exam" / "HF.dcm").header.sop_instance_uid
    (drawn / f"{uid}.json").write_text(json.dumps({"shapes": [shape]}))
    (drawn / "P01" / "exam").mkdir(parents=True)
    (drawn / "P01" / "exam" / "LF.json").write_text(
        json.dumps({"shapes": [shape | {"label": "gallbladder"}]})
    )
    events, _ = run(tmp_path, clinical=tmp_path / "clinical.csv", outlines=drawn)
    said = [event.message for event in events if event.kind == "note"]
    assert "Clinical values of 2 patients: age of 2, albumin of 2." in said
    stored = (tmp_path / "cache" / "clinical.csv").read_text().splitlines()
    assert len(stored) == 2
    assert "42.0" in stored[1]
    masks = np.load(tmp_path / "cache" / "outlines.npy")
    assert masks.shape == load_cache(tmp_path / "cache").images.shape
    assert masks[0].any()
    assert not masks[1:].any()
    assert abs(masks[0].mean() / 255 - 0.5 * 80 / 96) < 0.02
    assert any("no shape labelled liver" in event.message for event in events if event.kind == "note")


def test_closing_the_generator_leaves_nothing_behind(tmp_path: Path, hospital: Callable[..., Path]) -> None:
    work = prepare(tmp_path / "export", tmp_path / "stages.csv", out=tmp_path / "cache")
    for event in work:
        if event.kind == "progressed":
            break
    work.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export", "stages.csv"]


def test_nothing_usable_says_so(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "a.txt").write_text("x")
    (tmp_path / "stages.csv").write_text("patient_id,stage\nA,S1\n")
    with pytest.raises(CohortError) as refused:
        run(tmp_path)
    assert refused.value.code == "cohort-empty"
    with pytest.raises(CohortError) as refused:
        list(prepare(tmp_path / "absent", tmp_path / "stages.csv", out=tmp_path / "cache"))
    assert refused.value.code == "folder-missing"
    (tmp_path / "stages.csv").write_text("patient_id,stage\nA,S1-2\n")
    with pytest.raises(TableRefused):
        run(tmp_path)


def test_patients_of_several_sites_or_none_are_named(tmp_path: Path, hospital: Callable[..., Path]) -> None:
    (tmp_path / "stages.csv").write_text(
        "patient_id,stage\n" + "".join(f"P{number:02d},S{number % 5}\n" for number in range(10)), "utf-8"
    )
    for number in range(10):
        for band in Band:
            site = "Hospital A" if number else ("HOSPITAL A", "Hospital B")[band is Band.LF]
            named = {} if number == 9 else {"InstitutionName": site}
            hospital(f"P{number:02d}/exam/{band}.dcm", ultrasound(f"P{number:02d}", band, 0, **named))
    events, _ = run(tmp_path)
    said = [event.message for event in events if event.kind == "note"]
    assert any("Images of 1 patients name different sites: P00." in line for line in said)
    assert any("1 patients have no site, others do: P09." in line for line in said)
    assert "Written in several ways, but one site: 'HOSPITAL A', 'Hospital A'." in said

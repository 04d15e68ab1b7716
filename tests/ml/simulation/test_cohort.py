"""A cohort on disk: deterministic, resumable, enlargeable, closed cleanly, truth apart."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest

from ml.simulation import SimulationMismatch, simulate
from ml.simulation.identity import patient_id
from ml.spec import Stage
from ml.spec.events import EVENT

from .conftest import NORMALS, PATIENTS, Made, digests


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_events_begin_end_and_survive_json(made: Made) -> None:
    assert (made.events[0].kind, made.events[-1].kind) == ("started", "finished")
    assert {event.phase for event in made.events if event.kind == "progressed"} == {"patients", "normals"}
    for event in made.events:
        assert EVENT.validate_json(event.model_dump_json()) == event
    assert any(event.kind == "note" and event.level == "warning" for event in made.events)


def test_tables_cover_the_export_and_every_stage(made: Made) -> None:
    stages = rows_of(made.path / "stages.csv")
    assert list(stages[0]) == ["patient_id", "stage", "site"]
    assert {row["patient_id"] for row in stages} == {path.name for path in (made.path / "export").iterdir()}
    assert {row["stage"] for row in stages} == {stage.label for stage in Stage}
    for path in made.instances:
        assert pydicom.dcmread(path, stop_before_pixels=True).PatientID == path.parts[-3]


def test_patients_have_two_or_three_images_of_each_band(made: Made) -> None:
    images = rows_of(made.path / "truth" / "images.csv")
    for patient in {row["patient_id"] for row in images}:
        for band in ("HF", "LF"):
            assert 2 <= sum(row["patient_id"] == patient and row["band"] == band for row in images) <= 3
    assert {row["file"] for row in images} == {str(path.relative_to(made.path)) for path in made.instances}


def test_truth_masks_fit_their_images_and_stay_in_the_region(made: Made) -> None:
    for row in rows_of(made.path / "truth" / "images.csv"):
        dataset = pydicom.dcmread(made.path / row["file"], stop_before_pixels=True)
        mask = cv2.imread(str(made.path / row["mask"]), cv2.IMREAD_GRAYSCALE)
        assert mask.shape == (dataset.Rows, dataset.Columns)
        (region,) = dataset.SequenceOfUltrasoundRegions
        ys, xs = np.nonzero(mask)
        assert ys.min() >= region.RegionLocationMinY0
        assert ys.max() <= region.RegionLocationMaxY1
        assert xs.min() >= region.RegionLocationMinX0
        assert xs.max() <= region.RegionLocationMaxX1


def test_export_tells_nothing_of_the_truth(made: Made) -> None:
    for dataset in made.datasets():
        header = "".join(str(element.value) for element in dataset if element.tag != 0x7FE00010)
        assert "severity" not in header.lower()
    assert not list((made.path / "export").rglob("*.json"))
    assert all(float(row["severity"]) >= 0 for row in rows_of(made.path / "truth" / "severity.csv"))


def test_two_workers_write_the_same_bytes_and_a_small_cohort_is_part_of_it(
    made: Made, tmp_path: Path
) -> None:
    list(simulate(tmp_path, patients=2, normals=1, seed=5, workers=2))
    whole = digests(made.path)
    for name, digest in digests(tmp_path).items():
        if name.startswith(("export/", "normals/", "truth/normals/")) or "/masks/" in name:
            assert whole[name] == digest, name


def test_other_seed_and_other_site_are_other_patients(made: Made) -> None:
    known = {patient_id(5, "DEMO", i) for i in range(PATIENTS)}
    assert known == {path.name for path in (made.path / "export").iterdir()}
    assert not known & {patient_id(6, "DEMO", i) for i in range(PATIENTS)}
    assert not known & {patient_id(5, "NORTH", i) for i in range(PATIENTS)}
    assert len({patient_id(0, "DEMO", i) for i in range(100_000)}) == 100_000


def test_a_stopped_run_is_resumed_to_the_same_files(made: Made, tmp_path: Path) -> None:
    """Stopping leaves complete patients and true tables; calling again makes the rest and touches nothing."""
    running = simulate(tmp_path, patients=3, normals=0, seed=5, workers=1)
    for event in running:
        if event.kind == "progressed":
            break
    running.close()
    done = sorted(path.name for path in (tmp_path / "export").iterdir())
    assert 1 <= len(done) < 3
    assert [row["patient_id"] for row in rows_of(tmp_path / "stages.csv")] == done
    assert not (tmp_path / ".unfinished").exists()
    kept = next((tmp_path / "export" / done[0]).rglob("*.dcm"))
    stamp = kept.stat().st_mtime_ns

    events = list(simulate(tmp_path, patients=3, normals=0, seed=5, workers=1))
    assert events[0].resumed
    assert kept.stat().st_mtime_ns == stamp
    whole = digests(made.path / "export")
    assert all(whole[name] == digest for name, digest in digests(tmp_path / "export").items())
    assert len(rows_of(tmp_path / "stages.csv")) == 3


def test_closing_with_workers_leaves_only_complete_patients(tmp_path: Path) -> None:
    running = simulate(tmp_path, patients=12, normals=0, seed=5, workers=2)
    for event in running:
        if event.kind == "progressed":
            break
    running.close()
    assert not (tmp_path / ".unfinished").exists()
    done = {path.name for path in (tmp_path / "export").iterdir()}
    assert 1 <= len(done) < 12
    assert {row["patient_id"] for row in rows_of(tmp_path / "stages.csv")} == done
    for patient in done:
        record = json.loads((tmp_path / "truth" / patient / "record.json").read_text())
        assert all((tmp_path / image["file"]).exists() for image in record["images"])


def test_a_finished_folder_is_done_at_once(made: Made, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(made.path, copy)
    before = digests(copy)
    events = list(simulate(copy, patients=PATIENTS, normals=NORMALS, seed=5))
    assert events[-1].kind == "finished"
    assert events[-1].result["frames_made"] == 0
    assert digests(copy) == before


@pytest.mark.parametrize("other", [{"seed": 6}, {"site": "NORTH"}, {"counts": (2, 1, 1, 1, 1)}])
def test_a_folder_made_otherwise_is_refused(made: Made, other: dict) -> None:
    with pytest.raises(SimulationMismatch) as caught:
        next(simulate(made.path, **{"patients": PATIENTS, "seed": 5, **other}))
    assert next(iter(other)) in caught.value.message

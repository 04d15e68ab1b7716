"""A model that weighs a patient's pictures: trained on whole patients, resumed, judged, loaded and asked."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from ml.cli.tables import staging_lines
from ml.cohort import Cohort
from ml.dicom import Box
from ml.evaluation import read_predictions
from ml.models import ModelUnusable, load_model
from ml.protocols import evaluate, stage_patient, train
from ml.protocols.attention import attention_of
from ml.protocols.checkpoint import read_checkpoint
from ml.protocols.run import Run
from ml.protocols.stage import Look, stage_looks
from ml.spec import STAGE_LABELS, Band, Split, Stage, TrainSpec, TransferSpec
from ml.spec.events import Event

SPEC = TrainSpec(
    architecture="hf",
    pooling="attention",
    epochs=2,
    batch_size=8,
    learning_rate=1e-2,
    precision="fp32",
    transfer=TransferSpec(first=False, second=False),
)


@pytest.fixture(scope="module")
def trained(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    """A run of it, and what it told."""
    workdir = tmp_path_factory.mktemp("pooled")
    return workdir, list(train(SPEC, cohort, workdir=workdir, device="cpu"))


def pictures_of(cohort: Cohort, patient: str) -> list[np.ndarray]:
    rows = cohort.index["patient"].to_numpy() == patient
    return [cohort.images[row] for row in cohort.rows(None, Band.HF) if rows[row]]


def test_pictures_are_learned_first_and_patients_after(trained: tuple[Path, list[Event]]) -> None:
    workdir, events = trained
    assert [event.phase for event in events if event.kind == "phase-started"] == [
        "hf",
        "patient",
        "evaluation",
    ]
    (moved,) = [event for event in events if event.kind == "weights-transferred"]
    assert (moved.source, moved.target) == ("hf", "patient")
    assert all(name.startswith("attention.") for name in moved.kept)
    model = load_model(workdir / "model", device="cpu")
    assert list(model.networks) == ["hf", "patient"]
    assert model.info.name == "HF alone, attention pooling"
    budget = model.info.record["budget"]
    assert budget["patient"]["validation_samples"] < budget["hf"]["validation_samples"]


def test_a_patient_s_row_is_the_network_s_and_not_the_mean(
    trained: tuple[Path, list[Event]], cohort: Cohort
) -> None:
    rows = read_predictions(trained[0] / "predictions.csv")
    patients = rows[rows["image"] == ""].set_index("patient")[list(STAGE_LABELS)]
    means = rows[rows["image"] != ""].groupby("patient")[list(STAGE_LABELS)].mean()
    assert sorted(patients.index) == cohort.patients(Split.TEST)
    assert not np.allclose(patients, means.loc[patients.index], atol=1e-4)


def test_staging_says_what_the_test_part_was_told(trained: tuple[Path, list[Event]], cohort: Cohort) -> None:
    model = load_model(trained[0] / "model", device="cpu")
    rows = read_predictions(trained[0] / "predictions.csv")
    row = rows[rows["image"] == ""].iloc[0]
    pictures = pictures_of(cohort, row["patient"])
    result = stage_patient(model, pictures, [])
    assert [result.probabilities[stage] for stage in STAGE_LABELS] == pytest.approx(
        [row[stage] for stage in STAGE_LABELS], abs=1e-5
    )
    (weights,) = result.weights.values()
    assert sum(weights) == pytest.approx(1, abs=1e-5)
    assert len(weights) == len(pictures) == 2

    turned = stage_patient(model, pictures[::-1], [])
    assert turned.probabilities == pytest.approx(result.probabilities, abs=1e-5)
    assert turned.weights[Band.HF] == pytest.approx(weights[::-1], abs=1e-5)


def test_each_frame_says_what_it_weighed(trained: tuple[Path, list[Event]], cohort: Cohort) -> None:
    model = load_model(trained[0] / "model", device="cpu")
    first, second = pictures_of(cohort, "S1-4")
    box = Box(0, 0, cohort.size, cohort.size, "region")
    shown = [(first, Band.HF), (first, Band.LF), (second, Band.HF)]
    looks = [Look(picture, f"image-{number}", 0, band, box) for number, (picture, band) in enumerate(shown)]
    result = stage_looks(model, looks)
    assert [crop.weight for crop in result.crops] == [
        result.weights[Band.HF][0],
        None,
        result.weights[Band.HF][1],
    ]
    lines = "\n".join(staging_lines(result))
    assert f"weighs {result.weights[Band.HF][1]:.1%} of HF" in lines


def test_where_it_looked_can_be_asked(trained: tuple[Path, list[Event]], cohort: Cohort) -> None:
    model = load_model(trained[0] / "model", device="cpu")
    maps = attention_of(model, pictures_of(cohort, "S2-4"), [], stage=Stage.S2).maps
    assert maps[Band.HF].shape == (2, cohort.size, cohort.size)


def test_evaluating_the_model_gives_the_same_rows(
    trained: tuple[Path, list[Event]], cohort: Cohort, tmp_path: Path
) -> None:
    list(evaluate(trained[0] / "model", cohort, tmp_path, device="cpu"))
    kept = (read_predictions(folder / "predictions.csv") for folder in (trained[0], tmp_path))
    ours, again = (rows.sort_values(["patient", "image"]).reset_index(drop=True) for rows in kept)
    assert ours.drop(columns=list(STAGE_LABELS)).equals(again.drop(columns=list(STAGE_LABELS)))
    assert np.allclose(ours[list(STAGE_LABELS)], again[list(STAGE_LABELS)], atol=1e-5)


def test_stopped_among_the_patients_and_resumed_equals_unbroken(
    trained: tuple[Path, list[Event]], cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Run, "pulse_due", lambda self: True)
    events = train(SPEC, cohort, workdir=tmp_path, device="cpu")
    for event in events:
        if event.kind == "progressed" and event.phase == "patient" and "2 of" in event.message:
            break
    else:
        raise AssertionError("the run ended before it could be stopped")
    events.close()
    saved = read_checkpoint(tmp_path / "checkpoints" / "patient.safetensors")
    assert saved is not None
    assert not saved[1]["done"]
    list(train(SPEC, cohort, workdir=tmp_path, device="cpu"))
    for name in ("model/model.safetensors", "metrics.json", "predictions.csv"):
        assert (tmp_path / name).read_bytes() == (trained[0] / name).read_bytes(), name


def test_a_model_that_lost_the_wish_for_it_is_refused(
    trained: tuple[Path, list[Event]], tmp_path: Path
) -> None:
    shutil.copytree(trained[0] / "model", tmp_path / "model")
    info = tmp_path / "model" / "model.json"
    info.write_text(info.read_text("utf-8").replace('"pooling": "attention"', '"pooling": "mean"'), "utf-8")
    with pytest.raises(ModelUnusable):
        load_model(tmp_path / "model", device="cpu")

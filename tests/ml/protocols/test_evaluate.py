"""Evaluating a model on disk."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from ml.cohort import Cohort, repeated_folds
from ml.evaluation import METRIC_NAMES, evaluate_predictions, read_predictions
from ml.protocols import evaluate, train
from ml.protocols.evaluate import EvaluationRefused
from ml.protocols.record import WorkdirTaken
from ml.spec import Architecture, Split, TrainSpec
from ml.spec.presets import PRESETS


@pytest.fixture(scope="module")
def trained(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> Path:
    workdir = tmp_path_factory.mktemp("trained")
    spec = PRESETS["hf"].spec.model_copy(update={"epochs": 1, "batch_size": 8, "precision": "fp32"})
    list(train(spec, cohort, workdir=workdir, device="cpu"))
    return workdir


def test_evaluation_repeats_the_metrics_of_the_training(
    trained: Path, cohort: Cohort, tmp_path: Path
) -> None:
    list(evaluate(trained / "model", cohort, tmp_path, device="cpu"))
    now, then = (json.loads((folder / "metrics.json").read_text("utf-8")) for folder in (tmp_path, trained))
    assert now["patient"] == then["patient"]
    assert now["split"] == "test"
    assert {path.suffix for path in (tmp_path / "figures").iterdir()} == {".json", ".html", ".js"}


def test_anyone_can_compute_the_metrics_again_from_the_predictions(trained: Path) -> None:
    metrics = json.loads((trained / "metrics.json").read_text("utf-8"))
    again = evaluate_predictions(read_predictions(trained / "predictions.csv"))
    assert set(metrics["patient"]) == set(METRIC_NAMES)
    for name, value in again.items():
        assert metrics["patient"][name]["value"] == pytest.approx(value.value, abs=1e-5), name


def test_another_cohort_is_evaluated_whole_with_a_warning(
    trained: Path, cohort: Cohort, tmp_path: Path
) -> None:
    other = dataclasses.replace(cohort, dataset_hash="1" * 64)
    events = list(evaluate(trained / "model", other, tmp_path, device="cpu"))
    assert any(event.kind == "note" and event.level == "warning" for event in events)
    frame = read_predictions(tmp_path / "predictions.csv")
    assert set(frame["patient"]) == set(cohort.patients())


def test_another_division_of_its_own_cohort_is_refused(trained: Path, cohort: Cohort, tmp_path: Path) -> None:
    divided = cohort.with_split(repeated_folds(cohort.stages, 5, 1, 0)[0].assignments)
    with pytest.raises(EvaluationRefused) as refused:
        list(evaluate(trained / "model", divided, tmp_path, device="cpu"))
    assert refused.value.code == "other-split"
    spec = PRESETS["hf"].spec.model_copy(update={"epochs": 1, "batch_size": 8, "precision": "fp32"})
    with pytest.raises(WorkdirTaken, match="another division"):
        next(train(spec, divided, workdir=trained, device="cpu"))


def test_training_leaves_the_predictions_of_its_validation_part(trained: Path, cohort: Cohort) -> None:
    frame = read_predictions(trained / "validation.csv")
    assert set(frame["patient"]) == set(cohort.patients(Split.VALIDATION))
    assert set(read_predictions(trained / "predictions.csv")["patient"]) == set(cohort.patients(Split.TEST))


def test_cohort_of_another_picture_size_is_refused(trained: Path, cohort: Cohort, tmp_path: Path) -> None:
    smaller = dataclasses.replace(cohort, images=cohort.images[:, :32, :32])
    with pytest.raises(EvaluationRefused, match="pixels"):
        list(evaluate(trained / "model", smaller, tmp_path))


def test_presets_are_the_eight_rows_of_table_1_and_differ() -> None:
    specs = [preset.spec for preset in PRESETS.values()]
    assert len({spec.model_dump_json() for spec in specs}) == 8
    assert {spec.architecture for spec in specs} == set(Architecture)
    assert all(TrainSpec.model_validate(spec.model_dump(mode="json")) == spec for spec in specs)

"""An experiment over folds: one run a fold, one line a model, results once a line is complete."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from rest_framework.test import APIClient

from ml.cohort import load_cache
from ml.evaluation import METRIC_NAMES, evaluate_predictions
from ml.spec import Stage, TrainSpec
from tests.webapp.datasets.cohorts import add_cohort
from tests.webapp.training.finishing import finish
from webapp.accounts.models import Site, User
from webapp.datasets import services as datasets
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job
from webapp.patients.models import ClinicalValues, Patient
from webapp.training.divisions import write_split
from webapp.training.models import Experiment, Run

BASE = "/api/v1/experiments/"
ClientOf = Callable[[User | None], APIClient]


@pytest.fixture
def client(client_of: ClientOf, researcher: User) -> APIClient:
    return client_of(researcher)


def start(client: APIClient, dataset: DatasetVersion, **options: Any) -> Any:
    body = {"name": "Folds", "dataset": str(dataset.pk), "rows": [{"preset": "hf"}, {"preset": "lf"}]}
    return client.post(BASE, {**body, **options}, format="json")


@pytest.fixture
def stages(frozen: DatasetVersion) -> dict[str, int]:
    return {patient: int(stage) for patient, stage in load_cache(frozen.folder).stages.items()}


def test_every_fold_of_every_row_is_a_run_and_folds_share_their_patients(
    client: APIClient, frozen: DatasetVersion, stages: dict[str, int]
) -> None:
    answer = start(client, frozen, folds=3, repeats=2, quick=True)
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert (body["lines"], body["folds"], body["repeats"], body["quick"]) == (2, 3, 2, True)
    places = [(row["repeat"], row["fold"], row["line"]) for row in body["rows"]]
    assert places == [(r, k, line) for r in (0, 1) for k in (0, 1, 2) for line in (1, 2)]
    runs = {
        place: Run.objects.get(pk=row["run"]["id"]) for place, row in zip(places, body["rows"], strict=True)
    }
    parts = {place: json.loads(write_split(run).read_text())["assignments"] for place, run in runs.items()}
    for repeat in (0, 1):
        tested = [p for k in (0, 1, 2) for p, part in parts[repeat, k, 1].items() if part == "test"]
        assert sorted(tested) == sorted(stages)
        assert all(parts[repeat, k, 1] == parts[repeat, k, 2] for k in (0, 1, 2))
    spec = TrainSpec.model_validate(runs[1, 0, 1].spec)
    assert (spec.seed, spec.epochs) == (1, 3)


def test_results_wait_for_the_folds_of_a_line_and_then_hold_every_patient(
    client: APIClient, frozen: DatasetVersion, stages: dict[str, int]
) -> None:
    one = f"{BASE}{start(client, frozen, folds=3).json()['id']}/"
    assert client.get(f"{one}results/").json()["complete"] == 0
    assert client.get(f"{one}files/report.html/").status_code == 409
    experiment = Experiment.objects.get()
    rows = list(experiment.rows.order_by("line", "fold"))
    for row in rows[:4]:
        finish(row.run, stages=stages)
    half = client.get(f"{one}results/").json()
    assert (half["complete"], half["total"], half["lines"]) == (1, 2, [1])
    assert half["tests"] == []
    for row in rows[4:]:
        finish(row.run, stages=stages)
    done = client.get(f"{one}results/").json()
    assert done["titles"] == ["HF alone", "LF alone"]
    assert {row["name"] for row in done["metrics"]} == set(METRIC_NAMES)
    assert sum(row["n"] for row in done["stages"] if row["title"] == "HF alone") == len(stages)
    assert done["paired_patients"] == len(stages)
    assert {"roc", "confusion", "significance-accuracy", "decision-ge-s2"} <= set(done["figures"])
    assert any("no serum" in note for note in done["notes"])
    table = list(csv.DictReader(io.StringIO(client.get(f"{one}files/predictions.csv/").content.decode())))
    assert {row["fold"] for row in table} == {"0", "1", "2"}
    again = evaluate_predictions(pd.DataFrame(table)[lambda t: t["model"] == "HF alone"], resamples=5)
    told = next(row for row in done["metrics"] if row["name"] == "accuracy")["values"][0]["value"]
    assert again["accuracy"].value == pytest.approx(told)
    page = client.get(f"{one}files/report.html/").content.decode()
    assert "SIMULATED DATA" in page
    assert "3-fold" in page
    for name in ("table2.csv", "table2.tex", "operating_points.csv", "significance.csv", "metrics.json"):
        assert client.get(f"{one}files/{name}/").status_code == 200, name
    assert client.get(f"{one}files/passwords.csv/").status_code == 404
    assert "reported in the paper" in client.get(f"{one}table.csv/").content.decode()


def test_serum_of_the_patients_enters_the_decision_curve(
    client: APIClient, frozen: DatasetVersion, stages: dict[str, int]
) -> None:
    for pseudonym, stage in stages.items():
        ClinicalValues.objects.create(
            patient=Patient.objects.get(pseudonym=pseudonym),
            age_years=50,
            alt=40,
            ast=30 + 5 * stage + len(pseudonym) % 3,
            platelets=250 - 20 * stage,
            source="manual",
        )
    one = f"{BASE}{start(client, frozen, folds=3).json()['id']}/"
    for row in Experiment.objects.get().rows.all():
        finish(row.run, stages=stages)
    done = client.get(f"{one}results/").json()
    names = {trace["name"] for trace in done["figures"]["decision-ge-s2"]["data"]}
    assert {"APRI", "FIB-4", "treat all"} <= names
    assert done["serum"]["APRI"]["auc_ge_s2"]["value"] > 0.9


@pytest.mark.parametrize(
    "options",
    [
        {"repeats": 2},
        {"folds": 10, "repeats": 10, "rows": [{"preset": "hf"}] * 3},
        {"folds": 0},
        {"folds": 11},
    ],
)
def test_designs_that_make_no_sense_queue_nothing(
    client: APIClient, frozen: DatasetVersion, options: dict[str, Any]
) -> None:
    assert start(client, frozen, **options).status_code == 400
    assert not Run.objects.exists()


def test_a_run_of_the_single_split_does_not_mix_with_folds(
    client: APIClient, frozen: DatasetVersion, finished: Callable[..., Run]
) -> None:
    answer = start(client, frozen, folds=3, runs=[str(finished("Before").pk)])
    assert (answer.status_code, answer.json()["code"]) == (400, "experiment-design-refused")


def test_the_estimate_rests_on_finished_runs_and_grows_with_folds_and_epochs(
    client: APIClient, frozen: DatasetVersion, stages: dict[str, int]
) -> None:
    body = {"dataset": str(frozen.pk), "rows": [{"preset": "hf"}, {"preset": "lf"}]}
    blank = client.post(f"{BASE}estimate/", body, format="json").json()
    assert (blank["runs"], blank["seconds"], blank["lines"][0]["basis"]) == (2, None, "")
    start(client, frozen, rows=[{"preset": "hf"}])
    finish(Run.objects.get(), 120.0, stages=stages)
    one = client.post(f"{BASE}estimate/", {**body, "rows": body["rows"][:1]}, format="json").json()
    assert (one["seconds"], one["lines"][0]["basis"]) == (120, "preset")
    folded = {**body, "rows": body["rows"][:1], "folds": 5, "quick": True}
    many = client.post(f"{BASE}estimate/", folded, format="json").json()
    assert many["runs"] == 5
    epochs = TrainSpec.model_validate(Run.objects.get().spec).epochs
    assert many["seconds"] == pytest.approx(120 * 5 * (0.8 * 8 / 9) / 0.8 * 3 / epochs, abs=1)
    assert Run.objects.count() == 1


def test_a_fold_is_trained_for_real_and_tests_its_own_patients(
    client: APIClient, site_a: Site, researcher: User, run_job: Callable[[Any], Job]
) -> None:
    add_cohort(site_a, dict.fromkeys(Stage, 6))
    frozen = datasets.freeze(name="Larger", sites=[site_a], actor=researcher)
    assert run_job(frozen.job).state == "succeeded"
    frozen.refresh_from_db()
    spec = {"architecture": "hf", "epochs": 1, "batch_size": 4, "precision": "fp32"}
    spec["transfer"] = {"first": False, "second": False}
    start(client, frozen, rows=[{"spec": spec, "title": "Tiny"}], folds=2)
    run = Run.objects.get(division__fold=1)
    job = run_job(run.job)
    assert job.state == "succeeded", job.failure
    split = json.loads((run.folder / "split.json").read_text())["assignments"]
    tested = set(pd.read_csv(run.workdir / "predictions.csv")["patient"].astype(str))
    assert tested == {patient for patient, part in split.items() if part == "test"}
    run.refresh_from_db()
    assert run.record["split_hash"] != load_cache(frozen.folder).split_hash

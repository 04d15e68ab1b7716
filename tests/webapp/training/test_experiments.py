"""A set of runs that are compared: queued together, a table that fills up, exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from ml.spec.presets import PRESETS
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.datasets import services as datasets
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job, JobState
from webapp.training.models import Experiment, Run

BASE = "/api/v1/experiments/"
ClientOf = Callable[[User | None], APIClient]
Finished = Callable[..., Run]


@pytest.fixture
def client(client_of: ClientOf, researcher: User) -> APIClient:
    return client_of(researcher)


def _start(client: APIClient, dataset: DatasetVersion, *rows: dict[str, Any], runs: Any = ()) -> Any:
    return client.post(
        BASE,
        {
            "name": "Table 1",
            "dataset": str(dataset.pk),
            "rows": list(rows),
            "runs": [str(run.pk) for run in runs],
        },
    )


def test_the_rows_are_queued_in_order_as_runs(client: APIClient, frozen: DatasetVersion) -> None:
    answer = _start(client, frozen, *({"preset": key} for key in PRESETS))
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert [row["title"] for row in body["rows"]] == [preset.title for preset in PRESETS.values()]
    assert [row["run"]["job"]["queue_position"] for row in body["rows"]] == list(range(1, len(PRESETS) + 1))
    for row, preset in zip(body["rows"], PRESETS.values(), strict=True):
        assert row["run"]["spec"] == preset.spec.model_dump(mode="json")
    assert body["states"] == {"queued": len(PRESETS)}
    assert body["metrics"] == []
    assert len(body["reported"]) == len(PRESETS)
    assert body["reported"][0]["source"] == "reported in the paper"


def test_a_row_may_be_a_preset_with_another_specification(client: APIClient, frozen: DatasetVersion) -> None:
    rows = [
        {"preset": "hf", "title": "HF, two epochs", "spec": {"architecture": "hf", "epochs": 2}},
        {"spec": {}},
    ]
    body = _start(client, frozen, *rows).json()
    assert [row["title"] for row in body["rows"]] == ["HF, two epochs", "fusion network"]
    assert body["rows"][0]["run"]["spec"]["epochs"] == 2


def test_the_table_fills_up_as_runs_finish(
    client: APIClient, frozen: DatasetVersion, finished: Finished
) -> None:
    done = finished("Done before")
    body = _start(client, frozen, {"preset": "hf"}, runs=[done]).json()
    assert body["states"] == {"succeeded": 1, "queued": 1}
    accuracy = next(row for row in body["metrics"] if row["name"] == "accuracy")
    assert accuracy["values"] == [done.metrics["accuracy"], None]
    assert body["warnings"][0]["code"] == "runs-unfinished"
    comparison = client.get(f"{BASE}{body['id']}/comparison/").json()
    assert comparison["figures"]["confusion"][0] is not None
    assert comparison["figures"]["confusion"][1] is None


def test_the_exported_table_has_the_papers_rows_beside_ours(
    client: APIClient, frozen: DatasetVersion, finished: Finished
) -> None:
    run = finished("HF")
    Run.objects.filter(pk=run.pk).update(preset="hf")
    experiment = _start(client, frozen, {"preset": "lf"}, runs=[run]).json()["id"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{BASE}{experiment}/table.csv/").content.decode())))
    assert [(row["model"], row["source"]) for row in rows] == [
        ("HF", "this cohort"),
        ("HF", "reported in the paper"),
    ]
    assert float(rows[0]["accuracy"]) == pytest.approx(run.metrics["accuracy"]["value"], abs=1e-6)
    assert float(rows[1]["accuracy"]) == pytest.approx(0.791)
    body = client.get(f"{BASE}{experiment}/table.json/").json()
    assert "SIMULATED" in body["caption"]
    assert "<table>" in client.get(f"{BASE}{experiment}/table.html/").content.decode()
    assert "\\toprule" in client.get(f"{BASE}{experiment}/table.tex/").content.decode()
    assert client.get(f"{BASE}{experiment}/table.exe/").status_code == 404


def test_cancelling_stops_what_is_not_finished_and_resuming_goes_on(
    client: APIClient, frozen: DatasetVersion, finished: Finished
) -> None:
    done = finished("Done")
    one = f"{BASE}{_start(client, frozen, {'preset': 'hf'}, {'preset': 'lf'}, runs=[done]).json()['id']}/"
    assert client.post(f"{one}cancel/").json()["states"] == {"succeeded": 1, "cancelled": 2}
    assert client.post(f"{one}resume/").json()["states"] == {"succeeded": 1, "queued": 2}


@pytest.mark.parametrize(
    ("rows", "status", "field"),
    [
        ([], 400, None),
        ([{}], 400, "rows.0.spec"),
        ([{"preset": "vit"}], 400, "rows.0.preset"),
        ([{"spec": {"epochs": -1}}], 400, "rows.0.spec.epochs"),
        ([{"preset": "hf"}] * 25, 400, None),
    ],
)
def test_a_wrong_experiment_queues_nothing(
    client: APIClient, frozen: DatasetVersion, rows: list[Any], status: int, field: str | None
) -> None:
    answer = _start(client, frozen, *rows)
    assert answer.status_code == status
    if field is not None:
        assert answer.json()["errors"][0]["field"] == field
    assert not Run.objects.exists()
    assert not Job.objects.filter(kind="training.run").exists()


def test_runs_on_another_dataset_are_refused(
    client: APIClient,
    frozen: DatasetVersion,
    finished: Finished,
    site_a: Site,
    researcher: User,
    run_job: Callable[[Any], Job],
) -> None:
    other = datasets.freeze(name="Other", sites=[site_a], actor=researcher, split_seed=1)
    assert run_job(other.job).state == JobState.SUCCEEDED
    other.refresh_from_db()
    answer = _start(client, frozen, runs=[finished("Elsewhere", dataset=other)])
    assert (answer.status_code, answer.json()["code"]) == (400, "experiment-other-dataset")


def test_an_experiment_costs_the_same_with_more_rows(
    client: APIClient, frozen: DatasetVersion, django_assert_max_num_queries: Any
) -> None:
    one = f"{BASE}{_start(client, frozen, *[{'preset': 'hf'}] * 8).json()['id']}/"
    _start(client, frozen, *[{"preset": "lf"}] * 8)
    with django_assert_max_num_queries(5):
        assert len(client.get(one).json()["rows"]) == 8
    with django_assert_max_num_queries(5):
        assert len(client.get(BASE).json()["results"]) == 2


@pytest.mark.parametrize("role", list(Role))
def test_roles(
    role: Role, client: APIClient, frozen: DatasetVersion, site_a: Site, make_user: Any, client_of: ClientOf
) -> None:
    one = f"{BASE}{_start(client, frozen, {'preset': 'hf'}).json()['id']}/"
    somebody = client_of(make_user(role, site_a, username="somebody"))
    may = role in {Role.RESEARCHER, Role.ADMINISTRATOR}
    for address in (BASE, one, f"{one}comparison/", f"{one}table.csv/", f"{one}results/"):
        assert somebody.get(address).status_code == (200 if may else 403), address
    assert _start(somebody, frozen, {"preset": "hf"}).status_code == (201 if may else 403)
    expected = {Role.ADMINISTRATOR: 200}.get(role, 403)  # researchers cancel their own runs only
    assert somebody.post(f"{one}cancel/").status_code == expected


def test_experiments_of_another_site_do_not_exist(
    client: APIClient, frozen: DatasetVersion, site_b: Site, make_user: Any, client_of: ClientOf
) -> None:
    one = _start(client, frozen, {"preset": "hf"}).json()["id"]
    outside = client_of(make_user(Role.RESEARCHER, site_b))
    assert outside.get(BASE).json()["results"] == []
    for address in ("", "comparison/", "table.csv/", "results/", "files/report.html/"):
        assert outside.get(f"{BASE}{one}/{address}").status_code == 404
    assert outside.post(f"{BASE}{one}/cancel/").status_code == 404
    assert _start(outside, frozen, {"preset": "hf"}).status_code == 400
    assert Experiment.objects.count() == 1

"""Runs, comparisons and models over HTTP, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from ml.evaluation import read_predictions
from ml.spec import TrainSpec
from tests.webapp.datasets.cohorts import add_cohort
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.datasets import services as datasets
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job, JobEvent
from webapp.training import services
from webapp.training.models import Run

RUNS, MODELS = "/api/v1/runs/", "/api/v1/models/"
ClientOf = Callable[[User | None], APIClient]
Finished = Callable[..., Run]


@pytest.fixture
def client(client_of: ClientOf, researcher: User) -> APIClient:
    return client_of(researcher)


# --- launch --------------------------------------------------------------------------------------


def test_launching_queues_a_run_with_its_whole_specification(
    client: APIClient, frozen: DatasetVersion
) -> None:
    answer = client.post(RUNS, {"dataset": str(frozen.pk), "preset": "lf", "spec": {"architecture": "lf"}})
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert (body["state"], body["name"], body["protocol"]) == ("queued", "LF alone, seed 0", "strict")
    assert body["spec"] == TrainSpec(architecture="lf").model_dump(mode="json")
    assert (body["job"]["queue"], body["job"]["queue_position"]) == ("gpu.train", 1)
    assert (body["dataset"], body["dataset_name"], body["simulated"]) == (str(frozen.pk), "Pilot v1", True)
    assert body["model"] is None
    second = client.post(RUNS, {"dataset": str(frozen.pk), "spec": body["spec"], "name": "Clone"}).json()
    assert second["spec"] == body["spec"]
    assert second["job"]["queue_position"] == 2


@pytest.mark.parametrize(
    ("spec", "field", "code"),
    [
        ({"epoch": 3}, "spec.epoch", "extra-forbidden"),
        ({"epochs": 0}, "spec.epochs", "greater-than-equal"),
        ({"transfer": {"epochs": "many"}}, "spec.transfer.epochs", "int-parsing"),
        ({"transfer": {"third": True}}, "spec.transfer.third", "extra-forbidden"),
        ({"architecture": "vit"}, "spec.architecture", "enum"),
        (
            {"architecture": "vgg", "transfer": {"first": True}},
            "spec.transfer",
            "transfer-not-applicable",
        ),
        ({"comparator_input": "hf"}, "spec.comparator_input", "setting-not-applicable"),
        ("hf", "spec", "model-type"),
    ],
)
def test_a_wrong_specification_names_the_field(
    client: APIClient, frozen: DatasetVersion, spec: Any, field: str, code: str
) -> None:
    answer = client.post(RUNS, {"dataset": str(frozen.pk), "spec": spec})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    errors = {error["field"]: error for error in answer.json()["errors"]}
    assert errors[field]["code"] == code
    assert errors[field]["message"]
    assert not Run.objects.exists()


@pytest.mark.parametrize("name", ["../secret.pth", "/etc/passwd", "absent.pth", "a\0b"])
def test_a_file_of_weights_outside_the_offered_folder_is_not_read(
    client: APIClient, frozen: DatasetVersion, name: str
) -> None:
    answer = client.post(
        RUNS, {"dataset": str(frozen.pk), "spec": {"architecture": "vgg", "pretrained": name}}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "weights-file-refused")


def test_a_file_of_weights_that_the_operator_offers_is_taken(
    client: APIClient, frozen: DatasetVersion, settings: Any
) -> None:
    offered = Path(settings.HOME) / "sources" / "vgg11_bn.pth"
    offered.parent.mkdir(parents=True, exist_ok=True)
    offered.write_bytes(b"read by the worker, not here")
    for written in ("vgg11_bn.pth", "./vgg11_bn.pth", str(offered)):
        spec = {"architecture": "vgg", "pretrained": written}
        answer = client.post(RUNS, {"dataset": str(frozen.pk), "spec": spec})
        assert answer.status_code == 201
        assert answer.json()["spec"]["pretrained"] == "vgg11_bn.pth"


def test_a_first_transfer_folder_is_kept_by_its_name(
    client: APIClient, frozen: DatasetVersion, settings: Any
) -> None:
    (Path(settings.HOME) / "sources" / "imagenet" / "ten").mkdir(parents=True)
    spec = {"transfer": {"source": "imagenet/../imagenet/ten"}}
    answer = client.post(RUNS, {"dataset": str(frozen.pk), "spec": spec})
    assert (answer.status_code, answer.json()["spec"]["transfer"]["source"]) == (201, "imagenet/ten")


def test_a_first_transfer_folder_outside_the_offered_one_is_not_read(
    client: APIClient, frozen: DatasetVersion
) -> None:
    spec = {"transfer": {"source": "../../etc"}}
    answer = client.post(RUNS, {"dataset": str(frozen.pk), "spec": spec})
    assert (answer.status_code, answer.json()["code"]) == (400, "transfer-source-refused")


def test_a_dataset_that_is_not_frozen_is_a_conflict(
    client: APIClient, site_a: Site, researcher: User
) -> None:
    add_cohort(site_a)
    version = datasets.freeze(name="Open", sites=[site_a], actor=researcher)
    answer = client.post(RUNS, {"dataset": str(version.pk), "spec": {}})
    assert (answer.status_code, answer.json()["code"]) == (409, "dataset-not-frozen")


def test_the_form_is_the_specification_and_every_preset_fits_it(client: APIClient) -> None:
    body = client.get(f"{RUNS}schema/").json()
    assert body["schema"] == TrainSpec.model_json_schema()
    assert [preset["key"] for preset in body["presets"]][:2] == ["svm", "vgg"]
    for preset in body["presets"]:
        assert TrainSpec.model_validate(preset["spec"]).model_dump(mode="json") == preset["spec"]


# --- watch ---------------------------------------------------------------------------------------


def test_cancel_and_resume(client: APIClient, frozen: DatasetVersion) -> None:
    run = client.post(RUNS, {"dataset": str(frozen.pk), "spec": {}}).json()
    assert client.post(f"{RUNS}{run['id']}/cancel/").json()["state"] == "cancelled"
    assert client.post(f"{RUNS}{run['id']}/cancel/").status_code == 409
    assert client.post(f"{RUNS}{run['id']}/resume/").json()["state"] == "queued"
    assert client.post(f"{RUNS}{run['id']}/resume/").status_code == 409


def test_a_finished_run_shows_its_results(client: APIClient, finished: Finished) -> None:
    run = finished("Done")
    body = client.get(f"{RUNS}{run.pk}/").json()
    assert body["state"] == "succeeded"
    assert set(body["metrics"]["auc_ge_s2"]) == {"value", "low", "high"}
    assert body["model"] == str(run.model.pk)
    figures = client.get(f"{RUNS}{run.pk}/figures/").json()
    assert set(figures) == {"roc", "confusion", "learning_curve"}
    assert all({"data", "layout"} <= set(figure) for figure in figures.values())


def test_the_downloaded_predictions_are_those_of_the_run(
    client: APIClient, finished: Finished, tmp_path: Any
) -> None:
    run = finished("Done")
    answer = client.get(f"{RUNS}{run.pk}/predictions.csv/")
    assert answer["Content-Type"].startswith("text/csv")
    (tmp_path / "predictions.csv").write_bytes(b"".join(answer.streaming_content))
    assert len(read_predictions(tmp_path / "predictions.csv")) == 20
    answer = client.get(f"{RUNS}{run.pk}/metrics.json/")
    assert "attachment" in answer["Content-Disposition"]


def test_an_unfinished_run_has_its_curve_so_far_and_no_files(
    client: APIClient, frozen: DatasetVersion, quick: TrainSpec, researcher: User
) -> None:
    run = services.launch_run(dataset=frozen, spec=quick, actor=researcher)
    _record_epoch(run, 1)
    figures = client.get(f"{RUNS}{run.pk}/figures/").json()
    assert list(figures) == ["learning_curve"]
    assert figures["learning_curve"]["data"][0]["x"] == [1]
    answer = client.get(f"{RUNS}{run.pk}/predictions.csv/")
    assert (answer.status_code, answer.json()["code"]) == (409, "run-unfinished")


def test_a_finished_run_whose_files_are_gone_says_so(client: APIClient, finished: Finished) -> None:
    run = finished("Done")
    (run.workdir / "predictions.csv").unlink()
    (run.workdir / "figures" / "roc.json").unlink()
    for address in ("predictions.csv/", "figures/"):
        answer = client.get(f"{RUNS}{run.pk}/{address}")
        assert (answer.status_code, answer.json()["code"]) == (409, "run-file-missing")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"state": "succeeded"}, {"One"}),
        ({"state": ["succeeded", "queued"]}, {"One", "Two"}),
        ({"search": "tw"}, {"Two"}),
        ({"architecture": "lf"}, set()),
    ],
)
def test_filters(
    client: APIClient,
    finished: Finished,
    frozen: DatasetVersion,
    quick: TrainSpec,
    researcher: User,
    query: dict[str, Any],
    names: set[str],
) -> None:
    finished("One")
    services.launch_run(dataset=frozen, spec=quick, actor=researcher, name="Two")
    rows = client.get(RUNS, query | {"dataset": str(frozen.pk)}).json()["results"]
    assert {row["name"] for row in rows} == names


def test_the_list_costs_the_same_with_more_runs(
    client: APIClient,
    frozen: DatasetVersion,
    quick: TrainSpec,
    researcher: User,
    django_assert_num_queries: Any,
) -> None:
    for number in range(2):
        services.launch_run(dataset=frozen, spec=quick, actor=researcher, name=str(number))
    with django_assert_num_queries(3):  # rows, jobs, and whom the reader is to read blindly
        client.get(RUNS)
    for number in range(4):
        services.launch_run(dataset=frozen, spec=quick, actor=researcher, name=str(number))
    with django_assert_num_queries(3):
        assert [row["job"]["queue_position"] for row in client.get(RUNS).json()["results"]] == [
            6,
            5,
            4,
            3,
            2,
            1,
        ]


# --- compare -------------------------------------------------------------------------------------


def _compare(client: APIClient, *runs: Run) -> dict[str, Any]:
    answer = client.get(f"{RUNS}compare/", {"ids": ",".join(str(run.pk) for run in runs)})
    assert answer.status_code == 200, answer.json()
    body: dict[str, Any] = answer.json()
    return body


def test_comparing_shows_what_differs_and_what_came_of_it(client: APIClient, finished: Finished) -> None:
    good, poor = finished("Good", seed=1), finished("Poor", skill=0.1, epochs=5)
    body = _compare(client, good, poor)
    assert [run["name"] for run in body["runs"]] == body["labels"] == ["Good", "Poor"]
    assert {row["path"]: row["values"] for row in body["parameter_diff"]} == {
        "seed": [1, 0],
        "epochs": [2, 5],
    }
    rows = {row["name"]: row for row in body["metrics"]}
    assert rows["accuracy"]["best"] == [0]
    assert rows["accuracy"]["values"][0] == good.metrics["accuracy"]
    assert rows["brier"]["lower_is_better"] is True
    assert {test["metric"] for test in body["tests"]} >= {"accuracy", "auc_ge_s2"}
    figures = body["figures"]
    assert len([trace for trace in figures["roc"]["data"] if trace.get("name")]) >= 2
    assert len(figures["confusion"]) == len(figures["learning_curves"]) == len(figures["calibration"]) == 2
    assert set(figures["significance"]) == {"accuracy", "auc_macro"}
    assert body["warnings"] == []


def test_comparing_across_datasets_warns_and_tests_nothing(
    client: APIClient, finished: Finished, site_a: Site, researcher: User, run_job: Callable[[Any], Job]
) -> None:
    other = datasets.freeze(name="Other", sites=[site_a], actor=researcher, split_seed=9)
    run_job(other.job)
    other.refresh_from_db()
    body = _compare(client, finished("One"), finished("Two", dataset=other))
    assert [warning["code"] for warning in body["warnings"]] == ["different-datasets"]
    assert body["tests"] == []
    assert {row["path"] for row in body["parameter_diff"]} == {"dataset", "dataset_hash"}


def test_comparing_paper_with_strict_warns_and_marks_the_figures(
    client: APIClient, finished: Finished
) -> None:
    body = _compare(client, finished("Strict"), finished("Paper", protocol="paper"))
    assert "different-protocols" in {warning["code"] for warning in body["warnings"]}
    assert "paper protocol" in str(body["figures"]["roc"]["layout"])
    assert "paper protocol" not in str(body["figures"]["confusion"][0]["layout"])


def test_an_unfinished_run_leaves_its_column_empty(
    client: APIClient, finished: Finished, frozen: DatasetVersion, quick: TrainSpec, researcher: User
) -> None:
    waiting = services.launch_run(dataset=frozen, spec=quick, actor=researcher, name="Waiting")
    body = _compare(client, waiting, finished("Done"))
    assert body["metrics"][0]["values"][0] is None
    assert body["metrics"][0]["values"][1]["value"] is not None
    assert body["figures"]["confusion"][0] is None
    assert body["warnings"][0]["code"] == "runs-unfinished"
    assert _compare(client, waiting)["metrics"] == []


def test_two_runs_of_one_name_stay_apart(client: APIClient, finished: Finished) -> None:
    body = _compare(client, finished("Same"), finished("Same"))
    assert len(set(body["labels"])) == 2


@pytest.mark.parametrize("ids", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_wrong_comparison_is_refused(client: APIClient, ids: str) -> None:
    answer = client.get(f"{RUNS}compare/", {"ids": ids})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "ids")


# --- models --------------------------------------------------------------------------------------


def test_promotion_and_rollback(client: APIClient, finished: Finished) -> None:
    one, two = finished("One").model, finished("Two").model
    body = client.post(f"{MODELS}{one.pk}/promote/", {"alias": "champion"}).json()
    assert (body["aliases"], body["card"]) == (["champion"], "# One\n")
    client.post(f"{MODELS}{two.pk}/promote/", {"alias": "champion"})
    assert [row["aliases"] for row in client.get(MODELS).json()["results"]] == [["champion"], []]
    assert client.get(MODELS, {"alias": "champion"}).json()["results"][0]["id"] == str(two.pk)
    assert client.post(f"{MODELS}rollback/", {"alias": "champion"}).json()["id"] == str(one.pk)
    history = client.get(f"{MODELS}aliases/").json()
    assert [(row["model_name"], row["rollback"]) for row in history] == [
        ("One", True),
        ("Two", False),
        ("One", False),
    ]
    assert [row["ended_at"] is None for row in history] == [True, False, False]
    answer = client.post(f"{MODELS}rollback/", {"alias": "champion"})
    assert (answer.status_code, answer.json()["code"]) == (409, "alias-without-predecessor")


def test_a_paper_model_is_refused_with_its_code(client: APIClient, finished: Finished) -> None:
    model = finished("Optimist", protocol="paper").model
    answer = client.post(f"{MODELS}{model.pk}/promote/", {"alias": "champion"})
    assert (answer.status_code, answer.json()["code"]) == (409, "paper-protocol-not-promotable")


def test_an_unknown_alias_names_the_field(client: APIClient, finished: Finished) -> None:
    answer = client.post(f"{MODELS}{finished('One').model.pk}/promote/", {"alias": "king"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "alias")


def test_the_list_of_models_costs_the_same_with_more_models(
    client: APIClient, finished: Finished, researcher: User, django_assert_num_queries: Any
) -> None:
    for name in ("One", "Two", "Three"):
        services.promote(model=finished(name).model, alias="champion", actor=researcher)
    with django_assert_num_queries(3):
        client.get(MODELS)


# --- who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_roles(role: Role, finished: Finished, site_a: Site, make_user: Any, client_of: ClientOf) -> None:
    run = finished("One")
    client = client_of(make_user(role, site_a, username="somebody"))
    may = role in {Role.RESEARCHER, Role.ADMINISTRATOR}
    one = f"{RUNS}{run.pk}/"
    reads = [RUNS, f"{RUNS}schema/", one, f"{one}figures/", f"{one}predictions.csv/", f"{one}metrics.json/"]
    for address in [*reads, f"{RUNS}compare/?ids={run.pk}"]:
        assert client.get(address).status_code == (200 if may else 403), address
    launch = client.post(RUNS, {"dataset": str(run.dataset_id), "spec": {}})
    assert launch.status_code == (201 if may else 403)
    for address in (f"{one}cancel/", f"{one}resume/"):  # of somebody else's finished run
        assert client.post(address).status_code == ((409, 403)[role == Role.RESEARCHER] if may else 403)
    for address in (MODELS, f"{MODELS}{run.model.pk}/", f"{MODELS}aliases/"):
        assert client.get(address).status_code == 200
    promoted = client.post(f"{MODELS}{run.model.pk}/promote/", {"alias": "champion"})
    assert promoted.status_code == (200 if may else 403)
    assert client.post(f"{MODELS}rollback/").status_code == (409 if may else 403)


def test_runs_of_another_site_do_not_exist(
    finished: Finished, site_b: Site, make_user: Any, client_of: ClientOf
) -> None:
    run = finished("One")
    client = client_of(make_user(Role.RESEARCHER, site_b))
    assert client.get(RUNS).json()["results"] == []
    for address in ("", "figures/", "predictions.csv/", "metrics.json/"):
        assert client.get(f"{RUNS}{run.pk}/{address}").status_code == 404
    for address in ("cancel/", "resume/"):
        assert client.post(f"{RUNS}{run.pk}/{address}").status_code == 404
    assert client.get(f"{RUNS}compare/", {"ids": str(run.pk)}).status_code == 400
    answer = client.post(RUNS, {"dataset": str(run.dataset_id), "spec": {}})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "dataset")
    assert client.get(f"{MODELS}{run.model.pk}/").status_code == 200  # a model holds no patient's data


def test_strangers_are_asked_to_sign_in(client_of: ClientOf) -> None:
    assert {client_of(None).get(address).status_code for address in (RUNS, MODELS)} == {401}


def _record_epoch(run: Run, epoch: int) -> None:
    data = {
        "kind": "epoch-finished",
        "phase": "hf",
        "epoch": epoch,
        "epochs": 2,
        "progress": 0.5,
        "train_loss": 1.0,
        "train_accuracy": 0.5,
        "learning_rate": 1e-4,
        "images_per_second": 10.0,
        "seconds": 1.0,
    }
    JobEvent.objects.create(job=run.job, seq=100 + epoch, attempt=1, kind="epoch-finished", data=data)

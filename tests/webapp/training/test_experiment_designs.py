"""Experiments that leave a site out, are tested on another dataset, or stand beside the paper's protocol."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from rest_framework.test import APIClient

from ml.cohort import load_cache
from ml.spec import Split, Stage, TrainSpec
from tests.webapp.datasets.cohorts import add_cohort
from tests.webapp.training.finishing import finish
from webapp.accounts.models import Site, User
from webapp.datasets import services as datasets
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job
from webapp.training.divisions import joined, parts_of, write_split
from webapp.training.models import Experiment, Run

BASE = "/api/v1/experiments/"
ROWS = [{"preset": "hf"}, {"preset": "lf"}]
TINY = {
    "architecture": "hf",
    "epochs": 1,
    "batch_size": 4,
    "precision": "fp32",
    "transfer": {"first": False, "second": False},
    "augmentation": {"deconvolution": False},
}
Freeze = Callable[..., DatasetVersion]


@pytest.fixture
def freeze(administrator: User, run_job: Callable[[Any], Job]) -> Freeze:
    def frozen(name: str, *sites: Site, each: int = 3) -> DatasetVersion:
        for site in sites:
            add_cohort(site, dict.fromkeys(Stage, each))
        version = datasets.freeze(name=name, sites=list(sites), actor=administrator)
        assert run_job(version.job).state == "succeeded"
        version.refresh_from_db()
        return version

    return frozen


@pytest.fixture
def client(client_of: Callable[[User | None], APIClient], administrator: User) -> APIClient:
    return client_of(administrator)


def start(client: APIClient, dataset: DatasetVersion, **options: Any) -> Any:
    body = {"name": "Design", "dataset": str(dataset.pk), "rows": ROWS}
    return client.post(BASE, {**body, **options}, format="json")


def stages_of(*versions: DatasetVersion) -> dict[str, int]:
    return {m.pseudonym: m.stage for version in versions for m in version.members.all()}


def finish_all(experiment: str, stages: dict[str, int]) -> None:
    for row in Experiment.objects.get(pk=experiment).rows.all():
        finish(row.run, stages=stages)


def test_each_site_is_left_out_in_turn_and_the_report_has_a_table_a_site(
    client: APIClient, freeze: Freeze, site_a: Site, site_b: Site
) -> None:
    frozen = freeze("Two sites", site_a, site_b)
    answer = start(client, frozen, leave_one_site_out=True)
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert (body["kind"], body["folds"], body["lines"], len(body["rows"])) == ("sites", 1, 2, 4)
    for run in Run.objects.all():
        assignments = json.loads(write_split(run).read_text())["assignments"]
        of_site = set(
            frozen.members.filter(site__code=run.division["site"]).values_list("pseudonym", flat=True)
        )
        assert {patient for patient, part in assignments.items() if part == "test"} == of_site
    experiment = Experiment.objects.get()
    assert [sum(parts.values()) for parts in parts_of(experiment)] == [30, 30]
    finish_all(body["id"], stages_of(frozen))
    done = client.get(f"{BASE}{body['id']}/results/").json()
    assert done["sites_left_out"] is True
    assert [(row["site"], row["patients"]) for row in done["by_site"]] == [
        (site.code, 15) for site in sorted((site_a, site_b), key=lambda site: site.code)
    ]
    assert set(done["by_site"][0]["models"]) == {"HF alone", "LF alone"}
    page = client.get(f"{BASE}{body['id']}/files/report.html/").content.decode()
    assert "Each of 2 sites is tested by models that never saw a patient of it" in page
    assert f"Site {site_b.code}, 15 tested patients, trained elsewhere" in page
    assert "reported in the paper" in page
    kept = client.get(f"{BASE}{body['id']}/files/metrics.json/").json()
    assert kept["design"]["kind"] == "sites"
    assert set(kept["by_site"]) == {site_a.code, site_b.code}


def test_a_single_site_cannot_be_left_out(client: APIClient, freeze: Freeze, site_a: Site) -> None:
    answer = start(client, freeze("One site", site_a), leave_one_site_out=True)
    assert (answer.status_code, answer.json()["code"]) == (400, "one-site-only")
    assert not Run.objects.exists()


def test_an_external_dataset_is_tested_whole_by_a_model_that_never_saw_it(
    client: APIClient, freeze: Freeze, site_a: Site, site_b: Site, run_job: Callable[[Any], Job]
) -> None:
    ours, theirs = freeze("Ours", site_a, each=4), freeze("Theirs", site_b)
    body = start(client, ours, rows=[{"spec": TINY, "title": "Tiny"}], external=str(theirs.pk)).json()
    assert (body["kind"], body["external_name"]) == ("external", str(theirs))
    run = Run.objects.get()
    assert set(run.job.sites.all()) == {site_a, site_b}
    job = run_job(run.job)
    assert job.state == "succeeded", job.failure
    run.refresh_from_db()
    tested = set(pd.read_csv(run.workdir / "predictions.csv")["patient"].astype(str))
    assert tested == set(stages_of(theirs))
    whole = load_cache(joined(ours, theirs))
    assert run.record["dataset_hash"] == whole.dataset_hash == run.model.dataset_hash
    done = client.get(f"{BASE}{body['id']}/results/").json()
    assert (done["complete"], done["paired_patients"]) == (1, 15)
    page = client.get(f"{BASE}{body['id']}/files/report.html/").content.decode()
    sizes = "/".join(str(len(whole.patients(part))) for part in Split)
    assert f"External test: trained, validated and tested on {sizes} patients" in page


def test_who_may_not_see_the_external_dataset_sees_neither_experiment_nor_run(
    client: APIClient,
    freeze: Freeze,
    site_a: Site,
    site_b: Site,
    researcher: User,
    client_of: Callable[[User | None], APIClient],
) -> None:
    ours, theirs = freeze("Ours", site_a), freeze("Theirs", site_b)
    body = start(client, ours, external=str(theirs.pk)).json()
    theirs_only = client_of(researcher)  # of site A
    assert theirs_only.get(f"{BASE}{body['id']}/").status_code == 404
    run = body["rows"][0]["run"]["id"]
    assert theirs_only.get(f"/api/v1/runs/{run}/").status_code == 404
    refused = start(theirs_only, ours, external=str(theirs.pk))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "external")


def test_an_external_dataset_of_the_same_patients_is_refused_before_anything_is_queued(
    client: APIClient, freeze: Freeze, site_a: Site, administrator: User, run_job: Callable[[Any], Job]
) -> None:
    first = freeze("First", site_a)
    again = datasets.freeze(name="First", sites=[site_a], actor=administrator)
    run_job(again.job)
    answer = start(client, first, external=str(again.pk))
    assert (answer.status_code, answer.json()["code"]) == (400, "external-patients-shared")
    assert not Run.objects.exists()


def test_beside_the_papers_protocol_both_experiments_tell_the_optimism_in_points(
    client: APIClient, freeze: Freeze, site_a: Site
) -> None:
    frozen = freeze("Both ways", site_a)
    stages = stages_of(frozen)
    strict = start(client, frozen).json()
    finish_all(strict["id"], stages)
    assert client.get(f"{BASE}{strict['id']}/results/").json()["optimism"] == []
    paper = start(client, frozen, protocol="paper", beside=strict["id"], rows=[{"preset": "hf"}]).json()
    assert (paper["protocol"], paper["beside_name"]) == ("paper", "Design")
    spec = TrainSpec.model_validate(paper["rows"][0]["run"]["spec"])
    assert (spec.protocol, spec.augmentation.policy) == ("paper", "paper")
    finish_all(paper["id"], stages)
    for one in (strict, paper):
        done = client.get(f"{BASE}{one['id']}/results/").json()
        assert {(gap["model"], gap["unit"]) for gap in done["optimism"]} == {("HF alone", "image")}
        assert {"optimism-accuracy", "optimism-auc_macro"} <= set(done["figures"])
        gap = done["optimism"][0]
        assert gap["difference"]["value"] == pytest.approx(gap["paper"]["value"] - gap["strict"]["value"])
        page = client.get(f"{BASE}{one['id']}/files/report.html/").content.decode()
        assert "Optimism of the paper's protocol" in page or "Optimism of the paper&#x27;s protocol" in page


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"folds": 3, "leave_one_site_out": True}, "experiment-design-contradictory"),
        ({"folds": 3, "protocol": "paper"}, "experiment-design-contradictory"),
        ({"leave_one_site_out": True, "protocol": "paper"}, "experiment-design-contradictory"),
        ({"leave_one_site_out": True, "repeats": 2}, "experiment-design-refused"),
    ],
)
def test_designs_that_contradict_themselves_queue_nothing(
    client: APIClient, freeze: Freeze, site_a: Site, options: dict[str, Any], code: str
) -> None:
    answer = start(client, freeze("Any", site_a), **options)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Run.objects.exists()


def test_only_the_other_half_on_the_same_patients_stands_beside(
    client: APIClient, freeze: Freeze, site_a: Site, site_b: Site
) -> None:
    ours, theirs = freeze("Ours", site_a), freeze("Theirs", site_b)
    strict = start(client, ours).json()["id"]
    for dataset, protocol in ((ours, "strict"), (theirs, "paper")):
        answer = start(client, dataset, protocol=protocol, beside=strict)
        assert (answer.status_code, answer.json()["code"]) == (400, "experiment-beside-refused")


def test_the_estimate_counts_the_sites(client: APIClient, freeze: Freeze, site_a: Site, site_b: Site) -> None:
    frozen = freeze("Two sites", site_a, site_b)
    body = {"dataset": str(frozen.pk), "rows": ROWS, "leave_one_site_out": True}
    assert client.post(f"{BASE}estimate/", body, format="json").json()["runs"] == 4

"""Dataset versions over HTTP, and who may see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from ml.spec import Stage
from tests.webapp.datasets.cohorts import add_cohort, add_pair
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.datasets import services
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job

BASE = "/api/v1/datasets/"
ClientOf = Callable[[User | None], APIClient]


@pytest.fixture
def client(client_of: ClientOf, researcher: User) -> APIClient:
    return client_of(researcher)


def test_freezing_and_reading_back(client: APIClient, site_a: Site, run_job: Callable[[Any], Job]) -> None:
    add_cohort(site_a)
    answer = client.post(BASE, {"name": "Pilot", "note": "first", "split_seed": 3, "sites": ["A"]})
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert (body["state"], body["version"], body["created_by"]) == ("building", 1, "researcher")
    assert body["counts"]["total"]["patients"] == 15
    run_job(body["job"])
    body = client.get(f"{BASE}{body['id']}/").json()
    assert body["state"] == "frozen"
    assert len(body["hash"]) == 64
    assert body["split_seed"] == 3
    assert [site["code"] for site in body["sites"]] == ["A"]
    assert client.get(BASE, {"state": "frozen"}).json()["results"][0]["id"] == body["id"]


def test_the_preview_shows_the_flow_and_the_split_without_writing(client: APIClient, site_a: Site) -> None:
    add_cohort(site_a)
    body = client.get(f"{BASE}preview/", {"sites": "A"}).json()
    assert body["total"] == {"patients": 15, "images": 30}
    assert body["by_split"]["test"] == dict.fromkeys(["S0", "S1", "S2", "S3", "S4"], 1)
    assert [step["step"] for step in body["flow"]] == ["assessed", "included"]
    assert body["obstacles"] == []
    assert not DatasetVersion.objects.exists()


def test_the_preview_of_nothing_says_what_to_do(client: APIClient) -> None:
    body = client.get(f"{BASE}preview/").json()
    assert body["obstacles"][0]["code"] == "dataset-empty"
    assert body["obstacles"][0]["remedy"]


def test_a_refused_freeze_is_a_problem_with_a_remedy(client: APIClient, site_a: Site) -> None:
    add_cohort(site_a, {Stage.S0: 1, Stage.S1: 3})
    answer = client.post(BASE, {"name": "Small"})
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "dataset-stage-too-small"
    assert "S0" in answer.json()["remedy"]


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "name"), ({"name": "x", "split_seed": -1}, "split_seed"), ({"name": "x", "sites": ["Z"]}, "sites")],
)
def test_a_wrong_request_names_the_field(client: APIClient, body: dict[str, Any], field: str) -> None:
    answer = client.post(BASE, body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("query", [{"split_seed": "x"}, {"sites": "Z"}])
def test_a_wrong_preview_is_refused(client: APIClient, query: dict[str, str]) -> None:
    assert client.get(f"{BASE}preview/", query).status_code == 400


def test_the_patients_of_a_version(client: APIClient, frozen: DatasetVersion) -> None:
    rows = client.get(f"{BASE}{frozen.pk}/patients/", {"split": "test", "stage": "S3"}).json()["results"]
    assert len(rows) == 1
    assert rows[0]["stage"] == "S3"
    assert (rows[0]["site"], rows[0]["split"]) == ("A", "test")
    assert (rows[0]["hf_images"], rows[0]["lf_images"]) == (1, 1)
    first = client.get(f"{BASE}{frozen.pk}/patients/", {"page_size": 10}).json()
    second = client.get(first["next"]).json()
    names = [row["pseudonym"] for row in first["results"] + second["results"]]
    assert names == sorted(names)
    assert len(names) == 15
    assert client.get(f"{BASE}{frozen.pk}/patients/", {"stage": "S9"}).status_code == 400


def test_a_frozen_version_is_not_removed(client: APIClient, frozen: DatasetVersion) -> None:
    answer = client.delete(f"{BASE}{frozen.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "dataset-frozen")


def test_the_list_costs_the_same_with_more_versions(
    client: APIClient,
    frozen: DatasetVersion,
    site_a: Site,
    researcher: User,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(4):
        services.freeze(name=f"More {number}", sites=[site_a], actor=researcher)
    with django_assert_max_num_queries(4):
        assert len(client.get(BASE).json()["results"]) == 5


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.CLINICIAN, 403, 403),
        (Role.ANNOTATOR, 200, 403),
        (Role.RESEARCHER, 200, 201),
        (Role.ADMINISTRATOR, 200, 201),
    ],
)
def test_roles(
    role: Role,
    reads: int,
    writes: int,
    frozen: DatasetVersion,
    site_a: Site,
    make_user: Any,
    client_of: ClientOf,
) -> None:
    client = client_of(make_user(role, site_a, username="somebody"))
    one = f"{BASE}{frozen.pk}/"
    for address in (BASE, f"{BASE}preview/", one, f"{one}patients/"):
        assert client.get(address).status_code == reads, address
    assert client.post(BASE, {"name": "Mine"}).status_code == writes
    assert client.delete(one).status_code == (403 if writes == 403 else 409)


def test_strangers_are_asked_to_sign_in(client_of: ClientOf, frozen: DatasetVersion) -> None:
    assert client_of(None).get(BASE).status_code == 401


def test_a_version_with_one_foreign_patient_does_not_exist_for_me(
    site_a: Site, site_b: Site, make_user: Any, client_of: ClientOf, administrator: User, run_job: Any
) -> None:
    add_cohort(site_a)
    add_pair(site_b, Stage.S1)
    version = services.freeze(name="Both", sites=[site_a, site_b], actor=administrator)
    run_job(version.job)
    for sites, status in (((site_a,), 404), ((site_b,), 404), ((site_a, site_b), 200)):
        client = client_of(make_user(Role.RESEARCHER, *sites))
        assert client.get(f"{BASE}{version.pk}/").status_code == status
        assert len(client.get(BASE).json()["results"]) == (status == 200)


def test_a_site_that_gave_no_patient_does_not_hide_the_version(
    site_a: Site, site_b: Site, make_user: Any, client_of: ClientOf, administrator: User, run_job: Any
) -> None:
    add_cohort(site_a)
    version = services.freeze(name="Wide", sites=[site_a, site_b], actor=administrator)
    run_job(version.job)
    assert client_of(make_user(Role.RESEARCHER, site_a)).get(f"{BASE}{version.pk}/").status_code == 200

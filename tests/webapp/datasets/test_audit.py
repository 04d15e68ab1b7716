"""The intake audit of a frozen version: written with it, read by those who may see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from ml.cohort import split_patients
from ml.spec import Stage
from tests.webapp.datasets.cohorts import add_pair
from webapp.accounts.models import Site, User
from webapp.datasets import services
from webapp.datasets.auditing import REPORT
from webapp.datasets.models import DatasetVersion

RunJob = Callable[[Any], Any]
ClientOf = Callable[[User], APIClient]


def test_a_frozen_version_has_its_audit(
    frozen: DatasetVersion, researcher: User, client_of: ClientOf
) -> None:
    report = client_of(researcher).get(f"/api/v1/datasets/{frozen.pk}/audit/").json()
    assert (report["dataset_hash"], report["patients"], report["images"]) == (frozen.hash, 15, 30)
    found = {(finding["code"], finding["subject"]): finding for finding in report["findings"]}
    assert {"site", "scanner", "format", "kind"} >= {subject for _, subject in found if subject}
    assert found["confounded", "format"]["table"] == {
        "256 × 256": {"S0": 3, "S1": 3, "S2": 3, "S3": 3, "S4": 3}
    }
    # They were added stage by stage.
    assert found["labels-follow-order", ""]["severity"] == "warning"
    assert found["labels-follow-order", ""]["p"] < 0.001


def test_the_same_picture_under_two_patients_of_one_part_is_shown(
    site_a: Site, researcher: User, run_job: RunJob, client_of: ClientOf
) -> None:
    people = {
        add_pair(site_a, stage, seed=900 if stage is Stage.S2 and number < 2 else None).pseudonym: stage
        for stage in Stage
        for number in range(4)
    }
    twins = [name for name, stage in people.items() if stage is Stage.S2][:2]
    seed = next(s for s in range(99) if len({split_patients(people, seed=s)[twin] for twin in twins}) == 1)
    version = services.freeze(name="Twins", sites=[site_a], actor=researcher, split_seed=seed)
    assert run_job(version.job).state == "succeeded"
    version.refresh_from_db()
    report = client_of(researcher).get(f"/api/v1/datasets/{version.pk}/audit/").json()
    first = report["findings"][0]
    assert (first["code"], first["severity"], first["count"]) == ("exact-duplicates", "warning", 2)
    assert {tuple(sorted(example["patients"])) for example in first["examples"]} == {tuple(sorted(twins))}


def test_a_version_of_before_says_so(frozen: DatasetVersion, researcher: User, client_of: ClientOf) -> None:
    (frozen.folder / REPORT).unlink()
    answer = client_of(researcher).get(f"/api/v1/datasets/{frozen.pk}/audit/")
    assert (answer.status_code, answer.json()["code"]) == (404, "dataset-audit-missing")


def test_others_do_not_see_it(
    frozen: DatasetVersion, clinician: User, outsider: User, client_of: ClientOf
) -> None:
    address = f"/api/v1/datasets/{frozen.pk}/audit/"
    assert client_of(clinician).get(address).status_code == 403
    assert client_of(outsider).get(address).status_code in {403, 404}

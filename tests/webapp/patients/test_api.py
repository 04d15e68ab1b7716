"""Patients and stages over HTTP, by role and by site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ml.spec import Stage
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.patients import services
from webapp.patients.models import Exam, PathologyStage, Patient

API = "/api/v1/patients/"


def test_a_patient_shows_exams_and_every_stage(
    patient: Patient, add_exam: Callable[..., Exam], annotator: User, client_of: Any
) -> None:
    add_exam(patient, "1", date(2020, 1, 1))
    add_exam(patient, "2", date(2021, 1, 1))
    for stage in (Stage.S1, Stage.S2):
        services.record_stage(patient=patient, stage=stage, source="biopsy", actor=annotator)
    shown = client_of(annotator).get(f"{API}{patient.pk}/").json()
    assert shown["pseudonym"] == patient.pseudonym
    assert (shown["sex"], shown["pathology_stage"], shown["exam_count"]) == ("F", 2, 2)
    assert [row["stage"] for row in shown["stage_history"]] == [2, 1]
    assert shown["stage_history"][0]["recorded_by"] == annotator.display_name
    assert [exam["exam_date"] for exam in shown["exams"]] == ["2021-01-01", "2020-01-01"]
    assert "identity_key" not in shown


def test_the_list_filters_by_site_stage_and_pseudonym(
    patient: Patient, add_patient: Callable[..., Patient], site_a: Site, site_b: Site, annotator: User,
    administrator: User, client_of: Any,
) -> None:  # fmt: skip
    other = add_patient(site_b, "H-1001")
    services.record_stage(patient=patient, stage=Stage.S2, source="biopsy", actor=annotator)
    assert other.pseudonym != patient.pseudonym

    def listed(query: str, user: User = administrator) -> list[str]:
        rows = client_of(user).get(f"{API}?{query}").json()["results"]
        return [row["pseudonym"] for row in rows]

    assert set(listed("")) == {patient.pseudonym, other.pseudonym}
    assert listed("site=B") == [other.pseudonym]
    assert listed("stage=2") == [patient.pseudonym]
    assert listed("stage=1") == []
    assert listed(f"search={patient.pseudonym[2:10].lower().replace('-', '')}") == [patient.pseudonym]
    assert listed("", annotator) == [patient.pseudonym]


@pytest.mark.parametrize("stage", [3, "S3", "F3", "3"])
def test_a_stage_is_recorded_in_any_spelling(
    patient: Patient, annotator: User, client_of: Any, stage: object
) -> None:
    answer = client_of(annotator).post(f"{API}{patient.pk}/stage/", {"stage": stage, "source": "biopsy"})
    assert (answer.status_code, answer.json()["stage"]) == (201, 3)
    assert PathologyStage.objects.get().recorded_by == annotator


@pytest.mark.parametrize("body", [{"stage": 5}, {"stage": True}, {"stage": "S2", "source": "hearsay"}, {}])
def test_what_is_no_stage_is_named_in_the_answer(
    patient: Patient, annotator: User, client_of: Any, body: dict
) -> None:
    answer = client_of(annotator).post(f"{API}{patient.pk}/stage/", {"source": "biopsy"} | body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert {error["field"] for error in answer.json()["errors"]} <= {"stage", "source"}


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.CLINICIAN, 403), (Role.ANNOTATOR, 201), (Role.RESEARCHER, 201), (Role.ADMINISTRATOR, 201)],
)
def test_who_may_record_a_stage(
    patient: Patient, make_user: Any, site_a: Site, client_of: Any, role: Role, status: int
) -> None:
    client = client_of(make_user(role, site_a, username="somebody"))
    assert client.post(f"{API}{patient.pk}/stage/", {"stage": 1, "source": "biopsy"}).status_code == status
    assert client.get(f"{API}{patient.pk}/").status_code == 200


def test_a_patient_of_another_site_does_not_exist(
    patient: Patient, make_user: Any, site_b: Site, client_of: Any
) -> None:
    client = client_of(make_user(Role.RESEARCHER, site_b, username="other"))
    assert client.get(f"{API}{patient.pk}/").status_code == 404
    assert client.post(f"{API}{patient.pk}/stage/", {"stage": 1, "source": "biopsy"}).status_code == 404
    assert client.get(API).json()["results"] == []


def test_a_stage_table_is_tried_then_applied(patient: Patient, annotator: User, client_of: Any) -> None:
    def send(**extra: object) -> Any:
        table = SimpleUploadedFile("stages.csv", b"patient_id,stage\nH-1001,S2\n")
        return client_of(annotator).post(
            f"{API}stage-table/", {"file": table, "site": "A", **extra}, format="multipart"
        )

    tried = send().json()
    assert (tried["applied"], tried["counts"]["new"]) == (False, 1)
    assert tried["changes"][0]["pseudonym"] == patient.pseudonym
    assert "H-1001" not in str(tried)
    assert not PathologyStage.objects.exists()
    assert send(dry_run="false").json()["applied"] is True
    assert PathologyStage.objects.get().stage == 2
    assert send(site="B").json()["code"] == "unknown-site"

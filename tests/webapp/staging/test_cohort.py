"""The lists behind the flow diagram, the scores of a patient, and lists that cost the same however long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from ml.cohort import ClinicalRow
from ml.spec import Stage
from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.imaging.services import ingest_file, start_upload
from webapp.patients.models import Exam, Patient
from webapp.patients.services import record_clinical_values, record_stage

pytestmark = pytest.mark.django_db


def patient_of(site: Site, number: int, stage: Stage | None = None) -> Patient:
    patient = Patient.objects.create(
        site=site, pseudonym=f"P-{number:04d}-0000-0000", identity_key=f"{number:064d}", sex="F"
    )
    Exam.objects.create(patient=patient, study_key=f"{number:064d}")
    if stage is not None:
        record_stage(patient=patient, stage=stage, source="biopsy", actor=None)
    return patient


def test_each_number_of_the_flow_is_the_length_of_its_list(
    site_a: Site, site_b: Site, researcher: User, client_of: Callable[[User], APIClient]
) -> None:
    for number in range(4):
        patient_of(site_a, number, Stage.S1 if number < 3 else None)
    patient_of(site_b, 9)
    client = client_of(researcher)
    flow = client.get("/api/v1/datasets/preview/").json()["flow"]
    assert {step["step"]: step["patients"] for step in flow} == {
        "assessed": 4, "no-stage": 1, "no-images": 3, "included": 0,
    }  # fmt: skip
    for step in flow:
        answer = client.get("/api/v1/cohort/", {"step": step["step"]}).json()
        assert (answer["total"], len(answer["rows"])) == (step["patients"], step["patients"])
    (row,) = client.get("/api/v1/cohort/?step=no-stage").json()["rows"]
    assert (row["pseudonym"], row["stage"], row["reason"]) == ("P-0003-0000-0000", None, "no-stage")
    assert client.get("/api/v1/cohort/?step=elsewhere").status_code == 400


def scores(client: APIClient, patient: Patient) -> dict[str, Any]:
    serum = client.get(f"/api/v1/patients/{patient.pk}/").json()["serum"]
    return {score["name"]: score for score in serum["scores"]}


def test_scores_say_where_they_lie_or_why_there_is_none(site_a: Site, api: APIClient) -> None:
    patient = patient_of(site_a, 1)
    assert api.get(f"/api/v1/patients/{patient.pk}/").json()["serum"] is None
    given = {"ast": 80.0, "platelets": 100.0}
    record_clinical_values(patient=patient, values=ClinicalRow("", **given), source="manual", actor=None)
    found = scores(api, patient)
    assert found["apri"]["value"] == pytest.approx(80 / 40 / 100 * 100)
    assert [one["says"] for one in found["apri"]["readings"]] == ["in", "between"]
    assert found["fib4"]["value"] is None
    assert found["fib4"]["missing"] == ["age_years", "alt"]
    record_clinical_values(
        patient=patient, values=ClinicalRow("", age=95, alt=49.0, **given), source="manual", actor=None
    )
    assert scores(api, patient)["fib4"]["bounded"] == ["age_years"]


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", ["patients", "images", "quarantine", "audit", "uploads"])
def test_a_long_list_takes_as_many_queries_as_a_short_one(
    site_a: Site, make_user: Callable[..., User], client_of: Callable[[User], APIClient],
    path: str, role: Role,
) -> None:  # fmt: skip
    client = client_of(make_user(role, site_a, username="who"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(f"/api/v1/{path}/")
        return len(seen) if answer.status_code == 200 else -answer.status_code

    def send(number: int) -> None:
        upload = start_upload(site=site_a, actor=None)
        nameless = {"patient": "", "study": "", "sop": f"1.3.{number}"}
        for who in ({"patient": f"Q{number}", "study": f"1.2.{number}"}, nameless):
            ingest_file(upload=upload, name="x", data=ultrasound(seed=number, **who), actor=None)

    send(1)
    few = queries()
    for number in range(2, 5):
        send(number)
    assert queries() == few

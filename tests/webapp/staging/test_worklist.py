"""The worklist: filters, order, pages, and the same number of queries for one row and for many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from ml.spec import Stage
from webapp.accounts.models import Site, User
from webapp.imaging.models import ImagePair
from webapp.jobs.models import Job
from webapp.patients.models import Exam, Patient
from webapp.patients.services import record_stage
from webapp.staging import services
from webapp.training.models import ModelVersion

API = "/api/v1/exams/"


@pytest.fixture
def hospital(site_a: Site, annotator: User) -> list[Exam]:
    """Twelve exams of twelve patients: odd ones have both bands, each third one a stage."""
    exams = []
    for number in range(12):
        patient = Patient.objects.create(
            site=site_a, pseudonym=f"P-{number:04d}", identity_key=f"{number:064d}", sex="F"
        )
        day = date(2020, 1, 1 + number) if number else None
        exam = Exam.objects.create(
            patient=patient,
            study_key=f"{number:064d}",
            exam_date=day,
            age_years=50,
            image_count=1 + number % 2,
            hf_count=1,
            lf_count=number % 2,
        )
        if number % 3 == 0:
            record_stage(patient=patient, stage=Stage(number // 3), source="biopsy", actor=annotator)
        exams.append(exam)
    return exams


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["patient"]["pseudonym"] for row in answer.json()["results"]]


def numbers(answer: Any) -> list[int]:
    return [int(name.removeprefix("P-")) for name in names(answer)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", list(range(11, -1, -1))),
        ("has_pair=yes", [11, 9, 7, 5, 3, 1]),
        ("has_pair=no", [10, 8, 6, 4, 2, 0]),
        ("stage=2", [6]),
        ("stage=0", [0]),
        ("search=p-000", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        ("search=0011", [11]),
        ("search=11", []),
        ("site=A&has_pair=yes&stage=1", [3]),
        ("site=B", []),
        ("staged=yes", []),
        ("staged=no&stage=3", [9]),
        ("ordering=exam_date", list(range(12))),
        ("ordering=-exam_date", list(range(11, -1, -1))),
        ("ordering=created_at", list(range(12))),
    ],
)
def test_filters_and_order(hospital: list[Exam], api: APIClient, query: str, expected: list[int]) -> None:
    assert numbers(api.get(f"{API}?{query}")) == expected


@pytest.mark.parametrize("ordering", ["", "exam_date", "-exam_date", "-created_at"])
def test_pages_cover_every_exam_once_in_any_order(
    hospital: list[Exam], api: APIClient, ordering: str
) -> None:
    seen: list[str] = []
    address = f"{API}?page_size=5&ordering={ordering}"
    while address:
        answer = api.get(address)
        seen += names(answer)
        address = answer.json()["next"]
    assert len(seen) == len(set(seen)) == 12


def test_a_row_says_what_the_clinician_needs(
    add_exam: Callable[..., Exam], champion: ModelVersion, api: APIClient, clinician: User, annotator: User,
    run_job: Callable[[Any], Job],
) -> None:  # fmt: skip
    exam = add_exam("P1", "HF", "LF")
    record_stage(patient=exam.patient, stage=Stage.S2, source="biopsy", actor=annotator)
    (row,) = api.get(API).json()["results"]
    assert row["bands"] == ["HF", "LF"]
    assert (row["image_count"], row["pathology_stage"], row["latest_staging"]) == (2, 2, None)
    assert row["pair_id"] == str(ImagePair.objects.get().pk)
    assert row["patient"]["site"] == {"code": "A", "name": "Hospital A"}
    assert set(row["patient"]) == {"id", "pseudonym", "sex", "simulated", "site", "age_years"}
    first = services.request_staging(exam=exam, actor=clinician)
    run_job(first.job)
    second = services.request_staging(exam=exam, actor=clinician)
    (row,) = api.get(f"{API}?staged=yes").json()["results"]
    assert (row["latest_staging"]["id"], row["latest_staging"]["state"]) == (str(second.pk), "queued")
    assert row["latest_staging"]["stage"] is None
    run_job(second.job)
    (row,) = api.get(f"{API}?staged=yes").json()["results"]
    latest = row["latest_staging"]
    assert (latest["state"], latest["model_name"]) == ("succeeded", champion.name)
    assert latest["stage"] in {"S0", "S1", "S2", "S3", "S4"}
    assert sum(latest["probabilities"].values()) == pytest.approx(1)
    assert api.get(f"{API}?staged=no").json()["results"] == []


def test_an_exam_shows_images_pair_and_stagings(
    add_exam: Callable[..., Exam], champion: ModelVersion, api: APIClient, clinician: User
) -> None:
    exam = add_exam("P1", "HF", "LF", "LF")
    staging = services.request_staging(exam=exam, actor=clinician)
    shown = api.get(f"{API}{exam.pk}/").json()
    assert [image["band"] for image in shown["images"]] == ["HF", "LF", "LF"]
    assert shown["pairs"][0]["hf"] == shown["images"][0]["id"]
    assert [row["id"] for row in shown["stagings"]] == [str(staging.pk)]
    assert shown["stagings"][0]["created_by"] == clinician.display_name


def test_a_long_page_takes_as_many_queries_as_a_short_one(
    add_exam: Callable[..., Exam], champion: ModelVersion, api: APIClient, clinician: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert api.get(API).status_code == 200
        return len(seen)

    services.request_staging(exam=add_exam("P1", "HF", "LF"), actor=clinician)
    one = queries()
    for number in range(2, 6):
        services.request_staging(exam=add_exam(f"P{number}", "HF", "LF"), actor=clinician)
    assert queries() == one <= 5  # page, stagings, reports, from whom stages are hidden, whose sites


def test_the_page_of_a_patient_with_five_exams_takes_as_many_queries_as_with_one(
    add_exam: Callable[..., Exam], champion: ModelVersion, api: APIClient, clinician: User,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    def staged(number: int) -> Exam:
        exam = add_exam("P1", "HF", "LF", visit=f"2024010{number}")
        services.request_staging(exam=exam, actor=clinician)
        return exam

    address = f"/api/v1/patients/{staged(1).patient_id}/"
    with CaptureQueriesContext(connection) as one:
        api.get(address)
    for number in range(2, 6):
        staged(number)
    with django_assert_num_queries(len(one)):
        shown = api.get(address).json()["exams"]
    assert [(len(exam["images"]), len(exam["pairs"]), len(exam["stagings"])) for exam in shown] == [
        (2, 1, 1)
    ] * 5


def test_the_worklist_of_another_site_is_empty(hospital: list[Exam], client_of: Any, outsider: User) -> None:
    client = client_of(outsider)
    assert client.get(API).json()["results"] == []
    assert client.get(f"{API}{hospital[0].pk}/").status_code == 404

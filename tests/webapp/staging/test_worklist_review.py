"""The worklist by review, the next case, and what the rows show of reports to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.webapp.conftest import PASSWORD
from webapp.accounts.models import User
from webapp.patients.models import ClinicalValues, Exam
from webapp.staging import reporting
from webapp.staging.models import Report, Staging

API = "/api/v1/exams/"
Answered = Callable[..., Staging]
Signed = Callable[..., Report]


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_what_waits_what_is_signed_and_where_the_reviewer_disagreed(
    answered: Answered, signed: Signed, add_exam: Callable[..., Exam], api: APIClient, clinician: User
) -> None:
    agreed = signed("P1")
    refused = signed("P2", decision="cannot-be-staged", reasons=["no-liver"])
    waiting = answered("P3")
    untouched = add_exam("P4", "HF", "LF")
    assert ids(api.get(f"{API}?review=waiting")) == [str(waiting.exam_id)]
    assert ids(api.get(f"{API}?review=signed")) == [str(refused.exam_id), str(agreed.exam_id)]
    assert ids(api.get(f"{API}?review=disagreement")) == [str(refused.exam_id)]
    draft = reporting.amend(report=refused, actor=clinician, reason="A better clip")
    draft = reporting.save_review(review=draft, actor=clinician, revision=1, decision="agree")
    latest = reporting.sign(review=draft, actor=clinician, password=PASSWORD, revision=2)
    assert ids(api.get(f"{API}?review=disagreement")) == []
    row = api.get(f"{API}{refused.exam_id}/").json()["report"]
    assert (row["id"], row["version"], row["decision"]) == (str(latest.pk), 2, "agree")
    assert api.get(f"{API}{untouched.pk}/").json()["report"] is None


def test_the_next_case_is_the_one_below_in_the_list(
    answered: Answered, add_exam: Callable[..., Exam], api: APIClient, client_of: Any, outsider: User
) -> None:
    first, second = answered("P1"), answered("P2")
    add_exam("P3", "HF")
    following = api.get(f"{API}?review=waiting&after={second.exam_id}&page_size=1")
    assert ids(following) == [str(first.exam_id)]
    assert ids(api.get(f"{API}?review=waiting&after={first.exam_id}")) == []
    assert ids(client_of(outsider).get(f"{API}?after={second.exam_id}")) == []


def test_annotators_learn_nothing_of_reports(signed: Signed, annotator: User, client_of: Any) -> None:
    report = signed()
    client = client_of(annotator)
    assert client.get(API).json()["results"][0]["report"] is None
    assert client.get(f"{API}{report.exam_id}/").json()["report"] is None
    for wanted in ("waiting", "signed", "disagreement"):
        assert client.get(f"{API}?review={wanted}").status_code == 403


def test_a_page_of_signed_exams_takes_as_many_queries_as_one(signed: Signed, api: APIClient) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert api.get(API).status_code == 200
        return len(captured)

    signed("P1")
    one = queries()
    signed("P2")
    signed("P3")
    assert queries() == one


@pytest.mark.parametrize(
    ("values", "apri", "fib4"),
    [
        ({"age_years": 50, "alt": 49, "ast": 60, "platelets": 150}, 1.0, 2.8571),
        ({"age_years": None, "alt": 49, "ast": 60, "platelets": 150}, 1.0, None),
        ({"age_years": 50, "alt": 49, "ast": 60}, None, None),
        ({"age_years": 90, "alt": 49, "ast": 60, "platelets": 150}, 1.0, None),
        ({"age_years": 50, "alt": 49, "ast": 60, "platelets": 150, "bounded": ["alt"]}, 1.0, None),
        ({"age_years": 50, "alt": 49, "ast": 60, "platelets": 150000}, None, None),
    ],
)
def test_scores_come_from_values_that_are_there_plausible_and_exact(
    add_exam: Callable[..., Exam], api: APIClient, values: dict[str, Any], apri: Any, fib4: Any
) -> None:
    exam = add_exam("P1", "HF", "LF")
    assert api.get(f"{API}{exam.pk}/").json()["serum"] is None
    ClinicalValues.objects.create(patient=exam.patient, source="manual", **values)
    serum = api.get(f"{API}{exam.pk}/").json()["serum"]
    assert (serum["apri"], serum["fib4"]) == (apri, fib4)
    assert {row["name"]: row["unit"] for row in serum["values"]}["ast"] == "U/L"
    assert bool(serum["refused"]) == (values.get("platelets", 0) > 2000)

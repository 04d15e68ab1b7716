"""How a model does in use: counts to check by hand, within one's sites, and an alarm that rings."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.patients.models import Exam
from webapp.staging.models import Report, Staging
from webapp.training.models import ModelVersion


def use(client: APIClient, model: ModelVersion) -> dict[str, Any]:
    answer = client.get(f"/api/v1/model-use/{model.pk}/")
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def said(staging: Staging, **result: Any) -> None:
    """The model's answer as this test wants it, in the month that it wants."""
    at = result.pop("at", None)
    assert staging.result is not None
    changed = {"result": {**staging.result, **result}} | ({"created_at": at} if at else {})
    Staging.objects.filter(pk=staging.pk).update(**changed)


FAMILIAR = {"p_value": 0.4, "level": 0.02, "unlike": []}
UNFAMILIAR = {
    "p_value": 0.001,
    "level": 0.02,
    "unlike": [{"band": "HF", "number": 0, "p_value": 0.001, "trait": "grain", "direction": "low"}],
}


def test_answers_referrals_and_reviews_are_counted_by_month(
    answered: Callable[..., Staging],
    signed: Callable[..., Report],
    champion: ModelVersion,
    researcher: User,
    client_of: Callable[[User | None], APIClient],
) -> None:
    march = datetime(2026, 3, 31, 12, tzinfo=timezone.get_default_timezone())
    said(answered("P1"), stage="S1", prediction_set=["S1"], familiarity=FAMILIAR, at=march)
    said(answered("P2"), stage="S4", prediction_set=["S2", "S3", "S4"], familiarity=UNFAMILIAR)
    said(answered("P3"), stage="S4", prediction_set=["S4"], familiarity=None)
    report = signed("P4", decision="change", stage=2, reasons=["texture"])
    said(report.staging, stage="S0", prediction_set=["S0"], familiarity=FAMILIAR)

    found = use(client_of(researcher), champion)
    total = found["total"]
    assert (total["answers"], total["judged"], total["signed"]) == (4, 3, 1)
    assert total["stages"] == {"S0": 1, "S1": 1, "S2": 0, "S3": 0, "S4": 2}
    assert total["wide"]["value"] == pytest.approx(1 / 4)
    assert total["unfamiliar"]["value"] == pytest.approx(1 / 3)
    assert total["changed"]["value"] == 1
    assert total["not_staged"]["value"] == 0
    assert [period["answers"] for period in found["months"]] == [3, 1]
    assert found["months"][1]["month"] == "2026-03-01"
    assert found["months"][1]["changed"]["value"] is None


def test_more_unfamiliar_patients_than_expected_ring_the_alarm_and_one_in_many_does_not(
    answered: Callable[..., Staging],
    champion: ModelVersion,
    researcher: User,
    client_of: Callable[[User | None], APIClient],
) -> None:
    exam = answered("P1").exam
    for _ in range(4):
        said(answered(exam=exam), prediction_set=["S0"], familiarity=FAMILIAR)
    Staging.objects.filter(result__familiarity=None).delete()
    assert use(client_of(researcher), champion)["unlike_training"] is False
    for staging in Staging.objects.all()[:3]:
        said(staging, familiarity=UNFAMILIAR)
    assert use(client_of(researcher), champion)["unlike_training"] is True


def test_another_sites_answers_are_not_counted_and_clinicians_are_not_told(
    answered: Callable[..., Staging],
    add_exam: Callable[..., Exam],
    champion: ModelVersion,
    make_user: Callable[..., User],
    site_b: Site,
    clinician: User,
    client_of: Callable[[User | None], APIClient],
) -> None:
    answered("P1")
    stranger = make_user(Role.RESEARCHER, site_b)
    assert use(client_of(stranger), champion)["total"]["answers"] == 0
    assert client_of(clinician).get(f"/api/v1/model-use/{champion.pk}/").status_code == 403


def test_a_model_that_nobody_used_has_shares_of_nothing(
    champion: ModelVersion, researcher: User, client_of: Callable[[User | None], APIClient]
) -> None:
    found = use(client_of(researcher), champion)
    assert found["total"]["wide"] == {"value": None, "low": None, "high": None}
    assert (found["months"], found["unlike_training"]) == ([], False)
    assert client_of(researcher).get(f"/api/v1/model-use/{researcher.pk}/").status_code in (400, 404)

"""A model in use: what it answers, how often it is unsure or sees what is new to it, what reviewers say.

All of it can change while the model does not: another machine, another setting, other patients. Shares have
95 % Wilson intervals; months are of the server's time zone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from ml.spec import STAGE_LABELS
from ml.spec.referral import LEVEL, Referral, referral_of
from webapp.jobs.models import JobState
from webapp.staging.models import Decision, Report, Staging


@dataclass
class Period:
    """What a model answered in a month, or altogether (``month`` None)."""

    month: date | None
    answers: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    wide: int = 0
    judged: int = 0
    unfamiliar: int = 0
    signed: int = 0
    changed: int = 0
    not_staged: int = 0

    def add_answer(self, result: dict[str, Any]) -> None:
        reasons = referral_of(result)
        self.answers += 1
        self.stages[result["stage"]] += 1
        self.wide += Referral.WIDE_SET in reasons
        self.judged += (result.get("familiarity") or {}).get("p_value") is not None
        self.unfamiliar += Referral.UNFAMILIAR in reasons

    def add_report(self, decision: str) -> None:
        self.signed += 1
        self.changed += decision == Decision.CHANGE
        self.not_staged += decision == Decision.CANNOT

    def as_json(self) -> dict[str, Any]:
        return {
            "month": self.month,
            "answers": self.answers,
            "stages": {stage: self.stages[stage] for stage in STAGE_LABELS},
            "wide": _share(self.wide, self.answers),
            "judged": self.judged,
            "unfamiliar": _share(self.unfamiliar, self.judged),
            "signed": self.signed,
            "changed": _share(self.changed, self.signed),
            "not_staged": _share(self.not_staged, self.signed),
        }


def use_of(stagings: QuerySet[Staging], reports: QuerySet[Report]) -> dict[str, Any]:
    """Of these finished stagings and current reports of one model: everything, and month by month.

    ``unlike_training`` is true where more patients are unfamiliar than the level explains: the lower end
    of the interval lies above it.
    """
    total = Period(None)
    months: dict[date, Period] = {}
    answers = stagings.filter(job__state=JobState.SUCCEEDED, result__isnull=False)
    for at, result in answers.order_by().values_list("created_at", "result").iterator(chunk_size=2000):
        if result is None:
            continue  # never: the query leaves those out, and its type does not say so
        for period in (total, months.setdefault(_month(at), Period(_month(at)))):
            period.add_answer(result)
    signed: Iterable[tuple[datetime, str]] = reports.order_by().values_list("created_at", "decision")
    for at, decision in signed:
        for period in (total, months.setdefault(_month(at), Period(_month(at)))):
            period.add_report(decision)
    unfamiliar = total.as_json()["unfamiliar"]["low"]
    return {
        "expected_unfamiliar": LEVEL,
        "unlike_training": unfamiliar is not None and unfamiliar > LEVEL,
        "total": total.as_json(),
        "months": [months[month].as_json() for month in sorted(months, reverse=True)],
    }


def _month(at: datetime) -> date:
    return timezone.localtime(at).date().replace(day=1)


def _share(count: int, total: int) -> dict[str, float | None]:
    if not total:
        return {"value": None, "low": None, "high": None}
    from scipy.stats import binomtest

    bounds = binomtest(count, total).proportion_ci(method="wilson")
    return {"value": count / total, "low": float(bounds.low), "high": float(bounds.high)}

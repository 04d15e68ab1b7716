"""The check-list of a patient and the criteria of the study: what changes them, and what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from ml.spec import HepaStageError
from webapp.audit import services as audit
from webapp.patients.criteria import DEFAULTS, Answer, Criterion, excludes
from webapp.patients.models import CriterionSetting, EligibilityAnswer, Patient

if TYPE_CHECKING:
    from webapp.accounts.models import Site, User


class EligibilityReasonMissing(HepaStageError):
    """Keeping a patient out needs a reason."""

    code = "reason-missing"
    remedy = "Say why; it stays in the audit log."


def used_criteria() -> list[str]:
    """The criteria of the study, in the order of the paper."""
    said = dict(CriterionSetting.objects.values_list("criterion", "used"))
    return [name for name in Criterion.values if said.get(name, DEFAULTS[name])]


@transaction.atomic
def use_criterion(*, criterion: str, used: bool, actor: User | None, request: Any = None) -> CriterionSetting:
    """Say whether the study uses a criterion. Frozen datasets keep what they were made with."""
    row, _ = CriterionSetting.objects.update_or_create(
        criterion=Criterion(criterion).value, defaults={"used": used, "set_by": actor}
    )
    audit.record(
        actor=actor,
        action="criterion.set",
        detail={"criterion": row.criterion, "used": used},
        request=request,
    )
    return row


@transaction.atomic
def record_answer(
    *,
    patient: Patient,
    criterion: str,
    answer: str,
    actor: User | None,
    reason: str = "",
    request: Any = None,
) -> EligibilityAnswer:
    """Record what was found about one criterion; the earlier answer stays as history.

    An answer that would keep the patient out needs a reason. Recording what is current changes nothing.
    """
    criterion, answer, reason = Criterion(criterion).value, Answer(answer).value, reason.strip()
    if excludes(criterion, answer) and len(reason) < 3:
        raise EligibilityReasonMissing("Keeping a patient out of the study needs a reason.")
    Patient.objects.select_for_update().get(pk=patient.pk)
    current = EligibilityAnswer.objects.filter(
        patient=patient, criterion=criterion, superseded_at__isnull=True
    ).first()
    if current is not None:
        if (current.answer, current.reason) == (answer, reason):
            return current
        current.superseded_at = timezone.now()
        current.save(update_fields=["superseded_at"])
    row = EligibilityAnswer.objects.create(
        patient=patient, criterion=criterion, answer=answer, reason=reason, recorded_by=actor
    )
    audit.record(
        actor=actor, action="eligibility.recorded", object=patient, site=patient.site, request=request,
        detail={
            "criterion": criterion, "answer": answer, "reason": reason,
            "before": current.answer if current else None,
        },
    )  # fmt: skip
    return row


def answers_of(sites: Iterable[Site]) -> dict[Any, dict[str, str]]:
    """Current answers by patient, of all patients of these sites, in one query."""
    found: dict[Any, dict[str, str]] = defaultdict(dict)
    rows = EligibilityAnswer.objects.filter(superseded_at__isnull=True, patient__site__in=list(sites))
    for patient, criterion, answer in rows.values_list("patient_id", "criterion", "answer"):
        found[patient][criterion] = answer
    return found

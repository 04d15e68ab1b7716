"""Two rows that are one person: merge them, and take it back.

A hospital that changed its numbers sends one person under two. Merging moves exams, stages, clinical
values and eligibility of one row (absorbed) to another (survivor) of the same site; the absorbed row
stays, points to the survivor, and whatever comes in under its number goes there too. Every row that
changed is written down as it was, so that :func:`unmerge` puts each back. What came in after the merge
stays with the survivor.

Dates are moved by each patient's own shift, so an exam's date is moved again by the difference: days
between exams stay true. Where both had an exam on one day the absorbed one's date is left out (a patient
has one exam a day) and given back by the un-merge. Frozen datasets hold copies and do not change. Stored
files do not change either: whoever fetches one gets it under the survivor's pseudonym
(:mod:`webapp.imaging.presenting`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from ml.spec import HepaStageError
from webapp.audit import services as audit
from webapp.patients.models import (
    ClinicalValues,
    EligibilityAnswer,
    Exam,
    PathologyStage,
    Patient,
    PatientMerge,
)
from webapp.patients.pseudonyms import date_shift

if TYPE_CHECKING:
    from webapp.accounts.models import User

LEAST_REASON = 3


class MergeRefused(HepaStageError):
    """These two rows cannot be one person, or are already."""

    code = "merge-refused"
    remedy = "Choose two patients of one site, neither of them merged already."
    http_status = 409


class ReasonTooShort(HepaStageError):
    """Merging and un-merging need a reason."""

    code = "reason-missing"
    remedy = "Say why; it stays in the audit log."


@transaction.atomic
def merge(
    *, survivor: Patient, absorbed: Patient, reason: str, actor: User | None, request: Any = None
) -> PatientMerge:
    """Make ``absorbed`` part of ``survivor``; raise :class:`MergeRefused` where that cannot be."""
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonTooShort("A reason is needed.")
    rows = {row.pk: row for row in _locked([survivor.pk, absorbed.pk])}
    if len(rows) != 2:
        raise MergeRefused("A patient cannot be merged with itself.")
    kept, gone = rows[survivor.pk], rows[absorbed.pk]
    if kept.site_id != gone.site_id:
        raise MergeRefused("These patients are of two sites.")
    if kept.simulated != gone.simulated:
        raise MergeRefused("One of these patients is simulated, the other is not.")
    if kept.merged_into_id or gone.merged_into_id:
        raise MergeRefused("One of these patients was merged already.")
    if kept.sex and gone.sex and kept.sex != gone.sex:
        raise MergeRefused("These patients are not of one sex.")
    now = timezone.now()
    moved: dict[str, Any] = {
        "exams": _move_exams(kept, gone),
        "absorbed_earlier": _move_absorbed(kept, gone),
        "stages": _move(PathologyStage.objects.filter(patient=gone), kept, now, one_by=("exam_id",)),
        "clinical": _move(ClinicalValues.objects.filter(patient=gone), kept, now, one_by=()),
        "eligibility": _move(
            EligibilityAnswer.objects.filter(patient=gone), kept, now, one_by=("criterion",)
        ),
        "sex": kept.sex,
    }
    if not kept.sex and gone.sex:
        kept.sex = gone.sex
        kept.save(update_fields=["sex"])
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    refresh_exam_stages(kept)
    row = PatientMerge.objects.create(
        survivor=kept, absorbed=gone, moved=moved, reason=reason.strip(), merged_by=actor
    )
    audit.record(
        actor=actor, action="patient.merged", object=kept, site=kept.site, request=request,
        detail={"absorbed": gone.pk, "merge": row.pk, "reason": row.reason, "exams": len(moved["exams"])},
    )  # fmt: skip
    return row


@transaction.atomic
def unmerge(*, merged: PatientMerge, reason: str, actor: User | None, request: Any = None) -> PatientMerge:
    """Put every row back as it was before the merge; raise :class:`MergeRefused` where that was done already.

    Merges are undone in the reverse order of their making.
    """
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonTooShort("A reason is needed.")
    row = PatientMerge.objects.select_for_update().get(pk=merged.pk)
    if row.undone_at is not None:
        raise MergeRefused("This merge was undone already.")
    list(_locked([row.survivor_id, row.absorbed_id]))
    kept, gone = (
        Patient.objects.select_related("site").get(pk=pk) for pk in (row.survivor_id, row.absorbed_id)
    )
    later = PatientMerge.objects.filter(undone_at__isnull=True, created_at__gt=row.created_at)
    if kept.merged_into_id or later.filter(survivor=kept).exists():
        raise MergeRefused("A later merge of this patient stands; undo that one first.")
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    Patient.objects.filter(pk__in=row.moved["absorbed_earlier"]).update(merged_into=gone)
    for name, model in (
        ("stages", PathologyStage),
        ("clinical", ClinicalValues),
        ("eligibility", EligibilityAnswer),
    ):
        _put_back(model, row.moved[name], gone, kept)
    for entry in row.moved["exams"]:
        day = date.fromisoformat(entry["exam_date"]) if entry["exam_date"] else None
        Exam.objects.filter(pk=entry["id"]).update(patient=gone, exam_date=day)
    if row.moved["sex"] != kept.sex:
        kept.sex = row.moved["sex"]
        kept.save(update_fields=["sex"])
    refresh_exam_stages(kept)
    refresh_exam_stages(gone)
    row.undone_by, row.undone_at, row.undone_reason = actor, timezone.now(), reason.strip()
    row.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    audit.record(
        actor=actor, action="patient.unmerged", object=kept, site=kept.site, request=request,
        detail={"absorbed": gone.pk, "merge": row.pk, "reason": row.undone_reason},
    )  # fmt: skip
    return row


def _locked(keys: Iterable[Any]) -> Iterable[Patient]:
    """The rows in one order, so that two merges at once wait for each other instead of both."""
    return (
        Patient.objects.select_for_update(of=("self",))
        .select_related("site")
        .filter(pk__in=keys)
        .order_by("pk")
    )


def _move_exams(kept: Patient, gone: Patient) -> list[dict[str, Any]]:
    """Give the exams to the survivor, dates under its shift; return what each said before."""
    taken = set(Exam.objects.filter(patient=kept).values_list("exam_date", flat=True)) - {None}
    studies = set(Exam.objects.filter(patient=kept).values_list("study_key", flat=True))
    between = date_shift(kept.identity_key) - date_shift(gone.identity_key)
    before: list[dict[str, Any]] = []
    for exam in Exam.objects.select_for_update().filter(patient=gone).order_by("created_at"):
        if exam.study_key in studies:
            raise MergeRefused("Both patients have images of one study; that study would be torn apart.")
        before.append(
            {"id": str(exam.pk), "exam_date": exam.exam_date.isoformat() if exam.exam_date else None}
        )
        day = _shifted(exam.exam_date, between)
        exam.exam_date = None if day in taken else day
        taken.add(exam.exam_date)
        exam.patient = kept
        exam.save(update_fields=["patient", "exam_date"])
    return before


def _shifted(day: date | None, by: Any) -> date | None:
    try:
        return day + by if day is not None else None
    except OverflowError:
        return None


def _move_absorbed(kept: Patient, gone: Patient) -> list[str]:
    """Rows that were merged into the absorbed one now point to the survivor."""
    rows = Patient.objects.filter(merged_into=gone)
    keys = [str(pk) for pk in rows.values_list("pk", flat=True)]
    rows.update(merged_into=kept)
    return keys


def _move(rows: Any, kept: Patient, now: Any, *, one_by: tuple[str, ...]) -> list[dict[str, Any]]:
    """Give labels to the survivor. Where it has a current one, that stays and the other becomes history."""
    before: list[dict[str, Any]] = []
    for row in rows.select_for_update().order_by("recorded_at"):
        before.append({"id": str(row.pk), "current": row.superseded_at is None})
        same = {name: getattr(row, name) for name in one_by}
        others = type(row).objects.filter(patient=kept, superseded_at__isnull=True, **same).exclude(pk=row.pk)
        if row.superseded_at is None and not (same.get("exam_id")) and others.exists():
            row.superseded_at = now
        row.patient = kept
        row.save(update_fields=["patient", "superseded_at"])
    return before


def _put_back(model: Any, entries: list[dict[str, Any]], gone: Patient, kept: Patient) -> None:
    """Labels go back to the row they were of; those that were current there are current again."""
    for entry in entries:
        row = model.objects.select_for_update().get(pk=entry["id"])
        row.patient = gone
        if entry["current"]:
            row.superseded_at = None
        row.save(update_fields=["patient", "superseded_at"])


def refresh_exam_stages(patient: Patient) -> None:
    """Bring ``Exam.stage`` in line with the current stages: an exam's own before the patient's."""
    whole = PathologyStage.objects.current().filter(patient=patient, exam__isnull=True).first()
    own = {
        row.exam_id: row.stage
        for row in PathologyStage.objects.current().filter(patient=patient, exam__isnull=False)
    }
    for exam in Exam.objects.filter(patient=patient):
        stage = own.get(exam.pk, whole.stage if whole else None)
        if exam.stage != stage:
            exam.stage = stage
            exam.save(update_fields=["stage"])

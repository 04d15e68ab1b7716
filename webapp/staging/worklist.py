"""The worklist: exams with what patients, imaging and staging know of them, in a fixed number of queries."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from webapp.imaging.models import Image, ImagePair
from webapp.jobs.models import JobState
from webapp.patients.models import Exam, ExamQuerySet, Patient
from webapp.staging.models import Decision, Report, Staging
from webapp.staging.serum import scored


def worklist() -> ExamQuerySet:
    """Exams with patient, site and pair: one query, to be filtered, ordered and cut into pages.

    The newest staging is looked up for the rows of a page only (:func:`latest_stagings`).
    """
    pairs = ImagePair.objects.filter(exam=OuterRef("pk")).values("pk")[:1]
    return Exam.objects.for_worklist().annotate(pair_id=Subquery(pairs))


def of_patient(patient: Patient) -> ExamQuerySet:
    """The patient's exams as on the worklist, newest examination first."""
    return worklist().filter(patient=patient).order_by(F("exam_date").desc(nulls_last=True), "-id")


def staged(exams: ExamQuerySet, wanted: bool) -> ExamQuerySet:
    """Exams that a model has answered about, or those still waiting."""
    answered = Exists(Staging.objects.filter(exam=OuterRef("pk"), job__state=JobState.SUCCEEDED))
    return exams.filter(answered if wanted else ~answered)


def reviewed(exams: ExamQuerySet, wanted: str) -> ExamQuerySet:
    """``waiting``: answered by a model and not signed; ``signed``; ``disagreement``: signed, and not as the
    model said."""
    own = Report.objects.filter(exam=OuterRef("pk"))
    if wanted == "signed":
        return exams.filter(Exists(own))
    if wanted == "disagreement":
        return exams.filter(Exists(own.current().exclude(decision=Decision.AGREE)))
    return staged(exams, True).filter(~Exists(own))


def following(exams: ExamQuerySet, exam: Exam) -> ExamQuerySet:
    """The exams that come after this one where the newest are first."""
    return exams.filter(Q(created_at__lt=exam.created_at) | Q(created_at=exam.created_at, pk__lt=exam.pk))


def current_reports(exams: Sequence[Exam]) -> dict[uuid.UUID, Report]:
    """The report that holds for each exam, in one query for the whole page."""
    rows = Report.objects.current().filter(exam__in=[exam.pk for exam in exams])
    return {row.exam_id: row for row in rows.select_related("signed_by").defer("content")}


def report_json(report: Report | None) -> dict[str, Any] | None:
    """What a worklist row shows of a signed report."""
    if report is None:
        return None
    return {
        "id": str(report.pk),
        "version": report.version,
        "decision": report.decision,
        "stage": report.stage,
        "signed_by": report.signed_by.display_name,
        "signed_at": report.created_at,
    }


def latest_stagings(exams: Sequence[Exam]) -> dict[uuid.UUID, Staging]:
    """The newest staging of each exam, in one query for the whole page."""
    newest = Staging.objects.filter(exam=OuterRef("exam")).order_by("-created_at", "-id").values("pk")[:1]
    rows = Staging.objects.filter(exam__in=[exam.pk for exam in exams]).annotate(newest=Subquery(newest))
    return {row.exam_id: row for row in rows.filter(pk=F("newest")).select_related("model", "job")}


def details(exams: Sequence[Exam], *, unreleased: bool) -> dict[str, dict[Any, Any]]:
    """By exam its ``images``, ``pairs`` and ``stagings``, by patient the ``serum`` scores.

    ``unreleased``: with the images that are kept out of use.
    """
    keys = [exam.pk for exam in exams]
    images = Image.objects.filter(exam__in=keys)
    return {
        "images": _by_exam(images if unreleased else images.usable()),
        "pairs": _by_exam(ImagePair.objects.filter(exam__in=keys)),
        "stagings": _by_exam(Staging.objects.filter(exam__in=keys).with_rows()),
        "serum": {patient: scored(patient) for patient in {exam.patient_id for exam in exams}},
    }


def _by_exam(rows: Iterable[Any]) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.exam_id].append(row)
    return found


def patient_json(exam: Exam) -> dict[str, Any]:
    """Whom an exam is of, with the age then. By hand: a nested serializer takes half of a page's time."""
    patient = exam.patient
    return {
        "id": str(patient.pk),
        "pseudonym": patient.pseudonym,
        "sex": patient.sex,
        "simulated": patient.simulated,
        "site": {"code": patient.site.code, "name": patient.site.name},
        "age_years": exam.age_years,
    }


def latest_staging_json(staging: Staging | None) -> dict[str, Any] | None:
    """What a worklist row shows of a staging."""
    if staging is None:
        return None
    result = staging.result or {}
    return {
        "id": str(staging.pk),
        "state": staging.state,
        "stage": result.get("stage"),
        "probabilities": result.get("probabilities"),
        "at": staging.finished_at or staging.created_at,
        "model_name": staging.model.name,
    }

"""Who may see which read, stage and staging, and when. Every address asks here; a test walks all of them.

Readers of an exam are blind to each other until both have locked their reads, and to the pathology stage and
to what models said until they have locked their own. Whoever still has to read any exam of a patient sees
nothing of the patient's other reads either. Administrators see open reads, unless they are to read
themselves.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from webapp.accounts.models import User
from webapp.accounts.permissions import within_sites
from webapp.patients.models import Exam
from webapp.reading.models import Adjudication, Assignment, QualityRead, StageRead

ReadRow = TypeVar("ReadRow", QualityRead, StageRead)


def still_to_read(user: User) -> QuerySet[Exam]:
    """Exams that this user has to read yet. Their ``patient_id`` are the patients hidden from the user."""
    return Exam.objects.filter(pk__in=Assignment.objects.open().filter(reader=user).values("exam"))


def _outstanding(user: User, patient: str) -> Exists:
    """Whether the user still has to read an exam of the patient at this path, of either kind."""
    return Exists(Assignment.objects.open().filter(reader=user, exam__patient=OuterRef(patient)))


def visible_reads(rows: QuerySet[ReadRow], user: User) -> QuerySet[ReadRow]:
    """Reads that ``user`` may see now: one's own; others' once both are locked and one's own are too."""
    other = Exists(rows.model.objects.filter(exam=OuterRef("exam")).exclude(pk=OuterRef("pk")))
    shown = Q(~_outstanding(user, "exam__patient"))
    if not user.is_administrator:
        shown &= Q(other)
    return within_sites(rows, user, "exam__site").filter(Q(reader=user) | shown)


def visible_adjudications(user: User) -> QuerySet[Adjudication]:
    """Adjudications of patients of whom the user has nothing left to read."""
    rows = within_sites(Adjudication.objects.all(), user, "exam__site")
    return rows.filter(~_outstanding(user, "exam__patient"))


def both_locked(kind: str, user: User) -> QuerySet[Exam]:
    """Exams with two locked reads of this kind that ``user`` may compare."""
    model: Any = QualityRead if kind == "quality" else StageRead
    first = model.objects.filter(exam=OuterRef("pk"))
    another = Exists(
        first.filter(Exists(model.objects.filter(exam=OuterRef("exam")).exclude(pk=OuterRef("pk"))))
    )
    exams = within_sites(Exam.objects.all(), user, "site")
    return exams.filter(another).filter(~_outstanding(user, "patient"))

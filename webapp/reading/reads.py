"""Blinded reads: assigning, locking, settling a disagreement. Every function is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from ml.spec import HepaStageError, Stage
from webapp.accounts.permissions import allowed
from webapp.audit import services as audit
from webapp.jobs import hints
from webapp.patients import services as patients
from webapp.patients.models import Exam, PathologyStage, StageSource
from webapp.reading.models import (
    Adjudication,
    Assignment,
    Quality,
    QualityRead,
    QualityReason,
    ReadKind,
    Settling,
    StageRead,
)

if TYPE_CHECKING:
    from webapp.accounts.models import User

HARD_EVIDENCE = frozenset({StageSource.BIOPSY, StageSource.SURGERY})
READERS = 2


class CannotRead(HepaStageError):
    """Somebody is not to read this exam."""

    code = "not-assigned"
    remedy = "Read what stands in your queue, or ask for an assignment."
    http_status = 409


class ReaderRefused(HepaStageError):
    """A person who cannot be a reader of this exam."""

    code = "reader-refused"
    remedy = "Choose active people of the exam's site."
    http_status = 409


class OwnAssignment(HepaStageError):
    """Who is to read blindly ended it for a while: stage and answers could be looked at in between."""

    code = "own-assignment"
    remedy = "Ask another researcher or an administrator."
    http_status = 409


class NotRestored(HepaStageError):
    """An assignment that was withdrawn and cannot stand again."""

    code = "assignment-not-restored"
    remedy = "Look who reads this exam now; withdraw somebody else first."
    http_status = 409


class AlreadyRead(HepaStageError):
    """A locked read stays as it is."""

    code = "already-read"
    remedy = "A locked read cannot be changed; settle a disagreement by adjudication."
    http_status = 409


class QualityReasonMissing(HepaStageError):
    """Less than acceptable, and nobody knows why."""

    code = "quality-reason-missing"
    remedy = "Choose at least one reason."


class NothingToSettle(HepaStageError):
    """The two readers are not both done, or they agree, or it was settled before."""

    code = "nothing-to-settle"
    remedy = "Adjudicate exams whose two locked reads differ."
    http_status = 409


class WrongSettlers(HepaStageError):
    """A third person is one of the two, or a joint decision lacks one of them."""

    code = "wrong-settlers"
    remedy = "Name somebody else as third reader, or both readers for a joint decision."
    http_status = 409


class BiopsyStands(HepaStageError):
    """What pathology saw is not replaced by what readers think, unless somebody says so."""

    code = "biopsy-stands"
    remedy = "Say that the consensus replaces it, if that is meant."
    http_status = 409


class NoConsensusStage(HepaStageError):
    """There is no stage that readers agreed on."""

    code = "no-consensus-stage"
    remedy = "Two agreeing locked reads or an adjudication with a stage are needed."
    http_status = 409


def read_model(kind: str) -> Any:
    """The table of reads of a kind."""
    return QualityRead if kind == ReadKind.QUALITY else StageRead


@transaction.atomic
def assign(
    *, exams: Iterable[Exam], kind: str, readers: Sequence[User], actor: User, request: Any = None
) -> list[Assignment]:
    """Give exams to one or two readers; return the new assignments.

    Who has an exam already keeps it, and an exam with two readers gets no third. Raise ReaderRefused for
    somebody who may not read or who does not work at an exam's site, and OwnAssignment for ``actor`` where
    the exam was taken back from ``actor``.
    """
    kind = ReadKind(kind).value
    may = {reader.pk: {site.pk for site in reader.sites.all()} for reader in readers}
    made: list[Assignment] = []
    for exam in exams:
        for reader in readers:
            _check(reader, exam, kind, may[reader.pk])
        Exam.objects.select_for_update().get(pk=exam.pk)
        standing = list(Assignment.objects.standing().filter(exam=exam, kind=kind))
        for reader in readers:
            free = sorted({1, 2} - {row.slot for row in standing})
            if not free or any(row.reader_id == reader.pk for row in standing):
                continue
            if (
                reader.pk == actor.pk
                and Assignment.objects.filter(exam=exam, kind=kind, reader=actor).exists()
            ):
                raise OwnAssignment("An exam was taken back from you; another person gives it to you again.")
            row = Assignment.objects.create(
                exam=exam, kind=kind, reader=reader, slot=free[0], assigned_by=actor
            )
            standing.append(row)
            made.append(row)
    transaction.on_commit(lambda: hints.reconsider(row.reader for row in made))
    audit.record(
        actor=actor,
        action="reads.assigned",
        request=request,
        detail={
            "kind": kind,
            "readers": [reader.pk for reader in readers],
            "assignments": [row.pk for row in made],
        },
    )
    return made


def _check(reader: User, exam: Exam, kind: str, sites: set[Any]) -> None:
    """Raise ReaderRefused for somebody who may not read this exam; ``sites`` are the reader's."""
    if not (reader.is_active and allowed(reader, f"{kind}-reads", "create")):
        raise ReaderRefused(f"{reader.display_name} may not read.")
    if not reader.is_administrator and exam.site_id not in sites:
        raise ReaderRefused(f"{reader.display_name} does not work at the site of the exam.")


@transaction.atomic
def withdraw(*, assignment: Assignment, actor: User, request: Any = None) -> Assignment:
    """Take an exam back from a reader who has not read it; raise AlreadyRead otherwise.

    Nobody takes back what oneself is to read (OwnAssignment): the stage would be shown from then on.
    """
    if assignment.reader_id == actor.pk:
        raise OwnAssignment("You are to read this exam yourself; another person takes it back.")
    held = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if held.done_at is not None:
        raise AlreadyRead("The exam has been read.")
    if held.withdrawn_at is None:
        held.withdrawn_at = timezone.now()
        held.save(update_fields=["withdrawn_at"])
        _record("read.withdrawn", held.exam, actor, request, kind=held.kind, reader=held.reader_id)
    return held


@transaction.atomic
def restore(*, assignment: Assignment, actor: User, request: Any = None) -> Assignment:
    """Give an exam back to the reader whom it was taken from; one that stands stays as it is.

    Raise ReaderRefused as :func:`assign` does, NotRestored where two others read the exam by now or the
    reader was given it anew, and OwnAssignment where the reader is ``actor``.
    """
    if assignment.reader_id == actor.pk and assignment.withdrawn_at is not None:
        raise OwnAssignment("This exam was taken back from you; another person gives it to you again.")
    Exam.objects.select_for_update().get(pk=assignment.exam_id)
    held = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if held.withdrawn_at is None:
        return held
    _check(held.reader, held.exam, held.kind, {site.pk for site in held.reader.sites.all()})
    standing = list(Assignment.objects.standing().filter(exam=held.exam_id, kind=held.kind))
    if any(row.reader_id == held.reader_id for row in standing):
        raise NotRestored(f"{held.reader.display_name} has been given this exam anew.")
    free = sorted({1, 2} - {row.slot for row in standing})
    if not free:
        raise NotRestored("Two others read this exam by now.")
    held.withdrawn_at, held.slot = None, held.slot if held.slot in free else free[0]
    held.save(update_fields=["withdrawn_at", "slot"])
    transaction.on_commit(lambda: hints.reconsider([held.reader]))
    _record("read.restored", held.exam, actor, request, kind=held.kind, reader=held.reader_id)
    return held


@transaction.atomic
def lock_quality(
    *,
    exam: Exam,
    reader: User,
    quality: str,
    reasons: Sequence[str] = (),
    note: str = "",
    seconds: float | None = None,
    request: Any = None,
) -> QualityRead:
    """Keep what a reader says about the quality of an exam, for good. Less than acceptable needs a reason."""
    quality = Quality(quality).value
    named = sorted({QualityReason(reason).value for reason in reasons})
    if quality != Quality.ACCEPTABLE and not named:
        raise QualityReasonMissing("An exam that is less than acceptable needs a reason.")
    assignment = _claim(exam, ReadKind.QUALITY, reader)
    read = QualityRead.objects.create(
        assignment=assignment, exam=exam, reader=reader, note=note, seconds=seconds, quality=quality,
        reasons=[] if quality == Quality.ACCEPTABLE else named,
    )  # fmt: skip
    _record("quality-read.locked", exam, reader, request, read=read.pk)
    return read


@transaction.atomic
def lock_stage(
    *,
    exam: Exam,
    reader: User,
    stage: Stage | None,
    note: str = "",
    seconds: float | None = None,
    request: Any = None,
) -> StageRead:
    """Keep the stage that a reader sees, for good; ``None`` says that it cannot be told."""
    assignment = _claim(exam, ReadKind.STAGE, reader)
    read = StageRead.objects.create(
        assignment=assignment, exam=exam, reader=reader, note=note, seconds=seconds,
        stage=None if stage is None else int(stage),
    )  # fmt: skip
    _record("stage-read.locked", exam, reader, request, read=read.pk)
    return read


def _claim(exam: Exam, kind: ReadKind, reader: User) -> Assignment:
    """The reader's standing assignment, marked done; raise CannotRead or AlreadyRead."""
    held = Assignment.objects.standing().select_for_update()
    assignment = held.filter(exam=exam, kind=kind, reader=reader).first()
    if assignment is None:
        raise CannotRead("This exam was not given to you to read.")
    if assignment.done_at is not None:
        raise AlreadyRead("You have read this exam; a locked read stays as it is.")
    assignment.done_at = timezone.now()
    assignment.save(update_fields=["done_at"])
    return assignment


def locked_reads(exam: Exam, kind: str) -> list[Any]:
    """The locked reads of an exam, in the order of the readers' slots; for the server's own use."""
    return list(
        read_model(kind).objects.filter(exam=exam).select_related("reader").order_by("assignment__slot")
    )


def answer_of(read: QualityRead | StageRead) -> str | int | None:
    """What a read says: a quality, or a stage (``None``: cannot tell)."""
    return read.quality if isinstance(read, QualityRead) else read.stage


@transaction.atomic
def adjudicate(
    *,
    exam: Exam,
    kind: str,
    answer: str | int | None,
    settling: str,
    participants: Sequence[User],
    actor: User,
    note: str = "",
    request: Any = None,
) -> Adjudication:
    """Settle a disagreement: by a third person, or by the two readers together.

    Raise NothingToSettle, WrongSettlers.
    """
    kind, settling = ReadKind(kind).value, Settling(settling).value
    Exam.objects.select_for_update().get(pk=exam.pk)
    reads = locked_reads(exam, kind)
    if len(reads) < READERS:
        raise NothingToSettle("Both readers have to lock their reads first.")
    if len({answer_of(read) for read in reads}) == 1:
        raise NothingToSettle("The two readers agree.")
    if Adjudication.objects.filter(exam=exam, kind=kind).exists():
        raise NothingToSettle("The disagreement was settled before.")
    two, named = {read.reader_id for read in reads}, {person.pk for person in participants}
    if settling == Settling.THIRD and (not named or named & two or actor.pk not in named):
        raise WrongSettlers("A third reader is none of the two, and records the decision in person.")
    if settling == Settling.JOINT and not (two <= named and actor.pk in named):
        raise WrongSettlers(
            "A joint decision names both readers and is recorded by one of those who made it."
        )
    row = Adjudication.objects.create(
        exam=exam, kind=kind, settling=settling, recorded_by=actor, note=note,
        quality=Quality(str(answer)).value if kind == ReadKind.QUALITY else "",
        stage=None if kind == ReadKind.QUALITY or answer is None else int(Stage(int(answer))),
    )  # fmt: skip
    row.participants.set(participants)
    _record("read.adjudicated", exam, actor, request, kind=kind, settling=settling, people=sorted(named))
    return row


def consensus_of(exam: Exam, kind: str) -> tuple[bool, str | int | None]:
    """``(True, what)`` where both readers agree or it was adjudicated, else ``(False, None)``."""
    settled = Adjudication.objects.filter(exam=exam, kind=kind).first()
    if settled is not None:
        return True, settled.quality if kind == ReadKind.QUALITY else settled.stage
    reads = locked_reads(exam, kind)
    answers = {answer_of(read) for read in reads}
    if len(reads) == READERS and len(answers) == 1:
        return True, answers.pop()
    return False, None


@transaction.atomic
def record_consensus_stage(
    *, exam: Exam, actor: User, replace: bool = False, request: Any = None
) -> PathologyStage:
    """Make the readers' consensus the stage of this exam.

    A biopsy's stage is replaced only with ``replace``.
    """
    known, stage = consensus_of(exam, ReadKind.STAGE)
    if not known or stage is None:
        raise NoConsensusStage("The readers have not agreed on a stage of this exam.")
    current = PathologyStage.objects.current().filter(patient=exam.patient)
    standing = current.filter(exam=exam).first() or current.filter(exam__isnull=True).first()
    if standing is not None and standing.source in HARD_EVIDENCE and not replace:
        raise BiopsyStands(f"The stage of this exam is {Stage(standing.stage).label}, by {standing.source}.")
    return patients.record_stage(
        patient=exam.patient,
        exam=exam,
        stage=Stage(int(stage)),
        source=StageSource.CONSENSUS,
        actor=actor,
        request=request,
    )


def _record(action: str, exam: Exam, actor: User, request: Any, **detail: Any) -> None:
    """On record without the answer itself: administrators read the log, and may be readers too."""
    audit.record(
        actor=actor,
        action=action,
        object=exam,
        site=exam.patient.site,
        request=request,
        detail=detail,
    )

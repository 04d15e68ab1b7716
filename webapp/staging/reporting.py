"""The verbs of reviewing: save a draft, discard it, sign it, amend what was signed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.utils import timezone

from ml.spec import Stage
from webapp.audit import services as audit
from webapp.jobs.models import JobState
from webapp.patients.models import Exam
from webapp.staging.models import CANNOT_REASONS, CHANGE_REASONS, Decision, Reason, Report, Review, Staging
from webapp.staging.report_content import canonical, content_of, digest
from webapp.staging.report_errors import (
    DraftExists,
    NoPassword,
    NothingToReview,
    ReportExists,
    ReportSigned,
    ReportSuperseded,
    ReviewChanged,
    ReviewRefused,
    SignatureRefused,
)

if TYPE_CHECKING:
    from webapp.accounts.models import User


@transaction.atomic
def begin_review(
    *,
    staging: Staging,
    actor: User,
    decision: str,
    stage: Stage | None = None,
    reasons: list[str] | None = None,
    note: str = "",
    amends: Report | None = None,
    amendment_reason: str = "",
    request: Any = None,
) -> Review:
    """Start a draft on a succeeded staging. One draft each: another person's draft is nobody's business.

    Where the exam has a signed report, the draft must name it in ``amends`` and say why.
    """
    if staging.state != JobState.SUCCEEDED or not staging.result:
        raise NothingToReview("The model has not answered, so there is nothing to review.")
    current = _current_report(staging.exam_id)
    if current is not None and amends is None:
        raise ReportExists("This exam has a signed report.")
    if amends is not None and (current is None or amends.pk != current.pk):
        raise ReportSuperseded("The report to amend is not the current version.")
    if amends is not None and not amendment_reason.strip():
        raise ReviewRefused("An amendment needs its reason.", remedy="Write why the report is amended.")
    review = Review(staging=staging, reviewer=actor, amends=amends, amendment_reason=amendment_reason.strip())
    _judge(review, decision, stage, reasons or [], note)
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError:
        raise DraftExists("You have a draft on this staging already.") from None
    _record(review, actor, "review.begun", request)
    return review


@transaction.atomic
def save_review(
    *,
    review: Review,
    actor: User,
    revision: int,
    decision: str,
    stage: Stage | None = None,
    reasons: list[str] | None = None,
    note: str = "",
    request: Any = None,
) -> Review:
    """Save a draft. ``revision`` is the one that was read: what somebody saved since is not overwritten."""
    review = _locked_draft(review, revision)
    _judge(review, decision, stage, reasons or [], note)
    review.revision += 1
    review.save()
    _record(review, actor, "review.saved", request)
    return review


@transaction.atomic
def discard_review(*, review: Review, actor: User, request: Any = None) -> None:
    """Throw a draft away; the audit log remembers that there was one."""
    review = _locked_draft(review, None)
    _record(review, actor, "review.discarded", request)
    review.delete()


@transaction.atomic
def amend(
    *, report: Report, actor: User, reason: str, staging: Staging | None = None, request: Any = None
) -> Review:
    """Begin the next version of a signed report: a draft that repeats it, to be changed and signed.

    ``staging`` is another answer of the same exam, where the amendment rests on that one.
    """
    other = staging is not None and staging.pk != report.staging_id
    if staging is not None and staging.exam_id != report.exam_id:
        raise ReviewRefused(
            "That staging is of another exam.", remedy="Choose an answer about the same exam."
        )
    before = report.review
    decision, stage, reasons = before.decision, before.stage, before.reasons
    if other and staging is not None and staging.result:  # of another answer nothing has been said yet
        decision, stage, reasons = Decision.AGREE, Stage.parse(staging.result["stage"]), []
    return begin_review(
        staging=staging or report.staging,
        actor=actor,
        decision=decision,
        stage=Stage(stage) if stage is not None else None,
        reasons=reasons,
        note="" if other else before.note,
        amends=report,
        amendment_reason=reason,
        request=request,
    )


def sign(*, review: Review, actor: User, password: str, revision: int, request: Any = None) -> Report:
    """Sign a draft: check the password, pin every file and row it rests on, and write the report for good.

    The password is checked outside the transaction, so that a wrong one stays counted.
    """
    if review.reviewer_id != actor.pk:
        raise SignatureRefused(
            "This draft is somebody else's.",
            remedy="Sign your own review; you may begin one of the same staging.",
        )
    _confirm(actor, password, review, request)
    return _sign(review, actor, revision, request)


def _confirm(actor: User, password: str, review: Review, request: Any) -> None:
    """As signing in: failures are counted by django-axes and lock the user out in the same way."""
    if not actor.has_usable_password():
        raise NoPassword("Your account has no password, so it cannot sign.")
    plain = getattr(request, "_request", request)
    if plain is None:
        right = actor.check_password(password)
    else:
        known = authenticate(plain, username=actor.username, password=password)
        right = known is not None and known.pk == actor.pk
    if not right:
        _record(review, actor, "report.signature-refused", request)
        raise SignatureRefused("The password is wrong.")


@transaction.atomic
def _sign(review: Review, actor: User, revision: int, request: Any) -> Report:
    exam = Exam.objects.select_for_update().get(pk=review.staging.exam_id)
    review = _locked_draft(review, revision)
    _judge(review, review.decision, _stage(review), review.reasons, review.note)
    if not review.staging.result:
        raise NothingToReview("The model has not answered, so there is nothing to sign.")
    previous = _current_report(exam.pk)
    if previous is not None and review.amends_id is None:
        raise ReportExists("This exam was signed by somebody else meanwhile.")
    if review.amends_id is not None and (previous is None or previous.pk != review.amends_id):
        raise ReportSuperseded("A newer version was signed meanwhile.")
    report_id, at = uuid.uuid4(), timezone.now()
    version = previous.version + 1 if previous else 1
    content = content_of(
        review, report_id=str(report_id), version=version, previous=previous, signer=actor, at=at
    )
    text = canonical(content)
    review.signed_at = at
    review.save(update_fields=["signed_at"])
    report = Report(
        id=report_id,
        exam=exam,
        staging=review.staging,
        review=review,
        version=version,
        predecessor=previous,
        decision=review.decision,
        stage=review.stage,
        content=text,
        content_hash=digest(text),
        simulated=content["simulated"],
        signed_by=actor,
        created_at=at,
    )
    report.save(force_insert=True)
    audit.record(
        actor=actor,
        action="report.amended" if previous else "report.signed",
        object=report,
        site=review.staging.exam.patient.site,
        request=request,
        detail={
            "exam": exam.pk,
            "version": version,
            "decision": report.decision,
            "stage": report.stage,
            "content_hash": report.content_hash,
            "previous": previous.content_hash if previous else None,
        },
    )
    return report


def _current_report(exam: Any) -> Report | None:
    return Report.objects.filter(exam=exam).order_by("-version").first()


def _locked_draft(review: Review, revision: int | None) -> Review:
    """The draft as it stands now, locked; refuses one that is signed, gone or newer than what was read."""
    rows = Review.objects.select_for_update(of=("self",)).select_related(
        "staging__job", "staging__exam__patient__site", "staging__model__run__dataset"
    )
    current = rows.filter(pk=review.pk).first()
    if current is None:
        raise ReviewChanged("This draft was discarded elsewhere.")
    if current.signed_at is not None:
        raise ReportSigned("This review is signed and cannot be changed.")
    if revision is not None and current.revision != revision:
        raise ReviewChanged(f"The draft was saved elsewhere: revision {current.revision}, not {revision}.")
    return current


def _stage(review: Review) -> Stage | None:
    return Stage(review.stage) if review.stage is not None else None


def _judge(review: Review, decision: str, stage: Stage | None, reasons: list[str], note: str) -> None:
    """Set the judgement, refusing one that contradicts itself. Agreeing takes the model's own stage."""
    result = review.staging.result or {}
    answer = Stage.parse(result["stage"]) if result.get("stage") else None
    if decision == Decision.AGREE:
        stage, reasons = answer, []
    elif decision == Decision.CHANGE:
        if stage is None or stage == answer:
            raise ReviewRefused("Changing the stage needs another stage than the model's.")
    elif decision == Decision.CANNOT:
        stage = None
    else:
        raise ReviewRefused(f"{decision[:20]!r} is not a decision.")
    known = {Decision.CHANGE: CHANGE_REASONS, Decision.CANNOT: CANNOT_REASONS}.get(Decision(decision), ())
    chosen = list(dict.fromkeys(reasons))
    if any(reason not in known for reason in chosen):
        raise ReviewRefused("One of the reasons does not belong to this decision.")
    if known and not chosen:
        raise ReviewRefused("This decision needs at least one reason.")
    if Reason.OTHER in chosen and not note.strip():
        raise ReviewRefused("The reason 'other' needs a note.")
    review.decision, review.stage, review.reasons = decision, stage, chosen
    review.note = note.strip()


def _record(review: Review, actor: User, action: str, request: Any) -> None:
    exam = review.staging.exam
    audit.record(
        actor=actor,
        action=action,
        object=review,
        site=exam.patient.site,
        request=request,
        detail={"exam": exam.pk, "staging": review.staging_id, "decision": review.decision},
    )

"""Every transition of a job. Each is a compare-and-set update that names the state it expects, so two
processes that try the same one cannot both succeed, whichever database is behind it.

Callers: apps use :func:`enqueue`, :func:`request_cancel` and :func:`retry`; the rest is for the worker
(``execution``) and the reconciler.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from webapp.jobs import dispatch, hints, tallies
from webapp.jobs.errors import LeaseLost, NotAllowedNow, NotYours
from webapp.jobs.models import SETTLED, Job, JobEvent, JobState
from webapp.jobs.registry import handler_of, settled_hooks

log = logging.getLogger(__name__)

CLEARED = {"lease_expires_at": None, "worker": "", "dispatched_at": None}


def enqueue(
    *,
    kind: str,
    title: str,
    payload: dict[str, Any],
    created_by: Any = None,
    sites: Iterable[Any] = (),
    idempotency_key: str | None = None,
) -> Job:
    """Write a job in the caller's transaction; workers hear of it when that commits.

    ``sites`` are those whose data it is about: people see the job who belong to all of them. A job of no
    site is seen by who made it, and by administrators.

    The same ``idempotency_key`` for the same kind returns the job that exists.
    """
    known = handler_of(kind)
    with transaction.atomic():
        if idempotency_key is not None:
            existing = Job.objects.filter(kind=kind, idempotency_key=idempotency_key).first()
            if existing is not None:
                return existing
        job = Job(
            kind=kind,
            queue=known.queue,
            title=title[:200],
            payload=payload,
            max_attempts=known.max_attempts,
            created_by=created_by,
            idempotency_key=idempotency_key,
        )
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:  # somebody else wrote the same key meanwhile
            return Job.objects.get(kind=kind, idempotency_key=idempotency_key)
        job.sites.set(sites)
        _announce(job, _note(job, "queued"), send=True)
    return job


@transaction.atomic
def request_cancel(*, job: Job, actor: Any) -> Job:
    """Cancel a queued job at once; ask a running one to stop (within a batch or so)."""
    _must_own(job, actor)
    now = timezone.now()
    changed = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.CANCELLED, cancel_requested_at=now, finished_at=now, **CLEARED
    )
    if changed:
        job.refresh_from_db()
        row = _note(job, "cancelled")
        _call_hooks(job)
        _announce(job, row)
        return job
    changed = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, cancel_requested_at__isnull=True).update(
        cancel_requested_at=now
    )
    job.refresh_from_db()
    if changed:
        _announce(job)
    elif job.is_settled:
        raise NotAllowedNow(f"The job has {job.state} already.")
    return job


@transaction.atomic
def retry(*, job: Job, actor: Any) -> Job:
    """Queue a failed or cancelled job again, with all its attempts; it goes on from its checkpoint."""
    _must_own(job, actor)
    changed = Job.objects.filter(pk=job.pk, state__in=[JobState.FAILED, JobState.CANCELLED]).update(
        state=JobState.QUEUED,
        handed_back=F("attempt"),
        failure=None,
        cancel_requested_at=None,
        finished_at=None,
        queued_at=timezone.now(),
        message="",
        **CLEARED,
    )
    if not changed:
        job.refresh_from_db()
        raise NotAllowedNow(f"Only a failed or cancelled job can be run again; this one is {job.state}.")
    job.refresh_from_db()
    _announce(job, _note(job, "queued"), send=True)
    return job


# --- for the worker -----------------------------------------------------------------------------


@transaction.atomic
def claim(*, job_id: uuid.UUID | str, worker: str) -> Job | None:
    """Make a queued job this worker's, or return None: somebody else was faster, or it was cancelled."""
    now = timezone.now()
    changed = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        attempt=F("attempt") + 1,
        worker=worker,
        lease_expires_at=now + lease(),
        started_at=now,
    )
    if not changed:
        return None
    job = Job.objects.get(pk=job_id)
    _announce(job, _note(job, "running"))
    return job


def renew(*, job_id: uuid.UUID, attempt: int) -> None:
    """Push the lease out; raise LeaseLost if the job is no longer this attempt's."""
    if not _owned(job_id, attempt).update(lease_expires_at=timezone.now() + lease()):
        raise LeaseLost(f"job {job_id} is no longer attempt {attempt}'s")


def record_event(
    *, job_id: uuid.UUID, attempt: int, event: dict[str, Any], progress: float | None, message: str | None
) -> tuple[Job, JobEvent]:
    """Append one event row, renew the lease, and move progress; all or LeaseLost."""
    changes: dict[str, Any] = {"last_seq": F("last_seq") + 1, "lease_expires_at": timezone.now() + lease()}
    if progress is not None:
        changes["progress"] = min(1.0, max(0.0, float(progress)))
    if message is not None:
        changes["message"] = message[:300]
    with transaction.atomic():
        if not _owned(job_id, attempt).update(**changes):
            raise LeaseLost(f"job {job_id} is no longer attempt {attempt}'s")
        job = Job.objects.get(pk=job_id)
        row = JobEvent.objects.create(
            job=job, seq=job.last_seq, attempt=attempt, kind=str(event["kind"]), data=event
        )
    return job, row


def fence(*, job_id: uuid.UUID, attempt: int) -> None:
    """Inside a transaction: lock the row and make sure it is still this attempt's."""
    if not _owned(job_id, attempt).update(lease_expires_at=timezone.now() + lease()):
        raise LeaseLost(f"job {job_id} is no longer attempt {attempt}'s")


@transaction.atomic
def settle(
    *, job_id: uuid.UUID, attempt: int, state: JobState, failure: dict[str, str] | None = None,
    hooks: bool = True,
) -> Job:  # fmt: skip
    """End a running job; LeaseLost if this attempt no longer owns it. Hooks run in this transaction."""
    changes: dict[str, Any] = {"state": state, "failure": failure, "finished_at": timezone.now(), **CLEARED}
    if state is JobState.SUCCEEDED:
        changes["progress"] = 1.0
    if not _owned(job_id, attempt).update(**changes):
        raise LeaseLost(f"job {job_id} is no longer attempt {attempt}'s")
    job = Job.objects.get(pk=job_id)
    row = _note(job, state)
    if hooks:
        _call_hooks(job)
    _count(job, str(state))
    _announce(job, row)
    return job


@transaction.atomic
def hand_back(*, job_id: uuid.UUID, attempt: int, counted: bool = False) -> Job:
    """Put a running job back into its queue; cancel it if that was asked for meanwhile.

    ``counted`` when the attempt was lost, not handed back.
    """
    if _owned(job_id, attempt).filter(cancel_requested_at__isnull=False).exists():
        return settle(job_id=job_id, attempt=attempt, state=JobState.CANCELLED)
    changes: dict[str, Any] = {"state": JobState.QUEUED, "queued_at": timezone.now(), **CLEARED}
    if not counted:
        changes["handed_back"] = F("handed_back") + 1
    if not _owned(job_id, attempt).update(**changes):
        raise LeaseLost(f"job {job_id} is no longer attempt {attempt}'s")
    job = Job.objects.get(pk=job_id)
    row = _note(job, "queued")
    _count(job, "again")
    _announce(job, row, send=True)
    return job


@transaction.atomic
def lose_attempt(*, job_id: uuid.UUID, attempt: int, failure: dict[str, str]) -> Job:
    """This attempt died: queue the job again while attempts are left, then fail with ``failure``."""
    job = Job.objects.get(pk=job_id)
    if job.attempts_left > 0 or job.cancel_requested_at is not None:
        return hand_back(job_id=job_id, attempt=attempt, counted=True)
    times = job.attempts_counted
    reason = {
        **failure,
        "message": f"{failure['message']} Given up after {times} attempt{'' if times == 1 else 's'}.",
    }
    return settle(job_id=job_id, attempt=attempt, state=JobState.FAILED, failure=reason)


# --- for the reconciler -------------------------------------------------------------------------


@transaction.atomic
def lapse(*, job_id: uuid.UUID, attempt: int, dead: str | None = None) -> Job | None:
    """A lease ran out: queue the job again, or end it. None if it was renewed or settled meanwhile.

    ``dead`` names a worker that is known to be: its lease is not waited for.
    """
    over: dict[str, Any] = {"worker": dead} if dead else {"lease_expires_at__lt": timezone.now()}
    job = (
        Job.objects.select_for_update()
        .filter(pk=job_id, attempt=attempt, state=JobState.RUNNING, **over)
        .first()
    )
    if job is None:
        return None
    return lose_attempt(
        job_id=job.pk,
        attempt=attempt,
        failure={
            "code": "worker-lost",
            "message": "The worker was lost while doing this"
            + (f"; last heard: {job.message}." if job.message else "."),
            "remedy": "Look at the worker's log (out of memory is the usual cause), then run the job again.",
        },
    )


def lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _owned(job_id: uuid.UUID, attempt: int) -> Any:
    return Job.objects.filter(pk=job_id, attempt=attempt, state=JobState.RUNNING)


def _must_own(job: Job, actor: Any) -> None:
    """``actor`` None is the system itself."""
    if actor is not None and job.created_by_id != actor.pk and not actor.is_administrator:
        raise NotYours("This job was started by somebody else.")


def _note(job: Job, state: str) -> JobEvent:
    """Write the transition into the job's own log, as an event of kind ``state``."""
    Job.objects.filter(pk=job.pk).update(last_seq=F("last_seq") + 1)
    job.refresh_from_db(fields=["last_seq"])
    data: dict[str, Any] = {"kind": "state", "state": str(state)}
    if job.failure:
        data["failure"] = job.failure
    return JobEvent.objects.create(job=job, seq=job.last_seq, attempt=job.attempt, kind="state", data=data)


def _count(job: Job, outcome: str) -> None:
    """An attempt has ended. Last in its transaction: all that end alike wait for one another here."""
    seconds = (timezone.now() - job.started_at).total_seconds() if job.started_at else 0.0
    tallies.add(tallies.RUNS, 1, kind=job.kind, outcome=outcome)
    tallies.add(tallies.RUN_SECONDS, max(0.0, seconds), kind=job.kind, outcome=outcome)


def _call_hooks(job: Job) -> None:
    if job.state in SETTLED:
        for hook in settled_hooks(job.kind):
            hook(job)


def _announce(job: Job, row: JobEvent | None = None, *, send: bool = False) -> None:
    """After the commit: tell the sockets, with the new ``row``, so that none of them has to read it; with
    ``send`` the workers, too."""
    if send:
        transaction.on_commit(lambda: dispatch.send(job))
    transaction.on_commit(lambda: hints.announce(job, [row] if row is not None else None))

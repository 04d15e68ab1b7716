"""One job, from claim to settlement, with a heartbeat beside it. Worker processes call :func:`execute`."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection

from ml.spec import HepaStageError
from webapp.jobs import services
from webapp.jobs.errors import AttemptLost, CancelRequested, Interrupted, LeaseLost, ShutdownRequested
from webapp.jobs.handle import JobHandle, Signals
from webapp.jobs.models import Job, JobState
from webapp.jobs.registry import handler_of

log = logging.getLogger(__name__)

TICK_SECONDS = 0.5


def execute(job_id: uuid.UUID | str, *, worker: str, shutdown: threading.Event | None = None) -> bool:
    """Do the job if it can be claimed. False when there was nothing to do; never raises for the work."""
    job = services.claim(job_id=job_id, worker=worker)
    if job is None:
        return False
    signals = Signals(shutdown)
    handle = JobHandle(job, signals)
    heartbeat = Heartbeat(handle)
    heartbeat.start()
    log.info("job %s (%s) attempt %d begins", job.pk, job.kind, job.attempt)
    try:
        end = _run(handle)
    finally:
        heartbeat.stop()
    handle.throttle.flush(force=True)
    try:
        _until_database_answers(end)
        log.info("job %s (%s) attempt %d ended", job.pk, job.kind, job.attempt)
    except LeaseLost:
        log.warning("job %s attempt %d came too late and was refused", job.pk, job.attempt)
    return True


def _run(handle: JobHandle) -> Callable[[], object]:
    """Call the handler; return what is left to do: settle, or hand back."""

    def settle(state: JobState, failure: dict[str, str] | None = None) -> Callable[[], object]:
        return lambda: _settle(handle, state, failure)

    try:
        handler_of(handle.kind).run(handle)
    except CancelRequested:
        return settle(JobState.CANCELLED)
    except ShutdownRequested:
        return lambda: services.hand_back(job_id=handle.id, attempt=handle.attempt)
    except LeaseLost:
        return lambda: _refuse(handle)
    except AttemptLost as lost:
        failure = lost.failure
        log.warning("job %s: %s", handle.id, failure["message"])
        return lambda: services.lose_attempt(job_id=handle.id, attempt=handle.attempt, failure=failure)
    except HepaStageError as error:
        return settle(JobState.FAILED, error.as_dict())
    except (OperationalError, InterfaceError):
        # The database went away or stayed locked: the work is not to blame, the attempt counts as lost.
        log.exception("job %s: the database failed", handle.id)
        return lambda: _give_up(handle)
    except Exception as error:
        log.exception("job %s (%s) crashed", handle.id, handle.kind)
        return settle(
            JobState.FAILED,
            {
                "code": "crashed",
                "message": f"The work stopped with an unexpected error: {type(error).__name__}: {error}"[
                    :500
                ],
                "remedy": "The worker's log has the details. Tell whoever maintains this installation.",
            },
        )
    return settle(JobState.SUCCEEDED)


def _settle(handle: JobHandle, state: JobState, failure: dict[str, str] | None) -> Job:
    """Settle; a hook that fails turns success into failure, and cannot keep a job running for ever."""
    try:
        return services.settle(job_id=handle.id, attempt=handle.attempt, state=state, failure=failure)
    except (Interrupted, OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("job %s: a hook failed while settling", handle.id)
        reason = failure or {
            "code": "settling-failed",
            "message": f"The work was done, but storing its outcome failed: {type(error).__name__}: {error}"[
                :500
            ],
            "remedy": "The worker's log has the details; then run the job again.",
        }
    try:
        return services.settle(
            job_id=handle.id, attempt=handle.attempt, state=JobState.FAILED, failure=reason
        )
    except (Interrupted, OperationalError, InterfaceError):
        raise
    except Exception:
        return services.settle(
            job_id=handle.id, attempt=handle.attempt, state=JobState.FAILED, failure=reason, hooks=False
        )


def _refuse(handle: JobHandle) -> None:
    raise LeaseLost(f"job {handle.id} is no longer attempt {handle.attempt}'s")


def _give_up(handle: JobHandle) -> None:
    failure = {
        "code": "database-failed",
        "message": "The database failed while this was being done.",
        "remedy": "Check the database, then run the job again.",
    }
    services.lose_attempt(job_id=handle.id, attempt=handle.attempt, failure=failure)


def _until_database_answers(end: Callable[[], object]) -> None:
    """Try the last write for as long as the lease may live; then the reconciler takes over."""
    give_up_at = time.monotonic() + settings.JOB_LEASE_SECONDS
    while True:
        try:
            end()
            return
        except (OperationalError, InterfaceError):
            if time.monotonic() > give_up_at:
                log.exception("the database does not answer; the lease will run out")
                return
            close_old_connections()
            time.sleep(1)


class Heartbeat(threading.Thread):
    """Renews the lease while the handler computes, and carries cancel and loss to :meth:`JobHandle.check`."""

    def __init__(self, handle: JobHandle) -> None:
        super().__init__(name=f"heartbeat-{handle.id}", daemon=True)
        self._handle = handle
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()
        self.join(timeout=5)

    def run(self) -> None:
        lease = float(settings.JOB_LEASE_SECONDS)
        renewed_at = time.monotonic()
        looked_at = renewed_at
        try:
            while not self._stopped.wait(min(TICK_SECONDS, lease / 6)):
                self._handle.throttle.flush()
                now = time.monotonic()
                try:
                    if now - renewed_at >= lease / 4:
                        services.renew(job_id=self._handle.id, attempt=self._handle.attempt)
                        renewed_at = now
                    if now - looked_at >= min(1.0, lease / 4):
                        looked_at = now
                        self._look()
                except LeaseLost:
                    self._handle.signals.lost.set()
                    return
                except DatabaseError as error:
                    log.warning("heartbeat of job %s: %s", self._handle.id, type(error).__name__)
                    close_old_connections()
                    if now - renewed_at > lease:  # by our own clock the lease is over: stop working
                        self._handle.signals.lost.set()
                        return
        finally:
            connection.close()

    def _look(self) -> None:
        row = Job.objects.filter(pk=self._handle.id).values("attempt", "state", "cancel_requested_at").first()
        if row is None or row["attempt"] != self._handle.attempt or row["state"] != JobState.RUNNING:
            raise LeaseLost(f"job {self._handle.id} is somebody else's")
        if row["cancel_requested_at"] is not None:
            self._handle.signals.cancel.set()

"""What a handler is given: the job, a way to report, and a way to hear that it should stop."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from webapp.jobs import services
from webapp.jobs.errors import CancelRequested, LeaseLost, ShutdownRequested
from webapp.jobs.hints import Throttle
from webapp.jobs.models import Job

QUIET_KINDS = frozenset({"progressed"})  # may wait half a second; everything else is shown at once


class Signals:
    """Set by the heartbeat thread and the worker's signal handler; read by :meth:`JobHandle.check`."""

    def __init__(self, shutdown: threading.Event | None = None) -> None:
        self.cancel = threading.Event()
        self.lost = threading.Event()
        self.shutdown = shutdown or threading.Event()

    @property
    def any(self) -> bool:
        return self.cancel.is_set() or self.lost.is_set() or self.shutdown.is_set()


class JobHandle:
    """One attempt at one job. ``attempt`` differs between attempts: use it in names of files that a
    late attempt must not overwrite."""

    def __init__(self, job: Job, signals: Signals | None = None) -> None:
        self.id: uuid.UUID = job.pk
        self.kind: str = job.kind
        self.payload: dict[str, Any] = job.payload
        self.attempt: int = job.attempt
        self.created_by: Any = job.created_by
        self.site: Any = job.site
        self.signals = signals or Signals()
        self.throttle = Throttle()

    def __repr__(self) -> str:
        return f"<JobHandle {self.kind} {self.id} attempt {self.attempt}>"

    def record(
        self, event: dict[str, Any], *, progress: float | None = None, message: str | None = None
    ) -> int:
        """Append an event (its ``kind`` names it), renew the lease; return its sequence number.

        Raises LeaseLost or CancelRequested. Progress is taken from the event where it has one.
        """
        if progress is None and isinstance(event.get("progress"), int | float):
            progress = float(event["progress"])
        try:
            job, row = services.record_event(
                job_id=self.id, attempt=self.attempt, event=event, progress=progress, message=message
            )
        except LeaseLost:
            self.signals.lost.set()
            raise
        urgent = row.kind not in QUIET_KINDS
        transaction.on_commit(lambda: self.throttle.add(job, row, urgent=urgent))
        if job.cancel_requested_at is not None:
            self.signals.cancel.set()
        self.check()
        return row.seq

    def check(self) -> None:
        """Raise if the work should stop. Reads no database: call it in every loop."""
        if not self.signals.any:
            return
        if self.signals.lost.is_set():
            raise LeaseLost(f"job {self.id} is no longer attempt {self.attempt}'s")
        if self.signals.cancel.is_set():
            raise CancelRequested(f"job {self.id} was cancelled")
        raise ShutdownRequested("the worker stops")

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """A transaction that commits only while this attempt owns the job. Write effects inside."""
        with transaction.atomic():
            services.fence(job_id=self.id, attempt=self.attempt)
            yield

"""Puts right what a death left behind, every two seconds: dead workers, lapsed leases, lost hints."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from webapp.jobs import dispatch, registry, services, workers
from webapp.jobs.models import Job, JobState, Queue
from webapp.jobs.tallies import Carrier

log = logging.getLogger(__name__)

HINT_AGE = timedelta(seconds=10)  # a hint this old that is not in Redis was lost, or a worker holds it
LOOK_AGAIN_SECONDS = 30  # a long queue's hints are not read whole every two seconds
FORGET_EVERY_SECONDS = 60


class Reconciler:
    """:meth:`run` until told to stop. Two at once do no harm: every step is compare-and-set."""

    def __init__(self) -> None:
        self._trust_leases_after = 0.0  # by the monotonic clock
        self._last: tuple[float, float] | None = None
        self._forgot_at = 0.0
        self._done_at: dict[str, float] = {}
        self._look_at: dict[str, float] = {}  # by queue: when its hints are read again
        self._carrier = Carrier()

    def run(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                self.step()
            except DatabaseError as error:
                log.warning("reconciler: the database does not answer (%s)", type(error).__name__)
            finally:
                close_old_connections()
            stopping.wait(settings.JOB_RECONCILE_SECONDS)

    def step(self) -> None:
        """One round."""
        self.requeue_of_dead()
        if self._clock_is_steady():
            self.requeue_lapsed()
        self.repeat_hints()
        if time.monotonic() - self._forgot_at > FORGET_EVERY_SECONDS:
            self._forgot_at = time.monotonic()
            workers.forget_dead()
        self.make_rounds()
        self._carrier.carry()

    def _clock_is_steady(self) -> bool:
        """After a jump of the wall clock every lease looks lapsed: wait until the living renewed theirs."""
        wall, steady = time.time(), time.monotonic()
        if self._last is not None:
            jump = abs((wall - self._last[0]) - (steady - self._last[1]))
            if jump > 1:
                log.warning("the clock jumped by %.0f s; leases are left alone for a while", jump)
                self._trust_leases_after = steady + settings.JOB_LEASE_SECONDS
        self._last = (wall, steady)
        return steady >= self._trust_leases_after

    def make_rounds(self) -> None:
        """What apps asked to be done now and then; one that fails holds nobody up."""
        for one in registry.rounds():
            last = self._done_at.get(one.name)
            if last is not None and time.monotonic() - last < one.every_seconds:
                continue
            self._done_at[one.name] = time.monotonic()
            try:
                one.run()
            except DatabaseError:
                raise
            except Exception as error:  # its message may quote what it worked on
                log.error("round %s failed with %s", one.name, type(error).__name__)

    def requeue_of_dead(self) -> int:
        """Queue, cancel or fail the running jobs of workers of this machine that died, lease or not."""
        count = 0
        for name in workers.dead_here():
            jobs = Job.objects.filter(state=JobState.RUNNING, worker=name)
            for pk, attempt in list(jobs.values_list("pk", "attempt")):
                job = services.lapse(job_id=pk, attempt=attempt, dead=name)
                if job is not None:
                    count += 1
                    log.warning("job %s: worker died in attempt %d; now %s", pk, attempt, job.state)
            workers.bury(name)
        return count

    def requeue_lapsed(self) -> int:
        """Queue, cancel or fail each running job whose lease ran out."""
        lapsed = Job.objects.filter(state=JobState.RUNNING, lease_expires_at__lt=timezone.now())
        count = 0
        for pk, attempt in list(lapsed.values_list("pk", "attempt")):
            job = services.lapse(job_id=pk, attempt=attempt)
            if job is not None:
                count += 1
                log.warning("job %s: worker lost in attempt %d; now %s", pk, attempt, job.state)
        return count

    def repeat_hints(self) -> int:
        """Dispatch queued jobs of which no worker was told, or whose hints Redis has lost."""
        if not settings.REDIS_URL:
            return 0
        count = 0
        waiting = Job.objects.filter(state=JobState.QUEUED).order_by("queued_at")
        for job in waiting.filter(dispatched_at__isnull=True):
            count += dispatch.send(job)
        for queue in Queue.values:
            old = waiting.filter(queue=queue, dispatched_at__lt=timezone.now() - HINT_AGE)
            jobs = list(old)
            if not jobs:
                continue
            thorough = time.monotonic() >= self._look_at.get(queue, 0.0)
            if thorough:
                self._look_at[queue] = time.monotonic() + LOOK_AGAIN_SECONDS
            # A hint that a busy worker holds is sent a second time, and then it is there.
            count += sum(dispatch.send(job) for job in dispatch.untold(queue, jobs, thorough=thorough))
        return count

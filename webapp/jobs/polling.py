"""A worker that needs no broker: it looks into the job rows itself, about twice a second."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Sequence

from django.db import DatabaseError, close_old_connections

from webapp.jobs import execution
from webapp.jobs.models import Job, JobState

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.5


def poll(*, queues: Sequence[str], worker: str, stopping: threading.Event) -> None:
    """Do queued jobs of these queues, oldest first, until told to stop."""
    while not stopping.is_set():
        try:
            done = _one(queues, worker, stopping)
        except DatabaseError as error:
            log.warning("the database does not answer (%s)", type(error).__name__)
            done = False
        finally:
            close_old_connections()
        if not done:
            stopping.wait(LOOK_EVERY_SECONDS * random.uniform(0.8, 1.2))


def _one(queues: Sequence[str], worker: str, stopping: threading.Event) -> bool:
    waiting = Job.objects.filter(state=JobState.QUEUED, queue__in=queues).order_by("queued_at")
    job_id = waiting.values_list("pk", flat=True).first()
    return job_id is not None and execution.execute(job_id, worker=worker, shutdown=stopping)

"""Telling the workers that there is work. A hint: the reconciler repeats what was lost."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import timezone

from webapp.jobs.models import Job, JobState

log = logging.getLogger(__name__)


def send(job: Job) -> bool:
    """Put the job's id on its queue's list. False where that failed; the reconciler will try again."""
    if not settings.REDIS_URL:
        return False  # workers poll
    from webapp.jobs.broker import actor_of

    try:
        actor_of(job.queue).send(str(job.pk))
    except Exception as error:  # whatever the broker's library raises while Redis is away
        log.warning("job %s waits for the reconciler: %s", job.pk, type(error).__name__)
        return False
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(dispatched_at=timezone.now())
    return True


def untold(queue: str, jobs: list[Job], *, thorough: bool) -> list[Job]:
    """Those of the jobs of which Redis holds no hint for this queue; none where it cannot be asked.

    Unless ``thorough``, hints are read only if there are fewer of them than jobs.
    """
    from webapp.jobs import broker

    try:
        if not thorough and broker.waiting(queue) >= len(jobs):
            return []
        told = broker.told(queue)
    except Exception as error:
        log.warning("Redis does not answer: %s", type(error).__name__)
        return []
    return [job for job in jobs if str(job.pk) not in told]

"""What the sockets are told: that a job changed, with the new rows where they are few.

A message is a hint. It is sent after the commit, may be lost or come twice, and a browser that sees a
gap in ``seq`` reads the rows. Progress is held back to two messages a second per job; rows never are.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings

from webapp.jobs.models import Job, JobEvent
from webapp.jobs.snapshots import job_json

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 0.5
MAX_ROWS = 50  # more than this, and the browser is told to read them itself

DISCRETION = "discretion"  # every socket of a job: what its reader may be told has changed
FEED_ALL = "feed.all"
FEED_SHARED = "feed.shared"  # jobs of several sites: who hears them is decided by whoever listens


def job_group(job_id: Any) -> str:
    return f"job.{job_id}"


def feed_groups(job: Job) -> list[str]:
    """Where a change of this job is heard; the counterpart of ``Job.objects.visible_to``."""
    sites = list(job.sites.values_list("pk", flat=True)[:2])
    groups = [FEED_ALL, *([FEED_SHARED] if len(sites) > 1 else [f"feed.site.{pk}" for pk in sites])]
    if job.created_by_id is not None:
        groups.append(f"feed.user.{job.created_by_id}")
    return groups


def groups_heard_by(user: Any) -> list[str]:
    """The feed groups of one user."""
    if user.is_administrator:
        return [FEED_ALL]
    sites = [f"feed.site.{site.pk}" for site in user.sites.all()]
    return [*([FEED_SHARED] if len(sites) > 1 else []), f"feed.user.{user.pk}", *sites]


def announce(job: Job, rows: list[JobEvent] | None = None) -> None:
    """Send the job as it is now, with ``rows`` that are new. Failure is logged, never raised."""
    if not settings.REDIS_URL:
        return  # an in-memory layer reaches no other process; the consumers read the rows
    message: dict[str, Any] = {
        "type": "job.changed",
        "job": job_json(job),
        "events": [row.as_json() for row in rows] if rows and len(rows) <= MAX_ROWS else [],
    }
    try:
        groups = feed_groups(job)
        message["shared"] = FEED_SHARED in groups
        async_to_sync(_send)(message, [job_group(job.pk), *groups])
    except Exception as error:  # Redis away: the rows are the truth
        log.warning("no socket message for job %s: %s", job.pk, type(error).__name__)


def reconsider(users: Iterable[Any]) -> None:
    """Have the open sockets of these users ask anew what they may be told (:mod:`webapp.jobs.discretion`).

    For who is given something to read blindly; after the commit. Failure is logged: they ask within a minute.
    """
    wanted = sorted({user.pk for user in users})
    if not settings.REDIS_URL or not wanted:
        return  # without Redis they are told what they read from the rows, and ask with every reading
    try:
        layer: Any = get_channel_layer()
        async_to_sync(layer.group_send)(DISCRETION, {"type": "discretion.changed", "users": wanted})
    except Exception as error:
        log.warning("sockets were not told to ask anew: %s", type(error).__name__)


async def _send(message: dict[str, Any], groups: list[str]) -> None:
    layer = get_channel_layer()
    slim = {key: value for key, value in message.items() if key != "events"}
    for group in groups:
        await layer.group_send(group, message if group.startswith("job.") else slim)


class Throttle:
    """Holds back one job's progress messages. The worker's heartbeat calls :meth:`flush` for the last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent_at = 0.0
        self._job: Job | None = None
        self._rows: list[JobEvent] = []

    def add(self, job: Job, row: JobEvent, *, urgent: bool) -> None:
        """Take a new row; send at once if it is urgent or the last message is long enough ago."""
        with self._lock:
            self._job = job
            self._rows.append(row)
            due = urgent or time.monotonic() - self._sent_at >= INTERVAL_SECONDS
        if due:
            self.flush(force=True)

    def flush(self, *, force: bool = False) -> None:
        """Send what was held back, if it is time (or forced)."""
        with self._lock:
            now = time.monotonic()
            if self._job is None or not (force or now - self._sent_at >= INTERVAL_SECONDS):
                return
            job, rows = self._job, self._rows
            self._job, self._rows, self._sent_at = None, [], now
        announce(job, rows)

"""In what condition the house is: jobs, workers, disk, versions. For the system page and for Prometheus."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone

from webapp.jobs.models import Job, JobState, Queue, Worker
from webapp.jobs.workers import DEAD_AFTER


@dataclass(frozen=True)
class QueueCondition:
    """One queue: how many wait, since when the oldest does (seconds), how many run, who serves it."""

    queue: str
    waiting: int
    oldest_seconds: float
    running: int
    workers: int


@dataclass(frozen=True)
class WorkerCondition:
    """A worker process, and the job it is at."""

    name: str
    queues: list[str]
    started_at: datetime
    seen_at: datetime
    alive: bool
    job: Job | None


@dataclass(frozen=True)
class Disk:
    """A folder and the disk it lies on, in bytes."""

    name: str
    free: int
    total: int


def queues() -> list[QueueCondition]:
    now = timezone.now()
    waiting = {
        row["queue"]: (row["number"], (now - row["oldest"]).total_seconds())
        for row in Job.objects.filter(state=JobState.QUEUED)
        .order_by()
        .values("queue")
        .annotate(number=Count("pk"), oldest=Min("queued_at"))
    }
    running = dict(
        Job.objects.filter(state=JobState.RUNNING)
        .order_by()
        .values_list("queue")
        .annotate(number=Count("pk"))
    )
    alive = [worker.queues for worker in Worker.objects.filter(seen_at__gt=now - DEAD_AFTER)]
    return [
        QueueCondition(
            queue=queue,
            waiting=waiting.get(queue, (0, 0.0))[0],
            oldest_seconds=max(0.0, waiting.get(queue, (0, 0.0))[1]),
            running=running.get(queue, 0),
            workers=sum(queue in served for served in alive),
        )
        for queue in Queue.values
    ]


def workers() -> list[WorkerCondition]:
    """Every worker heard of within ten minutes; the living first."""
    limit = timezone.now() - DEAD_AFTER
    at_work = {job.worker: job for job in Job.objects.filter(state=JobState.RUNNING)}
    return [
        WorkerCondition(
            worker.name, worker.queues, worker.started_at, worker.seen_at, worker.seen_at > limit,
            at_work.get(worker.name),
        )
        for worker in Worker.objects.order_by("-seen_at", "name")
    ]  # fmt: skip


def disks() -> list[Disk]:
    """The disks of storage and work; the same disk twice where they lie on one."""
    found = []
    for name, folder in (("storage", settings.STORAGE_DIR), ("work", settings.WORK_DIR)):
        path = Path(folder)
        while not path.exists():
            path = path.parent
        usage = shutil.disk_usage(path)
        found.append(Disk(name, usage.free, usage.total))
    return found


def versions() -> dict[str, Any]:
    """What this web process runs on. No addresses, no paths."""
    import platform

    return {
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": connection.vendor,
    }

"""Storage checks as jobs: asked for by an administrator, done by a worker, kept with what they found."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from django.conf import settings
from django.db import transaction

from ml.spec.events import Progressed
from webapp.accounts.models import User
from webapp.audit import services as audit
from webapp.jobs import services as jobs
from webapp.jobs.handle import JobHandle
from webapp.operations.models import StorageCheck
from webapp.operations.storage_check import Report, check, empty_trash

SAID_EVERY = 1.0  # seconds between two events


@transaction.atomic
def request_check(*, hashing: bool, repair: bool, actor: User | None, request: Any = None) -> StorageCheck:
    """Queue a check; ``repair`` moves files without rows to the trash."""
    wanted = StorageCheck(hashing=hashing, repair=repair, created_by=actor)
    wanted.job = jobs.enqueue(
        kind="operations.storage-check",
        title="Storage check",
        payload={"check": str(wanted.pk)},
        created_by=actor,
    )
    wanted.save(force_insert=True)
    audit.record(
        actor=actor, action="storage.check-requested", object=wanted, request=request,
        detail={"hashing": hashing, "repair": repair},
    )  # fmt: skip
    return wanted


def run_check(job: JobHandle) -> None:
    """The job: compare, report, remember; old trash goes with it. Safe to repeat."""
    wanted = StorageCheck.objects.get(pk=job.payload["check"])
    said_at = float("-inf")

    def progress(share: float, message: str) -> None:
        nonlocal said_at
        job.check()
        if time.monotonic() - said_at >= SAID_EVERY:
            said_at = time.monotonic()
            event = Progressed(phase="check", progress=share, message=message)
            job.record(event.model_dump(mode="json"), progress=share, message=message)

    report = check(hashing=wanted.hashing, repair=wanted.repair, progress=progress)
    removed = empty_trash(days=settings.TRASH_DAYS)
    with job.fenced():
        StorageCheck.objects.filter(pk=wanted.pk).update(report=as_json(report, removed))
        audit.record(
            actor=wanted.created_by, action="storage.checked", object=wanted,
            detail={**report.counts, "moved": report.moved, "removed": removed},
        )  # fmt: skip


def as_json(report: Report, removed: int) -> dict[str, Any]:
    """What the page shows; ``removed`` counts files that had been in the trash for too long."""
    return {**dataclasses.asdict(report), "fine": report.fine, "removed": removed}

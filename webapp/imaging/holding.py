"""What is kept of a file that was not taken in, for how long, and what ends it.

Originals hold names. They lie encrypted in :attr:`webapp.imaging.storage.Room.QUARANTINE` until an
administrator removes them or :func:`expire` does after ``QUARANTINE_DAYS``; the row with the outcome stays.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from webapp.audit import services as audit
from webapp.imaging import removal
from webapp.imaging.models import WITHDRAWN, Image, QuarantineItem, UploadFile, WaitingState
from webapp.imaging.outcomes import Look, Outcome
from webapp.imaging.storage import Room

BATCH = 200
OPEN = (WaitingState.WAITING, WaitingState.REFUSED)


def hold(*, row: UploadFile, look: Look | None, rival: Image | None) -> QuarantineItem:
    """Open the quarantine's row of a file whose original was kept; the same bytes wait once per site."""
    same = QuarantineItem.objects.filter(
        site=row.upload.site_id, file__sha256=row.sha256, state__in=OPEN, code=row.code
    ).first()
    expires_at = timezone.now() + timedelta(days=settings.QUARANTINE_DAYS)
    if same is not None:
        same.expires_at = expires_at
        same.save(update_fields=["expires_at"])
        return same
    return QuarantineItem.objects.create(
        file=row,
        site_id=row.upload.site_id,
        state=WaitingState.WAITING if row.outcome == Outcome.QUARANTINED else WaitingState.REFUSED,
        code=row.code,
        layout=look.layout if look else "",
        device=look.device if look else "",
        evidence=look.evidence if look else {},
        rival=rival,
        expires_at=expires_at,
    )


@transaction.atomic
def forget_original(item: QuarantineItem) -> bool:
    """Remove the bytes behind an item at its site, once this transaction is through; were there any?

    A file that another site's row, or another open item of the same bytes, still needs stays for those.
    """
    digest = item.file.quarantine_sha256 if item.file else ""
    if not digest:
        return False
    rows = UploadFile.objects.filter(upload__site=item.site_id, quarantine_sha256=digest)
    others = QuarantineItem.objects.filter(site=item.site_id, state__in=OPEN, file__in=rows)
    needed = others.exclude(pk=item.pk).exclude(code=WITHDRAWN)  # of a withdrawn image the image is kept
    rows.exclude(pk__in=needed.values("file_id")).update(quarantine_sha256="", quarantine_key="")
    transaction.on_commit(lambda: removal.remove_unless_named(Room.QUARANTINE, digest))
    return True


def expire(*, now: datetime | None = None) -> dict[str, int]:
    """End what nobody decided in time and remove originals whose time is over; counts by what became of them.

    Short and safe to run twice at once; a crash between row and file leaves a file without a row, which the
    storage check names.
    """
    now = now or timezone.now()
    counts: Counter[str] = Counter()
    while True:
        due = QuarantineItem.objects.filter(expires_at__lte=now).order_by("expires_at", "pk")
        keys = list(due.values_list("pk", flat=True)[:BATCH])
        for pk in keys:
            counts.update(_expire_one(pk, now))
        if len(keys) < BATCH:
            return dict(counts)


@transaction.atomic
def _expire_one(pk: Any, now: datetime) -> list[str]:
    item = (
        QuarantineItem.objects.select_for_update(of=("self",))
        .select_related("file", "site")
        .filter(pk=pk, expires_at__lte=now)
        .first()
    )
    if item is None:
        return []
    done = []
    if item.state in {WaitingState.WAITING, WaitingState.REFUSED}:
        done.append(f"{item.state}-expired")
        item.state = WaitingState.EXPIRED
    if forget_original(item):
        done.append("originals-removed")
    item.expires_at = None
    item.save(update_fields=["state", "expires_at"])
    audit.record(
        actor=None, action="quarantine.expired", object=item, site=item.site,
        detail={"code": item.code, "state": item.state},
    )  # fmt: skip
    return done

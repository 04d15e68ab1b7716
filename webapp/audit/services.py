"""The one verb of the audit log, and the check of its chain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from webapp.audit.models import Entry, Head


@transaction.atomic
def record(
    *,
    actor: Any,
    action: str,
    object: models.Model | None = None,
    site: Any = None,
    detail: dict[str, Any] | None = None,
    request: Any = None,
) -> Entry:
    """Add one row, in the caller's transaction: an act that is rolled back leaves no row.

    ``actor`` is a user, or None for the system itself. ``detail`` must hold no patient identity.
    """
    Head.objects.get_or_create(id=1)
    head = Head.objects.select_for_update().get(id=1)
    known = actor if getattr(actor, "is_authenticated", False) else None
    entry = Entry(
        number=head.number + 1,
        at=timezone.now(),
        actor=known,
        actor_name=known.get_username() if known else "system",
        action=action,
        object_type=object._meta.label_lower if object is not None else "",
        object_id=str(object.pk) if object is not None else "",
        site=site,
        detail=json.loads(json.dumps(detail or {}, cls=DjangoJSONEncoder)),
        address=_address(request),
        previous_hash=head.hash,
    )
    entry.hash = entry.computed_hash()
    entry.save(force_insert=True)
    Head.objects.filter(id=1).update(number=entry.number, hash=entry.hash)
    return entry


def broken_links() -> Iterator[tuple[int, str]]:
    """Walk the whole chain; yield ``(number, what is wrong)`` for each removed or altered row."""
    number, previous = 0, "0" * 64
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != number + 1:
            yield number + 1, f"{entry.number - number - 1} row(s) are missing before row {entry.number}"
        elif entry.previous_hash != previous:
            yield entry.number, "does not follow the row before it"
        if entry.computed_hash() != entry.hash:
            yield entry.number, "was altered after it was written"
        number, previous = entry.number, entry.hash
    head = Head.objects.filter(id=1).first()
    if head is not None and (head.number, head.hash) != (number, previous):
        yield number + 1, f"the chain ends at row {number}, but {head.number} rows were written"


def _address(request: Any) -> str:
    meta = getattr(request, "META", None) or {}
    return str(meta.get("REMOTE_ADDR", ""))[:64]

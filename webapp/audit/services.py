"""The one verb of the audit log, and the check of its chain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from webapp.audit.models import Entry, Head

_held: ContextVar[list[Entry] | None] = ContextVar("audit_rows_of_the_block", default=None)


@contextmanager
def at_the_end() -> Iterator[None]:
    """Write the rows that are recorded in the block when it ends, all at once, in its transaction.

    Writers take turns at the end of the chain and keep it until they commit. Who records one act and then
    locks a further record keeps every other act waiting, and waits for good for somebody who has that record
    and wants to record. So a transaction of several acts locks its records first and writes these rows last.

    A row is not taken out again by a rollback within the block: let no exception of an act be caught there.
    """
    if _held.get() is not None:  # the outer block writes
        yield
        return
    with transaction.atomic():
        rows: list[Entry] = []
        token = _held.set(rows)
        try:
            yield
        finally:
            _held.reset(token)
        if rows:
            _append(rows)


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

    ``actor`` is a user, or None for the system itself. ``detail`` must hold no patient identity. In
    :func:`at_the_end` the row has its number, time and hash when the block is over.
    """
    known = actor if getattr(actor, "is_authenticated", False) else None
    entry = Entry(
        actor=known,
        actor_name=known.get_username() if known else "system",
        action=action,
        object_type=object._meta.label_lower if object is not None else "",
        object_id=str(object.pk) if object is not None else "",
        site=site,
        detail=json.loads(json.dumps(detail or {}, cls=DjangoJSONEncoder)),
        address=_address(request),
    )
    held = _held.get()
    if held is not None:
        held.append(entry)
    else:
        _append([entry])
    return entry


def _append(rows: list[Entry]) -> None:
    """Chain the rows to the last one and write them."""
    Head.objects.get_or_create(id=1)
    head = Head.objects.select_for_update().get(id=1)
    for row in rows:
        row.number, row.at, row.previous_hash = head.number + 1, timezone.now(), head.hash
        row.hash = row.computed_hash()
        head.number, head.hash = row.number, row.hash
    Entry.objects.bulk_create(rows, batch_size=500)
    head.save(update_fields=["number", "hash"])


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

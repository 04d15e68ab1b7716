"""The audit log as CSV, row by row: as long as the log is, only a batch of it is in memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.db.models import QuerySet

from webapp.audit.models import Entry
from webapp.lending import briefly

COLUMNS = (
    "number", "at", "actor", "action", "object_type", "object_id", "site", "address", "detail",
    "previous_hash", "hash",
)  # fmt: skip
BATCH = 2000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def lines(rows: QuerySet[Entry], *, below: int) -> AsyncIterator[bytes]:
    """A header and the entries with a number below ``below``, newest first; UTF-8 with a byte order mark."""
    yield b"\xef\xbb\xbf" + _csv([COLUMNS])
    while True:
        batch = await sync_to_async(briefly(_batch))(rows, below)
        if not batch:
            return
        yield _csv([_cells(entry) for entry in batch])
        below = batch[-1].number


def _batch(rows: QuerySet[Entry], below: int) -> list[Entry]:
    return list(rows.filter(number__lt=below).order_by("-number")[:BATCH])


def _cells(entry: Entry) -> list[str]:
    site = entry.site.code if entry.site is not None else ""
    detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True) if entry.detail else ""
    values: list[Any] = [
        entry.number, entry.at.isoformat(), entry.actor_name, entry.action, entry.object_type,
        entry.object_id, site, entry.address, detail, entry.previous_hash, entry.hash,
    ]  # fmt: skip
    return [_plain(str(value)) for value in values]


def _plain(text: str) -> str:
    """A user may be called ``=1+1``; a spreadsheet must not calculate with it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(rows: list[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()

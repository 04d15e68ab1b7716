"""Tables as lines of JSON that any database can be filled from, to the microsecond and the last bit.

Django's own serializers cut times to milliseconds, which would break the audit log's hash chain, so each
value is written here in the text form that its field's ``to_python`` reads. Rows are inserted "raw", as
``loaddata`` does, so that no ``auto_now`` writes today's date into them.
"""

from __future__ import annotations

import base64
import copy
import gzip
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import IO, Any, BinaryIO, cast
from uuid import UUID

from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.utils.duration import duration_string

ALIAS = "snapshot"
BATCH = 500
# Sessions: a restored house must not let in whoever had signed out since. Workers: processes that lived then.
LEFT_OUT = frozenset({"sessions.session", "jobs.worker"})


@contextmanager
def snapshot_of(source: str = "default") -> Iterator[str]:
    """An alias under which every query sees the database as it was at one moment, while others write."""
    config = copy.deepcopy(connections[source].settings_dict)
    options = config.setdefault("OPTIONS", {})
    if connections[source].vendor == "sqlite":
        options["transaction_mode"] = "DEFERRED"  # a reader: keeps nobody waiting
    else:
        from psycopg import IsolationLevel

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    connections.databases[ALIAS] = config
    try:
        with transaction.atomic(using=ALIAS):
            with connections[ALIAS].cursor() as cursor:
                cursor.execute("SELECT count(*) FROM django_migrations")  # the moment
                cursor.fetchone()
            yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.databases[ALIAS]


def dumped_models(apps: Any) -> list[type[models.Model]]:
    """Every model with a table of its own, the through tables too."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and not model._meta.swapped
        and model._meta.label_lower not in LEFT_OUT
    ]


def columns_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields that are stored in the model's own table; generated ones are the database's business."""
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def dump(model: type[models.Model], sink: BinaryIO, using: str) -> tuple[int, str]:
    """Write all rows; return their number and the SHA-256 of what was written."""
    names = [field.attname for field in columns_of(model)]
    rows = model._base_manager.using(using).order_by("pk").values_list(*names)
    hashed = _Hashed(sink)
    count = 0
    with gzip.GzipFile(fileobj=cast("IO[bytes]", hashed), mode="wb", compresslevel=6, mtime=0) as packed:
        for row in rows.iterator(chunk_size=2000):
            line = json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":"))
            packed.write(line.encode() + b"\n")
            count += 1
    return count, hashed.digest.hexdigest()


def load(model: type[models.Model], columns: list[str], source: BinaryIO, using: str) -> int:
    """Insert the rows of :func:`dump` into an empty table; return their number."""
    by_name = {field.attname: field for field in columns_of(model)}
    fields = [by_name[name] for name in columns]
    size = min(BATCH, connections[using].ops.bulk_batch_size(fields, [None] * BATCH))
    count = 0
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        while batch := list(islice(lines, max(1, size))):
            rows = [_row(model, fields, json.loads(line)) for line in batch]
            model._base_manager.using(using)._insert(  # type: ignore[attr-defined]  # as loaddata does
                rows, fields=fields, using=using, raw=True
            )
            count += len(rows)
    return count


def reset_sequences(apps: Any, using: str) -> None:
    """The next generated key comes after those that were loaded (PostgreSQL)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), dumped_models(apps)):
            cursor.execute(statement)


@contextmanager
def triggers_asleep(using: str) -> Iterator[None]:
    """Within a transaction: no trigger fires, so that what may never change can be put back."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            asleep = cursor.fetchall()
            for name, _ in asleep:
                cursor.execute(f'DROP TRIGGER "{name}"')
            yield
            for _, statement in asleep:
                cursor.execute(statement)
        else:
            tables = [
                connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)
            ]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys, checked now
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _row(model: type[models.Model], fields: list[Any], values: list[Any]) -> models.Model:
    row = model()
    for field, value in zip(fields, values, strict=True):
        setattr(row, field.attname, field.to_python(value) if value is not None else None)
    return row


def _plain(value: Any) -> Any:
    """A value as JSON; ``to_python`` of its field reads it back."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case timedelta():
            return duration_string(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case _:
            return value


class _Hashed:
    """A sink that hashes what passes through it."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._sink.write(data)

    def flush(self) -> None:
        self._sink.flush()

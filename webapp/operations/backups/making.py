"""Making a backup of a house that runs: the database as of one moment, then the files that it names.

A row is committed only after its file is safe, and files of rooms never change. So whatever a row of the
snapshot names lies on disk when the files are walked afterwards, unless it was masked, removed or expired in
between. What was walked is therefore compared with what the rows name; where something is lacking, the rows
are dumped and the files walked once more (what is in the backup by then is not read again). What is lacking
twice is lost in the house itself: the snapshot is kept, and the loss is said. What came later than the rows
is copied as well, and is an orphan in the restored house at most.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from ml.spec import HepaStageError
from webapp import bucket
from webapp.audit import services as audit
from webapp.audit.models import Head
from webapp.imaging.storage import name_of
from webapp.operations.backups import files, keys, tables
from webapp.operations.backups.manifest import FORMAT, FileEntry, Folder, Manifest, TableEntry
from webapp.operations.storage_check import references

ROUNDS = 5  # of rows and files, while files are removed in between
log = logging.getLogger(__name__)


class BackupOvertaken(HepaStageError):
    """In every round files were removed between the rows and the walk of the files."""

    code = "backup-overtaken"
    remedy = "Back up again when fewer images are being masked or removed."


@dataclass(frozen=True)
class Made:
    """A snapshot, and the paths of files that its rows name and the house has lost."""

    manifest: Manifest
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Rows:
    """The database as of one moment, as objects of the backup."""

    tables: list[TableEntry]
    migrations: list[tuple[str, str]]
    head: tuple[int, str]
    named: set[str]  # paths of the files that rows name


def make_backup(out: Path, *, say: Callable[[str], None] = log.info, keep: int | None = None) -> Made:
    """Add a snapshot to the backup in ``out`` (made where absent).

    ``keep`` removes older ones, unless files are missing: only an older one may have them.
    Raises BackupRefused where ``out`` holds something else, is inside the house, or is being written;
    BackupOvertaken.
    """
    folder = Folder(out)
    with folder.writing():
        names = folder.names()
        copied = folder.manifest(names[-1]).files if names else []
        lacking: set[str] = set()
        for _ in range(ROUNDS):
            moment = timezone.now()
            rows = _dump_tables(folder)
            copied = _copy_files(folder, copied)
            before, lacking = lacking, rows.named - {entry.path for entry in copied}
            if lacking <= before:
                break
        else:
            raise BackupOvertaken("Files are being removed faster than they are copied.")
        dumped, name = rows.tables, moment.strftime("%Y%m%dT%H%M%S%fZ")
        say(f"{sum(table.rows for table in dumped)} rows of {len(dumped)} tables")
        say(f"{len(copied)} files, {sum(entry.size for entry in copied) / 1e6:.1f} MB")
        manifest = Manifest(
            format=FORMAT, name=name, created_at=moment, vendor=connections["default"].vendor,
            migrations=rows.migrations, tables=dumped, files=copied, audit_number=rows.head[0],
            audit_hash=rows.head[1], key_fingerprints=keys.fingerprints(),
        )  # fmt: skip
        folder.write_manifest(manifest)
        if keep is not None and not lacking:
            snapshots, objects = folder.prune(keep)
            if snapshots:
                say(f"Removed {snapshots} older snapshots and {objects} objects that only they needed")
    audit.record(
        actor=None, action="house.backed-up",
        detail={"snapshot": name, "files": len(copied), "rows": sum(table.rows for table in dumped)},
    )  # fmt: skip
    return Made(manifest, tuple(sorted(lacking)))


def _dump_tables(folder: Folder) -> _Rows:
    entries: list[TableEntry] = []
    named: set[str] = set()
    with tables.snapshot_of() as alias:
        applied = sorted(MigrationRecorder(connections[alias]).applied_migrations())
        head = Head.objects.using(alias).filter(id=1).first()
        for model in tables.dumped_models(apps):
            with folder.draft() as (sink, path):
                count, digest = tables.dump(model, sink, alias)
                if not folder.holds(digest):
                    folder.keep(sink, path, digest)
            columns = [field.attname for field in tables.columns_of(model)]
            entries.append(
                TableEntry(model=model._meta.label_lower, columns=columns, rows=count, sha256=digest)
            )
        for room, label, column in references():
            kept: Any = apps.get_model(label)
            digests = kept._base_manager.using(alias).exclude(**{column: ""}).values_list(column, flat=True)
            named |= {name_of(room, digest) for digest in digests.iterator(chunk_size=5000)}
    return _Rows(entries, applied, (head.number, head.hash) if head else (0, "0" * 64), named)


def _copy_files(folder: Folder, last: list[FileEntry]) -> list[FileEntry]:
    """Copy what is not there; ``last`` are the files as they were copied before."""
    known = {entry.path: entry for entry in last}
    if bucket.enabled():
        from webapp.operations.backups import bucket_files

        return list(bucket_files.copy_in(folder))
    found = (files.put_in(folder, name, path, known) for name, path in files.walk())
    return [entry for entry in found if entry is not None]

"""Making a backup of a house that runs: the database as of one moment, then the files that it names.

A row is committed only after its file is safe, and files of rooms never change. So whatever a row of the
snapshot names lies on disk when the files are walked afterwards; what came later is copied as well, and is
an orphan in the restored house at most.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from webapp import bucket
from webapp.audit import services as audit
from webapp.audit.models import Head
from webapp.operations.backups import files, keys, tables
from webapp.operations.backups.manifest import FORMAT, FileEntry, Folder, Manifest, TableEntry

log = logging.getLogger(__name__)


def make_backup(out: Path, *, say: Callable[[str], None] = log.info, keep: int | None = None) -> Manifest:
    """Add a snapshot to the backup in ``out`` (made where absent); ``keep`` removes older ones.

    Raises BackupRefused where ``out`` holds something else, is inside the house, or is being written.
    """
    folder = Folder(out)
    with folder.writing():
        moment = timezone.now()
        name = moment.strftime("%Y%m%dT%H%M%S%fZ")
        dumped, migrations, head = _dump_tables(folder)
        say(f"{sum(table.rows for table in dumped)} rows of {len(dumped)} tables")
        copied = _copy_files(folder)
        say(f"{len(copied)} files, {sum(entry.size for entry in copied) / 1e6:.1f} MB")
        manifest = Manifest(
            format=FORMAT, name=name, created_at=moment, vendor=connections["default"].vendor,
            migrations=migrations, tables=dumped, files=copied, audit_number=head[0], audit_hash=head[1],
            key_fingerprints=keys.fingerprints(),
        )  # fmt: skip
        folder.write_manifest(manifest)
        if keep is not None:
            snapshots, objects = folder.prune(keep)
            if snapshots:
                say(f"Removed {snapshots} older snapshots and {objects} objects that only they needed")
    audit.record(
        actor=None, action="house.backed-up",
        detail={"snapshot": name, "files": len(copied), "rows": sum(table.rows for table in dumped)},
    )  # fmt: skip
    return manifest


def _dump_tables(folder: Folder) -> tuple[list[TableEntry], list[tuple[str, str]], tuple[int, str]]:
    entries = []
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
    return entries, applied, (head.number, head.hash) if head else (0, "0" * 64)


def _copy_files(folder: Folder) -> list[FileEntry]:
    names = folder.names()
    known = {entry.path: entry for entry in folder.manifest(names[-1]).files} if names else {}
    if bucket.enabled():
        from webapp.operations.backups import bucket_files

        return list(bucket_files.copy_in(folder))
    found = (files.put_in(folder, name, path, known) for name, path in files.walk())
    return [entry for entry in found if entry is not None]

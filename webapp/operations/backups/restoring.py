"""Restoring: files first, then the whole database in one transaction, then newer migrations.

The tables are filled in the shape that they had when the backup was made, with Django's historical models,
and migrated from there; so a newer HepaStage restores an older backup. Triggers sleep meanwhile (what may
never change has to be written once more), and are put back by ``migrate``.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from ml.spec import HepaStageError
from webapp import bucket
from webapp.audit import services as audit
from webapp.jobs import workers
from webapp.operations.backups import files, keys, tables
from webapp.operations.backups.manifest import BackupDamaged, BackupRefused, Folder, Manifest

log = logging.getLogger(__name__)


class HouseNotEmpty(HepaStageError):
    """There is something in this house that a restore would replace."""

    code = "house-not-empty"
    remedy = "Choose another HEPASTAGE_HOME or DATABASE_URL, or say --replace: what is here is kept aside."


class HouseInUse(HepaStageError):
    """Workers of this house are alive."""

    code = "house-in-use"
    remedy = "Stop every web server and worker first, then wait half a minute."


class RestoreFailed(HepaStageError):
    """The database refused what the backup holds."""

    code = "restore-failed"
    remedy = "Nothing was kept of it. Check the database server, then restore again."


def restore(
    source: Path,
    *,
    snapshot: str | None = None,
    key_folder: Path | None = None,
    replace: bool = False,
    say: Callable[[str], None] = log.info,
) -> Manifest:
    """Fill this (empty) house from a backup. Safe to repeat after an interruption.

    Raises BackupRefused, BackupDamaged, HouseNotEmpty, HouseInUse or RestoreFailed; the database holds
    either everything or nothing of the backup.
    """
    folder = Folder(source)
    manifest = folder.manifest(snapshot)
    damaged = list(folder.damaged(manifest))
    if damaged:
        raise BackupDamaged(f"{len(damaged)} object(s) are not right, the first: {damaged[0]}.")
    found_keys = keys.matching(key_folder, manifest.key_fingerprints) if key_folder else None
    if not files.enough_room(manifest.files):
        raise BackupRefused("The disk is too full for the files of the backup.", remedy="Free some space.")
    if bucket.enabled():
        from webapp.operations.backups import bucket_files

        bucket_files.refuse_foreign(manifest.files)
    _make_room(replace, say)

    for done, entry in enumerate(manifest.files, start=1):
        files.put_back(folder, entry)
        if done % 5000 == 0:
            say(f"{done} of {len(manifest.files)} files")
    say(f"{len(manifest.files)} files are in their places")
    if bucket.enabled():
        bucket_files.send_rooms_on(say)
    if found_keys is not None:
        keys.put_back(found_keys)
    rows = _fill_database(folder, manifest)
    say(f"{rows} rows of {len(manifest.tables)} tables")
    call_command("migrate", interactive=False, verbosity=0)  # newer migrations; puts the triggers back
    if bucket.enabled():
        bucket_files.send_on(say)
    audit.record(
        actor=None, action="house.restored", detail={"snapshot": manifest.name, "from": manifest.vendor}
    )
    return manifest


def _fill_database(folder: Folder, manifest: Manifest) -> int:
    connection = connections["default"]
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    applied = {(app, name) for app, name in manifest.migrations}
    unknown = sorted(applied - graph.nodes.keys())
    if unknown:
        raise BackupRefused(
            f"The backup was made by another HepaStage (it knows {'.'.join(unknown[0])}).",
            remedy="Restore it with the version that made it, or a newer one.",
        )
    targets = [  # the last migration of each app
        node
        for node in sorted(applied)
        if not any(
            child.key in applied and child.key[0] == node[0] for child in graph.node_map[node].children
        )
    ]
    executor.migrate(targets)
    state = executor.loader.project_state(targets)
    try:
        return _insert(folder, manifest, state.apps)
    except DatabaseError as error:
        raise RestoreFailed(f"The database refused a row: {str(error).strip().splitlines()[0]}") from error


def _insert(folder: Folder, manifest: Manifest, apps: Any) -> int:
    known = {model._meta.label_lower: model for model in tables.dumped_models(apps)}
    missing = [table.model for table in manifest.tables if table.rows and table.model not in known]
    if missing:
        raise BackupRefused(
            f"The backup holds {missing[0]}, which this HepaStage does not have.",
            remedy="Set EXTRA_APPS as it was when the backup was made.",
        )
    total = 0
    with transaction.atomic(), tables.triggers_asleep("default"):
        for model in known.values():  # rows that migrations wrote are in the backup as well
            with connections["default"].cursor() as cursor:
                cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608  a table of ours
        for table in manifest.tables:
            if not table.rows:
                continue
            with folder.object_path(table.sha256).open("rb") as source:
                count = tables.load(known[table.model], table.columns, source, "default")
            if count != table.rows:
                raise BackupDamaged(f"{table.model}: {count} rows instead of {table.rows}.")
            total += count
        tables.reset_sequences(apps, "default")
        connections["default"].check_constraints()
    return total


# --- Making room ------------------------------------------------------------------------------------


def _make_room(replace: bool, say: Callable[[str], None]) -> None:
    """See that nothing of value is here, or put it aside."""
    connection = connections["default"]
    names = set(connection.introspection.table_names())
    if _has_rows(names, "jobs_worker") and any(workers.alive().values()):
        raise HouseInUse("Workers of this house are running.")
    full = any(_has_rows(names, table) for table in ("accounts_user", "audit_entry", "patients_patient"))
    if full and not replace:
        raise HouseNotEmpty("This house has users, patients or an audit log already.")
    stamp = timezone.now().strftime("%Y%m%dT%H%M%S")
    if full:
        for folder in files.roots().values():
            if folder.exists() and any(folder.iterdir()):
                aside = folder.with_name(f"{folder.name}.replaced-{stamp}")
                folder.rename(aside)
                say(f"What was in {folder.name} is in {aside}")
    if names:
        _put_database_aside(stamp, say if full else lambda _: None, keep=full)


def _has_rows(names: set[str], table: str) -> bool:
    if table not in names:
        return False
    with connections["default"].cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608  a table of ours
        return cursor.fetchone() is not None


def _put_database_aside(stamp: str, say: Callable[[str], None], *, keep: bool) -> None:
    """An empty database in the place of this one, whose tables are kept if they hold anything."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        path = Path(connection.settings_dict["NAME"])
        connection.close()
        aside = path.with_name(f"{path.name}.replaced-{stamp}")
        for suffix in ("", "-wal", "-shm"):
            old = path.with_name(path.name + suffix)
            if old.exists():
                os.replace(old, aside.with_name(aside.name + suffix)) if keep else old.unlink()  # noqa: PTH105
        say(f"The old database is {aside}")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
        if keep:
            cursor.execute(f'ALTER SCHEMA "{schema}" RENAME TO "replaced_{stamp.lower()}"')
            say(f"The old tables are in the schema replaced_{stamp.lower()}")
        else:
            cursor.execute(f'DROP SCHEMA "{schema}" CASCADE')
        cursor.execute(f'CREATE SCHEMA "{schema}"')


@contextmanager
def house_closed() -> Iterator[None]:
    """Keep ``manage.py up`` of this folder from starting meanwhile; CannotStart where it runs."""
    from webapp.operations.running import hold_lock

    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    lock = hold_lock()
    try:
        yield
    finally:
        lock.close()

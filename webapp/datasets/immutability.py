"""The database's own refusal to change a frozen dataset version, its patients or its sites.

The triggers are put back after every ``migrate`` rather than by one migration: SQLite rebuilds a
table to alter it, and a rebuilt table has lost its triggers.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

VERSION = "datasets_datasetversion"
MEMBERS = "datasets_datasetmember"
SITES = "datasets_datasetversion_sites"
MESSAGE = "dataset-frozen: a frozen dataset version cannot be changed"


def _parent_frozen(row: str, column: str) -> str:
    return f"EXISTS (SELECT 1 FROM {VERSION} WHERE id = {row}.{column} AND state = 'frozen')"  # noqa: S608  names of ours, no input


def _rules() -> list[tuple[str, str, str, str]]:
    """``(trigger, table, operation, condition)``; a condition may read OLD and NEW as SQL does."""
    rules = [
        ("dataset_frozen_update", VERSION, "UPDATE", "OLD.state = 'frozen'"),
        ("dataset_frozen_delete", VERSION, "DELETE", "OLD.state = 'frozen'"),
    ]
    for prefix, table, column in (
        ("dataset_member", MEMBERS, "dataset_id"),
        ("dataset_site", SITES, "datasetversion_id"),
    ):
        rules += [
            (f"{prefix}_frozen_insert", table, "INSERT", _parent_frozen("NEW", column)),
            (
                f"{prefix}_frozen_update",
                table,
                "UPDATE",
                f"{_parent_frozen('OLD', column)} OR {_parent_frozen('NEW', column)}",
            ),
            (f"{prefix}_frozen_delete", table, "DELETE", _parent_frozen("OLD", column)),
        ]
    return rules


def install(using: str = "default") -> None:
    """Create the triggers that are missing. SQLite and PostgreSQL only; others are refused at start."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, table, operation, condition in _rules():
            if connection.vendor == "postgresql":
                _postgresql_trigger(cursor, name, table, operation, condition)
            else:
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {operation} ON {table} "
                    f"FOR EACH ROW WHEN {condition} "
                    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )


def _postgresql_trigger(cursor: Any, name: str, table: str, operation: str, condition: str) -> None:
    """PostgreSQL allows no sub-select in WHEN, so the condition moves into a function of its own."""
    returned = "OLD" if operation == "DELETE" else "NEW"
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{MESSAGE}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {returned}; END $$ LANGUAGE plpgsql"
    )
    cursor.execute(
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {operation} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def remove(using: str = "default") -> None:
    """Drop the triggers: for a deliberate erasure of a whole database, never from a request."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, table, _, _ in _rules():
            suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")


def install_after_migrate(sender: Any, using: str, **_: Any) -> None:
    """Receiver of ``post_migrate`` for this app."""
    if VERSION in connections[using].introspection.table_names():
        install(using)

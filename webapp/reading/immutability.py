"""The database's own refusal to change what was written once: revisions of outlines, and locked reads.

Put back after every ``migrate``, as for the audit log: SQLite rebuilds a table to alter it, and a rebuilt
table has lost its triggers.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

TABLES = ("reading_outlinerevision", "reading_qualityread", "reading_stageread", "reading_adjudication")
MESSAGE = "written-once: this row cannot be changed"


def install(using: str = "default") -> None:
    """Create the triggers that are missing. SQLite and PostgreSQL only."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION reading_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        for table in TABLES:
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION reading_refuse()"
                )
                continue
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )


def install_after_migrate(sender: Any, using: str, **_: Any) -> None:
    """Receiver of ``post_migrate`` for this app."""
    if set(TABLES) <= set(connections[using].introspection.table_names()):
        install(using)

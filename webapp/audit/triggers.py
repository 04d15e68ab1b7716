"""The database's own refusal to change or remove a row of the audit log.

Put back after every ``migrate``: SQLite rebuilds a table to alter it, and a rebuilt table has lost its
triggers. Somebody who drops them still breaks the hash chain.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from webapp.audit.models import Entry

REFUSAL = "the audit log cannot be changed"


def install(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Create the triggers of this database's kind; a receiver of ``post_migrate``."""
    connection = connections[using]
    table = Entry._meta.db_table
    if table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
        elif connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
            cursor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
            )

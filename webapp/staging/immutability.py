"""The database's own refusal to change or remove a signed report, or the review that it was signed from.

Put back after every ``migrate``: SQLite rebuilds a table to alter it, and a rebuilt table has lost its
triggers. Somebody who drops them still breaks the hashes (:mod:`webapp.staging.verification`).
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

REPORTS = "staging_report"
REVIEWS = "staging_review"
MESSAGE = "report-signed: a signed report cannot be changed"

RULES = (
    ("report_signed_update", REPORTS, "UPDATE", "TRUE"),
    ("report_signed_delete", REPORTS, "DELETE", "TRUE"),
    ("review_signed_update", REVIEWS, "UPDATE", "OLD.signed_at IS NOT NULL"),
    ("review_signed_delete", REVIEWS, "DELETE", "OLD.signed_at IS NOT NULL"),
)
"""``(trigger, table, operation, condition)``, each before every row."""


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create the triggers that are missing. SQLite and PostgreSQL only; others are refused at start."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION report_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        for name, table, operation, condition in RULES:
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {name} BEFORE {operation} ON {table} "
                    f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION report_refuse()"
                )
            else:
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {operation} ON {table} "
                    f"FOR EACH ROW WHEN {condition} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )


def install_after_migrate(sender: Any, using: str, **_: Any) -> None:
    """Receiver of ``post_migrate`` for this app."""
    if REPORTS in connections[using].introspection.table_names():
        install(using)

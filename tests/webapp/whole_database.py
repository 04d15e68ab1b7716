"""Everything that the database holds, as one text, to look for what must not be in it."""

from __future__ import annotations

from django.db import connection


def every_row() -> str:
    """All rows of all tables, whichever database it is."""
    lines = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            lines += [f"{table} {row}" for row in cursor.fetchall()]
    return "\n".join(lines)

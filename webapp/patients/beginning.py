"""``pseudonym__begins="P-7K3M"``: a comparison with the beginning of a text that an index answers.

PostgreSQL: ``LIKE 'P-7K3M%'``, which an index with ``varchar_pattern_ops`` answers in any collation. A range
would not do: in Estonian Z comes before T, and a range up to Z leaves names out. SQLite compares by code
point and answers no ``LIKE`` from an index: there it is the range.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField
from django.db.models.lookups import StartsWith

LAST = "\U0010ffff"


@CharField.register_lookup
class Begins(StartsWith):
    """As ``startswith``, of capital letters, digits and hyphens (SQLite's LIKE knows no case)."""

    lookup_name = "begins"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return connection.operators["startswith"] % rhs

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        column, before = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", [*before, self.rhs, *before, self.rhs + LAST]

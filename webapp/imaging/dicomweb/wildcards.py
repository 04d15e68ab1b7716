"""Matching with ``*`` and ``?`` (PS3.4 §C.2.2.2.4) in time that grows with the lengths alone.

A regular expression made of what a client sent tries every way in which its stars may share the text, with
the interpreter's lock held: a few thousand stars stopped a whole web process. Here nothing is tried twice.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.models import CharField
from django.db.models.lookups import PatternLookup

_RUN = re.compile(r"[*?]+")
_LIKE = str.maketrans({"*": "%", "?": "_", "%": r"\%", "_": r"\_", "\\": r"\\"})


def simplified(pattern: str) -> str:
    """The same pattern with one star at most between letters, behind the question marks there."""
    return _RUN.sub(lambda run: "?" * run[0].count("?") + "*" * ("*" in run[0]), pattern)


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text is one of the pattern's; at most len(pattern) * len(text) comparisons.

    >>> matches("P-*4?", "P-7F3A-9C4B"), matches("P-*4?", "P-7F3A-9C4B-")
    (True, False)
    """
    place = at = 0
    star, behind = -1, 0  # the last star, and where in the text what follows it was tried
    while at < len(text):
        letter = pattern[place] if place < len(pattern) else ""
        if letter == "*":
            star, behind = place, at
            place += 1
        elif letter and letter in ("?", text[at]):
            place, at = place + 1, at + 1
        elif star >= 0:  # an earlier star need not be asked: it could only take what this one takes
            behind += 1
            place, at = star + 1, behind
        else:
            return False
    return not pattern[place:].strip("*")


@CharField.register_lookup
class Wildcards(PatternLookup):
    """``pseudonym__wildcards="P-7K*M"``: LIKE, which PostgreSQL and SQLite match without going back.

    Of capital letters, digits and hyphens: SQLite's LIKE knows no case.
    """

    lookup_name = "wildcards"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        column, before = self.process_lhs(compiler, connection)
        return rf"{column} LIKE %s ESCAPE '\'", (*before, simplified(str(self.rhs)).translate(_LIKE))

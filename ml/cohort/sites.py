"""Names of hospitals: what is one site, however it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def one_spelling(names: Iterable[str]) -> dict[str, str]:
    """Each name as written → the commonest spelling of it, whatever the case and the spaces around it.

    >>> one_spelling(["Hospital A", "HOSPITAL A", "Hospital A", " "])
    {'Hospital A': 'Hospital A', 'HOSPITAL A': 'Hospital A', ' ': ''}
    """
    counted = Counter(names)
    best: dict[str, str] = {}
    for name in sorted(counted, key=lambda written: (-counted[written], written)):
        best.setdefault(_key(name), name.strip())
    return {name: best[_key(name)] for name in counted}


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()

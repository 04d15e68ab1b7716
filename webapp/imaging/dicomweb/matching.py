"""QIDO-RS parameters to conditions on rows (PS3.18 §8.3.4): what is matched is what is stored.

A search for a real name, number or date finds nothing, because nothing here knows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from ml.spec import HepaStageError
from webapp.imaging.deidentification import ULTRASOUND_IMAGE, ULTRASOUND_MULTIFRAME
from webapp.imaging.dicomweb.headers import tag_of
from webapp.imaging.dicomweb.identifiers import keys_of
from webapp.imaging.dicomweb.wildcards import matches
from webapp.imaging.models import Image

MOST_RESULTS = 200
MOST_OFFSET = 10_000_000
LONGEST = 64  # letters of one value: what LO, PN and UI have (PS3.5 §6.2)
NOTHING = Q(pk__in=[])
EMPTY_HERE = {  # matching keys that the standard asks for and that are always empty in what is stored
    "00080030", "00080050", "00080090", "00200010", "00100030", "00081030", "0008103E", "00081010",
    "00400244", "00400245", "00400275", "00401001", "00400009",
}  # fmt: skip
# Keys that may be asked with several values.
LISTS = {"0020000D", "0020000E", "00080018", "00080016", "00080060", "00080061", "00100040"}
WITHIN_ONE = {"00200011": "SeriesNumber", "00200013": "InstanceNumber"}  # read from the files themselves
_WILD = re.compile(r"[*?]")
_STORED_TEXT = re.compile(r"[A-Za-z0-9*?^ -]{1,64}")


class QueryRefused(HepaStageError):
    """A parameter that cannot be understood or answered."""

    code = "query-refused"
    remedy = "Use the matching keys, limit, offset and includefield of docs/intake.md."


@dataclass(frozen=True)
class Query:
    """A checked search."""

    matches: dict[str, str]
    fields: frozenset[str]
    all_fields: bool
    limit: int
    offset: int
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, parameters: QueryDict) -> Query:
        found: dict[str, str] = {}
        fields: set[str] = set()
        every, warnings = False, []
        for name in parameters:
            values = parameters.getlist(name)
            if name == "includefield":
                names = [part for value in values for part in value.split(",") if part]
                every = every or "all" in names
                fields.update(filter(None, map(tag_of, names)))  # tags inside sequences are not served
            elif name == "fuzzymatching":
                if values[-1].lower() == "true":
                    warnings.append(
                        "The fuzzymatching parameter is not supported. "
                        "Only literal matching has been performed."
                    )
            elif name not in {"limit", "offset", "accept", "charset"}:
                tag = tag_of(name)
                if tag is None:
                    raise QueryRefused(f"{name[:40]} is not an attribute.")
                found[tag] = _value(tag, name, values[-1])
        limit, offset = _number(parameters, "limit", MOST_RESULTS), _number(parameters, "offset", 0)
        if offset > MOST_OFFSET:
            raise QueryRefused(f"An offset of more than {MOST_OFFSET} is not answered; narrow the search.")
        return cls(
            {tag: value for tag, value in found.items() if value},
            frozenset(fields),
            every,
            min(limit, MOST_RESULTS),
            offset,
            tuple(warnings),
        )


def matched(images: QuerySet[Image], query: Query) -> tuple[QuerySet[Image], dict[str, str]]:
    """Images that match, and what is left to be compared with the numbers in their files."""
    left: dict[str, str] = {}
    for tag, value in query.matches.items():
        if tag in WITHIN_ONE:
            left[WITHIN_ONE[tag]] = value
        else:
            images = images.filter(_condition(images, tag, value))
    if left and not {"0020000D", "0020000E"} & set(query.matches):
        raise QueryRefused("Series and instance numbers are matched within one study or series only.")
    return images, left


def _condition(images: QuerySet[Image], tag: str, value: str) -> Q:
    if tag in EMPTY_HERE:
        return Q() if set(value) <= {"*"} else NOTHING
    if tag == "0020000D":
        return Q(study_key__in=[key for uid in _uids(value) for key in keys_of(images, "study_key", uid)])
    if tag == "00080018":
        return Q(sop_key__in=[key for uid in _uids(value) for key in keys_of(images, "sop_key", uid)])
    if tag == "0020000E":
        return Q(series_uid__in=_uids(value)) & ~Q(series_uid="")
    if tag in {"00080060", "00080061"}:
        return Q() if any(matches(part, "US") for part in _list(value)) else NOTHING
    if tag == "00080016":
        return _sop_class(value)
    if tag in {"00100010", "00100020"}:
        return _text("exam__patient__pseudonym", value)
    if tag == "00100040":
        return Q(exam__patient__sex__in=[part.upper() for part in _list(value)]) if "*" not in value else Q()
    if tag == "00080020":
        return _dates("exam__exam_date", value)
    if tag in {"00280010", "00280011", "00280008"}:
        column = {"00280010": "rows", "00280011": "columns", "00280008": "frame_count"}[tag]
        return (
            Q(**{column: int(value)}) if value.isascii() and value.isdigit() and len(value) < 10 else NOTHING
        )
    raise QueryRefused(f"{tag} is not a matching key here.")


def _sop_class(value: str) -> Q:
    conditions = {ULTRASOUND_IMAGE: Q(frame_count=1), ULTRASOUND_MULTIFRAME: Q(frame_count__gt=1)}
    return _any(conditions[uid] for uid in _uids(value) if uid in conditions)


def _text(column: str, value: str) -> Q:
    """A pseudonym with ``*`` and ``?``; letters of either case, a name's empty components dropped."""
    value = value.rstrip("^ ").upper()
    if not _STORED_TEXT.fullmatch(value):
        return NOTHING
    if not _WILD.search(value):
        return Q(**{column: value})
    fixed = _WILD.split(value)[0]
    near = Q(**{f"{column}__begins": fixed}) if fixed else Q()
    if value == fixed + "*":
        return near
    return near & Q(**{f"{column}__wildcards": value})


def _dates(column: str, value: str) -> Q:
    """``20240310``, ``20240101-20241231``, ``20240101-`` or ``-20241231``."""
    first, hyphen, last = value.partition("-")
    if not hyphen:
        return Q(**{column: _day(first)})
    condition = Q(**{f"{column}__isnull": False})
    if first:
        condition &= Q(**{f"{column}__gte": _day(first)})
    if last:
        condition &= Q(**{f"{column}__lte": _day(last)})
    return condition


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        raise QueryRefused(f"{text[:20]!r} is not a date of the form YYYYMMDD.") from None


def _value(tag: str, name: str, text: str) -> str:
    """What is asked of this tag; raise QueryRefused where a value is longer than any that is stored."""
    value = text.strip()
    if any(len(part) > LONGEST for part in (_list(value) if tag in LISTS else [value])):
        raise QueryRefused(f"{name[:40]} is longer than {LONGEST} characters.")
    return value


def _list(value: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,\\]", value) if part.strip()]


def _uids(value: str) -> list[str]:
    return _list(value)[:100]


def _any(conditions: Iterable[Q]) -> Q:
    joined = None
    for condition in conditions:
        joined = condition if joined is None else joined | condition
    return NOTHING if joined is None else joined


def _number(parameters: Any, name: str, default: int) -> int:
    text = parameters.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise QueryRefused(f"{name} must be a whole number.")
    return int(text)

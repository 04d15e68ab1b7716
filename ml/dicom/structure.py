"""Walking a DICOM file's elements without reading them: the guard in front of the parser.

pydicom recurses into sequences and keeps every element, so 5,000 nested sequences or ten million
empty elements are too much for it. This walk uses an explicit stack, counts, and gives up early. It
yields the byte ranges that are worth parsing (standard groups, elements of sensible length) and
where the pixel data lie. Private elements are never handed to the parser.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydicom.datadict import dictionary_VR

from ml.dicom.limits import DEFLATED, DICOMDIR, EXPLICIT_BIG, IMPLICIT_LITTLE, Limits
from ml.dicom.refusal import DicomRefused

UNDEFINED = 0xFFFFFFFF
_LONG_VRS = frozenset(
    {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
)
_SHORT_VRS = frozenset(
    {
        b"AE",
        b"AS",
        b"AT",
        b"CS",
        b"DA",
        b"DS",
        b"DT",
        b"FL",
        b"FD",
        b"IS",
        b"LO",
        b"LT",
        b"PN",
        b"SH",
        b"SL",
        b"SS",
        b"ST",
        b"TM",
        b"UI",
        b"UL",
        b"US",
    }
)
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_PIXEL_TAGS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})  # float and double pixel data are refused later


class ByteSource:
    """Random access to a file or to bytes in memory; a file is never read as a whole."""

    def __init__(self, source: Path | bytes) -> None:
        self._path = None if isinstance(source, bytes) else Path(source)
        self._data = source if isinstance(source, bytes) else b""
        try:
            self.size = len(self._data) if self._path is None else self._path.stat().st_size
            if self._path is not None and not self._path.is_file():
                raise DicomRefused("file-unreadable", "not a regular file")
        except OSError as error:
            raise DicomRefused("file-unreadable", error.strerror or "") from None

    def read(self, offset: int, length: int) -> bytes:
        """At most ``length`` bytes from ``offset``; fewer at the end of the file."""
        if self._path is None:
            return self._data[offset : offset + length]
        try:
            with self._path.open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except OSError as error:
            raise DicomRefused("file-unreadable", error.strerror or "") from None


@dataclass(frozen=True)
class FileMeta:
    """What the file meta information says, before anything else is read."""

    transfer_syntax: str
    sop_class: str
    sop_instance: str
    end: int


@dataclass(frozen=True)
class Structure:
    """Where things are. ``kept`` are byte ranges of top-level elements for the parser."""

    kept: tuple[tuple[int, int], ...]
    skipped: int
    pixel_tag: int | None
    pixel_vr: str
    pixel_offset: int
    pixel_length: int  # UNDEFINED when encapsulated


def read_file_meta(source: ByteSource, limits: Limits) -> FileMeta:
    """Check the size and the mark, then read group 0002 alone. The preamble is ignored whatever it holds."""
    if source.size == 0:
        raise DicomRefused("file-empty")
    if source.size > limits.max_bytes:
        raise DicomRefused(
            "file-too-large", f"{source.size / 2**20:.0f} MB, at most {limits.max_bytes / 2**20:.0f} MB"
        )
    head = source.read(128, 4 + 65536)
    if head[:4] != b"DICM":
        raise DicomRefused("not-dicom")
    values: dict[int, str] = {}
    position = 4
    while position + 8 <= len(head) and head[position : position + 2] == b"\x02\x00":
        element = int.from_bytes(head[position + 2 : position + 4], "little")
        long_form = head[position + 4 : position + 6] in _LONG_VRS
        start = position + (12 if long_form else 8)
        length = int.from_bytes(head[start - (4 if long_form else 2) : start], "little")
        if start + length > len(head):
            raise DicomRefused("meta-damaged")
        if length <= 64:
            values[element] = head[start : start + length].decode("ascii", "replace").strip("\0 ")
        position = start + length
    if position == 4:
        raise DicomRefused("meta-damaged")
    if 0x0010 not in values:
        raise DicomRefused("transfer-syntax-missing")
    meta = FileMeta(values[0x0010], values.get(0x0002, ""), values.get(0x0003, ""), 128 + position)
    if meta.transfer_syntax in DEFLATED:
        raise DicomRefused("deflate-refused")
    if meta.sop_class == DICOMDIR:
        raise DicomRefused("dicomdir")
    return meta


def walk(source: ByteSource, meta: FileMeta, limits: Limits) -> Structure:
    """Find the byte ranges to parse and the pixel data; raise where the structure is unsafe or broken."""
    return _Walk(source, meta, limits).run()


class _Level(NamedTuple):
    """Where the walk is: among ``items``, ``elements`` or ``fragments``, up to ``end`` or a delimiter."""

    kind: str
    end: int | None
    implicit: bool


class _Walk:
    """One pass over the data set, reading element headers through a window of the file."""

    _WINDOW = 1 << 16

    def __init__(self, source: ByteSource, meta: FileMeta, limits: Limits) -> None:
        self._source, self._limits, self._start = source, limits, meta.end
        self._implicit = meta.transfer_syntax == IMPLICIT_LITTLE
        self._big = meta.transfer_syntax == EXPLICIT_BIG
        self._window, self._window_at = b"", 0
        self._elements = 0

    def run(self) -> Structure:
        kept: list[tuple[int, int]] = []
        position, skipped, total = self._start, 0, 0
        while position + 8 <= self._source.size:
            tag, vr, length, value = self._header(position, self._implicit)
            if tag in _PIXEL_TAGS:
                return Structure(tuple(kept), skipped, tag, vr, value, length)
            end = self._end_of(tag, vr, length, value)
            if (tag >> 16) % 2 or tag >> 16 > 0x7FE0 or end - position > self._limits.max_element_bytes:
                skipped += 1
            else:
                total += end - position
                if total > self._limits.max_header_bytes:
                    raise DicomRefused(
                        "header-too-large", f"more than {self._limits.max_header_bytes / 2**20:.0f} MB"
                    )
                kept.append((position, end))
            position = end
        return Structure(tuple(kept), skipped, None, "", 0, 0)

    def _end_of(self, tag: int, vr: str, length: int, value: int) -> int:
        if tag in (_ITEM_END, _SEQUENCE_END):  # left over from a sequence whose own element was lost
            return value
        if not self._nested(tag, vr, length):
            return self._checked(value, length)
        return self._sequence_end(
            length, value, implicit=self._implicit or vr == "UN", fragments=vr not in {"SQ", "UN", ""}
        )

    def _sequence_end(self, length: int, value: int, *, implicit: bool, fragments: bool = False) -> int:
        """Walk items without recursion, down to the limit of depth."""
        end = None if length == UNDEFINED else self._checked(value, length)
        stack = [_Level("fragments" if fragments else "items", end, implicit)]
        position = value
        while stack:
            level = stack[-1]
            if level.end is not None and position >= level.end:
                if position > level.end:
                    raise DicomRefused("header-damaged", "an element is longer than the sequence around it")
                stack.pop()
                continue
            if position + 8 > self._source.size:
                raise DicomRefused("header-damaged", "a sequence does not end")
            tag, vr, inner, body = self._header(position, level.implicit)
            inner_end = None if inner == UNDEFINED else self._checked(body, inner)
            position = body
            if tag in (_ITEM_END, _SEQUENCE_END):
                stack.pop()
            elif level.kind != "elements" and tag != _ITEM:
                raise DicomRefused("header-damaged", "a sequence holds something that is not an item")
            elif level.kind == "items":
                stack.append(_Level("elements", inner_end, level.implicit))
            elif level.kind == "elements" and self._nested(tag, vr, inner):
                kind = "items" if vr in {"SQ", "UN", ""} else "fragments"
                stack.append(_Level(kind, inner_end, level.implicit or vr == "UN"))
            elif inner_end is None:
                raise DicomRefused("header-damaged", "a fragment without a length")
            else:
                position = inner_end
            if len(stack) > 2 * self._limits.max_depth:
                raise DicomRefused("header-too-deep")
        return position

    @staticmethod
    def _nested(tag: int, vr: str, length: int) -> bool:
        """Does the element hold items? pydicom also opens known sequences written as UN or implicitly."""
        return vr == "SQ" or length == UNDEFINED or (vr in {"UN", ""} and _dictionary_vr(tag) == "SQ")

    def _checked(self, value: int, length: int) -> int:
        if value + length > self._source.size:
            raise DicomRefused("header-damaged", "an element is longer than the file")
        return value + length

    def _header(self, position: int, implicit: bool) -> tuple[int, str, int, int]:
        """Tag, VR ("" when implicit), length and where the value starts."""
        self._elements += 1
        if self._elements > self._limits.max_elements:
            raise DicomRefused("header-too-large", f"more than {self._limits.max_elements} elements")
        data = self._peek(position)
        order: Callable[[bytes], int] = _big if self._big else _little
        tag = order(data[0:2]) << 16 | order(data[2:4])
        if implicit or tag >> 16 == 0xFFFE:
            return tag, "", order(data[4:8]), position + 8
        vr = data[4:6]
        if vr in _LONG_VRS:
            if len(data) < 12:
                raise DicomRefused("header-damaged", "the file ends inside an element")
            return tag, vr.decode(), order(data[8:12]), position + 12
        if vr not in _SHORT_VRS:
            raise DicomRefused("header-damaged", f"unknown value representation at byte {position}")
        return tag, vr.decode(), order(data[6:8]), position + 8

    def _peek(self, position: int) -> bytes:
        start = position - self._window_at
        if start < 0 or start + 12 > len(self._window):
            self._window, self._window_at, start = self._source.read(position, self._WINDOW), position, 0
        return self._window[start : start + 12]


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


@lru_cache(maxsize=4096)
def _dictionary_vr(tag: int) -> str:
    try:
        return dictionary_VR(tag)
    except KeyError:
        return ""

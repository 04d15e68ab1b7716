"""Parts of a ``multipart/related`` request, one after the other into private files, within limits.

Django's and the REST framework's parsers know ``multipart/form-data`` only and take a chunked body for
an empty one, so the body is read from the request itself.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from python_multipart.exceptions import FormParserError, MultipartParseError
from python_multipart.multipart import MultipartParser

from ml.dicom import Limits
from ml.spec import HepaStageError

CHUNK = 1 << 16
MAX_PART_BYTES = Limits().max_bytes
MAX_REQUEST_BYTES = 4 * 2**30
MAX_PARTS = 5_000
_PARAMETER = re.compile(r';\s*([a-z-]+)\s*=\s*(?:"([^"]*)"|([^;\s]*))', re.IGNORECASE)


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class RequestRefused(HepaStageError):
    """A body that is not what its header says, or too much of it."""

    code = "multipart-damaged"
    remedy = 'Send multipart/related; type="application/dicom" with one DICOM file in each part.'

    def __init__(self, message: str, *, code: str = "", remedy: str = "", status: int = 400) -> None:
        super().__init__(message, code=code or self.code, remedy=remedy or self.remedy)
        self.http_status = status


@dataclass(frozen=True)
class ReceivedPart:
    """One part on disk. ``path`` is gone once the next part is asked for; ``None`` where it was too large."""

    path: Path | None
    media: str


def parameters_of(content_type: str) -> tuple[str, dict[str, str]]:
    """``(media type, parameters)`` of a Content-Type header, names and media type in lower case."""
    media, semicolon, rest = content_type.partition(";")
    found = {
        match[1].lower(): match[2] if match[2] is not None else match[3]
        for match in _PARAMETER.finditer(semicolon + rest)
    }
    return media.strip().lower(), found


def related_parts(
    stream: Readable,
    boundary: str,
    folder: Path,
    *,
    max_part_bytes: int = MAX_PART_BYTES,
    max_bytes: int = MAX_REQUEST_BYTES,
    max_parts: int = MAX_PARTS,
) -> Iterator[ReceivedPart]:
    """Yield the parts in order, each while only its own bytes lie in ``folder``.

    Raise :class:`RequestRefused` where the framing is broken, the body ends early, or a limit on the
    whole request is passed; the parts before it have been yielded by then.
    """
    sink = _Sink(folder, max_part_bytes)
    try:
        parser = MultipartParser(boundary, sink.callbacks())
    except FormParserError:
        raise RequestRefused("The boundary of the request is longer than is accepted.") from None
    size = count = 0
    try:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > max_bytes:
                raise _too_large("The request is larger than is accepted.")
            try:
                parser.write(chunk)
            except MultipartParseError:
                raise RequestRefused("The parts of the request cannot be told apart.") from None
            while sink.finished:
                part = sink.finished.popleft()
                count += 1
                if count > max_parts:
                    raise _too_large("The request has more parts than are accepted.")
                yield part
                if part.path is not None:
                    part.path.unlink(missing_ok=True)
        if not sink.ended:
            raise RequestRefused("The request ends before its last boundary.")
    finally:
        sink.close()


def single_part(stream: Readable, folder: Path, *, media: str) -> ReceivedPart:
    """A body that is one DICOM file by itself."""
    path = folder / "body"
    size = 0
    with path.open("wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > MAX_PART_BYTES:
                return ReceivedPart(None, media)
            file.write(chunk)
    return ReceivedPart(path, media)


def _too_large(message: str) -> RequestRefused:
    return RequestRefused(
        message,
        code="request-too-large",
        remedy="Send the study in several requests; what was stored already is a duplicate then.",
        status=413,
    )


class _Sink:
    """What the parser calls: writes the current part to a file of its own, up to the limit."""

    def __init__(self, folder: Path, max_part_bytes: int) -> None:
        self._folder, self._most = folder, max_part_bytes
        self.finished: deque[ReceivedPart] = deque()
        self.ended = False
        self._count = 0
        self._file: IO[bytes] | None = None
        self._reset()

    def _reset(self) -> None:
        self._size, self._media = 0, ""
        self._header = {"name": b"", "value": b""}

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._head("name", data[start:end]),
            "on_header_value": lambda data, start, end: self._head("value", data[start:end]),
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        self._reset()
        self._count += 1
        self._path = self._folder / f"part-{self._count}"
        self._file = self._path.open("wb")

    def _head(self, which: str, data: bytes) -> None:
        self._header[which] += data

    def _header_end(self) -> None:
        if self._header["name"].strip().lower() == b"content-type":
            self._media = parameters_of(self._header["value"].decode("latin-1"))[0]
        self._header = {"name": b"", "value": b""}

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._size <= self._most and self._file is not None:
            self._file.write(data[start:end])

    def _end(self) -> None:
        self.close()
        if self._size > self._most:
            self._path.unlink(missing_ok=True)
            self.finished.append(ReceivedPart(None, self._media))
        else:
            self.finished.append(ReceivedPart(self._path, self._media))

    def _finish(self) -> None:
        self.ended = True

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

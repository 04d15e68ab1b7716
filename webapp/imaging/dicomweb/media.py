"""Which representation a DICOMweb client accepts, and multipart bodies on the way out (PS3.18 §8.7)."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpResponse, StreamingHttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from ml.spec import HepaStageError

DICOM = "application/dicom"
DICOM_JSON = "application/dicom+json"
OCTETS = "application/octet-stream"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"  # the only transfer syntax that is stored
CHUNK = 1 << 18
_MARK = re.compile('[,"]')


class NotAcceptable(HepaStageError):
    """The client wants a representation that is not made here."""

    code = "media-type-refused"
    remedy = (
        "Accept multipart/related or application/dicom in explicit VR little endian, application/dicom+json, "
        "application/octet-stream frames, or image/jpeg and image/png where rendered."
    )
    http_status = 406


@dataclass(frozen=True)
class Accepted:
    """One entry of an Accept header, best first. For ``multipart/related``, ``media`` is its ``type``."""

    media: str
    multipart: bool
    transfer_syntax: str
    quality: float


def accepted(header: str) -> list[Accepted]:
    """What an Accept header (or the ``accept`` parameter) asks for; no header asks for anything."""
    entries = []
    for text in _split(header or "*/*"):
        media, *parameters = (part.strip() for part in text.split(";"))
        values = {}
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            values[name.strip().lower()] = value.strip().strip('"')
        multipart = media.lower() == "multipart/related"
        try:
            quality = min(max(float(values.get("q", "1")), 0.0), 1.0)
        except ValueError:
            quality = 0.0
        entries.append(
            Accepted(
                values.get("type", "*/*").lower() if multipart else media.lower(),
                multipart,
                values.get("transfer-syntax", ""),
                quality,
            )
        )
    return sorted((entry for entry in entries if entry.quality > 0), key=lambda entry: -entry.quality)


def _split(header: str) -> list[str]:
    """At the commas outside quotes, in one walk: a header may be all commas."""
    parts: list[str] = []
    begins, quoted = 0, False
    for mark in _MARK.finditer(header):
        quoted ^= mark[0] == '"'
        if mark[0] == "," and not quoted:
            parts.append(header[begins : mark.start()])
            begins = mark.end()
    return [*parts, header[begins:]]


def covers(entry: Accepted, media: str) -> bool:
    """Whether the entry allows ``media``, wildcards counted in, in the transfer syntax that we have."""
    wanted = {media, media.split("/")[0] + "/*", "*/*", "*"}
    return entry.media in wanted and entry.transfer_syntax in {"", "*", EXPLICIT_LITTLE}


def choose(header: str, offers: Iterable[tuple[str, bool]]) -> tuple[str, bool]:
    """The best of ``(media, as multipart)`` offers, in our order where the client has no preference.

    A wildcard that is not ``multipart/related`` allows the first offer, whatever its form.
    """
    offered = list(offers)
    for entry in accepted(header):
        for media, multipart in offered:
            if covers(entry, media) and (entry.multipart == multipart or entry.media in {"*/*", "*"}):
                return media, multipart
    raise NotAcceptable("None of the accepted media types is served here.")


class DicomwebView(APIView):
    """A view whose answers are chosen by :func:`choose`, not by renderers; problems stay JSON."""

    resource = "dicomweb"
    schema = None  # PS3.18 describes it; the browser app's client has no use for it

    def perform_content_negotiation(self, request: Any, force: bool = False) -> tuple[JSONRenderer, str]:
        return JSONRenderer(), "application/json"


def dicom_json(body: bytes, *, warning: str = "", status: int = 200) -> HttpResponse:
    """An answer of DICOM JSON objects (PS3.18 Annex F); pictures of patients stay out of shared caches."""
    response = HttpResponse(body, content_type=DICOM_JSON, status=status)
    response["Cache-Control"] = "private, no-cache"
    if warning:
        response["Warning"] = f'299 HepaStage "{warning}"'
    return response


@dataclass(frozen=True)
class Slice:
    """``before``, if any, and then bytes ``start`` to ``start + length`` of a file."""

    path: Path
    start: int
    length: int
    before: bytes = b""

    @property
    def size(self) -> int:
        """Bytes in all."""
        return len(self.before) + self.length

    @classmethod
    def whole(cls, path: Path) -> Slice:
        return cls(path, 0, path.stat().st_size)


@dataclass(frozen=True)
class Part:
    """One part of a multipart answer: where its bytes lie, and its own headers."""

    content: Slice
    location: str


def streamed(parts: list[Part], media: str, *, multipart: bool) -> StreamingHttpResponse:
    """The parts as ``multipart/related``, or the only one by itself; a chunk is in memory at a time."""
    if not multipart:
        (part,) = parts
        single = StreamingHttpResponse(_read(part.content), content_type=_typed(media))
        single["Content-Length"] = str(part.content.size)
        single["Cache-Control"] = "private, no-cache"
        return single
    boundary = secrets.token_hex(20)
    answer = StreamingHttpResponse(
        _multipart(parts, _typed(media), boundary),
        content_type=f'multipart/related; type="{media}"; boundary={boundary}',
    )
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _typed(media: str) -> str:
    return f"{media}; transfer-syntax={EXPLICIT_LITTLE}"


async def _multipart(parts: list[Part], content_type: str, boundary: str) -> AsyncIterator[bytes]:
    for part in parts:
        head = (
            f"--{boundary}\r\nContent-Type: {content_type}\r\nContent-Length: {part.content.size}\r\n"
            f"Content-Location: {part.location}\r\n\r\n"
        )
        yield head.encode("ascii")
        async for chunk in _read(part.content):
            yield chunk
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode("ascii")


async def _read(content: Slice) -> AsyncIterator[bytes]:
    """In a thread of its own pace: a slow disk or client holds up nobody else."""
    if content.before:
        yield content.before
    position, left = content.start, content.length
    while left > 0:
        chunk = await sync_to_async(_chunk, thread_sensitive=False)(content.path, position, min(left, CHUNK))
        if not chunk:
            raise OSError("a stored file is shorter than its row says")
        position, left = position + len(chunk), left - len(chunk)
        yield chunk


def _chunk(path: Path, start: int, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(length)

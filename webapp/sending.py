"""Sending stored files: by the reverse proxy where there is one, so that no worker of ours copies bytes.

With ``ACCEL_PREFIX=/protected/`` a checked request is answered with ``X-Accel-Redirect`` and nginx sends the
file from its own, internal location (``docker/nginx.conf``). Without it, the bytes go out from here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpResponse


def send_stored(path: Path, content_type: str) -> HttpResponse:
    """An answer with a file below ``STORAGE_DIR``; who may have it was asked before.

    Raises FileNotFoundError, and ValueError for a path elsewhere.
    """
    inside = path.resolve().relative_to(Path(settings.STORAGE_DIR).resolve())
    if not settings.ACCEL_PREFIX:
        return HttpResponse(path.read_bytes(), content_type=content_type)
    path.stat()
    answer = HttpResponse(content_type=content_type)
    answer["X-Accel-Redirect"] = settings.ACCEL_PREFIX + quote(inside.as_posix())
    return answer


class FileInPieces(FileResponse):
    """A file that is sent while it is read. Under ASGI Django reads the whole before it sends a byte."""

    block_size = 1 << 18

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces: Iterator[bytes] = iter(self.streaming_content)  # type: ignore[arg-type]  # of a file
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece

"""Large files leave piece by piece, through the site's own ASGI handler."""

from __future__ import annotations

import asyncio
import io
from typing import Any

from django.http import HttpRequest
from django.test import override_settings
from django.urls import path

from webapp.bodies import SpoolingHandler
from webapp.sending import FileInPieces

PIECES = 40


class Counting(io.BytesIO):
    """Notes how much has been read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.taken += len(found)
        return found


FILES: list[Counting] = []


def give(_request: HttpRequest) -> FileInPieces:
    FILES.append(Counting(bytes(PIECES * FileInPieces.block_size)))
    return FileInPieces(FILES[-1], as_attachment=True, filename="model.zip")


urlpatterns = [path("large", give)]


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[], ALLOWED_HOSTS=["*"])
async def test_a_file_is_read_no_further_than_it_is_sent() -> None:
    scope = {
        "type": "http", "method": "GET", "path": "/large", "query_string": b"", "headers": [(b"host", b"x")],
        "http_version": "1.1", "scheme": "http", "server": ("x", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    sent, ahead = 0, []
    asked = [{"type": "http.request", "body": b""}]

    async def receive() -> dict[str, Any]:
        if asked:
            return asked.pop()
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        nonlocal sent
        sent += len(message.get("body", b""))
        ahead.append(FILES[-1].taken - sent)

    await SpoolingHandler()(scope, receive, send)  # type: ignore[arg-type]
    assert sent == PIECES * FileInPieces.block_size
    assert max(ahead) <= 2 * FileInPieces.block_size

"""A body is counted while it comes in: strangers may send little, and nobody without end."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from webapp.body_limit import BodyLimit


async def exchange(headers: list[tuple[bytes, bytes]], chunks: list[bytes]) -> tuple[list[Any], int]:
    """Send ``chunks`` to an application that reads everything; what was sent back, and how much it read."""
    sent: list[Any] = []
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    read = 0

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        nonlocal read
        while True:
            message = await receive()
            read += len(message.get("body", b""))
            if message["type"] == "http.disconnect":
                return
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    limited = BodyLimit(application, strangers=10, known=30)
    await limited({"type": "http", "headers": headers}, receive, send)
    return sent, read


@pytest.mark.parametrize(
    ("headers", "chunks", "status", "read"),
    [
        ([], [b"x" * 5] * 2, 204, 10),
        ([], [b"x" * 5] * 100, 413, 10),
        ([(b"content-length", b"11")], [b"x" * 11], 413, 0),
        ([(b"authorization", b"Token abc")], [b"x" * 5] * 6, 204, 30),
        ([(b"cookie", b"a=b; sessionid=abc")], [b"x" * 5] * 6, 204, 30),
        ([(b"authorization", b"Token abc")], [b"x" * 5] * 7, 413, 30),
        ([(b"authorization", b"Token abc"), (b"content-length", b"31")], [b"x" * 31], 413, 0),
    ],
)
def test_limits(headers: list[tuple[bytes, bytes]], chunks: list[bytes], status: int, read: int) -> None:
    sent, got = asyncio.run(exchange(headers, chunks))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert (sent[0]["status"], got) == (status, read)
    if status == 413:
        assert json.loads(sent[1]["body"])["code"] == "request-too-large"

"""A body is counted while it comes in: strangers may send little, and nobody without end."""

from __future__ import annotations

import asyncio
import errno
import json
import re
from typing import Any
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from drf_spectacular.generators import SchemaGenerator

from webapp.accounts.models import User
from webapp.accounts.tokens import create_token
from webapp.body_limit import TAKES_FILES, BodyLimit, _shown

FILES_GO_HERE = "/api/v1/uploads/3d3c2a4e-0000-4000-8000-000000000000/files/"
ELSEWHERE = "/api/v1/reads/"


async def exchange(
    chunks: list[bytes],
    *,
    path: str = ELSEWHERE,
    declared: int | None = None,
    known: bool | Exception = False,
    trouble: Exception | None = None,
) -> tuple[list[Any], int, int]:
    """Send ``chunks`` to an application that reads everything; what was sent back, how much it read, and how
    often somebody asked who is sending."""
    sent: list[Any] = []
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    read = asked = 0

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    async def is_known(scope: Any) -> bool:
        nonlocal asked
        asked += 1
        if isinstance(known, Exception):
            raise known
        return known

    async def application(scope: Any, receive: Any, send: Any) -> None:
        nonlocal read
        while True:
            message = await receive()
            read += len(message.get("body", b""))
            if message["type"] == "http.disconnect":
                return
            if not message["more_body"]:
                break
        if trouble is not None:
            raise trouble
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    limited = BodyLimit(application, strangers=10, known=20, files=30, is_known=is_known)
    headers = [] if declared is None else [(b"content-length", b"%d" % declared)]
    await limited({"type": "http", "method": "POST", "path": path, "headers": headers}, receive, send)
    return sent, read, asked


@pytest.mark.parametrize(
    ("wanted", "size", "status", "read", "asked"),
    [
        ({}, 10, 204, 10, 0),
        ({"known": True}, 10, 204, 10, 0),  # nobody is asked for the sake of little
        ({}, 500, 413, 10, 1),
        ({"path": FILES_GO_HERE}, 500, 413, 10, 1),
        ({"declared": 11}, 15, 413, 0, 1),
        ({"known": True}, 20, 204, 20, 1),
        ({"known": True}, 25, 413, 20, 1),
        ({"known": True, "declared": 25}, 25, 413, 0, 0),
        ({"known": True, "path": FILES_GO_HERE}, 30, 204, 30, 1),
        ({"known": True, "path": FILES_GO_HERE, "declared": 30}, 30, 204, 30, 1),
        ({"known": True, "path": FILES_GO_HERE}, 35, 413, 30, 1),
        ({"known": True, "path": FILES_GO_HERE, "declared": 31}, 35, 413, 0, 0),
        ({"known": True, "path": FILES_GO_HERE, "declared": 10**40}, 35, 413, 0, 0),
    ],
)
def test_limits(wanted: Any, size: int, status: int, read: int, asked: int) -> None:
    sent, got, questions = asyncio.run(exchange([b"x" * 5] * (size // 5), **wanted))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert (sent[0]["status"], got, questions) == (status, read, asked)
    if status == 413:
        assert json.loads(sent[1]["body"])["code"] == "request-too-large"


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"trouble": OSError(errno.ENOSPC, "No space left on device")}, 507, "disk-full"),
        ({"known": OperationalError("the server is away")}, 503, "database-away"),
        ({"known": OperationalError("the server is away"), "declared": 15}, 503, "database-away"),
    ],
)
def test_what_keeps_a_body_out_is_said(wanted: Any, status: int, code: str) -> None:
    sent, _, _ = asyncio.run(exchange([b"x" * 5] * (1 if "trouble" in wanted else 100), **wanted))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert (sent[0]["status"], json.loads(sent[1]["body"])["code"]) == (status, code)


def test_another_trouble_is_not_hidden() -> None:
    with pytest.raises(OSError, match="a fault"):
        asyncio.run(exchange([b"x"], trouble=OSError(errno.EIO, "a fault")))


@pytest.mark.django_db
def test_only_a_living_session_or_token_counts(clinician: User, client: Any) -> None:
    class Request:
        def __init__(self, cookie: str = "", authorization: str = "") -> None:
            self.COOKIES = {"sessionid": cookie} if cookie else {}
            self.headers = {"Authorization": authorization} if authorization else {}

    def ask(**shown: str) -> bool:
        return _shown(Request(**shown))  # type: ignore[arg-type]

    said = {"username": "clinician", "password": "correct-horse-battery"}
    assert client.post("/api/v1/auth/session/", said, content_type="application/json").status_code == 200
    session = client.cookies["sessionid"].value
    _, token = create_token(user=clinician, name="a program", scope="read", days=1)
    assert ask(cookie=session)
    assert ask(authorization=f"Token {token}")
    for shown in ({}, {"cookie": "made-up"}, {"authorization": "Token made-up"}, {"authorization": token}):
        assert not ask(**shown)
    Session.objects.all().delete()
    assert not ask(cookie=session)


def test_every_address_that_takes_a_file_may_have_a_large_one() -> None:
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)
    components = schema["components"]["schemas"]

    def has_file(content: Any) -> bool:
        name = content.get("multipart/form-data", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        return any(
            part.get("format") == "binary" for part in components.get(name, {}).get("properties", {}).values()
        )

    taking = {
        re.sub(r"\{\w+\}", str(UUID(int=1)), path)
        for path, item in schema["paths"].items()
        if has_file(item.get("post", {}).get("requestBody", {}).get("content", {}))
    }
    assert len(taking) >= 7
    assert not {path for path in taking if not TAKES_FILES.fullmatch(path)}
    assert TAKES_FILES.fullmatch("/dicomweb/studies")
    assert TAKES_FILES.fullmatch("/dicomweb/studies/1.2.3")
    for other in ("/api/v1/reads/", "/", "/dicomweb/studies/1.2.3/series", "/api/v1/uploads/"):
        assert not TAKES_FILES.fullmatch(other)

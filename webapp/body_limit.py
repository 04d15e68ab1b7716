"""How much of a request's body is let in at all.

Django writes a whole body to the spool before any view, and so before anybody is asked who they are.
This counts it on the way. A little may be sent by anybody. For more, whoever sends it must show a session or
a token that is good at this moment; as much as a file may have is let in only where files are taken.
What somebody may do with it is asked later, by Django.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from channels.db import database_sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import InterfaceError, OperationalError

from webapp.accounts import standing
from webapp.problems import CONTENT_TYPE, DISK_FULL, problem

log = logging.getLogger(__name__)

STRANGERS = 1 << 20
KNOWN = 16 << 20  # of JSON and forms; the largest is a list of the files that somebody is about to send
FILES = (4 << 30) + (64 << 20)  # webapp.imaging.dicomweb.parts.MAX_REQUEST_BYTES and the framing of its parts
TAKES_FILES = re.compile(
    r"/api/v1/uploads/[^/]+/files/"
    r"|/api/v1/(segmenters|models/import|outlines/import|outlines/parse)/"
    r"|/api/v1/patients/(stage-table|clinical-table)/"
    r"|/dicomweb/studies(/[^/]+)?/?"
)

Message = Any  # a mapping of ASGI's; Django and asgiref type it differently
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

TOO_LARGE = problem(
    413, "request-too-large", "The request is larger than is accepted.",
    "Sign in first, or send the files in several requests.",
)  # fmt: skip
FULL = problem(
    507, "disk-full", "The server's disk is full.",
    "Tell an administrator: the disk needs room. Then send it again; nothing was stored.",
)  # fmt: skip
AWAY = problem(
    503, "database-away", "The database does not answer.",
    "Send it again in a few seconds; if that goes on, tell an administrator.",
)  # fmt: skip


async def is_known(scope: Message) -> bool:
    """Whether the session or token of a request is good now."""
    try:
        request = ASGIRequest({**scope, "query_string": b""}, BytesIO())  # for its headers and cookies
    except UnicodeDecodeError:
        return False
    async with ThreadSensitiveContext():  # a thread of its own: nobody waits for a database that is slow
        return bool(await database_sync_to_async(_shown)(request))


def _shown(request: ASGIRequest) -> bool:
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if session and standing.by_session(session):
        return True
    keyword, _, text = request.headers.get("Authorization", "").partition(" ")
    return keyword.lower() in {"token", "bearer"} and standing.by_token(text.strip()) is not None


class BodyLimit:
    """ASGI middleware around the HTTP application; the limits are bytes."""

    def __init__(
        self,
        application: Application,
        *,
        strangers: int = STRANGERS,
        known: int = KNOWN,
        files: int = FILES,
        is_known: Callable[[Message], Awaitable[bool]] = is_known,
    ) -> None:
        self._application, self._is_known = application, is_known
        self._strangers, self._known, self._files = strangers, known, files

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        answered = begun = False
        counted, most = 0, self._strangers

        async def fits(size: int) -> bool:
            """Whether a body of so many bytes may go on; who sends it is asked only where it matters."""
            nonlocal most
            if size > most == self._strangers and size <= self._most(scope) and await self._is_known(scope):
                most = self._most(scope)
            return size <= most

        async def counting() -> Message:
            nonlocal counted, answered
            message = await receive()
            counted += len(message.get("body", b""))
            if not answered and not await fits(counted):
                answered = True
                await _answer(send, TOO_LARGE)
                return {"type": "http.disconnect"}  # Django lets go of the request and its spooled body
            return message

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            if not answered:
                await send(message)

        headers = {name.lower(): value for name, value in scope.get("headers", [])}
        declared = headers.get(b"content-length", b"")
        try:
            if declared.isdigit() and not await fits(int(declared[:20])):
                await _answer(send, TOO_LARGE)
                return
            await self._application(scope, counting, sending)
        except (OSError, OperationalError, InterfaceError) as error:
            full = isinstance(error, OSError)
            if begun or answered or (full and getattr(error, "errno", None) not in DISK_FULL):
                raise
            log.error("a body was not let in: %s", "the disk is full" if full else type(error).__name__)
            await _answer(send, FULL if full else AWAY)

    def _most(self, scope: Message) -> int:
        """What somebody known may send to this address."""
        takes_files = scope.get("method") == "POST" and TAKES_FILES.fullmatch(scope.get("path", ""))
        return self._files if takes_files else self._known


async def _answer(send: Send, said: dict[str, Any]) -> None:
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": said["status"], "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(said).encode()})

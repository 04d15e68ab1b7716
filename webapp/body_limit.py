"""How much of a request's body is let in at all.

Django writes a whole body to the spool before any view, and so before anybody is asked who they are.
This counts it on the way: a stranger may send little, somebody who shows a session or a token as much as
an upload may have. What they show is checked later, by Django.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

STRANGERS = 1 << 20
KNOWN = (4 << 30) + (64 << 20)  # webapp.imaging.dicomweb.parts.MAX_REQUEST_BYTES and the framing of its parts
ANSWER = (
    b'{"type": "urn:hepastage:problem:request-too-large", "title": "Content Too Large", "status": 413, '
    b'"detail": "The request is larger than is accepted.", "code": "request-too-large", '
    b'"remedy": "Sign in first, or send the files in several requests."}'
)

Message = Any  # a mapping of ASGI's; Django and asgiref type it differently
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]


class BodyLimit:
    """ASGI middleware around the HTTP application."""

    def __init__(self, application: Application, *, strangers: int = STRANGERS, known: int = KNOWN) -> None:
        self._application, self._strangers, self._known = application, strangers, known

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {name.lower(): value for name, value in scope.get("headers", [])}
        session = settings.SESSION_COOKIE_NAME.encode() + b"="
        shown = b"authorization" in headers or session in headers.get(b"cookie", b"")
        most = self._known if shown else self._strangers
        declared = headers.get(b"content-length", b"")
        if declared.isdigit() and int(declared) > most:
            await _refuse(send)
            return
        counted, answered = 0, False

        async def counting() -> Message:
            nonlocal counted, answered
            message = await receive()
            counted += len(message.get("body", b""))
            if counted > most and not answered:
                answered = True
                await _refuse(send)
                return {"type": "http.disconnect"}  # Django lets go of the request and its spooled body
            return message

        async def sending(message: Message) -> None:
            if not answered:
                await send(message)

        await self._application(scope, counting, sending)


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})

"""The guard in front of every socket: who may open one, how many, what it may say, and for how long.

- **Origin.** A browser sends its cookie with a socket that any page opens, so the page must be ours: the
  same rule as Django's for writes (own host and scheme, or ``CSRF_TRUSTED_ORIGINS``). A program has no origin
  and no cookie; it sends ``Authorization: Token …``, which no foreign page can make a browser send.
- **Number.** ``SOCKETS_PER_USER`` in each web process; one more is refused before it is opened.
- **Messages.** Browsers have next to nothing to say here: few and short messages, or the socket is closed.
- **How long.** Every two seconds all open sockets are looked at together (:mod:`webapp.accounts.standing`).

Closing codes: 1009 message too long, 4401 the session or token is over, 4409 the user's rights changed:
connect again, 4429 too many messages.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.utils.http import is_same_domain

from webapp.accounts import standing
from webapp.accounts.models import User
from webapp.accounts.standing import Credential, Standing

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 2.0
LONGEST_MESSAGE = 4096  # characters or bytes
MOST_MESSAGES, WITHIN_SECONDS = 30, 10.0
TOO_LONG, OVER, CHANGED, TOO_MANY = 1009, 4401, 4409, 4429

Message = Any  # a mapping of ASGI's
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]


class SocketGuard:
    """ASGI middleware around the sockets; puts ``user`` into the scope."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._watch = Watch()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        request = ASGIRequest(
            {**scope, "type": "http", "method": "GET", "scheme": _scheme(scope)}, BytesIO()
        )  # for its headers, cookies and host
        if not _is_ours(request):
            await _refuse(receive, send)
            return
        user, credential = await _visitor(request)
        scope = {**scope, "user": user}
        if credential is None:
            await self._application(scope, receive, send)  # answers a stranger by closing
        elif self._watch.number_of(credential.user) >= settings.SOCKETS_PER_USER:
            log.warning("user %d has too many sockets", credential.user)
            await _refuse(receive, send)
        else:
            await self._serve(scope, receive, send, credential)

    async def _serve(self, scope: Message, receive: Receive, send: Send, credential: Credential) -> None:
        connection = Connection(credential, receive, send)
        self._watch.add(connection)
        try:
            await self._application(scope, connection.receive, connection.send)
        finally:
            self._watch.remove(connection)


class Connection:
    """One open socket, which somebody other than its application can close."""

    def __init__(self, credential: Credential, receive: Receive, send: Send) -> None:
        self.credential = credential
        self._receive, self._send = receive, send
        self._code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._heard: deque[float] = deque(maxlen=MOST_MESSAGES)

    def end(self, code: int) -> None:
        """Close it; nothing more is sent from now on."""
        if not self._code.done():
            self._code.set_result(code)

    async def send(self, message: Message) -> None:
        if not self._code.done():
            await self._send(message)

    async def receive(self) -> Message:
        """What the browser says; a disconnect once the socket is to end."""
        coming = asyncio.ensure_future(self._receive())
        try:
            await asyncio.wait({coming, self._code}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            coming.cancel()
            raise
        if coming.done() and not self._code.done():
            message = coming.result()
            if message["type"] != "websocket.receive":
                return message
            code = self._refusal(message)
            if code is None:
                return message
            self.end(code)
        coming.cancel()
        code = self._code.result()
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}

    def _refusal(self, message: Message) -> int | None:
        """The closing code for a message that is too long or one too many."""
        if len(message.get("text") or message.get("bytes") or "") > LONGEST_MESSAGE:
            return TOO_LONG
        now = time.monotonic()
        full = len(self._heard) == MOST_MESSAGES
        if full and now - self._heard[0] < WITHIN_SECONDS:
            return TOO_MANY
        self._heard.append(now)
        return None


class Watch:
    """All open sockets of this process that somebody is signed in on, looked at together."""

    def __init__(self) -> None:
        self._open: set[Connection] = set()
        self._numbers: Counter[int] = Counter()
        self._task: asyncio.Task[None] | None = None

    def number_of(self, user: int) -> int:
        return self._numbers[user]

    def add(self, connection: Connection) -> None:
        self._open.add(connection)
        self._numbers[connection.credential.user] += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_again())

    def remove(self, connection: Connection) -> None:
        self._open.discard(connection)
        self._numbers[connection.credential.user] -= 1
        self._numbers += Counter()  # forgets those at zero

    async def _look_again(self) -> None:
        while self._open:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            try:
                await self._look()
            except Exception as error:  # a database that is away for a moment ends no socket
                log.warning("sockets could not be checked: %s", type(error).__name__)

    async def _look(self) -> None:
        asked = list(self._open)
        found = await database_sync_to_async(standing.standing_of)({one.credential for one in asked})
        codes = {Standing.OVER: OVER, Standing.CHANGED: CHANGED}
        for connection in asked:
            if code := codes.get(found[connection.credential]):
                connection.end(code)


@database_sync_to_async
def _visitor(request: ASGIRequest) -> tuple[User | AnonymousUser, Credential | None]:
    """By the token, where one is sent; else by the cookie, which only one of our own pages may use."""
    keyword, _, text = request.headers.get("Authorization", "").partition(" ")
    if keyword:
        found = standing.by_token(text.strip()) if keyword.lower() in {"token", "bearer"} else None
    else:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        found = standing.by_session(key) if key else None
    return found or (AnonymousUser(), None)


def _is_ours(request: ASGIRequest) -> bool:
    try:
        own = f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return "Authorization" in request.headers
    return origin == own or any(_matches(origin, trusted) for trusted in settings.CSRF_TRUSTED_ORIGINS)


def _matches(origin: str, trusted: str) -> bool:
    """``https://*.example.org`` stands for every host below it."""
    scheme, _, host = trusted.partition("://")
    if not host.startswith("*"):
        return origin == trusted
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme == scheme and is_same_domain(parts.netloc, host.removeprefix("*"))


def _scheme(scope: Message) -> str:
    return "https" if scope.get("scheme") in {"wss", "https"} else "http"


async def _refuse(receive: Receive, send: Send) -> None:
    """Before it is opened: the browser sees a failed connection (403) and waits before it tries again."""
    await receive()
    await send({"type": "websocket.close", "code": 4403})

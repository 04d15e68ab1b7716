"""The sockets. ``/ws/jobs/<id>/?after=N`` follows one job; ``/ws/feed/`` says which jobs changed.

Order of things in a job's socket: subscribe, then ask whether the user may and read the rows after N in one
trip to the database (there is one thread for all trips of a process), then go live; what was heard before
that is looked at afterwards. A live message that does not continue where the last row ended sends the
consumer back to the rows; so does silence, so that a lost Redis costs seconds and no event. Server to
browser::

    {"type": "event", "seq", "attempt", "kind", "data", "at"}     each row once, in order
    {"type": "job", …the job as in the API…}                      its state and progress

Closing codes: 4401 not signed in, 4403 not allowed, 4404 no such job (for this user).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.utils import timezone

from webapp.jobs import discretion, hints
from webapp.jobs.board import board
from webapp.jobs.models import Job, JobEvent
from webapp.jobs.snapshots import job_json
from webapp.whole_numbers import whole_number

log = logging.getLogger(__name__)
Read = tuple[dict[str, Any], list[dict[str, Any]]]  # a job, and rows of its events

ROWS_PER_READ = 500
JUST_NOW_SECONDS = 60.0
RECHECK_SECONDS = 60.0  # a socket whose user may not see the job any more is closed after that long at most


def silence_seconds() -> float:
    """How long a socket waits for a hint before it looks for itself."""
    return 5.0 if settings.REDIS_URL else 1.0


def recheck_seconds() -> float:
    """Not the same for all: a thousand that were opened in one moment would ask again in one moment."""
    return RECHECK_SECONDS * random.uniform(0.5, 1)


def _seconds_since(moment: str) -> float:
    return (timezone.now() - datetime.fromisoformat(moment)).total_seconds()


class _Consumer(AsyncJsonWebsocketConsumer):
    """Accepts, checks the user against the permission table, subscribes, and looks again on silence."""

    action = "list"
    _live = False  # what is heard before is of somebody who may not have it, or is read anyway

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._joined: list[str] = []
        self._watch: asyncio.Task[None] | None = None
        self._heard = asyncio.Event()
        self._sending = asyncio.Lock()

    async def connect(self) -> None:
        await self.accept()  # first, so that the browser sees the closing code
        user = self.scope.get("user")
        if user is None or not user.is_authenticated:
            refused: int | None = 4401
        else:
            refused = await self.opened(user)
        if refused is None:
            self._live = True
            self.watch()
        else:
            await self.close(refused)

    async def opened(self, user: Any) -> int | None:
        """Subscribe and send what there is; the closing code where the user may not have it."""
        raise NotImplementedError

    def may(self, user: Any) -> bool:
        """Whether the permission table lets this user in; asks the database."""
        return bool(user.may("jobs", self.action))

    async def look(self) -> None:
        """Read what is new from the rows."""
        raise NotImplementedError

    async def glance(self) -> bool:
        """After a silence: whether the board shows that there is something to read."""
        raise NotImplementedError

    async def join(self, groups: list[str]) -> None:
        """Subscribe; without Redis the rows are read every second instead."""
        for group in groups:
            with contextlib.suppress(Exception):
                await self.channel_layer.group_add(group, self.channel_name)
                self._joined.append(group)

    def watch(self) -> None:
        self._watch = asyncio.create_task(self._look_on_silence())

    async def _look_on_silence(self) -> None:
        looked_at, recheck = time.monotonic(), recheck_seconds()
        while True:
            try:
                await asyncio.wait_for(self._heard.wait(), timeout=silence_seconds())
                self._heard.clear()
            except TimeoutError:
                try:
                    if time.monotonic() - looked_at > recheck or await self.glance():
                        looked_at = time.monotonic()
                        await self.look()
                except asyncio.CancelledError:
                    raise
                except Exception as error:
                    log.warning("socket could not read rows: %s", type(error).__name__)

    async def disconnect(self, code: int) -> None:
        if self._watch is not None:
            self._watch.cancel()
        for group in self._joined:
            with contextlib.suppress(Exception):
                await self.channel_layer.group_discard(group, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Browsers have nothing to say here but that they live."""
        if isinstance(content, dict) and content.get("type") == "ping":
            await self.send_json({"type": "pong"})

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        """Nonsense from a browser is ignored, not an error of ours."""
        try:
            return await super().decode_json(text_data)
        except ValueError:
            return None


class JobConsumer(_Consumer):
    """One job's events, each once and in order, and its state."""

    action = "events"
    _on_board = False
    _ask_again_at = float("-inf")

    async def opened(self, user: Any) -> int | None:
        self._user = user
        self._job_id = self.scope["url_route"]["kwargs"]["job_id"]
        self._seq = self._after()
        self._shown: dict[str, Any] = {}
        await self.join([hints.job_group(self._job_id), hints.DISCRETION])
        read = await self._first_read()
        if isinstance(read, int):
            return read
        async with self._sending:
            await self._send_read(read)
        board().watch(str(self._job_id))
        self._on_board = True
        return None

    async def disconnect(self, code: int) -> None:
        if self._on_board:
            self._on_board = False
            board().leave(str(self._job_id))
        await super().disconnect(code)

    async def glance(self) -> bool:
        job = await board().job(str(self._job_id))
        if job is None or job["last_seq"] > self._seq:
            return True
        async with self._sending:
            await self._send_job(job)
        return False

    def _after(self) -> int:
        text = parse_qs(self.scope.get("query_string", b"").decode()).get("after", ["0"])[0]
        return whole_number(text) or 0

    async def look(self) -> None:
        async with self._sending:
            read = await database_sync_to_async(self._read)()
            if read is None:
                await self.close(4404)
            else:
                await self._send_read(read)

    async def _send_read(self, read: Read | None) -> None:
        """What was read, and what is still to be read where that was not all."""
        while read is not None:
            job, rows = read
            await self._send_rows(rows)
            if len(rows) < ROWS_PER_READ:
                await self._send_job(job)
                return
            read = await database_sync_to_async(self._read)()
        await self.close(4404)

    @database_sync_to_async
    def _first_read(self) -> Read | int:
        """The first rows, or the closing code."""
        return self._read() or 4404 if self.may(self._user) else 4403

    def _read(self) -> Read | None:
        """The job and its next rows, or None if this user may not see it (any more)."""
        mine = Job.objects.visible_to(self._user).filter(pk=self._job_id)
        job = mine.with_queue_position().first()
        if job is None:
            return None
        rows = JobEvent.objects.filter(job=job, seq__gt=self._seq).order_by("seq")[:ROWS_PER_READ]
        self._ask_again_at = time.monotonic() + recheck_seconds()  # first: the answer may change meanwhile
        self._told = discretion.told_to(self._user, job)
        return job_json(job), [row.as_json() for row in rows]

    async def _send_rows(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            if row["seq"] > self._seq:
                await self.send_json({"type": "event", **self._told(row)})
                self._seq = row["seq"]

    def _knows_reader(self) -> bool:
        """Whether it was asked lately what this reader may be told: blind reads are given out meanwhile."""
        return time.monotonic() < self._ask_again_at

    async def discretion_changed(self, message: dict[str, Any]) -> None:
        """Somebody was given something to read blindly: if it is this reader, ask before telling more."""
        if self._user.pk in message["users"]:
            self._ask_again_at = float("-inf")

    async def _send_job(self, job: dict[str, Any]) -> None:
        stale = job["last_seq"] < self._shown.get("last_seq", 0)
        if job != self._shown and not stale:
            self._shown = job
            await self.send_json({"type": "job", **job})

    async def job_changed(self, message: dict[str, Any]) -> None:
        """A hint from the channel layer."""
        if not self._live:
            return
        self._heard.set()
        rows = [row for row in message["events"] if row["seq"] > self._seq]
        continues = bool(rows) and rows[0]["seq"] == self._seq + 1
        complete = rows[-1]["seq"] == message["job"]["last_seq"] if rows else False
        if not rows and message["job"]["last_seq"] <= self._seq:
            async with self._sending:
                await self._send_job(message["job"])
        elif continues and complete and self._knows_reader():
            async with self._sending:
                await self._send_rows(rows)
                await self._send_job(message["job"])
        else:
            await self.look()


class FeedConsumer(_Consumer):
    """Every job that the user may see, when it changes: a hint that lists should be read again."""

    async def opened(self, user: Any) -> int | None:
        self._user = user
        self._shown: dict[str, dict[str, Any]] = {}
        groups = await self._groups()
        if groups is None:
            return 4403
        await self.join(groups)
        # What moved between the page's first reading of its lists and this subscription was heard by nobody.
        for job in reversed(await self._recent()):
            if job["finished_at"] is None or _seconds_since(job["finished_at"]) < JUST_NOW_SECONDS:
                await self._send(job)
            else:
                self._shown[job["id"]] = job
        return None

    _pulse = _glanced = 0

    async def glance(self) -> bool:
        self._glanced = await board().pulse()
        return self._glanced != self._pulse

    @database_sync_to_async
    def _groups(self) -> list[str] | None:
        return hints.groups_heard_by(self._user) if self.may(self._user) else None

    @database_sync_to_async
    def _recent(self) -> list[dict[str, Any]]:
        jobs = Job.objects.visible_to(self._user).with_queue_position().order_by("-created_at")[:50]
        return [job_json(job) for job in jobs]

    async def look(self) -> None:
        glanced = self._glanced
        for job in reversed(await self._recent()):
            await self._send(job)
        self._pulse = glanced

    async def _send(self, job: dict[str, Any]) -> None:
        shown = self._shown.get(job["id"])
        if shown == job or (shown is not None and job["last_seq"] < shown["last_seq"]):
            return
        self._shown[job["id"]] = job
        while len(self._shown) > 500:
            self._shown.pop(next(iter(self._shown)))
        await self.send_json({"type": "job", **job})

    async def job_changed(self, message: dict[str, Any]) -> None:
        """A hint from the channel layer; it comes once per group that the user hears.

        Not ``_heard``: what is heard of one job does not say that nothing was missed of another.
        """
        if not message["shared"] or await self._may_see(message["job"]["id"]):
            await self._send(message["job"])

    @database_sync_to_async
    def _may_see(self, job_id: str) -> bool:
        return Job.objects.visible_to(self._user).filter(pk=job_id).exists()

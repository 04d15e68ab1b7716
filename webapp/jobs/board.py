"""One reading of the job rows for all sockets of a web process, however many there are.

A socket that has heard nothing for a while makes sure that it missed nothing. A thousand of them, each with
queries of its own, are more than a web process can do; so they look at this board, which is read anew when it
is older than :data:`FRESH_SECONDS`, in one query for all of them.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Any
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

from webapp.jobs.models import Job
from webapp.jobs.snapshots import job_json

FRESH_SECONDS = 0.5
RECENT = 200

_boards: WeakKeyDictionary[asyncio.AbstractEventLoop, Board] = WeakKeyDictionary()


def board() -> Board:
    """The board of this process (of its event loop)."""
    return _boards.setdefault(asyncio.get_running_loop(), Board())


class Board:
    """Snapshots of the watched jobs, and the pulse of the newest ones."""

    def __init__(self) -> None:
        self._watched: Counter[str] = Counter()
        self._jobs: dict[str, dict[str, Any]] = {}
        self._pulse = 0
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    def watch(self, job_id: str) -> None:
        """Keep this job on the board until :meth:`leave` was called as often."""
        self._watched[job_id] += 1

    def leave(self, job_id: str) -> None:
        self._watched[job_id] -= 1
        if self._watched[job_id] <= 0:
            del self._watched[job_id]

    async def job(self, job_id: str) -> dict[str, Any] | None:
        """A watched job as in the API; None where it is gone, or not on the board yet."""
        await self._look()
        return self._jobs.get(job_id)

    async def pulse(self) -> int:
        """A number that is another one when the state of any of the newest jobs has changed."""
        await self._look()
        return self._pulse

    async def _look(self) -> None:
        async with self._reading:
            if time.monotonic() - self._read_at > FRESH_SECONDS:
                self._jobs, self._pulse = await self._read(list(self._watched))
                self._read_at = time.monotonic()

    @database_sync_to_async
    def _read(self, watched: list[str]) -> tuple[dict[str, dict[str, Any]], int]:
        jobs = Job.objects.filter(pk__in=watched).with_queue_position() if watched else []
        newest = Job.objects.order_by("-created_at", "-id")[:RECENT]
        columns = newest.values_list("pk", "state", "attempt", "cancel_requested_at")
        return {str(job.pk): job_json(job) for job in jobs}, hash(tuple(columns))

"""Sockets that watch runs from the first event to the last: nothing missing, nothing twice, how late."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from datetime import datetime
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.bench.load import quantiles
from tests.faults.hospital import Hospital
from tests.faults.house import SETTLED

EPOCHS = 4
CONNECTING_AT_ONCE = 50
GIVE_UP_SECONDS = 1800.0


def watch(hospital: Hospital, tokens: list[str], *, sockets: int, runs: int) -> dict[str, Any]:
    """``sockets`` clients of so many people, spread over ``runs`` runs that are done one after the other."""
    jobs = [hospital.launch(f"watched {number}", epochs=EPOCHS)["job"]["id"] for number in range(runs)]
    began = time.monotonic()
    found = asyncio.run(_all(hospital.house.url, tokens, jobs, sockets))
    rows = {job: hospital.job(job)["last_seq"] for job in jobs}
    for job, number in found.last:
        if number != rows[job]:
            found.errors["ended before the last event"] += 1
    return {
        "sockets": sockets,
        "people": len(tokens),
        "runs": runs,
        "seconds": round(time.monotonic() - began, 1),
        "opening": quantiles(found.opening),
        "event_to_browser_while_opening": quantiles(
            [late for at, late in found.late if at <= found.all_open]
        ),
        "event_to_browser": quantiles([late for at, late in found.late if at > found.all_open]),
        "errors": sum(found.errors.values()),
        "what": dict(found.errors),
    }


class Found:
    """What all sockets saw."""

    def __init__(self) -> None:
        self.opening: list[float] = []
        self.late: list[
            tuple[float, float]
        ] = []  # when it was written, and so many seconds later it was here
        self.all_open = 0.0  # when the last socket had its first message
        self.errors: Counter[str] = Counter()
        self.last: list[tuple[str, int]] = []


async def _all(url: str, tokens: list[str], jobs: list[str], sockets: int) -> Found:
    found, door = Found(), asyncio.Semaphore(CONNECTING_AT_ONCE)
    await asyncio.gather(
        *(
            _one(url, tokens[number % len(tokens)], jobs[number % len(jobs)], found, door)
            for number in range(sockets)
        )
    )
    return found


async def _one(url: str, token: str, job: str, found: Found, door: asyncio.Semaphore) -> None:
    address = f"{url.replace('http', 'ws')}/ws/jobs/{job}/?after=0"
    try:
        async with door:
            began = time.monotonic()
            socket = await connect(
                address,
                additional_headers={"Authorization": f"Token {token}"},
                open_timeout=60,
                ping_interval=None,
            )
            first = json.loads(await asyncio.wait_for(socket.recv(), 60))
            found.opening.append(time.monotonic() - began)
        opened = time.time()
        found.all_open = max(found.all_open, opened)
        async with socket, asyncio.timeout(GIVE_UP_SECONDS):
            await _follow(socket, first, opened, job, found)
    except (OSError, TimeoutError, WebSocketException) as error:
        found.errors[type(error).__name__] += 1


async def _follow(socket: Any, message: dict[str, Any], opened: float, job: str, found: Found) -> None:
    """Until the job has settled; an event that is older than the socket is not late."""
    seq = 0
    while True:
        if message["type"] == "event":
            if message["seq"] != seq + 1:
                found.errors["an event was missing or came twice"] += 1
            seq = message["seq"]
            at = datetime.fromisoformat(message["at"]).timestamp()
            if at > opened:
                found.late.append((at, time.time() - at))
        elif message["type"] == "job" and message["state"] in SETTLED:
            found.last.append((job, seq))
            if message["state"] != "succeeded":
                found.errors[f"the run {message['state']}"] += 1
            return
        message = json.loads(await socket.recv())

"""The sockets over a real Redis: late, double, lost and forbidden listeners."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from django.contrib.auth.models import AnonymousUser
from django.db.backends.signals import connection_created

from webapp.jobs import consumers, discretion, hints, services
from webapp.jobs.handle import JobHandle
from webapp.jobs.models import Job, JobState
from webapp.jobs.routing import SOCKETS

pytestmark = pytest.mark.django_db(transaction=True)
application = URLRouter(SOCKETS)


class Browser(ApplicationCommunicator):
    """A signed-in browser's socket that collects what it is sent."""

    def __init__(self, path: str, user: Any) -> None:
        path, _, query = path.partition("?")
        scope = {
            "type": "websocket", "path": path, "query_string": query.encode(), "headers": [],
            "subprotocols": [], "user": user,
        }  # fmt: skip
        super().__init__(application, scope)
        self.messages: list[dict[str, Any]] = []

    async def connect(self) -> None:
        await self.send_input({"type": "websocket.connect"})
        assert (await self.receive_output(timeout=3))["type"] == "websocket.accept"

    async def send(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def receive(self, seconds: float = 3) -> dict[str, Any]:
        return json.loads((await self.receive_output(timeout=seconds))["text"])

    async def disconnect(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=3)

    async def until(self, condition, seconds: float = 8) -> list[dict[str, Any]]:
        async with asyncio.timeout(seconds):
            while not condition(self):
                self.messages.append(await self.receive(seconds))
        return self.messages

    @property
    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.messages if message["type"] == "event"]

    @property
    def state(self) -> str | None:
        states = [message["state"] for message in self.messages if message["type"] == "job"]
        return states[-1] if states else None


def settled(browser: Browser) -> bool:
    return browser.state in {"succeeded", "failed", "cancelled"}


def work(job: Job, steps: int) -> None:
    """What a worker does, in a thread."""
    handle = JobHandle(services.claim(job_id=job.pk, worker="test"))
    for step in range(steps):
        handle.record({"kind": "progressed", "phase": "count", "step": step}, progress=step / steps)
    handle.throttle.flush(force=True)
    services.settle(job_id=job.pk, attempt=handle.attempt, state=JobState.SUCCEEDED)


async def test_one_who_must_not_know_is_told_less_live_and_late(
    with_redis, clinician, make_user, site_a, enqueue, monkeypatch
):
    blind = await sync_to_async(make_user)("researcher", site_a, username="blind")
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician, site=site_a)

    def without(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "data": {}}

    monkeypatch.setitem(
        discretion._discretions, job.kind, lambda user, _job: without if user.pk == blind.pk else None
    )
    path = f"/ws/jobs/{job.pk}/"
    listeners = [Browser(path, user) for user in (blind, clinician)]
    for listener in listeners:
        await listener.connect()
    await sync_to_async(work)(job, 3)
    late = Browser(path, blind)
    await late.connect()
    for listener in (*listeners, late):
        await listener.until(settled)
        await listener.disconnect()
    told = [
        [row["data"] for row in one.messages if row["type"] == "event" and row["kind"] == "progressed"]
        for one in (*listeners, late)
    ]
    assert told[0] == told[2] == [{}, {}, {}]
    assert [data["step"] for data in told[1]] == [0, 1, 2]
    assert listeners[0].seqs == listeners[1].seqs == late.seqs


async def test_whoever_is_given_something_to_read_blindly_is_told_less_from_then_on(
    with_redis, clinician, enqueue, monkeypatch
):
    """An open socket asks what it may tell once a minute; that would be a minute too late."""
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    blind: set[int] = set()

    def without(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "data": {}}

    monkeypatch.setitem(
        discretion._discretions, job.kind, lambda user, _job: without if user.pk in blind else None
    )
    browser = Browser(f"/ws/jobs/{job.pk}/", clinician)
    await browser.connect()
    handle = await sync_to_async(lambda: JobHandle(services.claim(job_id=job.pk, worker="test")))()

    def told(one: Browser) -> list[dict[str, Any]]:
        return [row["data"] for row in one.messages if row.get("kind") == "progressed"]

    async def step(number: int) -> dict[str, Any]:
        event = {"kind": "progressed", "phase": "count", "step": number}
        await sync_to_async(handle.record)(event, progress=number / 10)
        await sync_to_async(handle.throttle.flush)(force=True)
        await browser.until(lambda one: len(told(one)) == number)
        return told(browser)[-1]

    assert (await step(1))["step"] == 1
    blind.add(clinician.pk)
    await sync_to_async(hints.reconsider)([clinician])
    assert await step(2) == await step(3) == {}
    await browser.disconnect()


async def test_digits_without_end_are_as_no_number(clinician, enqueue):
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    browser = Browser(f"/ws/jobs/{job.pk}/?after={'9' * 5000}", clinician)
    await browser.connect()
    await browser.until(lambda one: one.seqs == [1])
    await browser.disconnect()


async def test_two_browsers_and_a_late_one_see_the_same(with_redis, clinician, enqueue):
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    one, two = (Browser(f"/ws/jobs/{job.pk}/?after=0", clinician) for _ in range(2))
    for browser in (one, two):
        await browser.connect()
    await sync_to_async(work)(job, 30)
    for browser in (one, two):
        await browser.until(settled)
    late = Browser(f"/ws/jobs/{job.pk}/?after=10", clinician)
    await late.connect()
    await late.until(settled)
    last = (await Job.objects.aget(pk=job.pk)).last_seq
    assert one.seqs == two.seqs == list(range(1, last + 1))
    assert late.seqs == list(range(11, last + 1))
    for browser in (one, two, late):
        await browser.disconnect()


async def test_lost_hints_cost_seconds_and_no_event(with_redis, clinician, enqueue, monkeypatch):
    monkeypatch.setattr(consumers, "silence_seconds", lambda: 0.3)
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    browser = Browser(f"/ws/jobs/{job.pk}/", clinician)
    await browser.connect()
    monkeypatch.setattr(hints, "announce", lambda *_: None)
    await sync_to_async(work)(job, 5)
    await browser.until(settled)
    assert browser.seqs == list(range(1, 9))
    await browser.disconnect()


async def test_without_redis_the_rows_are_read(clinician, enqueue):
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    browser = Browser(f"/ws/jobs/{job.pk}/", clinician)
    await browser.connect()
    await sync_to_async(work)(job, 3)
    await browser.until(settled)
    assert browser.seqs == list(range(1, 7))
    await browser.disconnect()


async def test_progress_is_sent_twice_a_second_at_most_but_every_row_arrives(with_redis, clinician, enqueue):
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    feed = Browser("/ws/feed/", clinician)
    follower = Browser(f"/ws/jobs/{job.pk}/", clinician)
    await feed.connect()
    await follower.connect()
    began = time.monotonic()
    await sync_to_async(work)(job, 60)
    seconds = time.monotonic() - began
    await follower.until(settled)
    await feed.until(settled)
    assert len(follower.seqs) == 63
    assert len(feed.messages) <= 5 + 2 * seconds
    for browser in (feed, follower):
        await browser.disconnect()


async def test_strangers_and_other_sites_are_turned_away(with_redis, clinician, outsider, site_a, enqueue):
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician, site=site_a)
    for user, code in ((AnonymousUser(), 4401), (outsider, 4404)):
        browser = Browser(f"/ws/jobs/{job.pk}/", user)
        await browser.connect()
        assert (await browser.receive_output(timeout=3))["code"] == code


async def test_the_feed_is_silent_about_other_sites(with_redis, clinician, outsider, site_a, enqueue):
    mine, theirs = Browser("/ws/feed/", clinician), Browser("/ws/feed/", outsider)
    await mine.connect()
    await theirs.connect()
    await asyncio.sleep(0.2)
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician, site=site_a)
    await mine.until(lambda browser: browser.state == "queued")
    assert mine.messages[0]["id"] == str(job.pk)
    assert await theirs.receive_nothing(timeout=0.5)
    for browser in (mine, theirs):
        await browser.disconnect()


async def test_the_feed_tells_what_moved_just_before_it_was_listened_to(with_redis, clinician, enqueue):
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    await sync_to_async(work)(job, 1)
    feed = Browser("/ws/feed/", clinician)
    await feed.connect()
    await feed.until(settled)
    assert [message["id"] for message in feed.messages] == [str(job.pk)]
    await feed.disconnect()


async def test_the_feed_notices_a_lost_message_while_others_keep_coming(
    with_redis, clinician, enqueue, settings
):
    done = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    busy = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    feed = Browser("/ws/feed/", clinician)
    await feed.connect()
    await feed.until(lambda one: len(one.messages) == 2)
    settings.REDIS_URL = ""
    await sync_to_async(work)(done, 1)  # nobody is told, as while Redis is away
    settings.REDIS_URL = with_redis

    handle = await sync_to_async(lambda: JobHandle(services.claim(job_id=busy.pk, worker="test")))()
    told_at = time.monotonic()

    def shows(one: Browser) -> bool:
        return any(m["id"] == str(done.pk) and m["state"] == "succeeded" for m in one.messages)

    while not shows(feed):
        await sync_to_async(handle.record)({"kind": "note", "text": "at work"})
        feed.messages.append(await feed.receive())
        assert time.monotonic() - told_at < 10, "a page was wrong for ten seconds"
        await asyncio.sleep(0.2)
    await feed.disconnect()


async def test_nonsense_from_a_browser_is_ignored(with_redis, clinician):
    browser = Browser("/ws/feed/", clinician)
    await browser.connect()
    for text in ("{", "[]", '"x"', '{"type": "ping"}'):
        await browser.send(text)
    assert await browser.receive() == {"type": "pong"}
    await browser.disconnect()


@pytest.mark.parametrize(("address", "most"), [("/ws/jobs/{job}/", 1), ("/ws/feed/", 2)])
async def test_a_socket_is_opened_with_few_trips_to_the_database(
    with_redis, clinician, enqueue, address, most
):
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    browser = Browser(address.format(job=job.pk), clinician)
    trips: list[Any] = []

    def made(**_: Any) -> None:
        trips.append(1)

    connection_created.connect(made)  # a socket's every trip to the database makes a connection
    try:
        await browser.connect()
        await browser.until(lambda one: one.state == "queued")
    finally:
        connection_created.disconnect(made)
    assert 1 <= len(trips) <= most
    await browser.disconnect()


async def test_what_is_told_is_not_read_again(with_redis, clinician, enqueue):
    """From the first to the last transition: what comes over Redis is whole, however many listen."""
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    browsers = [Browser(f"/ws/jobs/{job.pk}/", clinician) for _ in range(20)]
    for browser in browsers:
        await browser.connect()
        await browser.until(lambda one: one.state == "queued")
    trips: list[Any] = []

    def made(**_: Any) -> None:
        trips.append(1)

    connection_created.connect(made)  # a socket's every trip to the database makes a connection
    try:
        await sync_to_async(work)(job, 3)
        for browser in browsers:
            await browser.until(settled)
    finally:
        connection_created.disconnect(made)
    assert [browser.seqs for browser in browsers] == [list(range(1, 7))] * 20
    assert len(trips) <= 4  # of the worker, and of the board
    for browser in browsers:
        await browser.disconnect()


async def test_many_silent_sockets_share_one_reading_of_the_rows(clinician, enqueue):
    """Without Redis all of them look every second, and still hear of everything."""
    job = await sync_to_async(enqueue)("probe.steps", steps=1, created_by=clinician)
    addresses = [f"/ws/jobs/{job.pk}/"] * 20 + ["/ws/feed/"] * 5
    browsers = [Browser(address, clinician) for address in addresses]
    for browser in browsers:
        await browser.connect()
        await browser.until(lambda one: one.state == "queued")
    trips: list[Any] = []

    def made(**_: Any) -> None:
        trips.append(1)

    connection_created.connect(made)  # a socket's every trip to the database makes a connection
    try:
        await asyncio.sleep(3)
    finally:
        connection_created.disconnect(made)
    assert 1 <= len(trips) <= 12
    await sync_to_async(work)(job, 2)
    for browser in browsers:
        await browser.until(settled)
        await browser.disconnect()
    assert [browser.seqs for browser in browsers[:20]] == [list(range(1, 6))] * 20

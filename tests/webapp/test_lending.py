"""Connections of the pool are lent for questions, not for waiting: on networks, on files that are read."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from ml.dicom import SafeReader
from tests.conftest import absent
from tests.webapp.imaging import files
from tests.webapp.postgres import Postgres, programs
from webapp.bodies import SpoolingHandler
from webapp.environment import read_environment
from webapp.imaging import ingest, preparation
from webapp.lending import briefly
from webapp.patients.pseudonyms import Pseudonymiser

MOST = 2
pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    if programs() is None:
        absent("PostgreSQL is not installed (Debian: apt install postgresql)")
    started = Postgres().start()
    yield started
    started.stop()


@pytest.fixture
def pooled(server: Postgres, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> Iterator[None]:
    """``connections["pooled"]`` of every thread is of one pool of ``MOST``, as in a web process."""
    monkeypatch.setenv("DATABASE_URL", server.url("postgres"))
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    monkeypatch.setenv("DATABASE_POOL", str(MOST))
    wanted = {**connections["default"].settings_dict, **read_environment().database}
    monkeypatch.setitem(connections.settings, "pooled", wanted)
    with django_db_blocker.unblock():
        yield
        connections["pooled"].close()
        connections["pooled"].close_pool()
        del connections["pooled"]


def ask(_: Any = None) -> int:
    with connections["pooled"].cursor() as cursor:
        cursor.execute("SELECT 1")
        return int(cursor.fetchone()[0])


def free() -> int:
    """Connections that somebody else could have at once."""
    stats = connections["pooled"].pool.get_stats()
    return int(stats["pool_available"]) + MOST - int(stats["pool_size"])


def all_free() -> bool:
    """Whether nobody keeps one; the pool takes them back a moment behind those who give."""
    give_up_at = time.monotonic() + 2
    while free() < MOST and time.monotonic() < give_up_at:
        time.sleep(0.01)
    return free() == MOST


def whole(request: HttpRequest) -> HttpResponse:
    ask()
    return HttpResponse(b"x" * (1 << 20))


def in_pieces(request: HttpRequest) -> StreamingHttpResponse:
    ask()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"%d" % await sync_to_async(briefly(ask))()

    return StreamingHttpResponse(pieces())


urlpatterns = [path("whole", whole), path("in-pieces", in_pieces)]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ["/whole", "/in-pieces"])
def test_an_answer_on_its_way_keeps_no_connection(pooled: None, address: str) -> None:
    seen: list[bool] = []

    async def get() -> None:
        answered = asyncio.Event()
        begun = False

        async def receive() -> Any:
            nonlocal begun
            if not begun:
                begun = True
                return {"type": "http.request", "body": b""}
            await answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                seen.append(await asyncio.to_thread(all_free))

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "path": address, "raw_path": address.encode(), "query_string": b"",
            "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1),
            "server": ("localhost", 80), "scheme": "http",
        }  # fmt: skip
        await SpoolingHandler()(scope, receive, send)

    asyncio.run(get())
    assert len(seen) >= 3
    assert all(seen)


class Watched(SafeReader):
    """The real one, and what the others had while it read."""

    free = False

    def inspect(self, *args: Any, **kwargs: Any) -> Any:
        self.free = all_free()
        return super().inspect(*args, **kwargs)


def test_a_file_that_is_read_keeps_no_connection(pooled: None, tmp_path: Path) -> None:
    source = tmp_path / "a.dcm"
    source.write_bytes(files.ultrasound())
    names = Pseudonymiser.of_site(uuid4())
    with Watched(workers=1, writing=True) as reader:
        ask()
        assert not all_free()
        preparation.prepare(source, names, dicom=tmp_path / "b", analysis=tmp_path / "c", reader=reader)
    assert reader.free


def test_whoever_waits_for_a_place_keeps_no_connection(pooled: None) -> None:
    assert ingest.AT_A_TIME < 32  # DATABASE_POOL of a web process (webapp.asgi)
    asked, taken = threading.Event(), threading.Event()

    def come() -> None:
        ask()
        asked.set()
        with ingest._place():
            ask()
            taken.set()

    for _ in range(ingest.AT_A_TIME):
        ingest._places.acquire()
    waiting = threading.Thread(target=come)
    try:
        waiting.start()
        assert asked.wait(10)
        assert all_free()
        assert not taken.is_set()
    finally:
        for _ in range(ingest.AT_A_TIME):
            ingest._places.release()
    waiting.join(10)
    assert taken.is_set()
    assert all_free()

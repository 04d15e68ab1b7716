"""A web process keeps connections to PostgreSQL, and gets over a server that goes and comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from tests.conftest import absent
from tests.waiting import wait_until
from tests.webapp.postgres import Postgres, programs
from webapp.environment import read_environment

MOST = 3


@pytest.fixture
def server() -> Iterator[Postgres]:
    if programs() is None:
        absent("PostgreSQL is not installed (Debian: apt install postgresql)")
    started = Postgres().start()
    yield started
    started.stop()


@pytest.fixture
def open_one(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Connections as each request of a web process has one, all of one pool."""
    monkeypatch.setenv("DATABASE_URL", server.database("pooled"))
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    monkeypatch.setenv("DATABASE_POOL", str(MOST))
    settings = {**connections["default"].settings_dict, **read_environment().database}
    made: list[DatabaseWrapper] = []

    def make() -> DatabaseWrapper:
        made.append(DatabaseWrapper(settings, "pooled"))
        return made[-1]

    yield make
    for one in made:
        one.close()
    made[0].close_pool()


def backend(connection: DatabaseWrapper) -> int:
    """The server's process behind a connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.processes
@pytest.mark.django_db
def test_connections_are_kept_and_never_more_than_allowed(open_one: Any) -> None:
    seen = set()
    for _ in range(30):
        connection = open_one()
        seen.add(backend(connection))
        connection.close()
    assert len(seen) <= MOST

    held = [open_one() for _ in range(MOST)]
    assert len({backend(one) for one in held}) == MOST
    one_more = open_one()
    held[0].inc_thread_sharing()
    threading.Timer(1, held[0].close).start()  # the last request waits for one of the others
    began = time.monotonic()
    assert backend(one_more) > 0
    assert 0.5 < time.monotonic() - began < 8


@pytest.mark.processes
@pytest.mark.django_db
def test_a_server_that_was_restarted_costs_no_request(server: Postgres, open_one: Any) -> None:
    kept = [open_one() for _ in range(MOST)]
    before = {backend(one) for one in kept}
    for one in kept:
        one.close()
    server.restart()
    for _ in range(MOST * 2):
        connection = open_one()
        assert backend(connection) not in before
        connection.close()


@pytest.mark.processes
@pytest.mark.django_db
def test_a_server_that_was_away_is_found_again_within_seconds(server: Postgres, open_one: Any) -> None:
    connection = open_one()
    backend(connection)
    connection.close()
    server._run("pg_ctl", "-D", str(server.folder / "data"), "-m", "immediate", "-w", "stop")
    began = time.monotonic()
    with pytest.raises(OperationalError):
        backend(open_one())
    assert time.monotonic() - began < 15
    server.restart()

    def answers() -> bool:
        try:
            return backend(open_one()) > 0
        except OperationalError:
            return False

    began = time.monotonic()
    wait_until(answers, seconds=15, why="the pool connects again")
    assert time.monotonic() - began < 12


def test_nonsense_is_refused_and_none_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://a:b@c/d")
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    monkeypatch.delenv("DATABASE_POOL", raising=False)
    assert "pool" not in read_environment().database.get("OPTIONS", {})
    monkeypatch.setenv("DATABASE_POOL", "many")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_POOL='many' must be a whole number"):
        read_environment()

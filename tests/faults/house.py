"""A whole HepaStage to be broken: its processes by name, its rows without it, its disk and its clock.

Started as people start it (``manage.py up``: supervisor, Redis, web server, workers, reconciler). Nothing
here stands in for a part: processes get real signals, the disk is a small tmpfs that is filled to the last
byte, and every process asks a wall clock that can be set (``clock.c``): setting the machine's own would
disturb whatever else runs on it.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault

import psycopg
import requests
from redis import Redis
from redis.exceptions import RedisError

from tests.browser.house import PASSWORD, ROOT, House
from tests.waiting import wait_until
from tests.webapp.postgres import Postgres

PROGRAMS = ("redis", "web", "work-train", "work-infer", "work-cpu", "reconcile")
SETTLED = ("succeeded", "failed", "cancelled")


class FaultHouse(House):
    """``disk`` bytes: on a file system of that size; ``clock``: with one that can be set."""

    def __init__(self, *, postgres: Postgres | None = None, disk: int = 0, clock: bool = False) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="hf-", dir="/tmp"))  # short: sockets lie below it
        super().__init__(self.base / "home")
        self.postgres = postgres
        self.database = f"house_{uuid.uuid4().hex[:8]}"
        self._disk = disk
        self._clock = self.base / "clock" if clock else None
        self._further: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        environment = super().environment | {"HEPASTAGE_DEMO_PASSWORD": PASSWORD}
        for name in ("DATABASE_URL", "REDIS_URL", "EXTRA_APPS"):
            environment.pop(name, None)
        if self.postgres is not None:
            environment |= {
                "DATABASE_URL": self.postgres.url(self.database),
                "SECRET_KEY": "faults-" + "x" * 40,
            }
        if self._clock is not None:
            environment |= {
                "LD_PRELOAD": str(self._clock.with_suffix(".so")),
                "CLOCK_OFFSET_FILE": str(self._clock),
            }
        return environment

    def start(self) -> FaultHouse:
        self.home.mkdir(exist_ok=True)
        if self._disk:
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={self._disk}", "tmpfs", str(self.home)], check=True
            )
        if self.postgres is not None:
            self.postgres.database(self.database)
        if self._clock is not None:
            self._clock.write_bytes(bytes(8))
            built = ["cc", "-O2", "-shared", "-fPIC", "-o", str(self._clock.with_suffix(".so"))]
            subprocess.run([*built, str(Path(__file__).with_name("clock.c"))], check=True)
        super().start()
        return self

    def stop(self) -> None:
        for process in self._further:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()
        super().stop()
        if self._disk:
            subprocess.run(["umount", "-l", str(self.home)], check=False)

    def remove(self) -> None:
        """Stop it, and leave nothing of it."""
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)
        if self.postgres is not None:
            self.postgres.stop()

    def logs(self) -> str:
        """The ends of all logs, for whoever looks at what went wrong."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-2500:]}"
            for path in sorted((self.home / "log").glob("*.log"))
        )

    # --- processes

    def pid(self, program: str) -> int:
        """Of the living process of that name; 0 where there is none."""
        info = self.supervisor().getProcessInfo(program)
        return int(info["pid"]) if info["statename"] in {"RUNNING", "STARTING"} else 0

    def signal(self, program: str, number: signal.Signals) -> int:
        pid = wait_until(lambda: self.pid(program), seconds=20, why=f"{program} lives")
        os.kill(pid, number)
        return int(pid)

    def stop_program(self, program: str) -> None:
        self.supervisor().stopProcess(program)

    def start_program(self, program: str) -> None:
        try:
            self.supervisor().startProcess(program)
        except Fault as fault:
            if "ALREADY_STARTED" not in fault.faultString:
                raise

    def second_worker(self, queue: str) -> subprocess.Popen[bytes]:
        """One more worker of that queue, as on a second host."""
        environment = self.environment | {"REDIS_URL": f"unix://{self.home}/run/redis.sock?db=0"}
        with (self.home / "log" / "work-second.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "work", "--queues", queue], cwd=ROOT, env=environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self._further.append(process)
        return process

    def redis(self) -> Redis:
        return Redis(unix_socket_path=str(self.home / "run" / "redis.sock"), socket_timeout=2)

    def is_well(self) -> bool:
        """The house itself says that every part of it answers."""
        try:
            return self.health().get("status") == "ok" and bool(self.redis().ping())
        except RedisError:
            return False

    def manage(self, *argv: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *argv], cwd=ROOT, env=self.environment, capture_output=True,
            text=True, check=False, timeout=120,
        )  # fmt: skip

    # --- rows, read past everything that may be broken

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What this SQL answers, with ``?`` for values; identifiers are UUID. Raises as the driver does."""
        if self.postgres is not None:
            with psycopg.connect(self.postgres.url(self.database), connect_timeout=3) as connection:
                return connection.execute(query.replace("?", "%s"), values).fetchall()
        plain = [value.hex if isinstance(value, uuid.UUID) else value for value in values]
        connection = sqlite3.connect(self.home / "hepastage.sqlite3", timeout=20)
        try:
            return connection.execute(query, plain).fetchall()
        finally:
            connection.close()

    # --- disk and clock

    def fill_disk(self) -> Path:
        """Leave not one byte free."""
        ballast = self.home / "ballast"
        with ballast.open("wb", buffering=0) as file:
            size = 1 << 24
            while size:
                try:
                    file.write(b"\0" * size)
                except OSError:
                    size //= 2
        return ballast

    def move_clock(self, seconds: int) -> None:
        """Every process's wall clock jumps so far; their monotonic clocks do not."""
        assert self._clock is not None
        offset = int.from_bytes(self._clock.read_bytes(), sys.byteorder, signed=True) + seconds
        with self._clock.open("r+b") as file:  # in place: every process has mapped it
            file.write(offset.to_bytes(8, sys.byteorder, signed=True))


def may_mount() -> bool:
    """Whether this user may make a file system of its own."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=False)
        if done.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return done.returncode == 0


class Door:
    """One user's way in over the public API, with a token; an answer that is not 2xx is :class:`Refused`."""

    def __init__(self, url: str, user: str) -> None:
        self.url = url
        self._session = requests.Session()
        answer = self.ask("POST", "auth/token/", json={"username": user, "password": PASSWORD})
        self._session.headers["Authorization"] = f"Token {answer['token']}"

    def ask(self, method: str, path: str, *, seconds: float = 30, **body: Any) -> Any:
        answer = self._session.request(method, f"{self.url}/api/v1/{path}", timeout=seconds, **body)
        if not answer.ok:
            raise Refused(answer.status_code, answer.text[:400])
        return answer.json() if answer.content else None

    def get(self, path: str, **body: Any) -> Any:
        return self.ask("GET", path, **body)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.ask("POST", path, json={} if body is None else body, **more)

    def send_file(self, path: str, name: str, content: bytes) -> Any:
        return self.ask("POST", path, files={"file": (name, content, "application/dicom")})


class Refused(Exception):
    """The server answered, and not with 2xx."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"{status}: {said}")
        self.status, self.said = status, said

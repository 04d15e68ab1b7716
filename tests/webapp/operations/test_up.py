"""``manage.py up``: everything under one supervisor, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.waiting import free_port, wait_until

pytestmark = pytest.mark.processes

PASSWORD = "a-password-for-tests-1"


class Site:
    """One HEPASTAGE_HOME, started and stopped as a person would."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    def up(self) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "HEPASTAGE_HOME": str(self.home),
            "HEPASTAGE_DEMO": "0",
            "HEPASTAGE_DEMO_PASSWORD": PASSWORD,
        }
        environment.pop("SECRET_KEY", None)
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(self.port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self.process

    def health(self) -> dict[str, Any] | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return json.load(answer)
        except (OSError, urllib.error.URLError):
            return None

    def healthy(self) -> bool:
        return (self.health() or {}).get("status") == "ok"

    def processes(self) -> dict[int, str]:
        """Every living process that was started for this home."""
        found = {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdecimal() or int(folder.name) == os.getpid():
                continue
            try:
                environment = (folder / "environ").read_bytes()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if f"HEPASTAGE_HOME={self.home}\0".encode() in environment and command:
                found[int(folder.name)] = command
        return found

    def pid_of(self, part: str) -> int:
        return next(pid for pid, command in self.processes().items() if part in command)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "home")
    yield site
    if site.process is not None and site.process.poll() is None:
        site.process.kill()
        site.process.wait()
        for log in sorted((site.home / "log").glob("*.log")):  # only a failed test comes here
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}")
    for pid in site.processes():
        os.kill(pid, signal.SIGKILL)


def test_up_serves_survives_deaths_and_leaves_nothing_behind(site: Site):
    first = site.up()
    wait_until(site.healthy, seconds=150, why="everything is up")
    assert site.health()["redis"] in {"ok", "absent"}

    second = subprocess.run(
        [sys.executable, "manage.py", "up", "--port", str(free_port())],
        cwd=ROOT,
        env={**os.environ, "HEPASTAGE_HOME": str(site.home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert second.returncode == 1
    assert "is running from" in second.stderr
    assert "Traceback" not in second.stderr

    os.kill(site.pid_of("uvicorn"), signal.SIGKILL)
    wait_until(site.health, seconds=30, why="the web server is started again")

    first.send_signal(signal.SIGINT)
    said, _ = first.communicate(timeout=60)
    assert first.returncode == 0, said
    assert f"http://127.0.0.1:{site.port}/" in said
    assert "researcher" in said
    assert PASSWORD in said
    assert said.rstrip().endswith("Stopped.")
    assert site.processes() == {}

    assert (site.home / "secret_key").stat().st_mode & 0o077 == 0
    again = site.up()
    wait_until(site.health, seconds=60, why="a second start is up in seconds")
    os.kill(again.pid, signal.SIGKILL)
    again.stdout.close()
    wait_until(lambda: site.processes() == {}, seconds=30, why="a killed `up` leaves no orphan")

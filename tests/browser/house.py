"""A whole HepaStage of the tests' own: every process of ``make run``, on a free port, in a folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from configparser import ConfigParser
from pathlib import Path
from typing import Any
from xmlrpc.client import ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from tests.waiting import free_port

ROOT = Path(__file__).resolve().parents[2]
# Of every user of the house; a running one that `screenshots --url` visits has its own.
PASSWORD = os.environ.get("HEPASTAGE_DEMO_PASSWORD") or "only-for-browser-tests"
START_SECONDS = 240
ROLES = ("clinician", "annotator", "researcher", "administrator")


class House:
    """Started by :meth:`start`, stopped by :meth:`stop`; users are named as their roles."""

    def __init__(self, home: Path, *, demonstration: int = 0) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._demonstration = demonstration
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What every command of this house needs."""
        environment = {
            **os.environ,
            "HEPASTAGE_HOME": str(self.home),
            "HEPASTAGE_DEMO": "1" if self._demonstration else "0",
            "HEPASTAGE_DEMO_PATIENTS": str(self._demonstration or ""),
            "HEPASTAGE_DEMO_PASSWORD": PASSWORD,
            "OMP_NUM_THREADS": "1",
        }
        environment.pop("SECRET_KEY", None)  # each house has its own, in its home
        return environment

    def start(self) -> House:
        """Start and wait until the site and every worker answer."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "up.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(self.port)],
                cwd=ROOT, env=self.environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        give_up = time.monotonic() + START_SECONDS
        while self.health().get("status") != "ok":
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.stop()
                raise RuntimeError("HepaStage did not start:\n" + (self.home / "up.log").read_text("utf-8"))
            time.sleep(0.3)
        return self

    def health(self) -> dict[str, object]:
        """What ``/healthz`` says; empty while nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=3) as reply:
                answer: dict[str, object] = json.load(reply)
                return answer
        except (urllib.error.URLError, OSError, ValueError):
            return {}

    def supervisor(self) -> Any:
        """Its remote control: ``stopProcess``, ``startProcess``, ``getProcessInfo`` of each program."""
        config = ConfigParser(interpolation=None)
        config.read(self.home / "run" / "supervisord.conf")
        transport = SupervisorTransport(None, None, f"unix://{config['unix_http_server']['file']}")
        return ServerProxy("http://localhost", transport=transport).supervisor

    def stop(self) -> None:
        """As Ctrl-C does."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=90)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)

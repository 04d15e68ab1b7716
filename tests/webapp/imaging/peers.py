"""Real servers and peers for the doors: the site under uvicorn, and what other systems send with."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.conftest import ROOT
from tests.waiting import free_port


def environment(home: Path, **more: str) -> dict[str, str]:
    """The variables with which another process works on this test's database and storage."""
    return {
        **os.environ,
        "DATABASE_URL": _database_url(),
        "HEPASTAGE_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        **more,
    }


def _database_url() -> str:
    """Of this test's database, whichever kind the tests run on."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


@contextmanager
def process(argv: list[str], log: Path, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program for the length of the block; its last words are shown when the block fails."""
    with log.open("wb") as sink:
        running = subprocess.Popen(argv, cwd=ROOT, env=variables, stdout=sink, stderr=sink)
        try:
            yield running
        except BaseException:
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-4000:]}")
            raise
        finally:
            running.terminate()
            try:
                running.wait(timeout=15)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


@contextmanager
def site(home: Path, **more: str) -> Iterator[str]:
    """The web server on this test's database; yields ``http://127.0.0.1:PORT``."""
    port = free_port()
    argv = [sys.executable, "-m", "uvicorn", "webapp.asgi:application", "--port", str(port), "--lifespan",
            "off", "--log-level", "warning"]  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    with process(argv, home / "uvicorn.log", environment(home, **more)) as running:
        wait_for(f"{url}/healthz", running)
        yield url


def wait_for(url: str, running: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Return when something answers at ``url``, whatever it says."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at and running.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {url}")

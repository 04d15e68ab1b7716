"""Large bodies lie in the private spool, and a full disk is said as such: through the real entry point."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.webapp.test_body_limit import FILES_GO_HERE

ASK = """
import asyncio, json, os, resource, sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.settings"
import webapp.asgi as entry
from webapp import bodies, body_limit

if len(sys.argv) > 1:  # what a full disk is like: nothing more can be written
    real = bodies.tempfile.SpooledTemporaryFile
    class Full(real):
        def write(self, data):
            with open("/dev/full", "wb", buffering=0) as full:
                return full.write(data)
    bodies.tempfile.SpooledTemporaryFile = Full

async def known(scope):
    return True

entry.application.application_mapping["http"]._is_known = known
chunks = [b"Doe^Jane" * (1 << 17)] * 3
seen = []

async def receive():
    seen.extend(os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")
                if os.path.islink(f"/proc/self/fd/{fd}"))
    if chunks:
        return {"type": "http.request", "body": chunks.pop(), "more_body": True}
    return {"type": "http.disconnect"}

said = []
async def send(message):
    said.append(message)

scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
         "path": "PATH", "raw_path": b"PATH", "query_string": b"", "headers": [(b"host", b"localhost")],
         "client": ("127.0.0.1", 1), "server": ("localhost", 80), "scheme": "http"}
asyncio.run(entry.application(scope, receive, send))
print(json.dumps({"files": sorted({one for one in seen if "deleted" in one}),
                  "said": [m.get("status") or m["body"].decode() for m in said]}))
""".replace("PATH", FILES_GO_HERE)


def ask(home: Path, *argv: str) -> Any:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    result = subprocess.run(
        [sys.executable, "-c", ASK, *argv], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**environment, "HEPASTAGE_HOME": str(home)},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


@pytest.mark.processes
def test_a_large_body_lies_in_the_spool(tmp_path: Path) -> None:
    files = ask(tmp_path)["files"]
    assert files
    assert all(Path(file).is_relative_to(tmp_path / "spool") for file in files)
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.processes
def test_a_disk_that_is_full_while_a_body_comes_in_is_said(tmp_path: Path) -> None:
    status, body = ask(tmp_path, "full")["said"]
    assert (status, json.loads(body)["code"]) == (507, "disk-full")

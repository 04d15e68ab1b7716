"""A bucket for these tests: one server for the folder, emptied before each test, and settings naming it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.webapp.bucket.s3_server import BUCKET, S3Server


@pytest.fixture(scope="session")
def running_server() -> Iterator[S3Server]:
    pytest.importorskip("boto3", reason="object storage is an option: pip install -r requirements-s3.txt")
    pytest.importorskip("moto.server", reason="pip install -r requirements-dev.txt")
    server = S3Server().start()
    yield server
    server.stop()


@pytest.fixture
def server(running_server: S3Server, settings: Any, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """The server, with an empty bucket that the settings name."""
    if not running_server._answers():
        running_server.start()
    running_server.empty()
    use_bucket(settings, running_server.url)
    monkeypatch.setattr("webapp.bucket.client.CONNECT_SECONDS", 1)
    monkeypatch.setattr("webapp.bucket.client.READ_SECONDS", 2)
    monkeypatch.setattr("webapp.bucket.client._clients", {})
    return running_server


def use_bucket(settings: Any, url: str) -> None:
    settings.S3_BUCKET = BUCKET
    settings.S3_ENDPOINT_URL = url
    settings.S3_REGION = "us-east-1"
    settings.S3_PREFIX = "house/"
    settings.S3_ACCESS_KEY_ID = settings.S3_SECRET_ACCESS_KEY = "tests"


@pytest.fixture
def host(settings: Any, tmp_path: Path) -> Callable[[str], Path]:
    """``host("b")``: from now on this process is another machine, with folders of its own."""

    def become(name: str) -> Path:
        home = tmp_path / f"host-{name}"
        settings.STORAGE_DIR, settings.WORK_DIR = home / "storage", home / "work"
        settings.STORAGE_DIR.mkdir(parents=True, exist_ok=True)
        settings.WORK_DIR.mkdir(exist_ok=True)
        return home

    return become

"""A whole house before a real S3 server: the check both ways, moving in, two hosts, a backup and back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import ROOT
from tests.waiting import wait_until
from tests.webapp.bucket.conftest import use_bucket
from tests.webapp.bucket.s3_server import BUCKET, S3Server
from tests.webapp.imaging.files import ultrasound
from webapp.bucket.keys import KeysMissing
from webapp.imaging.ingest import ingest_file, start_upload
from webapp.imaging.models import Image
from webapp.imaging.storage import Room, existing, path_of, store
from webapp.operations import holdings, storage_check
from webapp.patients.pseudonyms import write_key_once

Host = Callable[[str], Path]
PROGRAM = ROOT / "tests" / "webapp" / "operations" / "a_house.py"


def taken(site: Any, actor: Any) -> Image:
    (row,) = ingest_file(
        upload=start_upload(site=site, actor=actor), name="x", data=ultrasound(), actor=actor
    )
    assert row.image is not None, row.code
    return row.image


def key(room: Room, digest: str) -> str:
    return f"house/storage/{room}/{digest[:2]}/{digest}"


@pytest.mark.django_db
def test_rows_and_objects_are_compared_both_ways(
    server: S3Server, site_a: Any, clinician: Any, monkeypatch: pytest.MonkeyPatch
):
    image = taken(site_a, clinician)
    assert storage_check.check().fine
    path_of(Room.IMAGES, image.sha256).unlink()
    assert storage_check.check().fine  # only the cache lost it
    raw = server.raw()
    raw.put_object(Bucket=BUCKET, Key=key(Room.IMAGES, image.sha256), Body=b"something else")
    raw.delete_object(Bucket=BUCKET, Key=key(Room.ANALYSIS, image.analysis_sha256))
    assert storage_check.check().counts == {"missing": 1, "orphan": 0, "changed": 1}

    orphan = store(Room.IMAGES, b"nobody's")
    monkeypatch.setattr(storage_check, "GRACE_SECONDS", -60)
    report = storage_check.check(repair=True)
    assert (report.counts["orphan"], report.moved) == (1, 2)  # the object, and the file of the cache
    assert key(Room.IMAGES, orphan) not in server.names()
    assert [name for name in server.names() if name.startswith("house/trash/") and orphan in name]
    assert storage_check.empty_trash(days=-2) == 2
    assert not [name for name in server.names() if "trash" in name]


@pytest.mark.django_db
def test_a_house_moves_into_a_bucket_and_names_what_is_damaged(
    server: S3Server,
    site_a: Any,
    clinician: Any,
    settings: Any,
    capsys: pytest.CaptureFixture[str],
    host: Host,
):
    host("a")
    settings.S3_BUCKET = ""
    with pytest.raises(CommandError, match="S3_BUCKET"):
        call_command("storage_to_bucket")
    image = taken(site_a, clinician)
    damaged = path_of(Room.IMAGES, store(Room.IMAGES, b"as it was"))
    damaged.chmod(0o600)
    damaged.write_bytes(b"as it is.")
    use_bucket(settings, server.url)
    assert storage_check.check(hashing=False).counts["missing"] == 2  # set, and nothing moved yet
    with pytest.raises(SystemExit):
        call_command("storage_to_bucket")
    assert damaged.name in capsys.readouterr().err
    damaged.unlink()
    call_command("storage_to_bucket")
    assert "0 files and folders sent" in capsys.readouterr().out
    assert storage_check.check().fine
    host("b")
    assert existing(Room.IMAGES, image.sha256).stat().st_size > 0


def test_a_second_host_makes_no_keys_of_its_own(server: S3Server, tmp_path: Path):
    write_key_once(tmp_path / "a" / "keys" / "pseudonym.key", "secret")
    with pytest.raises(KeysMissing):
        write_key_once(tmp_path / "b" / "keys" / "pseudonym.key", "another")
    assert not (tmp_path / "b" / "keys" / "pseudonym.key").exists()
    assert server.names() == {"house/keys/pseudonym.key"}


# --- Hosts as processes of their own ----------------------------------------------------------------


def run(home: Path, server: S3Server, *argv: str, **extra: str) -> Any:
    values = {
        **os.environ, "HEPASTAGE_HOME": str(home), "LOG_LEVEL": "ERROR", "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": server.url, "S3_ACCESS_KEY_ID": "tests", "S3_SECRET_ACCESS_KEY": "tests",
        "S3_PREFIX": "first", **extra,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, *argv],
        cwd=ROOT,
        env=values,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )


def answer(result: subprocess.CompletedProcess[str]) -> Any:
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return json.loads(result.stdout.splitlines()[-1])


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_stored_and_trained_on_one_host_staged_on_another_and_restored_into_an_empty_bucket(
    server: S3Server, tmp_path: Path
):
    raw = server.raw()
    raw.put_object(Bucket=BUCKET, Key="house/storage/images/00/foreign", Body=b"somebody else's")
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    backup, keys = tmp_path / "backup", tmp_path / "keys"
    then = answer(run(one, server, str(PROGRAM), "fill", str(backup), str(keys)))
    assert then["fine"], then["counts"]
    shutil.copytree(one / "keys", two / "keys")
    database = {"DATABASE_URL": f"sqlite:///{one / 'hepastage.sqlite3'}"}
    shutil.rmtree(one / "storage")
    shutil.rmtree(one / "work")

    now = answer(run(two, server, str(PROGRAM), "look", **database))
    for what in ("images", "quarantined", "hash", "stages", "key"):
        assert now[what] == then[what], what
    assert now["again"] == pytest.approx(then["first"])
    assert now["fine"], now["counts"]

    restored = run(
        three, server, "manage.py", "restore", str(backup), "--keys", str(keys), S3_PREFIX="second"
    )
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "0 missing" in restored.stdout
    kept: dict[str, set[str]] = {"first": set(), "second": set()}
    for name in server.names():
        prefix, _, rest = name.partition("/")
        if prefix in kept and not rest.startswith("removed/"):
            kept[prefix].add(rest)
    assert kept["first"] == kept["second"]
    other = run(tmp_path / "four", server, "manage.py", "restore", str(backup), S3_PREFIX="house")
    assert (other.returncode, "other files" in other.stderr) == (1, True), other.stderr


ASK = """
from webapp.operations.storage_services import request_check
request_check(hashing=False, repair=False, actor=None)
"""
SAY = """
import json
from webapp.jobs import tallies
from webapp.jobs.models import Job
print(json.dumps([Job.objects.get().state, list(tallies.read("workers_bucket_requests"))]))
"""


@pytest.mark.processes
def test_a_worker_s_requests_to_the_bucket_are_counted(server: S3Server, tmp_path: Path):
    """By the worker's own process, which ends before anybody could scrape it."""
    assert run(tmp_path, server, "manage.py", "migrate").returncode == 0
    assert run(tmp_path, server, "manage.py", "shell", "-c", ASK).returncode == 0
    values = {**os.environ, "HEPASTAGE_HOME": str(tmp_path), "S3_BUCKET": BUCKET, "S3_PREFIX": "first",
              "S3_ENDPOINT_URL": server.url, "S3_ACCESS_KEY_ID": "tests",
              "S3_SECRET_ACCESS_KEY": "tests"}  # fmt: skip
    worker = subprocess.Popen([sys.executable, "manage.py", "work", "--poll"], cwd=ROOT, env=values)
    try:
        wait_until(
            lambda: answer(run(tmp_path, server, "manage.py", "shell", "-c", SAY))[0] == "succeeded",
            why="the worker lists the bucket",
            seconds=90,
        )
    finally:
        worker.terminate()
        worker.wait(30)
    _, counted = answer(run(tmp_path, server, "manage.py", "shell", "-c", SAY))
    assert {labels["outcome"] for labels, number in counted if number >= 1} == {"done"}


@pytest.mark.django_db
def test_the_system_page_says_how_the_bucket_is(
    server: S3Server, site_a: Any, clinician: Any, administrator: Any, client_of: Any, settings: Any
):
    image = taken(site_a, clinician)
    server.raw().delete_object(Bucket=BUCKET, Key=key(Room.ANALYSIS, image.analysis_sha256))
    counted = holdings.count()
    assert (counted.complete, counted.files, counted.unsent) == (True, 1, 1)
    size = path_of(Room.IMAGES, image.sha256).stat().st_size
    assert counted.bytes == size
    assert counted.cache_bytes == size + path_of(Room.ANALYSIS, image.analysis_sha256).stat().st_size
    for _ in range(50):
        found = client_of(administrator).get("/api/v1/system/").json()["holdings"]
        if found["counted"] and found["answers"] is not None:
            break
        time.sleep(0.1)
    assert (found["bucket"], found["answers"], found["counted"]["unsent"]) == (True, True, 1)
    assert found["cache_limit"] == settings.S3_CACHE_BYTES
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"  # nobody listens there
    for _ in range(50):
        began = time.monotonic()
        found = client_of(administrator).get("/api/v1/system/").json()["holdings"]
        if found["answers"] is not None:
            break
        time.sleep(0.1)
    assert found["answers"] is False
    assert found["counted"] is None
    assert time.monotonic() - began < 20

"""Rooms before an S3 server: written and read through, evicted, removed everywhere, refused when damaged."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.webapp.bucket.s3_server import BUCKET, S3Server
from tests.webapp.imaging.files import ultrasound
from webapp.bucket import cache, client, files
from webapp.bucket.errors import BucketAway, BucketRefuses, ObjectDamaged
from webapp.imaging import removal, storage, tending
from webapp.imaging.models import Image, UploadFile
from webapp.imaging.storage import Room, StoredFileMissing, existing, load_array, path_of, store

Host = Callable[[str], Path]


def key(room: Room, digest: str) -> str:
    return f"house/storage/{room}/{digest[:2]}/{digest}"


def unused_since(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def picture(value: int, size: int = 64) -> bytes:
    sink = io.BytesIO()
    np.save(sink, np.full((1, size, size), value, np.uint8))
    return sink.getvalue()


def test_what_is_stored_is_in_the_bucket_before_it_is_acknowledged(server: S3Server):
    digest = store(Room.IMAGES, b"an image")
    assert server.names() == {key(Room.IMAGES, digest)}
    body = server.raw().get_object(Bucket=BUCKET, Key=key(Room.IMAGES, digest))["Body"].read()
    assert hashlib.sha256(body).hexdigest() == digest


def test_another_host_reads_it_and_maps_it(server: S3Server, host: Host):
    host("a")
    digest = store(Room.ANALYSIS, picture(7))
    home = host("b")
    assert not path_of(Room.ANALYSIS, digest).exists()
    array = load_array(Room.ANALYSIS, digest)
    assert (array[0, 3, 3], isinstance(array, np.memmap)) == (7, True)
    path = path_of(Room.ANALYSIS, digest)
    assert (path.is_relative_to(home), path.stat().st_mode & 0o777) == (True, 0o444)
    assert not list(home.rglob(".draft.*"))
    with pytest.raises(StoredFileMissing):
        existing(Room.ANALYSIS, "0" * 64)


def test_a_damaged_object_is_refused_and_leaves_nothing(server: S3Server, host: Host):
    digest = store(Room.IMAGES, b"as it was")
    home = host("b")
    server.raw().put_object(Bucket=BUCKET, Key=key(Room.IMAGES, digest), Body=b"as it is.")
    with pytest.raises(ObjectDamaged) as refused:
        existing(Room.IMAGES, digest)
    assert (refused.value.code, refused.value.http_status) == ("stored-object-damaged", 410)
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_an_object_that_was_lost_is_sent_again_with_its_file(server: S3Server):
    digest = store(Room.IMAGES, b"twice")
    server.empty()
    assert store(Room.IMAGES, b"twice") == digest
    assert server.names() == {key(Room.IMAGES, digest)}


def test_an_unknown_bucket_is_refused_with_a_code(server: S3Server, settings: Any):
    settings.S3_BUCKET = "another-bucket"
    with pytest.raises(BucketRefuses):
        store(Room.IMAGES, b"x")
    with pytest.raises(BucketRefuses):
        client.reach()
    assert [path for path in Path(settings.STORAGE_DIR).rglob("*") if path.is_file()] == []


# --- The server dies --------------------------------------------------------------------------------


def test_killed_during_an_upload_nothing_is_acknowledged_and_it_goes_on_afterwards(
    server: S3Server, settings: Any
):
    before = store(Room.IMAGES, b"was here before")
    large = os.urandom(48 << 20)
    killer = threading.Timer(0.05, server.kill)
    killer.start()
    with pytest.raises(BucketAway) as away:
        store(Room.IMAGES, large)
    killer.join()
    assert (away.value.code, away.value.http_status) == ("bucket-away", 503)
    digest = hashlib.sha256(large).hexdigest()
    assert not path_of(Room.IMAGES, digest).exists()
    assert not list(Path(settings.STORAGE_DIR).rglob(".draft.*"))
    assert (
        existing(Room.IMAGES, before).read_bytes() == b"was here before"
    )  # readers of the cache notice nothing

    server.start()
    assert store(Room.IMAGES, large) == digest
    assert server.names() == {key(Room.IMAGES, digest)}


@pytest.mark.django_db
def test_an_upload_is_answered_503_and_leaves_no_row_while_the_bucket_is_away(
    server: S3Server, api: Any, site_a: Any, settings: Any
):
    upload = api.post("/api/v1/uploads/", {"site": "A"}).json()["id"]

    def send() -> Any:
        file = SimpleUploadedFile("x.dcm", ultrasound())
        return api.post(f"/api/v1/uploads/{upload}/files/", {"file": file}, format="multipart")

    server.kill()
    answer = send()
    assert (answer.status_code, answer.json()["code"]) == (503, "bucket-away")
    assert answer.json()["remedy"]
    assert (Image.objects.count(), UploadFile.objects.count()) == (0, 0)
    assert [path for path in Path(settings.STORAGE_DIR).rglob("*") if path.is_file()] == []

    server.start()
    assert send().status_code == 201
    image = Image.objects.get()
    assert key(Room.IMAGES, image.sha256) in server.names()
    assert key(Room.ANALYSIS, image.analysis_sha256) in server.names()


# --- The cache --------------------------------------------------------------------------------------


def test_what_was_not_used_for_longest_goes_even_while_it_is_mapped(server: S3Server):
    old, new = store(Room.ANALYSIS, picture(1)), store(Room.ANALYSIS, picture(2))
    size = path_of(Room.ANALYSIS, old).stat().st_size
    unused_since(path_of(Room.ANALYSIS, old), 3000)
    unused_since(path_of(Room.ANALYSIS, new), 2000)
    mapped = load_array(Room.ANALYSIS, old)
    unused_since(path_of(Room.ANALYSIS, old), 3000)  # opened long ago
    assert cache.evict(limit=int(size * 1.5)) == size
    assert not path_of(Room.ANALYSIS, old).exists()
    assert path_of(Room.ANALYSIS, new).exists()
    assert int(mapped.sum()) == 64 * 64  # its reader keeps it
    assert int(load_array(Room.ANALYSIS, old).sum()) == 64 * 64  # and it comes again


def test_what_the_bucket_lacks_and_what_was_just_used_stay(server: S3Server):
    lost, used = store(Room.IMAGES, b"lost there"), store(Room.IMAGES, b"used a moment ago")
    unused_since(path_of(Room.IMAGES, lost), 3000)
    unused_since(path_of(Room.IMAGES, used), 3000)
    existing(Room.IMAGES, used)
    server.raw().delete_object(Bucket=BUCKET, Key=key(Room.IMAGES, lost))
    assert cache.evict(limit=1) == 0
    assert path_of(Room.IMAGES, lost).exists()
    assert path_of(Room.IMAGES, used).exists()
    server.kill()
    with pytest.raises(BucketAway):
        cache.evict(limit=1)
    assert path_of(Room.IMAGES, lost).exists()


# --- Removing ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_one_host_removes_goes_from_the_other_with_its_pictures(server: S3Server, host: Host):
    host("a")
    digest, kept = store(Room.IMAGES, b"somebody's name"), store(Room.IMAGES, b"nobody's")
    host("b")
    existing(Room.IMAGES, digest)
    existing(Room.IMAGES, kept)
    frame = storage.cached(Room.RENDERED, f"{digest}-0.png")
    storage.keep(frame, b"picture")
    host("a")
    storage.remove(Room.IMAGES, digest)
    host("b")
    assert tending.follow() == 1
    assert not frame.exists()
    with pytest.raises(StoredFileMissing):
        existing(Room.IMAGES, digest)
    assert existing(Room.IMAGES, kept)


@pytest.mark.django_db
def test_a_removal_while_the_bucket_is_away_is_done_later(server: S3Server, settings: Any, monkeypatch: Any):
    digest, again = store(Room.IMAGES, b"to go"), store(Room.IMAGES, b"to come back")
    url = settings.S3_ENDPOINT_URL
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"  # nobody listens there
    assert storage.remove(Room.IMAGES, digest)
    assert storage.remove(Room.IMAGES, again)
    assert not path_of(Room.IMAGES, digest).exists()
    settings.S3_ENDPOINT_URL = url
    store(Room.IMAGES, b"to come back")
    assert removal.settle() == 1
    assert key(Room.IMAGES, digest) not in server.names()
    assert key(Room.IMAGES, again) in server.names()
    assert removal.settle() == 0  # nothing is left to do


@pytest.mark.django_db
def test_marks_of_removals_go_after_a_year_and_what_is_stored_again_stays(server: S3Server, monkeypatch: Any):
    digest = store(Room.IMAGES, b"again")
    storage.remove(Room.IMAGES, digest)
    store(Room.IMAGES, b"again")
    assert tending.follow() == 0
    assert path_of(Room.IMAGES, digest).exists()
    monkeypatch.setattr(files, "KEPT_REMOVALS", timedelta(seconds=-5))
    tending.follow()
    assert server.names() == {key(Room.IMAGES, digest)}


# --- Whatever happens in whatever order -------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(["store", "read", "evict", "wipe", "remove", "other"]), st.integers(0, 2)),
    min_size=1,
    max_size=12,
)


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_what_was_stored_and_not_removed_can_be_read_from_either_host(
    server: S3Server, host: Host, steps: list[tuple[str, int]], tmp_path_factory: Any
):
    """After any order of storing, reading, evicting, losing a machine's disk and removing."""
    server.empty()
    round_ = tmp_path_factory.mktemp("round").name
    contents = [f"content {number}".encode() for number in range(3)]
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    there: set[int] = set()
    name = "a"
    host(f"{round_}-{name}")
    for step, number in steps:
        if step == "store":
            store(Room.IMAGES, contents[number])
            there.add(number)
        elif step == "read" and number in there:
            assert existing(Room.IMAGES, digests[number]).read_bytes() == contents[number]
        elif step == "evict":
            for one in list(cache.held()):
                unused_since(one.path, 4000)
            cache.evict(limit=number)
        elif step == "wipe":
            for one in list(cache.held()):
                one.path.unlink()
        elif step == "remove":
            storage.remove(Room.IMAGES, digests[number])
            there.discard(number)
        elif step == "other":
            name = "b" if name == "a" else "a"
            host(f"{round_}-{name}")
            tending.follow()
    for name in ("a", "b"):
        host(f"{round_}-{name}")
        tending.follow()
        for number, digest in enumerate(digests):
            if number in there:
                assert existing(Room.IMAGES, digest).read_bytes() == contents[number]
            else:
                with pytest.raises(StoredFileMissing):
                    existing(Room.IMAGES, digest)


# --- Off --------------------------------------------------------------------------------------------


def test_without_a_bucket_nothing_of_it_is_loaded(tmp_path: Path):
    program = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'webapp.settings'; "
        "import django; django.setup(); import webapp.urls; from webapp.imaging import storage; "
        "d = storage.store(storage.Room.IMAGES, b'x'); storage.existing(storage.Room.IMAGES, d); "
        "storage.remove(storage.Room.IMAGES, d); "
        "print([name for name in ('boto3', 'botocore', 'webapp.bucket.client') if name in sys.modules])"
    )
    environment = {**os.environ, "HEPASTAGE_HOME": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"

"""Originals in quarantine: encrypted on the disk, whole for an administrator, gone with their key."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from pydicom.sequence import Sequence
from rest_framework.test import APIClient

from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import User
from webapp.audit.models import Entry
from webapp.imaging import originals, storage
from webapp.imaging.holding import forget_original
from webapp.imaging.models import QuarantineItem, UploadFile
from webapp.imaging.quarantine import Decision, decide
from webapp.imaging.storage import Room
from webapp.imaging.tasks import encrypt_originals
from webapp.operations import storage_check
from webapp.patients.keyring import KeyRing

WAITS: dict[str, Any] = {"SequenceOfUltrasoundRegions": Sequence([])}
NAME = "QUARTZMANN^ZELDA"
Ingest = Callable[..., UploadFile]


@pytest.fixture(autouse=True)
def own_house(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    settings.STORAGE_DIR = tmp_path / "storage"


def on_disk(row: UploadFile) -> bytes:
    return storage.existing(Room.QUARANTINE, row.quarantine_sha256).read_bytes()


def as_it_came(row: UploadFile) -> bytes:
    with originals.content(row) as file:
        return file.read()


def test_the_disk_tells_nothing_and_the_administrator_gets_every_byte(
    ingest: Ingest, client_of: Callable[[User], APIClient], administrator: User
) -> None:
    data = ultrasound(PatientName=NAME, **WAITS)
    row = ingest(data)
    everything = b"".join(
        path.read_bytes() for path in Path(settings.STORAGE_DIR).rglob("*") if path.is_file()
    )
    assert NAME.encode() not in everything
    assert data[400:432] not in everything
    assert as_it_came(row) == data
    address = f"/api/v1/uploads/{row.upload_id}/files/{row.pk}/original/"
    answer = client_of(administrator).get(address)
    assert b"".join(answer.streaming_content) == data  # type: ignore[attr-defined]
    assert Entry.objects.filter(action="quarantine.opened").count() == 1
    assert (
        row.quarantine_key.encode()
        not in client_of(administrator).get(f"/api/v1/uploads/{row.upload_id}/").content
    )


def test_a_release_decrypts_and_leaves_nothing_behind(ingest: Ingest) -> None:
    ingest(ultrasound(PatientName=NAME, **WAITS))
    item = QuarantineItem.objects.get()
    done = decide(item=item, decision=Decision("release", "no name", keep=([16, 12, 112, 84],)), actor=None)
    assert done.image is not None
    left = [
        path
        for path in Path(settings.HOME).rglob("*")
        if path.is_file() and NAME.encode() in path.read_bytes()
    ]
    assert left == []


def test_the_same_bytes_are_kept_once_and_go_with_the_last_row(
    ingest: Ingest, django_capture_on_commit_callbacks: Any
) -> None:
    data = ultrasound(**WAITS)
    first, again = ingest(data), ingest(data)
    assert first.quarantine_sha256 == again.quarantine_sha256
    assert as_it_came(again) == data
    with django_capture_on_commit_callbacks(execute=True):
        forget_original(QuarantineItem.objects.get())
    first.refresh_from_db()
    assert (first.quarantine_sha256, first.quarantine_key) == ("", "")
    assert not list((Path(settings.STORAGE_DIR) / Room.QUARANTINE).glob("??/*"))


def test_what_an_earlier_version_kept_is_encrypted_once(
    ingest: Ingest, django_capture_on_commit_callbacks: Any
) -> None:
    data = ultrasound(PatientName=NAME, **WAITS)
    row = ingest(data)
    plain = storage.store(Room.QUARANTINE, data)
    UploadFile.objects.filter(pk=row.pk).update(quarantine_sha256=plain, quarantine_key="")
    row.refresh_from_db()
    assert as_it_came(row) == data  # readable before it is encrypted, too
    with django_capture_on_commit_callbacks(execute=True):
        encrypt_originals()
    row.refresh_from_db()
    assert row.quarantine_key
    assert NAME.encode() not in on_disk(row)
    assert as_it_came(row) == data
    assert not storage.path_of(Room.QUARANTINE, plain).exists()
    assert originals.encrypt_older() == 0


def test_a_new_key_opens_every_original_and_writes_no_file(ingest: Ingest) -> None:
    data = ultrasound(**WAITS)
    row, other = ingest(data), ingest(b"not an ultrasound file at all")
    before, disk, old = row.quarantine_key, on_disk(row), originals.RING.path.read_text("ascii")
    call_command("rotate_quarantine_key", stdout=StringIO())
    row.refresh_from_db()
    other.refresh_from_db()
    assert row.quarantine_key != before
    assert on_disk(row) == disk
    assert as_it_came(row) == data
    assert as_it_came(other) == b"not an ultrasound file at all"
    originals.RING.path.write_text(old, "ascii")  # whoever kept the old key opens nothing with it
    with pytest.raises(originals.OriginalSealed):
        as_it_came(row)
    assert storage_check.check().counts["changed"] == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", [False, True], ids=["new", "the same bytes as before"])
def test_what_comes_in_while_the_key_changes_can_be_opened_afterwards(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    """The rotation begins between the sealing of a file and the end of its transaction."""
    data = ultrasound(**WAITS)
    if again:
        ingest(data)
    rotating = Thread(target=_rotate)
    seal = KeyRing.seal_again if again else KeyRing.seal

    def seal_and_dawdle(ring: KeyRing, secret: Any) -> str:
        sealed = seal(ring, secret)
        rotating.start()
        rotating.join(timeout=1.0)
        return sealed

    monkeypatch.setattr(KeyRing, seal.__name__, seal_and_dawdle)
    old = originals.RING._keys()
    row = ingest(data)
    rotating.join(timeout=20)
    assert not rotating.is_alive()
    assert not set(originals.RING._keys()) & set(old)
    row.refresh_from_db()
    assert as_it_came(row) == data


def _rotate() -> None:
    try:
        originals.rotate_key()
    finally:
        connection.close()


def test_one_rotation_at_a_time(ingest: Ingest) -> None:
    ingest(ultrasound(**WAITS))
    with originals.RING._alone(), pytest.raises(CommandError, match="already"):
        call_command("rotate_quarantine_key", stdout=StringIO())


def test_an_original_that_was_read_before_its_key_changed_opens_all_the_same(ingest: Ingest) -> None:
    data = ultrasound(**WAITS)
    row = ingest(data)
    originals.rotate_key()
    assert as_it_came(row) == data  # still with the key of before


@pytest.mark.parametrize("damage", ["cut", "flip", "swap", "append"])
def test_a_changed_original_is_not_handed_out(
    ingest: Ingest, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originals, "PIECE", 1000)
    row = ingest(ultrasound(**WAITS))
    path = storage.existing(Room.QUARANTINE, row.quarantine_sha256)
    data, piece = path.read_bytes(), 1000 + originals.TAG
    start = len(originals.MAGIC)
    changed = {
        "cut": data[: start + 3 * piece],
        "flip": data[:-1] + bytes([data[-1] ^ 1]),
        "swap": data[:start] + data[start + piece : start + 2 * piece] + data[start : start + piece]
        + data[start + 2 * piece :],
        "append": data + data[start : start + piece],
    }[damage]  # fmt: skip
    path.chmod(0o600)
    path.write_bytes(changed)
    with pytest.raises(originals.OriginalSealed):
        as_it_came(row)


def test_a_lost_key_is_said_and_not_a_server_error(
    ingest: Ingest, client_of: Callable[[User], APIClient], administrator: User
) -> None:
    row = ingest(ultrasound(**WAITS))
    originals.RING.path.unlink()
    item, admin = QuarantineItem.objects.get(), client_of(administrator)
    for address in (
        f"/api/v1/quarantine/{item.pk}/frames/0/before/",
        f"/api/v1/quarantine/{item.pk}/frames/0/after/",
        f"/api/v1/uploads/{row.upload_id}/files/{row.pk}/original/",
    ):
        answer = admin.get(address)
        assert (answer.status_code, answer.json()["code"]) == (409, "original-sealed"), address
        assert answer.json()["remedy"]


@given(st.binary(max_size=70))
@example(b"x" * 32)
@example(b"x" * 64)
@hypothesis(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.django_db
def test_any_bytes_come_back_whatever_their_length(tmp_path: Path, data: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(originals, "PIECE", 16)
        (tmp_path / "file").write_bytes(data)
        with transaction.atomic():
            digest, key = originals.keep(tmp_path / "file", site_id=None, sha256="none").seal()
        assert as_it_came(UploadFile(quarantine_sha256=digest, quarantine_key=key)) == data


def test_a_key_without_an_original_is_refused_by_the_database(ingest: Ingest) -> None:
    row = ingest(ultrasound(**WAITS))
    with pytest.raises(IntegrityError), transaction.atomic():
        UploadFile.objects.filter(pk=row.pk).update(quarantine_sha256="")

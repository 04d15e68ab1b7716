"""Equal content has one file: removed for one row while it is stored for another, it stays for that one.

What happens in between is made to happen then, by another thread with its own connection to the database;
where the house keeps that thread waiting, as it should, the first goes on after a moment.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import Site, User
from webapp.imaging import originals, removal, storage
from webapp.imaging.holding import forget_original
from webapp.imaging.models import Image, QuarantineItem, UploadFile
from webapp.imaging.rewriting import rewrite
from webapp.imaging.services import ingest_file, start_upload
from webapp.imaging.storage import Room, path_of
from webapp.imaging.tasks import tend_cache
from webapp.operations import storage_check

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["disk", "bucket"])
def kept(request: pytest.FixtureRequest) -> Callable[[Room, str], bool]:
    """``kept(room, digest)``: the file is where it has to last, on the disk or in a bucket."""
    if request.param == "disk":
        return lambda room, digest: path_of(room, digest).is_file()
    server = request.getfixturevalue("server")
    return lambda room, digest: f"house/{storage.name_of(room, digest)}" in server.names()


def meanwhile(act: Callable[[], Any], *, wait: float = 0.5) -> threading.Thread:
    """Begin ``act`` in another thread and give it a moment; it may have to wait for us."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(wait)
    return thread


def take(site: Site, actor: User, **attributes: Any) -> Image:
    """A file with the same picture as any other of these: its networks' picture is the same file."""
    (row,) = ingest_file(
        upload=start_upload(site=site, actor=actor), name="x", data=ultrasound(**attributes), actor=actor
    )
    assert row.image is not None, row.code
    return row.image


def blank(image: Image) -> None:
    with transaction.atomic():
        rewrite(
            Image.objects.select_for_update().get(pk=image.pk),
            keep=(),
            masks=((0, 0, image.columns, image.rows),),
        )


def assert_all_kept(kept: Callable[[Room, str], bool]) -> None:
    for image in Image.objects.all():
        assert kept(Room.IMAGES, image.sha256)
        assert kept(Room.ANALYSIS, image.analysis_sha256)


def test_stored_again_between_the_question_and_the_removal(
    kept: Callable[[Room, str], bool],
    site_a: Site,
    site_b: Site,
    clinician: User,
    outsider: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = take(site_a, clinician)
    begun: list[threading.Thread] = []
    remove = storage.remove

    def remove_late(room: Room, digest: str) -> bool:
        if room is Room.ANALYSIS and not begun:  # it is known that no row names it
            begun.append(meanwhile(lambda: take(site_b, outsider)))
        return remove(room, digest)

    monkeypatch.setattr(storage, "remove", remove_late)
    old = first.analysis_sha256
    blank(first)
    begun[0].join(30)
    assert Image.objects.filter(analysis_sha256=old).count() == 1
    assert_all_kept(kept)


def test_removed_between_being_stored_again_and_its_row(
    kept: Callable[[Room, str], bool],
    site_a: Site,
    site_b: Site,
    clinician: User,
    outsider: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = take(site_a, clinician)
    adopt, begun = storage.adopt, []

    def adopt_early(room: Room, path: Path) -> str:
        digest = adopt(room, path)
        if room is Room.ANALYSIS and not begun:
            begun.append(meanwhile(lambda: blank(first), wait=30))
        return digest

    monkeypatch.setattr(storage, "adopt", adopt_early)
    second = take(site_b, outsider)
    assert begun
    assert second.analysis_sha256 == first.analysis_sha256  # as it was
    assert_all_kept(kept)


def test_an_original_that_is_sent_again_while_it_is_removed(
    site_a: Site, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ultrasound(PatientID="", StudyInstanceUID="")

    def send() -> UploadFile:
        upload = start_upload(site=site_a, actor=clinician)
        (row,) = ingest_file(upload=upload, name="x", data=data, actor=clinician)
        return row

    send()
    seal, begun = originals.Kept.seal, []

    def seal_early(original: originals.Kept) -> tuple[str, str]:
        found = seal(original)
        if not begun:  # its row is not written yet
            begun.append(meanwhile(lambda: forget_original(QuarantineItem.objects.earliest("created_at"))))
        return found

    monkeypatch.setattr(originals.Kept, "seal", seal_early)
    send()
    begun[0].join(30)
    for row in UploadFile.objects.exclude(quarantine_sha256=""):
        assert originals.content(row).read() == data


def test_what_is_named_again_while_a_check_puts_it_aside(
    kept: Callable[[Room, str], bool],
    site_a: Site,
    clinician: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    image = take(site_a, clinician)
    old = image.analysis_sha256
    content = path_of(Room.ANALYSIS, old).read_bytes()
    blank(image)
    assert not kept(Room.ANALYSIS, old)
    storage.store(Room.ANALYSIS, content)
    monkeypatch.setattr(storage_check, "GRACE_SECONDS", -60)
    asked, begun = storage_check._named_by_now, []

    def ask(columns: list[tuple[str, str]], digest: str) -> bool:
        answer = asked(columns, digest)
        if digest == old and not begun:
            begun.append(meanwhile(lambda: take(site_a, clinician, study="1.2.9", patient="P002")))
        return answer

    monkeypatch.setattr(storage_check, "_named_by_now", ask)
    storage_check.check(repair=True)
    begun[0].join(30)
    assert Image.objects.filter(analysis_sha256=old).exists()
    assert_all_kept(kept)


def test_a_removal_that_others_hold_up_is_done_later(
    site_a: Site, site_b: Site, clinician: User, outsider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite: whoever names a file keeps every other writer waiting, a removal too")
    monkeypatch.setattr(removal, "PATIENCE", 0.2)
    digest = storage.store(Room.IMAGES, b"held by somebody")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            removal.name((Room.IMAGES, digest))
            held.set()
            done.wait(30)

    thread = meanwhile(hold, wait=0)
    assert held.wait(30)
    assert not removal.remove_unless_named(Room.IMAGES, digest)
    assert removal.settle() == 0
    assert path_of(Room.IMAGES, digest).is_file()
    done.set()
    thread.join()
    assert removal.settle() == 1
    assert not path_of(Room.IMAGES, digest).exists()


def test_a_removal_that_was_cut_short_is_done_later(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = storage.store(Room.IMAGES, b"somebody's name")
    with monkeypatch.context() as patch:
        patch.setattr(storage, "remove", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            removal.remove_unless_named(Room.IMAGES, digest)
    tend_cache()
    assert not path_of(Room.IMAGES, digest).exists()
    assert removal.settle() == 0


def test_a_file_is_named_in_a_transaction_only() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        removal.hold((Room.IMAGES, "0" * 64))
    with pytest.raises(removal.FileVanished), transaction.atomic():
        removal.name((Room.IMAGES, "0" * 64))

"""When a stored file goes for good: only while nobody is about to name it, and only if no row does.

Equal content has one file (:mod:`webapp.imaging.storage`), so a file may be removed for one row while it is
stored again for another. Both sides meet at a lock of the database, one per file:

* whoever writes a row that names a file calls :func:`name` in the same transaction, *behind* storing it. It
  shares the lock until the transaction ends, and raises :class:`FileVanished` if the file went before: then
  it is stored again.
* whoever removes one has the lock alone from asking for rows until the file is gone.

So a removal either sees the row or is over before the row is written. PostgreSQL: advisory locks of the
transaction, which hold among hosts too. SQLite: every writing transaction keeps all others out, and a
removal is one. A removal never queues for its lock, so nobody waits for one that waits.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from ml.spec import HepaStageError
from webapp import bucket
from webapp.bucket import pending
from webapp.imaging import storage
from webapp.imaging.storage import Room
from webapp.imaging.stored import REFERENCES

Found = TypeVar("Found")
PATIENCE = 5.0  # seconds that a removal waits for those who name the file; then the reconciler does it
LOOK_AGAIN = 0.05
log = logging.getLogger(__name__)


class FileVanished(HepaStageError):
    """What was stored a moment ago was removed for another row before this one was written."""

    code = "stored-file-vanished"
    remedy = "Send it again: the same content was being removed at this moment."
    http_status = 503


# --- Those who name a file --------------------------------------------------------------------------


def hold(*files: tuple[Room, str]) -> None:
    """Let nobody remove these until the transaction ends: before they are stored in it, or touched."""
    if not connection.in_atomic_block:
        raise RuntimeError("a file is held by a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for room, digest in files:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_number(room, digest)])


def name(*files: tuple[Room, str]) -> None:
    """Hold files that were stored before the transaction of their row began.

    Raise :class:`FileVanished` where one went meanwhile; with a bucket also BucketAway or BucketRefuses.
    """
    hold(*files)
    if not all(storage.is_kept(room, digest) for room, digest in files):
        raise FileVanished("A stored file was removed before its row was written.")


def again_if_vanished(take: Callable[[], Found]) -> Found:
    """Store and name files: once more, and once again, where they went in between."""
    for _ in range(2):
        try:
            return take()
        except FileVanished:
            continue
    return take()


# --- Those who remove one ---------------------------------------------------------------------------


@contextmanager
def alone(room: Room, digest: str) -> Iterator[bool]:
    """Whether, for the length of the block, nobody else can name the file; else do not wait for it."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number(room, digest)])
                (free,) = cursor.fetchone()
        else:
            free = True
        yield free


def remove_unless_named(room: Room, digest: str) -> bool:
    """Remove a file for good, with the pictures made of it, unless a row names it; is it gone?

    Called when the transaction that took it out of its row is through. Where others are just naming the file
    for long, or the bucket is away, it is done later (:func:`settle`), as after a crash.
    """
    key = storage.name_of(room, digest)
    pending.note(key)
    until = time.monotonic() + PATIENCE
    while (gone := _attempt(room, digest)) is None:
        if time.monotonic() > until:
            log.warning("a stored file that is in use is removed later")
            return False
        time.sleep(LOOK_AGAIN)
    return gone


def settle() -> int:
    """Do what was put off; how many files went. The bucket is asked no more once it is away."""
    done = 0
    for key in pending.names():
        room, digest = _place_of(key)
        gone = _attempt(room, digest)
        if gone and pending.noted(key):
            break
        done += gone is True
    return done


def is_named(key: str) -> bool:
    """Whether a row names the file ``storage/ROOM/…/DIGEST``."""
    room, digest = _place_of(key)
    columns = [(model, column) for held, model, column in REFERENCES if held == room]
    return any(
        apps.get_model(model)._base_manager.filter(**{column: digest}).exists() for model, column in columns
    )


def drop_frames(digest: str) -> None:
    """Remove the pictures that were made of an image's file."""
    frames = Path(settings.STORAGE_DIR) / Room.RENDERED / digest[:2]
    for frame in frames.glob(f"{digest}-*.png"):
        with suppress(FileNotFoundError):
            frame.unlink()


def _attempt(room: Room, digest: str) -> bool | None:
    """Gone, or to stay; None while somebody holds it."""
    key = storage.name_of(room, digest)
    with alone(room, digest) as free:
        if not free:
            return None
        if is_named(key):
            pending.settled(key)
            return False
        storage.remove(room, digest)  # with a bucket that is away the note stays
        if room is Room.IMAGES:
            drop_frames(digest)
        if not bucket.enabled():
            pending.settled(key)
        return True


def _place_of(key: str) -> tuple[Room, str]:
    _, room, _, digest = key.split("/")
    return Room(room), digest


def _number(room: Room, digest: str) -> int:
    """The lock of a file: 64 bits. Two files under one number would only wait for each other."""
    return int.from_bytes(hashlib.sha256(f"{room}/{digest}".encode()).digest()[:8], "big", signed=True)

"""Content-addressed files: a file's name is its SHA-256, so that it is stored once and can be checked.

Written to a temporary name, synced, renamed into place, folder synced; the database row follows
only when this has returned. A crash leaves at most a temporary file or a file without a row, never
a row without its file. With a bucket (:mod:`webapp.bucket`) the object is written before the file takes
its place, and these folders are a cache: a file that is not here is fetched and checked. The rooms are
apart so that an operator can give quarantine, which holds originals with names in them, other permissions
and another disk.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Self

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from ml.spec import HepaStageError
from webapp import bucket, spool
from webapp.environment import private_folder

CHUNK = 1 << 20
DRAFT = ".draft."  # how the name of a file on its way in begins


class Room(StrEnum):
    """The folders under ``settings.STORAGE_DIR``."""

    IMAGES = "images"  # de-identified DICOM
    ANALYSIS = "analysis"  # uint8 (frames, 256, 256) npy: what networks see
    RENDERED = "rendered"  # PNG per frame; a cache, may be removed at any time
    QUARANTINE = "quarantine"  # originals of what was not taken, encrypted; administrators only


class StoredFileMissing(HepaStageError):
    """A row names a file that is not on disk, or not whole."""

    code = "stored-file-missing"
    remedy = "Tell an administrator: restore the storage folder from the backup, then run the check."
    http_status = 410


def path_of(room: Room, digest: str) -> Path:
    """Where a file of this digest lies, or would lie."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("not a SHA-256 in lower-case hexadecimal")
    return Path(settings.STORAGE_DIR) / room / digest[:2] / digest


def name_of(room: Room, digest: str) -> str:
    """The key of its object in the bucket."""
    return f"storage/{room}/{digest[:2]}/{digest}"


def existing(room: Room, digest: str) -> Path:
    """The path of a stored file, fetched first where only the bucket has it.

    Raise :class:`StoredFileMissing` where it is not there; with a bucket also ``ObjectDamaged``,
    ``BucketAway`` or ``BucketRefuses``.
    """
    path = path_of(room, digest)
    if path.is_file():
        if bucket.enabled():
            from webapp.bucket import files

            files.used(path)
        return path
    if bucket.enabled():
        from webapp.bucket import files

        if files.bring(name_of(room, digest), path, digest, mode=_mode(room)):
            return path
    raise StoredFileMissing("A stored file is missing.")


class Draft:
    """A file on its way into a room: ``with Draft(room) as draft: draft.write(…); draft.commit()``.

    Leaving the block without :meth:`commit` removes it, so what turns out to be a duplicate or a
    conflict leaves nothing behind.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._base = Path(settings.STORAGE_DIR) / room
        self._hash = hashlib.sha256()

    def __enter__(self) -> Self:
        self._base.mkdir(parents=True, exist_ok=True, mode=0o700 if self._room is Room.QUARANTINE else 0o755)
        descriptor, name = tempfile.mkstemp(prefix=DRAFT, dir=self._base)
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # until it is closed: see remove_leftovers
        self.path = Path(name)
        self._sink = os.fdopen(descriptor, "wb")
        return self

    def __exit__(self, *_: object) -> None:
        self._sink.close()
        self.path.unlink(missing_ok=True)

    @property
    def digest(self) -> str:
        """Of what was written so far."""
        return self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        self._hash.update(chunk)
        self._sink.write(chunk)

    def commit(self) -> str:
        """Put the file in its place for good and return its digest."""
        digest = self._hash.hexdigest()
        self._sink.flush()
        target = path_of(self._room, digest)
        if _renewed(self._room, digest, target):
            return digest
        os.fsync(self._sink.fileno())
        _put(self._room, digest, self.path)
        _make_folder(target.parent)
        self.path.chmod(_mode(self._room))
        self.path.rename(target)
        sync_folder(target.parent)
        return digest


def store(room: Room, source: bytes | Path) -> str:
    """Put bytes, or a copy of a file, into a room; return the digest."""
    with Draft(room) as draft:
        for chunk in _chunks(source):
            draft.write(chunk)
        return draft.commit()


def adopt(room: Room, path: Path) -> str:
    """Move a finished file into a room; return the digest. It must lie under ``STORAGE_DIR``."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        target = path_of(room, digest)
        if _renewed(room, digest, target):
            path.unlink()
            return digest
        os.fsync(file.fileno())
    _put(room, digest, path)
    _make_folder(target.parent)
    path.chmod(0o444)
    path.rename(target)
    sync_folder(target.parent)
    return digest


def touch(room: Room, digest: str) -> bool:
    """Make a file young again, for a storage check leaves young files without a row alone; is it there?"""
    try:
        path = existing(room, digest)
        _secure(room, digest, path)
        os.utime(path)
    except (StoredFileMissing, FileNotFoundError):
        return False
    return True


def remove(room: Room, digest: str) -> bool:
    """Take a file out of a room for good; was it there?

    The caller has made sure that no row names it or is about to: :mod:`webapp.imaging.removal`.
    """
    path = path_of(room, digest)
    if bucket.enabled():
        from webapp.bucket import files

        files.forget(name_of(room, digest))
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    sync_folder(path.parent)
    return True


def is_kept(room: Room, digest: str) -> bool:
    """Whether a file is there to last: with a bucket, in the bucket.

    Raises BucketAway or BucketRefuses; it is asked once and shortly.
    """
    if bucket.enabled():
        from webapp.bucket import client

        return client.head(name_of(room, digest), hurried=True) is not None
    return path_of(room, digest).is_file()


def _renewed(room: Room, digest: str, path: Path) -> bool:
    """Whether a file is here already; then it is young again, which a storage check leaves alone."""
    try:
        if not path.is_file():
            return False
        _secure(room, digest, path)
        os.utime(path)
    except FileNotFoundError:
        return False  # removed at this moment
    return True


def _put(room: Room, digest: str, draft: Path) -> None:
    """A new file into the bucket, before it takes its place; whatever is wrong there ends it here."""
    if bucket.enabled():
        from webapp.bucket import client, files

        client.put(name_of(room, digest), draft, digest)
        files.keep_after_all(name_of(room, digest))


def _secure(room: Room, digest: str, path: Path) -> None:
    """A file that is here already: its object may be old, or lost."""
    if bucket.enabled():
        from webapp.bucket import files

        files.secure(name_of(room, digest), path, digest)
        files.keep_after_all(name_of(room, digest))


def _mode(room: Room) -> int:
    return 0o600 if room is Room.QUARANTINE else 0o444


def _chunks(source: bytes | Path) -> Iterable[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def digest_of(source: bytes | Path) -> str:
    """SHA-256 of bytes or of a file, read in pieces."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_array(room: Room, digest: str) -> NDArray[np.uint8]:
    """A stored npy, mapped, not read; raise :class:`StoredFileMissing` where it is missing or damaged."""
    path = existing(room, digest)
    try:
        array: NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError):
        raise StoredFileMissing("A stored file is damaged.") from None
    return array


def read_at(path: Path, start: int, length: int) -> bytes:
    """A part of a stored file; raise :class:`StoredFileMissing` where it is not there whole."""
    if start >= 0:
        with path.open("rb") as file:
            file.seek(start)
            found = file.read(length)
        if len(found) == length:
            return found
    raise StoredFileMissing("A stored file is damaged.")


def cached(room: Room, name: str) -> Path:
    """Where a derived file called ``name`` (not a digest) lies in a room that may be emptied."""
    return Path(settings.STORAGE_DIR) / room / name[:2] / name


def keep(path: Path, content: bytes) -> None:
    """Write a derived file whole or not at all; nothing is lost if it goes, so it is not synced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(prefix=DRAFT, dir=path.parent)
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(content)
    Path(draft).replace(path)


def incoming() -> Path:
    """Where de-identified files are written: on the disk of the rooms, to be renamed into one."""
    return private_folder(Path(settings.STORAGE_DIR) / "incoming")


def remove_leftovers() -> int:
    """Remove what killed processes left half-way, originals above all; return how many there were."""
    drafts = [
        path for room in (Room.QUARANTINE, Room.IMAGES, Room.ANALYSIS)
        for path in (Path(settings.STORAGE_DIR) / room).glob(f"{DRAFT}*")
    ]  # fmt: skip
    return spool.remove_unlocked([*spool.folder().iterdir(), *incoming().iterdir(), *drafts])


def _make_folder(folder: Path) -> None:
    """Make the folder of a digest; its own name must survive a power cut too."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Originals of what was not taken in, encrypted: they hold names, and wait for an administrator.

Each file has a random key of its own; the file is AES-256-GCM in pieces (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár, 2015: a counter and a last-piece mark in the nonce, so that pieces cannot
be moved, left out or cut off). The key is sealed into the file's row under
``HEPASTAGE_HOME/keys/quarantine.keys`` (:class:`webapp.patients.keyring.KeyRing`). So a disk without the
database and the keys tells nothing, a new key changes rows and no files, and a row whose key is gone is an
original that is gone. The address of a file is the digest of what lies on the disk, so that the storage
check needs no key.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from ml.spec import HepaStageError
from webapp import spool
from webapp.imaging import removal, storage
from webapp.imaging.models import UploadFile
from webapp.imaging.storage import Room
from webapp.patients.keyring import KeyRing

logger = logging.getLogger(__name__)
RING = KeyRing("quarantine.keys")
MAGIC = b"HSTGORG1"
PIECE = 1 << 20
TAG = 16
BATCH = 50


class OriginalSealed(HepaStageError):
    """The key of an original is lost, or its bytes changed on the disk."""

    code = "original-sealed"
    remedy = "Restore the keys and the storage folder from the backup, or ask the sender for the file again."
    http_status = 409


@dataclass(frozen=True)
class Kept:
    """An original in quarantine; :meth:`seal` gives what its row says about it."""

    site_id: UUID | None
    sha256: str
    path: Path
    address: str
    key: bytes  # empty: that of a row with the same bytes

    def seal(self) -> tuple[str, str]:
        """Address and sealed key, in the transaction that writes the row."""
        if self.key:
            return self.address, RING.seal(self.key)
        same = _same(self.site_id, self.sha256)
        if same is not None:
            removal.hold((Room.QUARANTINE, same.quarantine_sha256))
        if same is not None and storage.touch(Room.QUARANTINE, same.quarantine_sha256):
            try:
                return same.quarantine_sha256, RING.seal_again(same.quarantine_key)
            except InvalidToken:
                logger.warning("the key of an original in quarantine is lost")
        address, key = _encrypt(self.path)  # it expired a moment ago, or cannot be opened any more
        return address, RING.seal(key)


def keep(path: Path, *, site_id: UUID | None, sha256: str) -> Kept:
    """Encrypt a file into quarantine; its row is to be written with :meth:`Kept.seal`.

    The same bytes (``sha256``) that the site has there already are not kept twice.
    """
    same = _same(site_id, sha256)
    if same is not None and storage.touch(Room.QUARANTINE, same.quarantine_sha256):
        return Kept(site_id, sha256, path, same.quarantine_sha256, b"")
    return Kept(site_id, sha256, path, *_encrypt(path))


def _same(site_id: UUID | None, sha256: str) -> UploadFile | None:
    """A row of the site with the same bytes, kept and encrypted."""
    rows = UploadFile.objects.filter(upload__site=site_id, sha256=sha256)
    return rows.exclude(quarantine_sha256="").exclude(quarantine_key="").first()


def content(row: UploadFile) -> BinaryIO:
    """The bytes of an original as they came, in a file without a name that goes when it is closed.

    Raise :class:`OriginalSealed`, or ``StoredFileMissing``.
    """
    sink: BinaryIO = tempfile.TemporaryFile(dir=spool.folder())  # type: ignore[assignment]  # noqa: SIM115
    try:
        for piece in _pieces(row):
            sink.write(piece)
    except HepaStageError:
        sink.close()
        raise
    sink.seek(0)
    return sink


@contextmanager
def opened(row: UploadFile) -> Iterator[Path]:
    """An original for the reading child: decrypted in a private folder for the length of the block."""
    with spool.temporary_folder("original") as folder:
        path = folder / "original"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
            for piece in _pieces(row):
                sink.write(piece)
        yield path


def encrypt_older() -> int:
    """Encrypt what was kept before originals were encrypted; how many files. Safe to run twice at once."""
    plain = UploadFile.objects.exclude(quarantine_sha256="").filter(quarantine_key="")
    done, after = 0, ""
    while True:
        found = plain.filter(quarantine_sha256__gt=after).order_by("quarantine_sha256")
        digests = list(found.values_list("quarantine_sha256", flat=True).distinct()[:BATCH])
        for digest in digests:
            done += _encrypt_older(digest)
        if len(digests) < BATCH:
            return done
        after = digests[-1]


def rotate_key() -> int:
    """Seal the keys of all originals under a new key; how many there are."""
    return RING.rotate(UploadFile.objects.exclude(quarantine_key=""), "quarantine_key")


def _encrypt_older(digest: str) -> bool:
    try:
        path = storage.existing(Room.QUARANTINE, digest)
    except storage.StoredFileMissing:
        return False  # the storage check names it
    fresh, key = _encrypt(path)
    with transaction.atomic():
        rows = UploadFile.objects.filter(quarantine_sha256=digest, quarantine_key="")
        if rows.update(quarantine_sha256=fresh, quarantine_key=RING.seal(key)):
            transaction.on_commit(lambda: removal.remove_unless_named(Room.QUARANTINE, digest))
            return True
    removal.remove_unless_named(Room.QUARANTINE, fresh)  # somebody else was faster, or it expired meanwhile
    return False


def _encrypt(path: Path) -> tuple[str, bytes]:
    """The address of the encrypted file, and the key that opens it."""
    key = AESGCM.generate_key(256)
    box = AESGCM(key)
    with path.open("rb") as source, storage.Draft(Room.QUARANTINE) as sink:
        sink.write(MAGIC)
        piece, number = source.read(PIECE), 0
        while True:
            following = source.read(PIECE)
            sink.write(box.encrypt(_nonce(number, last=not following), piece, MAGIC))
            if not following:
                break
            piece, number = following, number + 1
        return sink.commit(), key


def _pieces(row: UploadFile) -> Iterator[bytes]:
    path = storage.existing(Room.QUARANTINE, row.quarantine_sha256)
    with path.open("rb") as source:
        if not row.quarantine_key:  # kept by an earlier version, and not encrypted yet
            while piece := source.read(PIECE):
                yield piece
            return
        try:
            box = AESGCM(_key_of(row))
            if source.read(len(MAGIC)) != MAGIC:
                raise InvalidTag
            piece, number = source.read(PIECE + TAG), 0
            while True:
                following = source.read(PIECE + TAG)
                yield box.decrypt(_nonce(number, last=not following), piece, MAGIC)
                if not following:
                    return
                piece, number = following, number + 1
        except (InvalidTag, InvalidToken):
            raise OriginalSealed("The original cannot be decrypted.") from None


def _key_of(row: UploadFile) -> bytes:
    """The key of an original; raise ``InvalidToken``."""
    try:
        return RING.open(row.quarantine_key)
    except InvalidToken:  # the row was read before its key was sealed anew, the key file afterwards
        now = UploadFile.objects.filter(pk=row.pk).values_list("quarantine_key", flat=True).first()
        if not now or now == row.quarantine_key:
            raise
        return RING.open(now)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])

"""One-way names: what replaces identifiers, keyed per installation and per site.

Everything here is HMAC-SHA256 under one key that is made once, kept readable by its owner only, in
``HEPASTAGE_HOME/keys`` and so outside the database: a copy of the database alone links nobody. The
site is part of every message, so that the same person at two hospitals has two unrelated names and
no site learns what another one holds. Losing the key loses no picture, but the next exam of a known
patient would then get a new pseudonym: back it up apart from the database.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from webapp.bucket import keys

KEY_NAME = "pseudonym.key"
KEY_BYTES = 32
SHIFT_DAYS = 3650  # dates move back by 1 to this many days, the same for all exams of a patient
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U to misread
UID_ROOT = "2.25."  # UIDs made from a 128-bit number need no registered root (PS3.5 B.2)


def installation_key() -> bytes:
    """The key of this installation; made on first use, by exactly one process."""
    return _key_at(Path(settings.HOME) / "keys" / KEY_NAME)


@lru_cache(maxsize=8)
def _key_at(path: Path) -> bytes:
    if not path.exists():
        write_key_once(path, secrets.token_hex(KEY_BYTES))
    key = bytes.fromhex(path.read_text("ascii").strip())
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path} does not hold a key of {KEY_BYTES} bytes; restore it from the backup.")
    return key


def write_key_once(path: Path, content: str) -> None:
    """Write a new key beside its place, then link it there: of two processes one wins, whole.

    Raises ``webapp.bucket.keys.KeysMissing`` where another machine that shares our bucket made it.
    """
    keys.making(path.name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as sink:
            sink.write(content + "\n")
            sink.flush()
            os.fsync(sink.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink(missing_ok=True)


@dataclass(frozen=True)
class Pseudonymiser:
    """The one-way names of one site."""

    site_id: UUID | int | str
    key: bytes

    @classmethod
    def of_site(cls, site_id: UUID | int | str) -> Pseudonymiser:
        return cls(site_id, installation_key())

    def digest(self, purpose: str, value: str) -> bytes:
        """HMAC of a value; ``purpose`` keeps a patient number and an equal study number apart."""
        message = "\x1f".join((purpose, str(self.site_id), value)).encode("utf-8", "surrogatepass")
        return hmac.new(self.key, message, hashlib.sha256).digest()

    def identity_key(self, patient_id: str) -> str:
        """What two files of one patient share: 64 hexadecimal digits."""
        return self.digest("patient", normalise_identifier(patient_id)).hex()

    def uid_key(self, uid: str) -> str:
        """What two copies of one instance, or two images of one study, share."""
        return self.digest("uid", uid.strip().strip("\0")).hex()

    def uid(self, uid: str) -> str:
        """The UID that stands in the de-identified file for ``uid``, the same in every file."""
        return uid_of_key(self.uid_key(uid))

    def name_key(self, name: str) -> str:
        """A short stand-in for a file name, which may spell the patient."""
        return self.digest("file-name", name).hex()[:12]


def uid_of_key(uid_key: str) -> str:
    """The UID that is published for a key of :meth:`Pseudonymiser.uid_key`: 122 of its bits, as a UUID."""
    return UID_ROOT + str(UUID(bytes=bytes.fromhex(uid_key)[:16], version=4).int)


def normalise_identifier(text: str) -> str:
    """One spelling of a hospital number: compatibility forms folded, case and spaces dropped.

    Leading zeros stay: to some hospitals 007 and 7 are two people.

    >>> normalise_identifier(" ab 12\\u3000３")
    'AB123'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).strip("\0").upper()


def pseudonym_of(identity_key: str) -> str:
    """``P-XXXX-XXXX-XXXX``: 60 bits, so that a million patients of a site meet with chance 4 in 10⁷.

    >>> pseudonym_of("00" * 32)
    'P-0000-0000-0000'
    """
    number = int(identity_key[:15], 16)
    letters = "".join(ALPHABET[(number >> shift) & 31] for shift in range(55, -1, -5))
    return f"P-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def pseudonym_beginning(text: str) -> str:
    """The beginning of a pseudonym that somebody typed, with or without ``P-`` and hyphens.

    >>> pseudonym_beginning("7k3mq")
    'P-7K3M-Q'
    """
    typed = text.strip().upper().removeprefix("P-")
    letters = "".join(filter(str.isalnum, typed))[:12]
    return "P-" + "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))


def date_shift(identity_key: str) -> timedelta:
    """How far the dates of a patient move; derived, so that intervals between exams stay true."""
    return -timedelta(days=1 + int(identity_key[15:31], 16) % SHIFT_DAYS)


def shifted(day: date | None, identity_key: str) -> date | None:
    """``day`` moved by the patient's shift; ``None`` stays, and so does what would leave the calendar."""
    if day is None:
        return None
    try:
        return day + date_shift(identity_key)
    except OverflowError:
        return None

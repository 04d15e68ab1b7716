"""Keys that seal small secrets, in a file outside the database: one a line, the first seals, all open.

A sealed secret is a Fernet token (package ``cryptography``) in a column. :meth:`KeyRing.rotate` puts a new
key first, seals every secret anew and drops the others; the files lie in ``HEPASTAGE_HOME/keys``, which is
backed up apart from the database.

Secrets are sealed while keys change. Whoever seals holds the first key, together with others, until the
transaction of the row ends; a rotation waits, once the new key is in the file, until everybody who held an
older one has let go. From then on no row comes in under an older key, and a look through the rows finds
them all.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import connection, models, transaction
from django.db.transaction import TransactionManagementError

from ml.spec import HepaStageError
from webapp.patients.pseudonyms import write_key_once

BATCH = 500
WAIT_SECONDS = 0.05


class RotationUnderWay(HepaStageError):
    """Another process is changing the same keys."""

    code = "rotation-under-way"
    remedy = "Wait until it has ended, then start again if that is still wanted."
    http_status = 409


class KeyRing:
    """The keys of one kind of secret; made on first use, by exactly one process."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def path(self) -> Path:
        return Path(settings.HOME) / "keys" / self._name

    def seal(self, secret: bytes) -> str:
        """The token of a secret, for a row of the transaction that is open."""
        return self._held().encrypt(secret).decode("ascii")

    def seal_again(self, token: str) -> str:
        """A token of the same secret under the present key, for another row of the transaction that is open.

        Raise ``cryptography.fernet.InvalidToken`` where no key opens it.
        """
        return self._held().rotate(token.encode("ascii")).decode("ascii")

    def open(self, token: str) -> bytes:
        """The secret; raise ``cryptography.fernet.InvalidToken`` where no key opens it."""
        return _box(self._keys()).decrypt(token.encode("ascii"))

    def rotate(self, rows: models.QuerySet[Any], column: str, *, also: tuple[str, ...] = ()) -> int:
        """Seal ``column`` of all rows under a new key and forget the older keys; return how many there are.

        Killed at any moment, nothing is lost: the older keys go only when every secret opens with the new
        one. ``also``: columns that change whenever a row is saved. Raise :class:`RotationUnderWay`.
        """
        with self._alone():
            fresh = Fernet.generate_key().decode("ascii")
            older = self._keys()
            self._replace([fresh, *older])
            _wait_until_free(older)  # now everything that was sealed with one of them is in a row
            count = self._seal_anew(rows, column, also)
            alone = Fernet(fresh)
            for token in rows.values_list(column, flat=True).iterator(chunk_size=BATCH):
                alone.decrypt(token.encode("ascii"))  # raises before an older key is dropped
            self._replace([fresh])
        return count

    def _seal_anew(self, rows: models.QuerySet[Any], column: str, also: tuple[str, ...]) -> int:
        box, count = _box(self._keys()), 0
        for pk in rows.values_list("pk", flat=True).iterator(chunk_size=BATCH):
            with transaction.atomic():
                row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
                if row is None:
                    continue
                setattr(row, column, box.rotate(getattr(row, column).encode("ascii")).decode("ascii"))
                row.save(update_fields=[column, *also])
                count += 1
        return count

    def _held(self) -> MultiFernet:
        """All keys, of which the first cannot be dropped before the transaction that is open has ended."""
        if not connection.in_atomic_block:
            raise TransactionManagementError("Secrets are sealed in the transaction of their row.")
        while True:
            keys = self._keys()
            if connection.vendor == "postgresql":  # on SQLite a transaction is alone with the database
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_number(keys[0])])
            if self._keys()[0] == keys[0]:
                return _box(keys)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One rotation at a time: two would each drop the key that the other has just put in."""
        self._keys()  # makes the folder and the first key
        with self.path.with_name(f".{self._name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise RotationUnderWay("These keys are being changed already.") from None
            yield

    def _keys(self) -> list[str]:
        if not self.path.exists():
            write_key_once(self.path, Fernet.generate_key().decode("ascii"))
        return self.path.read_text("ascii").split()

    def _replace(self, keys: list[str]) -> None:
        """Write the key file whole or not at all, readable by its owner only."""
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as sink:
            sink.write("\n".join(keys) + "\n")
            sink.flush()
            os.fsync(sink.fileno())
        draft.replace(self.path)


def _box(keys: list[str]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _number(key: str) -> int:
    """The number of a key's lock: 63 bits that say nothing about the key."""
    return int.from_bytes(hashlib.sha256(f"lock of {key}".encode()).digest()[:8], "big") >> 1


def _wait_until_free(keys: list[str]) -> None:
    """Return when no open transaction holds one of these keys.

    By asking again and again: who queued for the lock would stop others from holding the key, who may
    themselves be waited for.
    """
    if connection.vendor != "postgresql":
        with transaction.atomic():  # begins when the one that is open has ended
            return
    for key in keys:
        while True:
            with connection.cursor() as cursor:  # outside a transaction it is let go at once
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number(key)])
                if cursor.fetchone()[0]:
                    break
            time.sleep(WAIT_SECONDS)

"""Keys that seal small secrets, in a file outside the database: one a line, the first seals, all open.

A sealed secret is a Fernet token (package ``cryptography``) in a column. :meth:`KeyRing.rotate` puts a new
key first, seals every secret anew and drops the others; the files lie in ``HEPASTAGE_HOME/keys``, which is
backed up apart from the database.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models, transaction

from webapp.patients.pseudonyms import write_key_once

BATCH = 500


class KeyRing:
    """The keys of one kind of secret; made on first use, by exactly one process."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def path(self) -> Path:
        return Path(settings.HOME) / "keys" / self._name

    def seal(self, secret: bytes) -> str:
        return self._box().encrypt(secret).decode("ascii")

    def open(self, token: str) -> bytes:
        """The secret; raise ``cryptography.fernet.InvalidToken`` where no key opens it."""
        return self._box().decrypt(token.encode("ascii"))

    def rotate(self, rows: models.QuerySet[Any], column: str, *, also: tuple[str, ...] = ()) -> int:
        """Seal ``column`` of all rows under a new key and forget the older keys; return how many there are.

        Killed at any moment, nothing is lost: the older keys go only when every secret opens with the new
        one. ``also``: columns that change whenever a row is saved.
        """
        fresh = Fernet.generate_key().decode("ascii")
        self._replace([fresh, *self._keys()])
        alone, box = Fernet(fresh), self._box()
        count = 0
        for pk in rows.values_list("pk", flat=True).iterator(chunk_size=BATCH):
            with transaction.atomic():
                row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
                if row is None:
                    continue
                setattr(row, column, box.rotate(getattr(row, column).encode("ascii")).decode("ascii"))
                row.save(update_fields=[column, *also])
                count += 1
        for token in rows.values_list(column, flat=True).iterator(chunk_size=BATCH):
            alone.decrypt(token.encode("ascii"))  # raises before an older key is dropped
        self._replace([fresh])
        return count

    def _box(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self._keys()])

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

"""``manage.py rotate_quarantine_key``: a new key for the originals in quarantine, which are encrypted.

Run it after somebody who could read ``HEPASTAGE_HOME/keys`` has left; files may come in meanwhile. Each
original keeps its own key, sealed anew; no file is written. What an earlier version kept as it came is
encrypted first. Back the key file up afterwards, apart from the database; older backups of the database
need the key of their time.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from webapp.audit import services as audit
from webapp.imaging.originals import encrypt_older, rotate_key
from webapp.patients.keyring import RotationUnderWay


class Command(BaseCommand):
    help = "Seal the keys of all originals in quarantine under a new key and forget the older keys."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            older, count = encrypt_older(), rotate_key()
        except RotationUnderWay as error:
            raise CommandError(f"{error.message} {error.remedy}") from None
        audit.record(
            actor=None, action="quarantine-key.rotated", detail={"sealed": count, "encrypted": older}
        )
        self.stdout.write(f"{older} older originals encrypted; {count} are sealed under a new key.")

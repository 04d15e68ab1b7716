"""``manage.py rotate_identity_key``: a new key for the way back from pseudonym to hospital number.

Run it after somebody who could read ``HEPASTAGE_HOME/keys`` has left. Back the key file up afterwards, apart
from the database; older backups of the database need the key of their time.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from webapp.audit import services as audit
from webapp.patients.keyring import RotationUnderWay
from webapp.patients.way_back import rotate


class Command(BaseCommand):
    help = "Seal every hospital number under a new key and forget the older keys."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = rotate()
        except RotationUnderWay as error:
            raise CommandError(f"{error.message} {error.remedy}") from None
        audit.record(actor=None, action="identity-key.rotated", detail={"sealed": count})
        self.stdout.write(f"{count} numbers are sealed under a new key.")

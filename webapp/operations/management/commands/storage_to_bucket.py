"""``manage.py storage_to_bucket``: a house that kept its files on disk begins to keep them in a bucket."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ml.spec import HepaStageError
from webapp import bucket


class Command(BaseCommand):
    help = (
        "Sends every durable file of HEPASTAGE_HOME to S3_BUCKET: rooms, datasets, models, what runs left. "
        "What is there already is not sent again, so it may be interrupted and repeated. Nothing is removed. "
        "Exit status 1 where files are damaged; they are named and not sent."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not bucket.enabled():
            raise CommandError("S3_BUCKET is not set (docs/operator.md).")
        from webapp.imaging.originals import encrypt_older
        from webapp.operations.bucket_house import send_house

        try:
            encrypt_older()  # no original leaves this disk as it came
            done = send_house(self.stdout.write)
        except HepaStageError as error:
            raise CommandError(f"{error.message} {error.remedy} The same command goes on.") from error
        self.stdout.write(
            f"{done.sent} files and folders sent ({done.bytes / 1e6:.1f} MB), {done.there} were there. "
            "`manage.py verify` reads all of it again."
        )
        for name in done.damaged:
            self.stderr.write(f"changed: {name} is not what its name says, and was not sent")
        if done.damaged:
            sys.exit(1)

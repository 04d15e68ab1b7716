"""``manage.py restore IN --keys IN2``: fill an empty house from a backup, in any database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ml.spec import HepaStageError
from webapp.operations.backups import keys
from webapp.operations.backups.restoring import house_closed, restore
from webapp.operations.management.commands.verify import look


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = (
        "Restores a snapshot into HEPASTAGE_HOME and DATABASE_URL, which must be empty (or --replace). The "
        "database may be of the other kind. Everything is checked before and after."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path)
        parser.add_argument("--keys", type=Path, help="the folder that `backup --keys` wrote")
        parser.add_argument("--snapshot", help="its name; else the newest")
        parser.add_argument("--replace", action="store_true", help="put aside what this house holds")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with house_closed():
                manifest = restore(
                    options["source"], snapshot=options["snapshot"], key_folder=options["keys"],
                    replace=options["replace"], say=self.stdout.write,
                )  # fmt: skip
        except HepaStageError as error:
            raise CommandError(" ".join(part for part in (error.message, error.remedy) if part)) from error
        except OSError as error:
            raise CommandError(
                f"{error.strerror}: {error.filename or ''}. Nothing was put into the database."
            ) from error
        for name in [] if options["keys"] else keys.differing(manifest.key_fingerprints):
            self.stderr.write(
                f"The key {name} is not the one that the data was made with: "
                "restore the keys (--keys), before anybody works here."
            )
        self.stdout.write(
            f"Snapshot {manifest.name} of {manifest.created_at:%Y-%m-%d %H:%M} UTC is restored."
        )
        if not look(self.stdout.write, self.stderr.write, hashing=False):
            sys.exit(1)

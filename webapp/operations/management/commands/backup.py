"""``manage.py backup OUT --keys OUT2``: a snapshot of the whole house, while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ml.spec import HepaStageError
from webapp.operations.backups import keys
from webapp.operations.backups.making import make_backup


class Command(BaseCommand):
    help = (
        "Adds a snapshot of database and files to the backup in OUT; what is there already is not copied "
        "again. Keys go to another folder, with --keys: whoever has both can link pseudonyms."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path)
        parser.add_argument("--keys", type=Path, help="copy the keys into this folder")
        parser.add_argument("--keep", type=int, help="remove all but this many newest snapshots")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep needs a number from 1.")
        out, key_folder = options["out"], options["keys"]
        if key_folder is not None and key_folder.resolve().is_relative_to(out.resolve()):
            raise CommandError("--keys must lie outside OUT: keys beside the data protect nothing.")
        try:
            made = make_backup(out, say=self.stdout.write, keep=options["keep"])
            if key_folder is not None:
                self.stdout.write(f"Keys {', '.join(keys.write(key_folder))} are in {key_folder}")
            else:
                self.stderr.write("The keys were NOT backed up: give --keys FOLDER, on another medium.")
        except HepaStageError as error:
            raise CommandError(" ".join(part for part in (error.message, error.remedy) if part)) from error
        except OSError as error:
            raise CommandError(f"{error.strerror}: {error.filename or out}.") from error
        self.stdout.write(f"Snapshot {made.manifest.name}")
        if made.missing:
            raise CommandError(
                f"The house has lost {len(made.missing)} file(s) that its rows name: {made.missing[0]} … "
                "The snapshot holds all else; no older one was removed. Look with manage.py verify."
            )

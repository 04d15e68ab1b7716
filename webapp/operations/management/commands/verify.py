"""``manage.py verify [BACKUP]``: is everything there, and is it what was written?"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, connections

from ml.spec import HepaStageError
from webapp.audit import services as audit
from webapp.audit.models import Entry
from webapp.operations import storage_check
from webapp.operations.backups.manifest import Folder

NAMED = 20


class Command(BaseCommand):
    help = (
        "Without a folder: checks this house (audit chain, foreign keys, files against rows both ways, "
        "hashes). With one: reads every object of a backup again. Exit status 1 if something is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, nargs="?")
        parser.add_argument("--snapshot", help="of the backup; else the newest")
        parser.add_argument("--quick", action="store_true", help="do not read the files' contents")
        parser.add_argument("--repair", action="store_true", help="move files without rows to storage/trash")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["backup"] is not None:
            fine = self._backup(options["backup"], options["snapshot"])
        else:
            fine = look(
                self.stdout.write, self.stderr.write, hashing=not options["quick"], repair=options["repair"]
            )
        if not fine:
            sys.exit(1)

    def _backup(self, root: Path, snapshot: str | None) -> bool:
        folder = Folder(root)
        try:
            manifest = folder.manifest(snapshot)
        except HepaStageError as error:
            raise CommandError(" ".join(part for part in (error.message, error.remedy) if part)) from error
        damaged = 0
        for what in folder.damaged(manifest):
            damaged += 1
            self.stderr.write(what)
        if not damaged:
            self.stdout.write(
                f"Snapshot {manifest.name}: {len(manifest.files)} files and {len(manifest.tables)} tables, "
                "all as they were written."
            )
        return not damaged


def look(
    say: Callable[[str], Any], complain: Callable[[str], Any], *, hashing: bool, repair: bool = False
) -> bool:
    """Check this house; True when everything is right."""
    broken = list(audit.broken_links())
    for number, what in broken[:NAMED]:
        complain(f"audit row {number}: {what}")
    if not broken:
        say(f"{Entry.objects.count()} audit rows, all as they were written.")
    try:
        connections["default"].check_constraints()
    except IntegrityError as error:
        broken.append((0, "foreign keys"))
        complain(f"The database is not consistent: {str(error).splitlines()[0]}")
    report = storage_check.check(hashing=hashing, repair=repair)
    for finding in report.findings[:NAMED]:
        complain(f"{finding.trouble}: {finding.path}" + (f" (of {finding.row})" if finding.row else ""))
    counted = ", ".join(f"{count} {trouble}" for trouble, count in report.counts.items())
    read = f"{report.files} files {'read' if hashing else 'seen'} ({report.bytes / 1e6:.1f} MB)"
    say(f"{read}, {report.rows} rows that name some: {counted}.")
    if report.moved:
        say(f"{report.moved} files without rows are in {storage_check.trash()}")
    lost = report.counts[storage_check.Trouble.MISSING] + report.counts[storage_check.Trouble.CHANGED]
    return not broken and not lost

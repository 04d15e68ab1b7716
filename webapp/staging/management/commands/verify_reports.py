"""``manage.py verify_reports``: do the signed reports still say what was signed?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from webapp.staging.models import Report
from webapp.staging.verification import flaws


class Command(BaseCommand):
    help = (
        "Checks every signed report: content hash, chain of versions, audit log, and the image and model "
        "files it rests on. Exit status 1 if a row or a file was removed or altered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows-only", action="store_true", help="do not read the image and model files")

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for flaw in flaws(files=not options["rows_only"]):
            found += 1
            self.stderr.write(f"report {flaw.report}: {flaw.what}")
        if found:
            sys.exit(1)
        self.stdout.write(f"{Report.objects.count()} reports, all as they were signed.")

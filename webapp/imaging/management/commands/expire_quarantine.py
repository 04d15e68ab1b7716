"""``manage.py expire_quarantine``: end what nobody decided in time, remove originals whose time is over.

The reconciler does the same every hour while the house stands; this is for a house whose reconciler does
not run, and for those who want to see the numbers.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from webapp.imaging.holding import expire


class Command(BaseCommand):
    help = "Remove originals of refused and quarantined files that are older than QUARANTINE_DAYS."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = expire()
        for name, number in sorted(counts.items()):
            self.stdout.write(f"{name}: {number}")
        if not counts:
            self.stdout.write("Nothing was due.")

"""``manage.py verify_audit``: does the audit log still say what was written into it?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from webapp.audit import services
from webapp.audit.models import Entry


class Command(BaseCommand):
    help = "Walks the hash chain of the audit log; exit status 1 if a row was removed or altered."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for number, what in services.broken_links():
            broken += 1
            self.stderr.write(f"row {number}: {what}")
        if broken:
            sys.exit(1)
        self.stdout.write(f"{Entry.objects.count()} rows, all as they were written.")

"""``manage.py reconcile``: puts right what a dead worker or a lost Redis left behind, for ever."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from webapp.jobs.reconciler import Reconciler


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # they load the whole API, which this process does not serve
    help = "Requeues jobs of lost workers and repeats lost hints, for ever. Any number of these may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            Reconciler().step()
            return
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        Reconciler().run(stopping)

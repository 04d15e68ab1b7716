"""``manage.py work --queues gpu.infer,cpu``: a worker process, with Redis or without."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections

from webapp.jobs import polling, workers
from webapp.jobs.models import Queue
from webapp.jobs.tallies import Carrier

log = logging.getLogger("webapp.jobs.worker")


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # they load the whole API, which this process does not serve
    help = (
        "Does queued jobs, one at a time. Uses Redis where REDIS_URL is set, else reads the job rows. "
        "On SIGTERM running work stops at its next checkpoint and goes back to its queue."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queues", default=",".join(Queue.values), help="comma-separated; default: all")
        parser.add_argument("--poll", action="store_true", help="read the job rows even if there is Redis")

    def handle(self, *args: Any, **options: Any) -> None:
        queues = [name.strip() for name in options["queues"].split(",") if name.strip()]
        unknown = sorted(set(queues) - set(Queue.values))
        if unknown or not queues:
            raise CommandError(
                f"Unknown queue {', '.join(unknown) or '(none)'}: use {', '.join(Queue.values)}."
            )
        if settings.REDIS_URL and not options["poll"]:
            self._consume(queues)
        else:
            self._poll(queues)

    def _consume(self, queues: list[str]) -> None:
        from dramatiq import Worker

        from webapp.jobs import broker

        _stop_on_signals(broker.stopping)
        worker = Worker(broker.broker, queues=set(queues), worker_threads=1)
        with workers.presence(broker.WORKER_NAME):
            worker.start()
            _report_until(broker.stopping, broker.WORKER_NAME, queues)
            worker.stop(timeout=int((settings.JOB_CHILD_GRACE_SECONDS + 10) * 1000))

    def _poll(self, queues: list[str]) -> None:
        stopping = threading.Event()
        _stop_on_signals(stopping)
        name = workers.new_name()
        reporter = threading.Thread(target=_report_until, args=(stopping, name, queues), daemon=True)
        with workers.presence(name):
            reporter.start()
            polling.poll(queues=queues, worker=name, stopping=stopping)
            reporter.join(timeout=5)


def _stop_on_signals(stopping: threading.Event) -> None:
    def stop(number: int, frame: Any) -> None:
        log.info("stopping on %s", signal.Signals(number).name)
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _report_until(stopping: threading.Event, name: str, queues: list[str]) -> None:
    """Say that this worker lives, every few seconds, until it stops."""
    log.info("worker %s serves %s", name, ", ".join(queues))
    reported_at = float("-inf")
    carrier = Carrier()
    while not stopping.is_set():
        if time.monotonic() - reported_at >= workers.SEEN_EVERY_SECONDS:
            _quietly(lambda: _report(name, queues))
            _quietly(carrier.carry)
            reported_at = time.monotonic()
        stopping.wait(0.5)
    _quietly(carrier.carry)
    _quietly(lambda: workers.leave(name))


def _report(name: str, queues: list[str]) -> None:
    """In the database; and, for a container's health check, as the time of a file."""
    workers.report(name, queues)
    if path := os.environ.get("WORKER_ALIVE_FILE"):
        Path(path).touch()


def _quietly(write: Any) -> None:
    try:
        write()
    except DatabaseError as error:
        log.warning("the database does not answer (%s)", type(error).__name__)
    finally:
        close_old_connections()

"""``manage.py up --port 8000``: database, Redis, web, workers, reconciler on this machine (``make run``)."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections

from ml.spec import HepaStageError
from webapp.imaging.storage import remove_leftovers
from webapp.operations import people
from webapp.operations.processes import plan
from webapp.operations.running import CannotStart, Running, hold_lock


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # they load the whole API, which this process does not serve
    help = (
        "Runs everything on this machine until Ctrl-C. The first run makes a demonstration "
        "(HEPASTAGE_DEMO=0: none)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default=os.environ.get("HEPASTAGE_HOST", "127.0.0.1"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            status = self._run(options["host"], options["port"])
        except HepaStageError as error:
            raise CommandError("\n".join(part for part in (error.message, error.remedy) if part)) from error
        except OSError as error:
            raise CommandError(
                f"{error.strerror}: {error.filename or ''}. Free some space, or check the folder."
            ) from error
        if status:
            sys.exit(status)

    def _run(self, host: str, port: int) -> int:
        lock = hold_lock()
        remove_leftovers()
        self._prepare_database()
        self._collect_static()
        passwords = people.first_users()
        self._demonstrate()
        connections.close_all()
        planned = plan(port=port, host=host)
        for notice in planned.notices:
            self._say("Notice: " + notice)
        url = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}/"  # noqa: S104  asked for, not listened on
        running = Running(planned, url=url, say=self._say)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: running.stopping.set())
        running.start()
        try:
            running.wait_until_served()
            if not running.stopping.is_set():
                self._welcome(url)
                running.start_rest()
        except HepaStageError:
            running.stop()
            raise
        finally:
            self._show(passwords)
        status = running.wait_until_stopped()
        self._say("Stopped.")
        lock.close()
        return status

    def _prepare_database(self) -> None:
        settings.HOME.mkdir(parents=True, exist_ok=True)
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            raise CannotStart(
                f"The database cannot be opened: {str(error).strip()}.",
                remedy="Check DATABASE_URL, that the server runs, and that the disk is not full.",
            ) from error

    def _collect_static(self) -> None:
        """Copy and compress what browsers load; skipped while the build and Django are the same."""
        page = settings.FRONTEND_DIST / "index.html"
        content = page.read_bytes() if page.exists() else b""
        wanted = hashlib.sha256(content + django.get_version().encode()).hexdigest()
        stamp = settings.STATIC_ROOT / ".collected"
        if stamp.exists() and stamp.read_text() == wanted:
            return
        call_command("collectstatic", interactive=False, verbosity=0, clear=settings.STATIC_ROOT.exists())
        stamp.write_text(wanted)

    def _demonstrate(self) -> None:
        if os.environ.get("HEPASTAGE_DEMO", "1") == "0":
            return
        from webapp.operations import demonstration

        demonstration.begin()

    def _welcome(self, url: str) -> None:
        self._say("")
        self._say(f"HepaStage is at {url}   (Ctrl-C stops everything; logs in {settings.HOME / 'log'})")
        self._say("For research; not a medical device.")

    def _show(self, passwords: dict[str, str]) -> None:
        if not passwords:
            return
        self._say("")
        self._say("Users of the demonstration. This is shown once; only hashes are kept:")
        for name, password in passwords.items():
            self._say(f"    {name:<14} {password}")
        self._say("(Change one with: .venv/bin/python manage.py changepassword NAME)")
        self._say("")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

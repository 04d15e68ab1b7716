"""``manage.py import_folder FOLDER --site NAME --report R.jsonl``: a folder of files, and the tables with it.

Results go to stdout, messages to stderr, progress to a terminal only. Exit status: 0 done, whatever became
of the single files; 2 wrong usage, found before any file is taken in; 1 anything else.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.db.models import Q
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ml.cohort import read_clinical_table, read_stage_table
from ml.spec import HepaStageError
from webapp.accounts.models import Site, User
from webapp.imaging.folder import Report, Tally, Walk, take_in, walk
from webapp.imaging.folder_tables import Applied, Tables
from webapp.patients.models import StageSource

WRONG_USAGE = 2


class WrongUsage(CommandError):
    """What was asked for cannot be done; nothing was begun."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=WRONG_USAGE)


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # they load the whole API, which this process does not serve
    help = (
        "Takes in every file of a folder, whatever its layout, then the tables. The same command again goes "
        "on where it stopped: what is here already is a duplicate."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--site", required=True, metavar="NAME", help="code or name of the site")
        parser.add_argument("--report", type=Path, metavar="R.jsonl", help="one JSON object a file")
        parser.add_argument("--stages", type=Path, metavar="TABLE", help="CSV or Excel: patient and stage")
        parser.add_argument("--clinical", type=Path, metavar="TABLE", help="CSV or Excel: patient and values")
        parser.add_argument(
            "--stage-source", choices=StageSource.values, default=StageSource.TABLE.value,
            help="what the stages of the table rest on",
        )  # fmt: skip
        parser.add_argument(
            "--user", default="", metavar="USERNAME", help="who does this, for the audit log; else the system"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="take nothing in; say what the tables would change"
        )
        parser.add_argument("--json", action="store_true", help="the summary as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, report, dry = options["folder"], options["report"], options["dry_run"]
        tables = Tables(options["stages"], options["clinical"], options["stage_source"])
        site, actor = _site(options["site"]), _user(options["user"])
        _check_folder(folder)
        _check_tables(tables)
        if dry:
            walked = walk(folder, leave_out=[*tables.paths, *([report] if report else [])])
            self._dry_run(walked, tables.compare(site, actor, apply=False), options["json"])
            return
        if report is None:
            raise WrongUsage("--report R.jsonl is needed (unless --dry-run is given).")
        tally = Tally()
        with _opened(report, tables) as sink:
            walked = walk(folder, leave_out=[*tables.paths, report])
            self._remark_on(walked)
            self._take_in(walked, site, actor, sink, tally)
        try:
            applied = tables.compare(site, actor, apply=True)
        except HepaStageError as error:
            raise CommandError(
                f"The images are in, a table is not: {error.message}\n{error.remedy}"
            ) from None
        for remark in applied.remarks(tally):
            self.stderr.write(remark)
        self._summarise(tally, applied, options["json"])
        if walked.unreadable:
            raise CommandError("Some folders could not be read; the report names them.")

    def _take_in(self, walked: Walk, site: Site, actor: User | None, sink: IO[str], tally: Tally) -> None:
        """All files; the report grows line by line, so that what was done is known whatever happens."""
        done = 0
        try:
            with (
                _stoppable(),
                _progress(len(walked.files)) as advance,
                closing(take_in(walked=walked, site=site, actor=actor)) as taken,
            ):
                for reports in taken:
                    for report in reports:
                        tally.add(report)
                        sink.write(_line(report))
                    sink.flush()
                    done += 1
                    advance()
        except KeyboardInterrupt:
            why = "Stopped."
        except HepaStageError as error:
            why = f"{error.message} {error.remedy}"
        except OSError as error:  # its file name is left out: it may spell a patient
            why = f"{error.strerror or type(error).__name__}: free some space, or check the folders."
        else:
            return
        raise CommandError(
            f"{why} {done} of {len(walked.files)} files were done and no table was taken. "
            "The same command goes on from here."
        )

    def _remark_on(self, walked: Walk) -> None:
        if not walked.files:
            self.stderr.write("The folder holds no file to take in.")
        if walked.passed_over:
            self.stderr.write(f"{walked.passed_over} links or hidden files were left alone.")

    def _summarise(self, tally: Tally, applied: Applied, as_json: bool) -> None:
        counts = tally.counts()
        if as_json:
            self.stdout.write(json.dumps(counts | applied.counts()))
            return
        files = ", ".join(f"{number} {outcome}" for outcome, number in counts["outcomes"].items())
        self.stdout.write(f"{counts['files']} files: {files}")
        self.stdout.write(
            f"{counts['patients']} patients ({counts['labelled']} labelled), {counts['exams']} exams, "
            f"{counts['pairs']} pairs"
        )
        self._tell_tables(applied)

    def _dry_run(self, walked: Walk, compared: Applied, as_json: bool) -> None:
        self._remark_on(walked)
        for remark in compared.remarks(Tally()):
            self.stderr.write(remark)
        changes = compared.stage_changes()
        if as_json:
            found: dict[str, Any] = {"dry_run": True, "found": len(walked.files), "stage_changes": changes}
            self.stdout.write(json.dumps(found | compared.counts()))
            return
        self.stdout.write(f"Dry run: {len(walked.files)} files would be taken in. Nothing was changed.")
        self._tell_tables(compared)
        for change in changes:
            self.stdout.write(
                f"  line {change['line']}: {change['before'] or 'no stage'} → {change['after']}"
            )

    def _tell_tables(self, applied: Applied) -> None:
        for name, counts in applied.counts().items():
            if counts is not None:
                told = ", ".join(f"{number} {outcome}" for outcome, number in counts.items() if number)
                self.stdout.write(f"{name}: {told}")


# --- What is checked before anything is taken in ------------------------------------------------------


def _site(name: str) -> Site:
    try:
        sites = list(Site.objects.filter(Q(code__iexact=name) | Q(name__iexact=name))[:2])
        codes = ", ".join(Site.objects.values_list("code", flat=True))
    except DatabaseError as error:
        raise CommandError(
            f"The database cannot be used ({type(error).__name__}). Set it up with: manage.py migrate"
        ) from None
    if len(sites) != 1:
        raise WrongUsage(f"{name!r} is not a site. There are: {codes or 'none; make one on page People'}.")
    return sites[0]


def _user(name: str) -> User | None:
    if not name:
        return None
    user = User.objects.filter(username=name).first()
    if user is None:
        raise WrongUsage(f"There is no user {name!r}.")
    return user


def _check_folder(folder: Path) -> None:
    try:
        with os.scandir(folder):
            return
    except OSError as error:
        raise WrongUsage(f"{folder} is not a folder that can be read ({error.strerror}).") from None


def _check_tables(tables: Tables) -> None:
    try:
        if tables.stages is not None:
            read_stage_table(tables.stages)
        if tables.clinical is not None:
            read_clinical_table(tables.clinical)
    except HepaStageError as error:
        raise WrongUsage(f"{error.message}\n{error.remedy}".strip()) from None


@contextmanager
def _opened(report: Path, tables: Tables) -> Iterator[IO[str]]:
    """The report, for this user's eyes only; an older report is replaced, any other file is not."""
    if any(report.exists() and path.exists() and report.samefile(path) for path in tables.paths):
        raise WrongUsage(f"{report} is one of the tables.")
    if report.exists() and not _is_report(report):
        raise WrongUsage(f"{report} exists and is not a report; choose another name.")
    try:
        handle = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.fchmod(handle, 0o600)
    except OSError as error:
        raise WrongUsage(f"{report} cannot be written ({error.strerror}).") from None
    with os.fdopen(handle, "w", encoding="utf-8") as sink:
        yield sink


def _is_report(path: Path) -> bool:
    """An empty file, or one whose first line is ours."""
    try:
        with path.open("rb") as file:
            first = file.readline(1 << 16)
        return not first or "outcome" in json.loads(first)
    except (OSError, ValueError, TypeError):
        return False


# --- While it runs ----------------------------------------------------------------------------------


def _line(report: Report) -> str:
    line = json.dumps(report.as_line(), ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # a file name in no character set
        line = json.dumps(report.as_line())
    return line + "\n"


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], object]]:
    """``advance()`` moves a bar on a terminal; elsewhere it does nothing. File names are not shown."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda: None
        return
    columns = (TextColumn("Files"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM stops as Ctrl-C does, so that nothing half-done is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

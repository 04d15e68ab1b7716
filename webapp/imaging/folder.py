"""A folder of files through the one hallway, whatever its layout, and what became of each of them.

Paths may spell patients. They are in what :func:`take_in` yields, for the operator whose folder it is,
and nowhere else: not in the database, not in a log line.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from webapp.audit import services as audit
from webapp.imaging.ingest import ingest_file, start_upload
from webapp.imaging.models import ImagePair, UploadFile, UploadSource
from webapp.imaging.outcomes import Outcome, wording
from webapp.patients.models import PathologyStage

if TYPE_CHECKING:
    from webapp.accounts.models import Site, User

PART = 800  # SQLite takes a limited number of parameters


@dataclass(frozen=True)
class Walk:
    """What lies in a folder: the files to take in, in order of their paths, and what is left alone."""

    folder: Path
    files: tuple[Path, ...]
    passed_over: int  # links, hidden files, pipes and the like
    unreadable: tuple[Path, ...]  # sub-folders that may not be listed


@dataclass(frozen=True)
class Report:
    """What became of one file, or of one member of an archive."""

    path: str
    outcome: str
    code: str
    message: str
    remedy: str
    band: str = ""
    exam: UUID | None = None
    patient: UUID | None = None

    def as_line(self) -> dict[str, str]:
        """The line of the report (design/contract.md). Who the patient became is not part of it: beside
        the path, which may spell the name, that would be the way back from the pseudonym."""
        names = ("path", "outcome", "code", "message", "remedy", "band")
        return {name: getattr(self, name) for name in names}


@dataclass
class Tally:
    """Counts over a folder, and one file of each patient to speak of it by."""

    outcomes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    exams: set[UUID] = field(default_factory=set)
    file_of: dict[UUID, str] = field(default_factory=dict)  # patient → path of the first file

    def add(self, report: Report) -> None:
        self.outcomes[report.outcome] += 1
        self.codes[report.code] += 1
        if report.exam is not None and report.patient is not None:
            self.exams.add(report.exam)
            self.file_of.setdefault(report.patient, report.path)

    def counts(self) -> dict[str, Any]:
        """Outcomes of files; then what the accepted and known ones of them belong to."""
        return {
            "files": self.outcomes.total(),
            "outcomes": {outcome.value: self.outcomes[outcome.value] for outcome in Outcome},
            "codes": dict(sorted(self.codes.items())),
            "patients": len(self.file_of),
            "exams": len(self.exams),
            "pairs": _count(ImagePair.objects.all(), "exam", self.exams),
            "labelled": _count(
                PathologyStage.objects.current().filter(exam__isnull=True), "patient", self.file_of
            ),
        }


def _count(rows: Any, column: str, keys: Collection[UUID]) -> int:
    ordered = list(keys)
    parts = (ordered[start : start + PART] for start in range(0, len(ordered), PART))
    return sum(rows.filter(**{f"{column}__in": part}).count() for part in parts)


def walk(folder: Path, *, leave_out: Collection[Path] = ()) -> Walk:
    """Every regular file below ``folder`` but ``leave_out``. Links are not followed: they may lead away."""
    apart = {(found.st_dev, found.st_ino) for found in (path.stat() for path in leave_out if path.exists())}
    files: list[Path] = []
    unreadable: list[Path] = []
    passed_over = 0
    for base, folders, names in os.walk(folder, onerror=lambda e: unreadable.append(Path(e.filename))):
        kept = [name for name in folders if not name.startswith(".") and not Path(base, name).is_symlink()]
        passed_over += len(folders) - len(kept)
        folders[:] = sorted(kept)
        for name in names:
            path = Path(base, name)
            if name.startswith(".") or path.is_symlink() or not path.is_file():
                passed_over += 1
                continue
            found = path.stat()
            if (found.st_dev, found.st_ino) not in apart:
                files.append(path)
    return Walk(folder, tuple(sorted(files)), passed_over, tuple(unreadable))


def take_in(*, walked: Walk, site: Site, actor: User | None) -> Generator[list[Report], None, None]:
    """Take in one file after another; yield what became of each (of an archive: of each member).

    Calling again goes on: what is here already is a duplicate. Raise ``OSError`` where this machine is at
    fault (a full disk) and not the file.
    """
    for path in walked.unreadable:
        yield [_unreadable(_relative(path, walked.folder))]
    if not walked.files:
        return
    upload = start_upload(site=site, actor=actor, source=UploadSource.FOLDER)
    outcomes: Counter[str] = Counter()
    try:
        for path in walked.files:
            name = _relative(path, walked.folder)
            try:
                reports = [
                    _report(row, name)
                    for row in ingest_file(upload=upload, name=name, data=path, actor=actor, limited=False)
                ]
            except OSError:
                if _readable(path):
                    raise
                reports = [_unreadable(name)]
            outcomes.update(report.outcome for report in reports)
            yield reports
    finally:
        audit.record(
            actor=actor, action="folder.imported", object=upload, site=site,
            detail={"found": len(walked.files), "outcomes": dict(outcomes)},
        )  # fmt: skip


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _report(row: UploadFile, name: str) -> Report:
    image = row.image
    return Report(
        path=name if row.given_path == name else f"{name}/{row.given_path}",
        outcome=str(Outcome(row.outcome).value),
        code=row.code,
        message=row.particulars or row.message,
        remedy=row.remedy,
        band=image.band if image else "",
        exam=image.exam_id if image else None,
        patient=image.exam.patient_id if image else None,
    )


def _unreadable(name: str) -> Report:
    outcome, message, remedy = wording("file-unreadable")
    return Report(name, outcome.value, "file-unreadable", message, remedy)


def _readable(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            while file.read(1 << 20):
                pass
    except OSError:
        return False
    return True

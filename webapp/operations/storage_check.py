"""Rows and files, compared both ways: rows without files, files without rows, files that changed.

Every app that names stored files says so in its ``stored.py`` (see :mod:`webapp.imaging.stored`). Frozen
datasets and registered models are folders; their own hashes are checked. Repairing moves files that no row
names into ``storage/trash``; it never removes anything and never touches a row.

With a bucket a row's file has to be there, and what is here is a cache: both are looked at, and both count as
files. Objects that no row names are moved to ``trash/`` in the bucket.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from ml.spec import HepaStageError
from webapp import bucket
from webapp.bucket.errors import BucketTrouble
from webapp.bucket.kept import holding
from webapp.datasets.models import DatasetState, DatasetVersion
from webapp.imaging import removal
from webapp.imaging.storage import DRAFT, Room, digest_of, name_of, path_of
from webapp.segmentation.models import Segmenter
from webapp.training.models import ModelVersion
from webapp.training.registry import digest_of as model_digest_of
from webapp.training.registry import hashes_of

GRACE_SECONDS = 3600.0  # a file lies there before its row is committed
LISTED = 200  # problems that are named one by one


class Trouble(StrEnum):
    MISSING = "missing"  # a row names a file that is not there
    ORPHAN = "orphan"  # a file that no row names
    CHANGED = "changed"  # a file whose content is not what its name or its row says


@dataclass(frozen=True)
class Finding:
    """One thing that is not right. ``row`` is the model and key of the row, or empty for an orphan."""

    trouble: Trouble
    path: str  # below HEPASTAGE_HOME
    row: str = ""


@dataclass
class Report:
    """What a check found; ``findings`` names the first of each, the counts hold all."""

    files: int = 0
    bytes: int = 0
    rows: int = 0
    hashed: bool = True
    counts: dict[str, int] = field(default_factory=lambda: {str(trouble): 0 for trouble in Trouble})
    findings: list[Finding] = field(default_factory=list)
    moved: int = 0

    @property
    def fine(self) -> bool:
        return not any(self.counts.values())

    def note(self, trouble: Trouble, path: str, row: str = "") -> None:
        self.counts[trouble] += 1
        if len(self.findings) < LISTED:
            self.findings.append(Finding(trouble, path, row))


def references() -> list[tuple[Room, str, str]]:
    """``(room, model, column)`` of all installed apps."""
    found: list[tuple[Room, str, str]] = []
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.stored") is not None:
            found += import_module(f"{config.name}.stored").REFERENCES
    return found


def check(
    *,
    hashing: bool = True,
    repair: bool = False,
    progress: Callable[[float, str], None] = lambda share, message: None,
) -> Report:
    """Compare all rows with all files. ``hashing`` reads every byte; ``repair`` moves orphans to the trash.

    ``progress`` is called with 0 to 1 and a sentence; what it raises ends the check.
    """
    report = Report(hashed=hashing)
    by_room: dict[Room, list[tuple[str, str]]] = {}
    for room, model, column in references():
        by_room.setdefault(room, []).append((model, column))
    steps = len(by_room) + 2 + bucket.enabled()
    for number, (room, columns) in enumerate(sorted(by_room.items())):

        def further(part: float, number: int = number, room: Room = room) -> None:
            progress((number + part) / steps, f"Room {room}")

        _check_room(room, columns, report, repair, further)
    progress(len(by_room) / steps, "Datasets")
    _check_datasets(report)
    progress((len(by_room) + 1) / steps, "Models")
    _check_models(report)
    if bucket.enabled():
        progress((steps - 1) / steps, "Bucket")
        _check_kept_folders(report, repair)
    progress(1.0, "Done")
    return report


def _check_room(
    room: Room,
    columns: list[tuple[str, str]],
    report: Report,
    repair: bool,
    progress: Callable[[float], None],
) -> None:
    on_disk = dict(_files_of(room))  # before the rows: what is added meanwhile is no orphan
    objects = _Objects(room) if bucket.enabled() else None
    named: set[str] = set()
    for label, column in columns:
        model: Any = apps.get_model(label)
        rows = model._base_manager.exclude(**{column: ""}).values_list("pk", column)
        for pk, digest in rows.iterator(chunk_size=5000):
            report.rows += 1
            named.add(digest)
            if objects is not None:
                there = objects.has(digest)
            else:
                there = digest in on_disk or path_of(room, digest).is_file()
            if not there:
                report.note(Trouble.MISSING, f"storage/{room}/{digest[:2]}/{digest}", f"{label} {pk}")
    for number, (digest, path) in enumerate(on_disk.items()):
        if number % 100 == 0:
            progress(number / len(on_disk))
        try:
            state = path.stat()
        except FileNotFoundError:
            continue
        report.files += 1
        report.bytes += state.st_size
        name = f"storage/{room}/{digest[:2]}/{digest}"
        if digest not in named:
            if time.time() - state.st_mtime > GRACE_SECONDS:
                report.note(Trouble.ORPHAN, name)
                if repair:
                    report.moved += _to_trash(path, room, columns)
        elif report.hashed and _read(path) not in {digest, None}:
            report.note(Trouble.CHANGED, name)
    if objects is not None:
        orphans = objects.check(report, named)
        for digest in orphans - on_disk.keys():
            report.note(Trouble.ORPHAN, f"bucket/{name_of(room, digest)}")
        for digest in orphans if repair else ():
            report.moved += objects.to_trash(digest, columns)


class _Objects:
    """The objects of a room, as they were before the rows were read."""

    def __init__(self, room: Room) -> None:
        from webapp.operations import bucket_house

        self._room = room
        self._house = bucket_house
        self._found = bucket_house.room_objects(room)

    def has(self, digest: str) -> bool:
        from webapp.bucket import client

        return digest in self._found or client.head(name_of(self._room, digest)) is not None

    def check(self, report: Report, named: set[str]) -> set[str]:
        """Count them and read those that rows name; the digests of old ones that no row names."""
        from webapp.bucket import client

        orphans = set()
        for digest, stat in self._found.items():
            report.files += 1
            report.bytes += stat.size
            if digest not in named:
                if (timezone.now() - stat.modified).total_seconds() > GRACE_SECONDS:
                    orphans.add(digest)
            elif report.hashed:
                try:
                    client.verify(stat.name, digest)
                except BucketTrouble as trouble:
                    if trouble.http_status == 503:
                        raise
                    report.note(Trouble.CHANGED, f"bucket/{stat.name}")
        return orphans

    def to_trash(self, digest: str, columns: list[tuple[str, str]]) -> bool:
        """Copied first, for that may take long; then removed, unless somebody names it."""
        from webapp.bucket import client

        stat = self._found[digest]
        copy = self._house.copy_to_trash(stat)
        with removal.alone(self._room, digest) as free:
            moved = free and not _named_by_now(columns, digest)
            client.remove(stat.name if moved else copy, hurried=True)
        return moved


def _check_kept_folders(report: Report, repair: bool) -> None:
    """Folders that rows need and the bucket lacks or has otherwise, and those that no row names."""
    from webapp.operations import bucket_house

    for kept in bucket_house.kept_folders():
        if kept.needed and (trouble := bucket_house.trouble_with(kept, hashing=report.hashed)):
            report.note(Trouble(trouble), f"bucket/{kept.name}", kept.row)
    for name, stats in bucket_house.folders_without_rows(GRACE_SECONDS).items():
        report.note(Trouble.ORPHAN, f"bucket/{name}")
        for stat in stats if repair else ():
            bucket_house.to_trash(stat)
            report.moved += 1


def _read(path: Path) -> str | None:
    """The digest of what is in a file; None where it left meanwhile, by a removal or out of the cache."""
    try:
        return digest_of(path)
    except FileNotFoundError:
        return None


def _named_by_now(columns: list[tuple[str, str]], digest: str) -> bool:
    managers = ((apps.get_model(label)._base_manager, column) for label, column in columns)
    return any(manager.filter(**{column: digest}).exists() for manager, column in managers)


def _files_of(room: Room) -> Iterator[tuple[str, Path]]:
    base = Path(settings.STORAGE_DIR) / room
    for path in sorted(base.glob("??/*")) if base.is_dir() else []:
        if path.is_file() and not path.name.startswith(DRAFT):
            yield path.name, path


def _check_datasets(report: Report) -> None:
    from ml.cohort import load_cache  # pandas: only where the work is done

    for dataset in DatasetVersion.objects.filter(state=DatasetState.FROZEN).iterator():
        report.rows += 1
        row, name = f"datasets.DatasetVersion {dataset.pk}", f"work/{dataset.path}"
        folder = Path(settings.WORK_DIR) / dataset.path
        with holding(folder):
            if not folder.is_dir():
                if not bucket.enabled():
                    report.note(Trouble.MISSING, name, row)
                continue
            _count(folder, report)
            if report.hashed:
                try:
                    right = load_cache(folder, verify=True).dataset_hash == dataset.hash
                except (HepaStageError, OSError, ValueError):
                    right = False
                if not right:
                    report.note(Trouble.CHANGED, name, row)


def _check_models(report: Report) -> None:
    """Staging models and segmenters: each a folder under the digest of its files."""
    held: list[tuple[str, Any, str, str]] = [
        ("training.ModelVersion", model.pk, model.path, model.digest)
        for model in ModelVersion.objects.iterator()
    ]
    held += [
        ("segmentation.Segmenter", one.pk, one.path, one.digest)
        for one in Segmenter.objects.exclude(path="").iterator()
    ]
    for label, pk, path, digest in held:
        report.rows += 1
        folder = Path(settings.WORK_DIR) / path
        with holding(folder):
            if not folder.is_dir():
                if not bucket.enabled():
                    report.note(Trouble.MISSING, f"work/{path}", f"{label} {pk}")
                continue
            _count(folder, report)
            if report.hashed and model_digest_of(hashes_of(folder)) != digest:
                report.note(Trouble.CHANGED, f"work/{path}", f"{label} {pk}")


def _count(folder: Path, report: Report) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            report.files += 1
            report.bytes += path.stat().st_size


# --- Trash ------------------------------------------------------------------------------------------


def trash() -> Path:
    """``storage/trash/DATE/ROOM/DIGEST``: what a repair put aside. Originals may be among it."""
    return Path(settings.STORAGE_DIR) / "trash"


def _to_trash(path: Path, room: Room, columns: list[tuple[str, str]]) -> bool:
    """Put a file aside unless somebody names it by now; did it go?"""
    folder = trash() / timezone.now().strftime("%Y-%m-%d") / room
    folder.mkdir(parents=True, exist_ok=True)
    trash().chmod(0o700)
    with removal.alone(room, path.name) as free:
        if not free or _named_by_now(columns, path.name):
            return False
        try:
            path.rename(folder / path.name)
        except FileNotFoundError:  # it left the cache meanwhile
            return False
    return True


def empty_trash(*, days: int) -> int:
    """Remove for good what has lain in the trash for more than ``days`` days; how many files."""
    limit = (timezone.now() - timedelta(days=days)).date().isoformat()
    removed = 0
    for day in sorted(trash().iterdir()) if trash().is_dir() else []:
        if len(day.name) != 10 or day.name >= limit:
            continue
        for path in sorted(day.rglob("*"), reverse=True):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
                removed += 1
        day.rmdir()
    if bucket.enabled():
        from webapp.operations import bucket_house

        removed += bucket_house.empty_trash(days=days)
    return removed

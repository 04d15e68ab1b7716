"""What the rows of this house need of its bucket: sent there, looked for there, both ways.

Rows name files of rooms (by SHA-256) and folders below ``WORK_DIR``. The rows are read here and nowhere in
:mod:`webapp.bucket`, which knows no app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from webapp.bucket import client, folders, keys, transfer
from webapp.bucket.errors import BucketTrouble, ObjectDamaged
from webapp.bucket.transfer import Moved
from webapp.datasets.models import DatasetState, DatasetVersion
from webapp.imaging.storage import Room
from webapp.jobs.models import JobState
from webapp.segmentation.models import Segmenter
from webapp.training.handover import NOT_RESULTS
from webapp.training.models import ModelVersion, Run


@dataclass(frozen=True)
class Kept:
    """A folder that a row needs: below ``WORK_DIR``, under which version in the bucket, whose row it is.

    ``needed`` is False for what is there only during a training, or where somebody sent an archive.
    """

    path: str
    version: str
    row: str
    needed: bool = True

    @property
    def name(self) -> str:
        return folders.name_of(self.path, self.version)


def kept_folders() -> Iterator[Kept]:
    """Every folder that rows name: datasets, models, segmenters, what runs left."""
    for dataset in DatasetVersion.objects.filter(state=DatasetState.FROZEN).iterator():
        yield Kept(dataset.path, dataset.hash, f"datasets.DatasetVersion {dataset.pk}")
    for model in ModelVersion.objects.iterator():
        yield Kept(model.path, "", f"training.ModelVersion {model.pk}")
    for segmenter in Segmenter.objects.select_related("job").iterator():
        row = f"segmentation.Segmenter {segmenter.pk}"
        done = bool(segmenter.sha256)
        if segmenter.path:
            yield Kept(segmenter.path, "", row)
        yield Kept(f"{segmenter.relative}/work", "", row, needed=done)
        yield Kept(f"{segmenter.relative}/examples", "", row, needed=done and segmenter.example_count > 0)
        for part in ("archive", "outlines", "underway"):
            yield Kept(f"{segmenter.relative}/{part}", "", row, needed=False)
    for run in Run.objects.select_related("job").iterator():
        path, row = run.folder.relative_to(settings.WORK_DIR).as_posix(), f"training.Run {run.pk}"
        yield Kept(f"{path}/work", "", row, needed=run.job.state == JobState.SUCCEEDED and bool(run.metrics))
        yield Kept(f"{path}/underway", "", row, needed=False)


def send_house(say: Callable[[str], None]) -> Moved:
    """Everything durable on this disk into the bucket. Raises BucketAway or BucketRefuses; repeat it then."""
    for path in (Path(settings.HOME) / "keys").glob("[!.]*"):
        keys.mark(path.name)  # so that no other machine makes its own
    done = transfer.send_rooms(say)
    say(f"Rooms: {done.sent} files sent ({done.bytes / 1e6:.1f} MB), {done.there} were there")
    for kept in kept_folders():
        if kept.needed:
            without = NOT_RESULTS if kept.path.endswith("/work") else ()
            transfer.send_folder(kept.path, done, version=kept.version, without=without)
    return done


def trouble_with(kept: Kept, *, hashing: bool) -> str:
    """What is wrong with a folder in the bucket: ``missing``, ``changed`` or nothing."""
    try:
        manifest = folders.manifest_of(kept.name)
        if manifest is None or not folders.is_whole(kept.name, manifest):
            return "missing"
        if hashing:
            for file in manifest.files:
                for _ in folders.stream(kept.name, file):
                    pass
    except ObjectDamaged:
        return "changed"
    except BucketTrouble as trouble:
        if trouble.http_status == 503:
            raise
        return "missing"
    return ""


def folders_without_rows(grace_seconds: float) -> dict[str, list[client.Stat]]:
    """Folders in the bucket that no row names and that are older than ``grace_seconds``, with their objects.

    What is under way of an import is left alone: it goes with its job.
    """
    named = {kept.name for kept in kept_folders()}
    found: dict[str, list[client.Stat]] = {}
    for stat in client.listed("work/"):
        folder = stat.name.rpartition("/")[0]
        if folder not in named and not folder.startswith("work/imports/"):
            found.setdefault(folder, []).append(stat)
    limit = timezone.now() - timedelta(seconds=grace_seconds)
    return {folder: stats for folder, stats in found.items() if all(s.modified < limit for s in stats)}


def to_trash(stat: client.Stat) -> None:
    """Give an object another name, below ``trash/DATE/``, from where ``empty_trash`` takes it."""
    copy_to_trash(stat)
    client.remove(stat.name)


def copy_to_trash(stat: client.Stat) -> str:
    """The first half of it; the copy's name."""
    copy = f"trash/{timezone.now():%Y-%m-%d}/{stat.name}"
    client.copy(stat.name, copy)
    return copy


def empty_trash(*, days: int) -> int:
    """Remove for good what has lain there for more than ``days`` days; how many objects."""
    limit = (timezone.now() - timedelta(days=days)).date().isoformat()
    old = [stat for stat in client.listed("trash/") if stat.name.split("/")[1] < limit]
    for stat in old:
        client.remove(stat.name)
    return len(old)


def room_objects(room: Room) -> dict[str, client.Stat]:
    """The objects of a room by their digest."""
    return {stat.name.rpartition("/")[2]: stat for stat in client.listed(f"storage/{room}/")}

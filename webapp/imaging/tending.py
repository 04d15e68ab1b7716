"""The cache of this machine, where files are kept in a bucket: what the reconciler does about it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings

from webapp.bucket import cache, files
from webapp.imaging.storage import Room
from webapp.imaging.stored import REFERENCES


def tend() -> None:
    """Do the removals that were put off, then make room. Raises BucketAway: tried again next time."""
    files.settle_removals(is_named)
    cache.evict(settings.S3_CACHE_BYTES)


def follow() -> int:
    """Remove what another host removed, and the pictures that were made of it; how many files."""
    return files.follow_removals(drop)


def is_named(name: str) -> bool:
    """Whether a row names the object ``storage/ROOM/…/DIGEST``."""
    _, room, _, digest = name.split("/")
    columns = [(model, column) for held, model, column in REFERENCES if held == room]
    return any(
        apps.get_model(model)._base_manager.filter(**{column: digest}).exists() for model, column in columns
    )


def drop(name: str) -> None:
    """Take a file out of the cache, and the frames of it."""
    files.path_of(name).unlink(missing_ok=True)
    digest = name.rpartition("/")[2]
    frames = Path(settings.STORAGE_DIR) / Room.RENDERED / digest[:2]
    for frame in frames.glob(f"{digest}-*.png"):
        with suppress(FileNotFoundError):
            frame.unlink()

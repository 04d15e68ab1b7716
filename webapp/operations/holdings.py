"""How much is stored and where: in the bucket with its cache on this machine, or on the disk.

Counting walks the folders and lists the bucket, which takes minutes for a million files. So it is done
beside the requests (:mod:`webapp.operations.remembered`), ends after :data:`LONGEST`, and is remembered.
"""

from __future__ import annotations

import os
import time
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from webapp import bucket
from webapp.bucket import pending
from webapp.operations.remembered import Remembered

LONGEST = 120.0  # seconds of counting
WAIT = 0.5  # seconds that a page waits for what is not known yet


@dataclass(frozen=True)
class Counted:
    """What counting found. With a bucket ``files`` are objects, else files; bytes throughout.

    ``complete`` is False where time ran out: then there are more, and ``unsent`` is not known.
    """

    at: datetime
    complete: bool
    files: int
    bytes: int
    unsent: int | None = None  # files of this machine that the bucket lacks
    cache_bytes: int | None = None


@dataclass(frozen=True)
class Holdings:
    """``answers`` and ``counted`` are None where they are not known yet (or there is no bucket)."""

    bucket: bool
    answers: bool | None
    counted: Counted | None
    to_remove: int  # files that are to go and have not gone
    cache_limit: int | None


def holdings() -> Holdings:
    """What is known at this moment; old numbers are counted anew meanwhile."""
    house, on = _house(), bucket.enabled()
    return Holdings(
        bucket=on,
        answers=_answers.get(of=house, wait=WAIT) if on else None,
        counted=_counted.get(of=house, wait=WAIT),
        to_remove=len(pending.names()),
        cache_limit=settings.S3_CACHE_BYTES if on else None,
    )


def last_counted() -> Counted | None:
    """What was counted last, without counting: a monitor asks often."""
    return _counted.known(of=_house())


def _house() -> Hashable:
    return settings.S3_BUCKET, settings.S3_ENDPOINT_URL, str(settings.STORAGE_DIR)


def _reach() -> bool:
    from webapp.bucket import client
    from webapp.bucket.errors import BucketTrouble

    try:
        client.reach()
    except BucketTrouble:
        return False
    return True


def count() -> Counted:
    """Raises BucketAway or BucketRefuses."""
    at, until = timezone.now(), time.monotonic() + LONGEST
    if not bucket.enabled():
        return _on_disk(at, until)
    from webapp.bucket import cache, client

    unsent, cached = set(), 0
    for held in cache.held():
        cached += held.size
        if held.name:
            unsent.add(held.name)
    files = size = 0
    for below in ("storage/", "work/"):
        for stat in client.listed(below):
            if time.monotonic() > until:
                return Counted(at, False, files, size, None, cached)
            files, size = files + 1, size + stat.size
            unsent.discard(stat.name)
    home = Path(settings.STORAGE_DIR)
    left = sum((home / name.removeprefix("storage/")).exists() for name in unsent)  # not removed meanwhile
    return Counted(at, True, files, size, left, cached)


def _on_disk(at: datetime, until: float) -> Counted:
    files = size = 0
    folders = [str(settings.STORAGE_DIR)]
    while folders:
        try:
            with os.scandir(folders.pop()) as found:
                for entry in found:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        files, size = files + 1, size + entry.stat(follow_symlinks=False).st_size
        except (FileNotFoundError, NotADirectoryError):
            continue  # removed at this moment
        if time.monotonic() > until:
            return Counted(at, False, files, size)
    return Counted(at, True, files, size)


_answers = Remembered(_reach, seconds=15.0)
_counted = Remembered(count, seconds=900.0)

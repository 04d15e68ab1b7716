"""What goes when the folders of this machine hold more than ``S3_CACHE_GIB``: what was not used for longest.

Only what is in the bucket whole goes, and nothing that was used a moment ago: a reader has been given the
path and has yet to open it. Whoever has a file mapped keeps it, for Linux frees it with its last reader.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from prometheus_client import Counter

from webapp.bucket import client, folders
from webapp.bucket.errors import BucketTrouble

ROOMS = ("images", "analysis", "quarantine")
JUST_USED = 300.0  # seconds; several times files.SEEN_EVERY
TAKEN_DOWN_TO = 0.9  # of the limit, so that not every round has something to do

EVICTED = Counter("hepastage_cache_evicted", "Files and folders that left the cache of this machine.")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Held:
    """Something in the cache: its bytes, the Unix time of its last use. A folder where ``name`` is empty."""

    path: Path
    name: str
    size: int
    used: float


def held() -> Iterator[Held]:
    """All files of the rooms, and all folders that came from the bucket or went there."""
    for room in ROOMS:
        for path in (Path(settings.STORAGE_DIR) / room).glob("??/*"):
            try:
                state = path.stat()
            except FileNotFoundError:
                continue
            name = f"storage/{room}/{path.parent.name}/{path.name}"
            yield Held(path, name, state.st_size, max(state.st_atime, state.st_mtime))
    work = Path(settings.WORK_DIR)
    for pattern in ("models/*/.*.bucket", "datasets/.*.bucket"):
        for mark in work.glob(pattern):
            folder = mark.with_name(mark.name.removeprefix(".").removesuffix(".bucket"))
            if folder.is_dir():
                yield Held(folder, "", _size_of(folder), mark.stat().st_mtime)


def evict(limit: int) -> int:
    """Bring the cache below ``limit`` bytes where that can be; the bytes that were freed.

    Raises BucketAway or BucketRefuses: what the bucket has cannot be known then, and nothing more goes.
    """
    found = sorted(held(), key=lambda one: one.used)
    total = sum(one.size for one in found)
    if total <= limit:
        return 0
    freed = 0
    for one in found:
        if total - freed <= limit * TAKEN_DOWN_TO or time.time() - one.used < JUST_USED:
            break
        if _gone(one):
            freed += one.size
            EVICTED.inc()
    if total - freed > limit:
        log.warning("the cache holds %d MiB more than it should", (total - freed - limit) >> 20)
    return freed


def _gone(one: Held) -> bool:
    """Remove it here if the bucket has it."""
    if one.name:
        stat = client.head(one.name)
        if stat is None or stat.size != one.size:
            return False
        one.path.unlink(missing_ok=True)
        return True
    name = folders.mark_of(one.path)
    try:
        manifest = folders.manifest_of(name) if name else None
        whole = manifest is not None and folders.is_whole(name, manifest)
    except BucketTrouble as trouble:
        if trouble.http_status == 503:
            raise
        return False
    return whole and folders.drop(one.path)


def _size_of(folder: Path) -> int:
    size = 0
    for path in folder.rglob("*"):
        try:
            size += path.stat().st_size
        except FileNotFoundError:
            continue
    return size

"""Single files that are named by their SHA-256: into the bucket, out of it into the cache, and away.

``name`` is the file's path below ``HEPASTAGE_HOME`` and the object's key. An object is written before its
file takes its place here, and the row comes after both; so a row's file is in the bucket.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from prometheus_client import Counter

from webapp.bucket import client, pending
from webapp.bucket.errors import BucketTrouble, ObjectMissing

DRAFT = ".draft."  # as webapp.imaging.storage, which clears away what was left
YOUNG = timedelta(minutes=30)  # half of what a storage check leaves alone
SEEN_EVERY = 60.0  # seconds; how exactly it is known when a file was last used
REMOVED = "removed/"  # for each object that was removed an empty one, so that every cache hears of it
KEPT_REMOVALS = timedelta(days=400)
EMPTY = hashlib.sha256(b"").hexdigest()

READS = Counter("hepastage_cache_reads", "Files that were asked for, by where they were found.", ["found"])
log = logging.getLogger(__name__)


def secure(name: str, path: Path, sha256: str) -> None:
    """See that a file which is here is in the bucket too, and is young there.

    Raises BucketAway, BucketRefuses or ObjectDamaged.
    """
    found = client.head(name)
    young = found is not None and timezone.now() - found.modified < YOUNG
    if found is None or not young or found.size != path.stat().st_size:
        client.put(name, path, sha256)


def bring(name: str, path: Path, sha256: str, *, mode: int) -> bool:
    """Fetch a file to its place in the cache; False where the bucket does not have it.

    Raises ObjectDamaged (nothing is left then), BucketAway or BucketRefuses.
    """
    base = path.parent.parent
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(prefix=DRAFT, dir=base)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # it is in use, and not left by a process that was killed
        with os.fdopen(descriptor, "wb") as sink:
            client.fetch(name, sink, sha256)
            sink.flush()
            os.fchmod(sink.fileno(), mode)
            Path(draft).rename(path)
    except ObjectMissing:
        READS.labels("nowhere").inc()
        return False
    except BucketTrouble:
        READS.labels("failed").inc()
        raise
    finally:
        Path(draft).unlink(missing_ok=True)
    READS.labels("bucket").inc()
    return True


def used(path: Path) -> None:
    """Remember that a file of the cache was used: its access time, for the other one means something else."""
    READS.labels("cache").inc()
    with suppress(OSError):
        state = path.stat()
        now = time.time_ns()
        if now - state.st_atime_ns > SEEN_EVERY * 1e9:
            os.utime(path, ns=(now, state.st_mtime_ns))


# --- Removing ---------------------------------------------------------------------------------------


def forget(name: str) -> None:
    """Remove an object: now, or when the bucket answers again (it stays in :mod:`webapp.bucket.pending`).

    One short try: whoever removes keeps others from naming the object meanwhile.
    """
    pending.note(name)
    try:
        client.put(REMOVED + name, b"", EMPTY, hurried=True)
        client.remove(name, hurried=True)
    except BucketTrouble as trouble:
        log.warning("an object is removed later: %s", trouble.code)
    else:
        pending.settled(name)


def keep_after_all(name: str) -> None:
    """It was stored again before its removal was done."""
    pending.settled(name)


def follow_removals(drop: Callable[[str], None]) -> int:
    """Take out of this cache what was removed through another host; how many files it was.

    ``drop(name)`` removes the file and what was made from it. Safe at any time: what is in the bucket
    again is left alone. Marks go after :data:`KEPT_REMOVALS`.
    """
    number = 0
    for mark in client.listed(REMOVED):
        name = mark.name.removeprefix(REMOVED)
        if timezone.now() - mark.modified > KEPT_REMOVALS:
            client.remove(mark.name)
        elif path_of(name).exists() and client.head(name) is None:
            drop(name)
            number += 1
    return number


def path_of(name: str) -> Path:
    """Where the file of an object lies, or would lie, on this machine."""
    return Path(settings.STORAGE_DIR) / name.removeprefix("storage/")

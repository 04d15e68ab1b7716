"""The cache of this machine, where files are kept in a bucket: what the reconciler does about it."""

from __future__ import annotations

from django.conf import settings

from webapp.bucket import cache, files
from webapp.imaging import removal


def tend() -> None:
    """Make room. Raises BucketAway: tried again next time."""
    cache.evict(settings.S3_CACHE_BYTES)


def follow() -> int:
    """Remove what another host removed, and the pictures that were made of it; how many files."""
    return files.follow_removals(drop)


def drop(name: str) -> None:
    """Take a file out of the cache, and the frames of it."""
    files.path_of(name).unlink(missing_ok=True)
    removal.drop_frames(name.rpartition("/")[2])

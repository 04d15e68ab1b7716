"""Where a folder that rows name lies on this machine, with a bucket and without one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from webapp import bucket


def kept_folder(path: str, version: str = "") -> Path:
    """The folder ``path`` below ``WORK_DIR``, fetched first where only the bucket has it.

    ``version`` tells copies apart in the bucket where several attempts may write the same folder. Without a
    bucket, or where it has no such folder either, just the path. Raises BucketAway, BucketRefuses or
    ObjectDamaged.
    """
    folder = Path(settings.WORK_DIR) / path
    if bucket.enabled() and path:
        from webapp.bucket import folders

        if folder.is_dir():
            folders.touch(folder)
        else:
            folders.fetch(folders.name_of(path, version), folder)
    return folder


@contextmanager
def holding(*held: Path) -> Iterator[None]:
    """Keep folders on this machine as long as the block lasts: their files are opened again and again."""
    if not bucket.enabled():
        yield
        return
    from webapp.bucket import folders

    with folders.held(*held):
        yield


def keep_folder(path: str, folder: Path) -> None:
    """Write ``folder`` to the bucket as the folder ``path`` below ``WORK_DIR``; nothing without a bucket.

    Raises BucketAway or BucketRefuses.
    """
    if bucket.enabled():
        from webapp.bucket import folders

        folders.publish(folders.name_of(path), folder)


def forget_folder(path: str) -> None:
    """Remove the folder from the bucket; where that does not answer, a storage check finds it later."""
    if bucket.enabled():
        from webapp.bucket import folders
        from webapp.bucket.errors import BucketTrouble

        with suppress(BucketTrouble):
            folders.remove(folders.name_of(path))

"""The files of a house that keeps them in a bucket: their way into a backup, and back.

They go from the bucket to the backup without a stop in the cache, each hashed on the way; what the backup has
already is not read. A restore writes them to the disk of this machine and sends them on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from webapp.bucket import client, folders, transfer
from webapp.bucket.cache import ROOMS
from webapp.bucket.errors import BucketTrouble
from webapp.imaging.storage import Room
from webapp.operations import bucket_house
from webapp.operations.backups.files import add
from webapp.operations.backups.manifest import BackupDamaged, BackupRefused, FileEntry, Folder


class _Pieces:
    """Pieces as a file that can be read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, size: int = -1) -> bytes:
        return next(self._pieces, b"")


def copy_in(folder: Folder) -> Iterator[FileEntry]:
    """Copy everything durable of the bucket into the backup; BackupDamaged where an object is not right."""
    for room in ROOMS:
        mode = 0o600 if room == Room.QUARANTINE else 0o444
        for stat in client.listed(f"storage/{room}/"):
            digest = stat.name.rpartition("/")[2]
            if _copied(folder, stat.name, digest, stat.size, partial(client.pieces, stat.name)):
                moment = int(stat.modified.timestamp() * 1e9)
                yield FileEntry(path=stat.name, sha256=digest, size=stat.size, mode=mode, mtime_ns=moment)
    seen: set[str] = set()
    for kept in bucket_house.kept_folders():
        manifest = folders.manifest_of(kept.name)
        for file in manifest.files if manifest is not None else ():
            path = f"work/{kept.path.removesuffix('/underway')}{_inside(kept.path)}/{file.path}"
            pieces = partial(folders.stream, kept.name, file)
            # Results come before what was under way to them.
            if path not in seen and _copied(folder, path, file.sha256, file.size, pieces):
                seen.add(path)
                yield FileEntry(path=path, sha256=file.sha256, size=file.size, mode=0o644, mtime_ns=0)


def refuse_foreign(entries: Iterable[FileEntry]) -> None:
    """Raise BackupRefused where the bucket holds files of rooms that the backup does not."""
    ours = {entry.path for entry in entries}
    if any(stat.name not in ours for stat in client.listed("storage/")):
        raise BackupRefused(
            "The bucket holds other files already.", remedy="Give an empty bucket, or another S3_PREFIX."
        )


def send_on(say: Callable[[str], None]) -> None:
    """After the rows are there: what was written to this disk goes to the bucket."""
    done = bucket_house.send_house(say)
    say(f"{done.sent + done.there} files and folders are in the bucket")


def send_rooms_on(say: Callable[[str], None]) -> None:
    """Before the rows are there, which must not name what the bucket lacks."""
    transfer.send_rooms(say)


def _inside(path: str) -> str:
    """A training that is under way goes on from its work directory."""
    return "/work" if path.endswith("/underway") else ""


def _copied(folder: Folder, name: str, digest: str, size: int, pieces: Callable[[], Iterator[bytes]]) -> bool:
    """Put an object into the backup unless it is there; False where it was removed meanwhile."""
    if folder.holds(digest, size):
        return True
    try:
        found = add(folder, _Pieces(pieces()))  # type: ignore[arg-type]
    except BucketTrouble as trouble:
        if trouble.http_status == 503:
            raise
        found = ""
        if trouble.code == "stored-object-missing":
            return False
    if found != digest:
        raise BackupDamaged(f"{name} in the bucket is not what was stored.")
    return True

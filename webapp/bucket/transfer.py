"""From the disk of a house into its bucket: ``manage.py storage_to_bucket``, and the end of a restore.

Safe to interrupt and to repeat: what is in the bucket as it should be is not sent again. Every file of a room
is hashed before it goes, so that damage on the disk is not carried on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from webapp.bucket import client, files, folders
from webapp.bucket.cache import ROOMS


@dataclass
class Moved:
    """What a transfer did: files and folders that went now, that were there, and damaged ones by name."""

    sent: int = 0
    there: int = 0
    bytes: int = 0
    damaged: tuple[str, ...] = ()


def room_files() -> Iterator[tuple[str, Path]]:
    """``(name, path)`` of every file of the rooms on this disk."""
    for room in ROOMS:
        for path in sorted((Path(settings.STORAGE_DIR) / room).glob("??/*")):
            if path.is_file() and not path.name.startswith(files.DRAFT):
                yield f"storage/{room}/{path.parent.name}/{path.name}", path


def send_rooms(say: Callable[[str], None]) -> Moved:
    """Every file of the rooms. Raises BucketAway or BucketRefuses; what went is there."""
    done = Moved()
    known = {stat.name: stat.size for stat in client.listed("storage/")}
    for number, (name, path) in enumerate(room_files(), start=1):
        size = path.stat().st_size
        if known.get(name) == size:
            done.there += 1
        elif digest_of(path) != path.name:
            done.damaged += (name,)
        else:
            client.put(name, path, path.name)
            done.sent += 1
            done.bytes += size
        if number % 1000 == 0:
            say(f"{number} files of the rooms")
    return done


def send_folder(path: str, done: Moved, *, version: str = "", without: Collection[str] = ()) -> bool:
    """The folder ``path`` below ``WORK_DIR``; False where this disk does not have it."""
    folder = Path(settings.WORK_DIR) / path
    if not folder.is_dir():
        return False
    name = folders.name_of(path, version)
    manifest = folders.manifest_of(name)
    if manifest is not None and folders.is_whole(name, manifest):
        done.there += 1
    else:
        manifest = folders.publish(name, folder, without=without)
        done.sent += 1
        done.bytes += sum(file.size for file in manifest.files)
    folders.mark(folder, name)
    return True


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

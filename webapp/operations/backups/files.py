"""The files of a house: which belong into a backup, and their way into it and back."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from webapp.imaging.storage import DRAFT, Room, sync_folder
from webapp.operations.backups.manifest import CHUNK, BackupDamaged, FileEntry, Folder

# Made again from what is backed up: pictures of frames, the simulated export of the demonstration. On their
# way in or out: incoming, trash.
LEFT_OUT = frozenset({f"storage/{Room.RENDERED}", "storage/incoming", "storage/trash", "work/demonstration"})
ADDRESSED = tuple(f"storage/{room}/" for room in (Room.IMAGES, Room.ANALYSIS, Room.QUARANTINE))


def roots() -> dict[str, Path]:
    """What the first part of a path in a manifest stands for."""
    return {"storage": Path(settings.STORAGE_DIR), "work": Path(settings.WORK_DIR)}


def target_of(path: str) -> Path:
    """Where a file of a manifest belongs. A path that leads out of the house raises BackupDamaged."""
    first, _, rest = path.partition("/")
    parts = Path(rest).parts
    if first not in roots() or not parts or Path(rest).is_absolute() or ".." in parts:
        raise BackupDamaged(f"The manifest names a path outside the house: {path!r}.")
    return roots()[first] / rest


def walk() -> Iterator[tuple[str, Path]]:
    """``(path in the manifest, path on disk)`` of every file to back up. Links are not followed."""
    for name, root in roots().items():
        for folder, folders, files in os.walk(root):
            here = f"{name}/{Path(folder).relative_to(root).as_posix()}".removesuffix("/.")
            folders[:] = sorted(folder for folder in folders if f"{here}/{folder}" not in LEFT_OUT)
            for file in sorted(files):
                path = Path(folder) / file
                if (
                    not file.startswith(DRAFT)
                    and not _mark(file)
                    and path.is_file()
                    and not path.is_symlink()
                ):
                    yield f"{here}/{file}", path


def _mark(file: str) -> bool:
    """What :mod:`webapp.bucket.folders` wrote beside a folder, while this house had a bucket."""
    return file.startswith(".") and file.endswith(".bucket")


def put_in(folder: Folder, name: str, path: Path, known: dict[str, FileEntry]) -> FileEntry | None:
    """Copy a file into the backup unless it is there; None when it was removed meanwhile.

    A file of a room is named by its hash and never changes, so being there with the right length is enough.
    Any other is read again unless length and time are those of the last snapshot.
    """
    try:
        state = path.stat()
        last = known.get(name)
        if name.startswith(ADDRESSED) and folder.holds(path.name, state.st_size):
            digest = path.name
        elif (
            last is not None
            and (last.size, last.mtime_ns) == (state.st_size, state.st_mtime_ns)
            and folder.holds(last.sha256, last.size)
        ):
            digest = last.sha256
        else:
            with path.open("rb") as source:
                digest = add(folder, source)
            state = path.stat()
    except FileNotFoundError:
        return None
    return FileEntry(
        path=name, sha256=digest, size=folder.object_path(digest).stat().st_size,
        mode=state.st_mode & 0o777, mtime_ns=state.st_mtime_ns,
    )  # fmt: skip


def add(folder: Folder, source: BinaryIO) -> str:
    """Copy a stream into the backup; return its hash."""
    hashed = hashlib.sha256()
    with folder.draft() as (sink, path):
        while chunk := source.read(CHUNK):
            hashed.update(chunk)
            sink.write(chunk)
        digest = hashed.hexdigest()
        if not folder.holds(digest):
            folder.keep(sink, path, digest)
    return digest


def put_back(folder: Folder, entry: FileEntry) -> bool:
    """Write one file of a snapshot into its place; False when the same is there already."""
    target = target_of(entry.path)
    if target.is_file() and target.stat().st_size == entry.size:
        with target.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256:
                return False
    private = entry.path.startswith((f"storage/{Room.QUARANTINE}/", "storage/trash/"))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o755)
    draft = target.with_name(f"{DRAFT}{target.name}")
    draft.unlink(missing_ok=True)
    hashed = hashlib.sha256()
    with folder.object_path(entry.sha256).open("rb") as source, draft.open("xb") as sink:
        while chunk := source.read(CHUNK):
            hashed.update(chunk)
            sink.write(chunk)
        sink.flush()
        os.fsync(sink.fileno())
    if hashed.hexdigest() != entry.sha256:
        draft.unlink()
        raise BackupDamaged(f"{entry.path}: its object was changed after it was written.")
    draft.chmod(entry.mode)
    os.utime(draft, ns=(entry.mtime_ns, entry.mtime_ns))
    draft.rename(target)
    sync_folder(target.parent)
    return True


def enough_room(entries: list[FileEntry]) -> bool:
    """Whether the disk of the house can take the files."""
    house = Path(settings.HOME)
    house.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(house).free > sum(entry.size for entry in entries) * 1.02 + (64 << 20)

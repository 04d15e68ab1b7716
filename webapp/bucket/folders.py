"""Whole folders in the bucket: datasets, models, what runs and segmenters leave.

A folder ``NAME`` is objects ``NAME/SHA256``, its files in pieces of at most 64 MiB, and ``NAME/.manifest``,
which says which pieces are which file. The manifest is written last and read first, so a folder is whole or
absent; every piece and every file is hashed on its way back. Here the folder has a neighbour
``.NAME.bucket``: what it is a copy of, when it was last used, and a lock for whoever reads it for long.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from webapp import bucket
from webapp.bucket import client
from webapp.bucket.errors import ObjectDamaged, ObjectMissing

PIECE = 64 << 20
MANIFEST = ".manifest"
DIGEST = r"^[0-9a-f]{64}$"


class FileInFolder(BaseModel):
    """A file: its path below the folder, and its pieces in order."""

    model_config = ConfigDict(extra="forbid")
    path: str
    size: int = Field(ge=0)
    sha256: str = Field(pattern=DIGEST)
    pieces: list[str]


class Manifest(BaseModel):
    """What a folder holds. ``digest`` is of the list of files, so that a changed list is noticed."""

    model_config = ConfigDict(extra="forbid")
    files: list[FileInFolder]
    digest: str = Field(pattern=DIGEST)


def name_of(path: str, version: str = "") -> str:
    """What the folder ``path`` below ``WORK_DIR`` is called in the bucket."""
    return f"work/{path}" + (f"/{version}" if version else "")


def publish(name: str, folder: Path, *, without: Collection[str] = ()) -> Manifest:
    """Write a folder to the bucket; return when all of it is there.

    ``without`` names what directly below it is left out. What is there already is not sent again; what an
    earlier manifest of this name had besides is removed. Raises BucketAway or BucketRefuses.
    """
    there = {stat.name: stat.size for stat in client.listed(f"{name}/")}
    files = []
    for path in _files_of(folder, without):
        pieces, whole = [], hashlib.sha256()
        with path.open("rb") as source:  # one open file: replaced by a rename meanwhile, it is still whole
            while piece := source.read(PIECE):
                digest = hashlib.sha256(piece).hexdigest()
                whole.update(piece)
                pieces.append(digest)
                if there.get(f"{name}/{digest}") != len(piece):
                    client.put(f"{name}/{digest}", piece, digest)
            size = source.tell()
        files.append(
            FileInFolder(
                path=path.relative_to(folder).as_posix(), size=size, sha256=whole.hexdigest(), pieces=pieces
            )
        )
    manifest = Manifest(files=files, digest=_digest_of(files))
    text = manifest.model_dump_json().encode()
    client.put(f"{name}/{MANIFEST}", text, hashlib.sha256(text).hexdigest())
    needed = {f"{name}/{piece}" for file in files for piece in file.pieces} | {f"{name}/{MANIFEST}"}
    for old in there.keys() - needed:
        client.remove(old)
    return manifest


def secure(name: str, folder: Path) -> None:
    """See that a folder that never changes is in the bucket, and mark the copy here as one of it."""
    manifest = manifest_of(name)
    if manifest is None or not is_whole(name, manifest):
        publish(name, folder)
    mark(folder, name)


def fetch(name: str, target: Path, *, replace: bool = False, unless: str = "") -> bool:
    """Put a folder from the bucket in its place here, whole; False where the bucket does not have it.

    Nothing is done where ``target`` is there, unless ``replace``: then the bucket's takes its place,
    ``unless`` the file of that name is in it already.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target):
        if target.is_dir() and (not replace or (unless and (target / unless).is_file())):
            return True
        manifest = manifest_of(name)
        if manifest is None:
            return False
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            for file in manifest.files:
                _fetch_file(name, file, draft / _safe(file.path))
            draft.chmod(0o755)
            if target.exists():
                old = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
                target.rename(old)
                draft.rename(target)
                shutil.rmtree(old, ignore_errors=True)
            else:
                draft.rename(target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    mark(target, name)
    return True


def stream(name: str, file: FileInFolder) -> Iterator[bytes]:
    """A file of a folder, piece by piece, each as it was written. Raises ObjectMissing or ObjectDamaged."""
    for digest in file.pieces:
        piece = client.read(f"{name}/{digest}")
        if hashlib.sha256(piece).hexdigest() != digest:
            raise ObjectDamaged("An object in the storage is not what was stored.")
        yield piece


def manifest_of(name: str) -> Manifest | None:
    """The manifest of a folder, or None where there is no such folder. Raises ObjectDamaged."""
    try:
        text = client.read(f"{name}/{MANIFEST}")
    except ObjectMissing:
        return None
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError:
        raise ObjectDamaged("A folder's list in the storage cannot be read.") from None
    if _digest_of(manifest.files) != manifest.digest:
        raise ObjectDamaged("A folder's list in the storage is not what was stored.")
    return manifest


def is_whole(name: str, manifest: Manifest) -> bool:
    """Whether every piece that the manifest names is there, as long as all of them have to be."""
    there = {stat.name.rpartition("/")[2]: stat.size for stat in client.listed(f"{name}/")}
    return all(
        sum(there.get(piece, -file.size - 1) for piece in file.pieces) == file.size for file in manifest.files
    )


def remove(name: str) -> None:
    """Remove a folder: its list first, so that nobody begins to read what is going."""
    client.remove(f"{name}/{MANIFEST}")
    for stat in list(client.listed(f"{name}/")):
        client.remove(stat.name)


# --- Beside the folder ------------------------------------------------------------------------------


def mark(folder: Path, name: str) -> None:
    """Remember that a folder here is a copy of ``name``, just used, and so may leave the cache."""
    # Written in place: the file is also a lock, and a second one under its name would be another lock.
    _mark_path(folder).write_text(name, "utf-8")


def mark_of(folder: Path) -> str:
    """The name in the bucket of a folder that may leave the cache; empty for any other."""
    try:
        return _mark_path(folder).read_text("utf-8")
    except OSError:
        return ""


def touch(folder: Path) -> None:
    """Remember that a folder of the cache was used."""
    with suppress(FileNotFoundError):  # not known to be in the bucket, and so not to be dropped
        os.utime(_mark_path(folder))


@contextmanager
def held(*folders: Path) -> Iterator[None]:
    """Keep folders in the cache as long as the block lasts."""
    if not bucket.enabled():
        yield
        return
    handles = []
    try:
        for folder in folders:
            if not folder.is_dir():
                continue  # nothing to keep, and whoever fetches it needs the lock
            handles.append(os.open(_mark_path(folder), os.O_RDWR | os.O_CREAT, 0o644))
            fcntl.flock(handles[-1], fcntl.LOCK_SH)
        yield
    finally:
        for handle in handles:
            os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(_mark_path(folder), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def drop(folder: Path) -> bool:
    """Take a folder out of the cache unless somebody holds it; whoever has a file of it open keeps that."""
    handle = os.open(_mark_path(folder), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        gone = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _mark_path(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.bucket")


def _fetch_file(name: str, file: FileInFolder, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = hashlib.sha256()
    with path.open("xb") as sink:
        for piece in stream(name, file):
            whole.update(piece)
            sink.write(piece)
    if whole.hexdigest() != file.sha256:
        raise ObjectDamaged("An object in the storage is not what was stored.")


def _files_of(folder: Path, without: Collection[str]) -> list[Path]:
    roots = [path for path in folder.iterdir() if path.name not in without]
    found = [path for root in roots for path in ([root] if root.is_file() else root.rglob("*"))]
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def _safe(path: str) -> PurePosixPath:
    """A path of a manifest, or ObjectDamaged where it leads out of the folder."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts:
        raise ObjectDamaged("A folder's list in the storage names a path outside it.")
    return pure


def _digest_of(files: list[FileInFolder]) -> str:
    text = json.dumps([file.model_dump() for file in files], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()

"""What a backup folder holds: objects by their hash, and a manifest per snapshot."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ml.spec import HepaStageError

FORMAT = 1
CHUNK = 1 << 20
DIGEST = r"^[0-9a-f]{64}$"


class BackupRefused(HepaStageError):
    """A backup cannot be made into, or read from, this folder."""

    code = "backup-refused"
    remedy = "Give the folder that `manage.py backup` wrote, or an empty one to write into."


class BackupDamaged(HepaStageError):
    """A file of the backup is missing or is not what was written."""

    code = "backup-damaged"
    remedy = "Use another snapshot (--snapshot NAME), or another copy of the backup."


class TableEntry(BaseModel):
    """One table. The object is gzipped JSON: one array of values per line, in the order of ``columns``."""

    model_config = ConfigDict(extra="forbid")
    model: str  # app_label.modelname
    columns: list[str]
    rows: int = Field(ge=0)
    sha256: str = Field(pattern=DIGEST)  # of the gzipped object


class FileEntry(BaseModel):
    """One file, by its path below HEPASTAGE_HOME (``storage/…`` or ``work/…``)."""

    model_config = ConfigDict(extra="forbid")
    path: str
    sha256: str = Field(pattern=DIGEST)
    size: int = Field(ge=0)
    mode: int = Field(ge=0, le=0o777)
    mtime_ns: int


class Manifest(BaseModel):
    """One snapshot. ``key_fingerprints`` tell whether given keys are those that the data was made with."""

    model_config = ConfigDict(extra="forbid")
    format: int
    name: str
    created_at: datetime
    vendor: str  # sqlite or postgresql: where it came from; it may be restored into either
    migrations: list[tuple[str, str]]
    tables: list[TableEntry]
    files: list[FileEntry]
    audit_number: int
    audit_hash: str
    key_fingerprints: dict[str, str]

    def objects(self) -> dict[str, str]:
        """``{sha256: what it is}`` of everything that the snapshot needs."""
        return {file.sha256: file.path for file in self.files} | {
            table.sha256: f"table {table.model}" for table in self.tables
        }


class Folder:
    """A backup folder. Only its owner may enter: it holds quarantined originals."""

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().resolve()
        self.objects = self.root / "objects"
        self.snapshots = self.root / "snapshots"

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make the folder where there is none and keep other backups out of it meanwhile."""
        if self.root.exists() and any(self.root.iterdir()) and not self.snapshots.is_dir():
            raise BackupRefused(f"{self.root} holds something that is not a backup.")
        for folder in (self.root, self.objects, self.snapshots):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.root / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise BackupRefused(
                    "Another backup is being written into this folder.", remedy="Wait until it has ended."
                ) from error
            for draft in self.objects.glob(".draft.*"):  # of a backup that was killed
                draft.unlink(missing_ok=True)
            yield

    def object_path(self, digest: str) -> Path:
        return self.objects / digest[:2] / digest

    def holds(self, digest: str, size: int | None = None) -> bool:
        """Whether the object is there (and as long as it should be)."""
        try:
            found = self.object_path(digest).stat().st_size
        except OSError:
            return False
        return size is None or found == size

    @contextmanager
    def draft(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A file on its way in; give its path to :meth:`keep`, else it is removed."""
        descriptor, name = tempfile.mkstemp(prefix=".draft.", dir=self.objects)
        path = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as sink:
                yield sink, path
        finally:
            path.unlink(missing_ok=True)

    def keep(self, sink: BinaryIO, path: Path, digest: str) -> None:
        """Put a draft in its place for good."""
        sink.flush()
        os.fsync(sink.fileno())
        target = self.object_path(digest)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        path.rename(target)
        _sync(target.parent)

    def names(self) -> list[str]:
        """Snapshots, oldest first."""
        if not self.snapshots.is_dir():
            return []
        return sorted(path.stem for path in self.snapshots.glob("*.json"))

    def write_manifest(self, manifest: Manifest) -> None:
        """Last of all: a snapshot without a manifest does not exist."""
        text = manifest.model_dump_json(indent=1).encode()
        for suffix, content in ((".sha256", hashlib.sha256(text).hexdigest().encode()), (".json", text)):
            path = self.snapshots / f"{manifest.name}{suffix}"
            with path.with_name(f".{path.name}").open("wb") as sink:
                sink.write(content)
                sink.flush()
                os.fsync(sink.fileno())
            path.with_name(f".{path.name}").rename(path)
        _sync(self.snapshots)

    def manifest(self, name: str | None = None) -> Manifest:
        """The named snapshot, else the newest. Raises BackupRefused or BackupDamaged."""
        names = self.names()
        if not names:
            raise BackupRefused(f"{self.root} holds no snapshot.")
        if name is not None and name not in names:
            raise BackupRefused(f"There is no snapshot {name!r}.", remedy="There are: " + ", ".join(names))
        path = self.snapshots / f"{name or names[-1]}.json"
        text = path.read_bytes()
        try:
            expected = path.with_suffix(".sha256").read_text().strip()
        except OSError as error:
            raise BackupDamaged(f"The checksum of snapshot {path.stem} is missing.") from error
        if hashlib.sha256(text).hexdigest() != expected:
            raise BackupDamaged(f"The manifest of snapshot {path.stem} was changed after it was written.")
        try:
            manifest = Manifest.model_validate_json(text)
        except ValidationError as error:
            raise BackupDamaged(f"The manifest of snapshot {path.stem} cannot be read.") from error
        if manifest.format > FORMAT:
            raise BackupRefused(
                f"The backup has format {manifest.format}; this HepaStage knows {FORMAT}.",
                remedy="Restore it with the HepaStage that wrote it, or a newer one.",
            )
        return manifest

    def damaged(self, manifest: Manifest) -> Iterator[str]:
        """Read every object of the snapshot again; one sentence for each that is not right."""
        for digest, what in manifest.objects().items():
            try:
                with self.object_path(digest).open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                yield f"{what}: its object is missing"
                continue
            if found != digest:
                yield f"{what}: its object was changed after it was written"

    def prune(self, keep: int) -> tuple[int, int]:
        """Remove all but the newest ``keep`` snapshots and what only they needed; how many of each."""
        old = self.names()[:-keep]
        for name in old:
            for suffix in (".json", ".sha256"):
                (self.snapshots / f"{name}{suffix}").unlink(missing_ok=True)
        needed: set[str] = set()
        for name in self.names():
            needed |= self.manifest(name).objects().keys()
        removed = 0
        for path in self.objects.glob("??/*"):
            if path.name not in needed:
                path.unlink()
                removed += 1
        return len(old), removed


def fingerprint(key: str) -> str:
    """Tells keys apart without telling them: a hash of a random key of 256 bits cannot be inverted."""
    return hashlib.sha256(b"hepastage key fingerprint\0" + key.strip().encode()).hexdigest()[:32]


def _sync(folder: Path) -> None:
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""Members of a zip archive, one at a time, without trusting what the archive says of itself.

Nothing is extracted by name: each member is read, counted, into a temporary file of ours. The whole
directory is judged before the first member is read, because an archive with one hostile entry is
not one to take the rest of.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from webapp import spool
from webapp.imaging.outcomes import FileRefused
from webapp.problems import DISK_FULL

CHUNK = 1 << 20
MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_LITTER = {".ds_store", "thumbs.db", "desktop.ini", "dicomdir", "__macosx"}
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")


@dataclass(frozen=True)
class ZipLimits:
    """Caps on one archive. Ultrasound compresses about twofold; 200-fold is a bomb."""

    max_members: int = 5_000
    max_member_bytes: int = 512 * 2**20
    max_total_bytes: int = 4 * 2**30
    max_ratio: int = 200
    ratio_from_bytes: int = 4 * 2**20  # small files of zeros compress a thousandfold and hurt nobody


def is_archive(path: Path) -> bool:
    """By its first bytes, whatever it is called. A DICOM file whose preamble is a zip's is DICOM."""
    with path.open("rb") as file:
        head = file.read(132)
    return head[:4] in MARKS and head[128:132] != b"DICM"


def check(path: Path, limits: ZipLimits) -> list[str]:
    """Names of the members worth reading; raise :class:`FileRefused` as :func:`members` would at once."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [entry.filename for entry in _checked(archive, limits)]
    except (zipfile.BadZipFile, EOFError, ValueError, OverflowError):
        raise FileRefused("zip-damaged") from None


def members(path: Path, limits: ZipLimits | None = None) -> Iterator[tuple[str, Path | FileRefused]]:
    """Yield ``(name, file)`` for each member, or ``(name, why not)`` for one that is let down alone.

    The file is removed when the next one is asked for. Raise :class:`FileRefused` where the whole
    archive is refused.
    """
    limits = limits or ZipLimits()
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _checked(archive, limits)
            budget = limits.max_total_bytes
            for entry in entries:
                with spool.temporary_folder("zip") as folder:
                    target = folder / "member"
                    try:
                        budget -= _unpack(archive, entry, target, limits, budget)
                    except FileRefused as refusal:
                        if refusal.code in {"zip-bomb", "zip-too-large"}:
                            raise
                        yield entry.filename, refusal
                        continue
                    yield entry.filename, target
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, OverflowError) as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        if isinstance(error, OSError) and error.errno in DISK_FULL:  # the archive is not to blame
            raise
        raise FileRefused("zip-damaged") from None


def _checked(archive: zipfile.ZipFile, limits: ZipLimits) -> list[zipfile.ZipInfo]:
    """The members worth reading, after all of them were looked at."""
    entries = archive.infolist()
    if len(entries) > limits.max_members:
        raise FileRefused("zip-too-many")
    if sum(entry.file_size for entry in entries) > limits.max_total_bytes:
        raise FileRefused("zip-too-large")
    for entry in entries:
        _check_entry(entry)
    wanted = [entry for entry in entries if not entry.is_dir() and not _is_litter(entry.filename)]
    if not wanted:
        raise FileRefused("zip-empty")
    return wanted


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = (*PurePosixPath(name).parts, *PureWindowsPath(name).parts)
    if (
        name.startswith(("/", "\\"))
        or PureWindowsPath(name).drive
        or ".." in parts
        or "\0" in entry.orig_filename
    ):
        raise FileRefused("zip-unsafe-name")
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise FileRefused("zip-link")
    if entry.flag_bits & 0x1:
        raise FileRefused("zip-encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused("zip-method")


def _is_litter(name: str) -> bool:
    parts = [part.casefold() for part in PurePosixPath(name).parts]
    return bool(parts) and (parts[0] in _LITTER or parts[-1] in _LITTER or parts[-1].startswith("._"))


def _unpack(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    target: Path,
    limits: ZipLimits,
    budget: int,
) -> int:
    """Read one member into ``target``, believing the bytes and not the directory; return its size."""
    size = 0
    try:
        with archive.open(entry) as source, target.open("wb") as sink:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > limits.max_member_bytes or size > budget:
                    raise FileRefused("zip-too-large")
                if size > limits.ratio_from_bytes and size > limits.max_ratio * max(entry.compress_size, 1):
                    raise FileRefused("zip-bomb")
                if size == len(chunk) and chunk.startswith(_ARCHIVES) and chunk[128:132] != b"DICM":
                    raise FileRefused("zip-nested")
                sink.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise FileRefused("zip-damaged") from None
    return size


@contextmanager
def as_file(data: bytes | Path) -> Iterator[Path]:
    """The data as a file: itself if it is one, else a temporary copy readable by this user only."""
    if isinstance(data, Path):
        yield data
        return
    with spool.temporary_folder("upload") as folder:
        path = folder / "upload"
        path.write_bytes(data)
        yield path

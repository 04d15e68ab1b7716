"""Model folders in the registry: content-addressed, verified after copying, and nothing that executes.

A folder's address is the digest of all its files, so the same model stored twice is stored once and a
changed file is noticed. Weights are safetensors only: pickled weights run code when they are read.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from ml.spec import HepaStageError
from webapp import bucket

REQUIRED = ("model.safetensors", "model.json", "card.md")
MAX_HEADER = 4 << 20  # bytes; 40,000 tensors. The format allows 100 MB, which a web process does not parse


class ModelFolderRefused(HepaStageError):
    """A folder that may not enter the registry."""

    code = "model-folder-refused"
    remedy = "Give a folder with exactly model.safetensors, model.json and card.md, as a training writes it."


class ModelDamaged(HepaStageError):
    """Files of a registered model are missing or are not what was registered."""

    code = "model-damaged"
    remedy = "Restore the work folder from the backup, or train the model again."
    http_status = 409


@dataclass(frozen=True)
class StoredModel:
    """Where a model lies (relative to ``settings.WORK_DIR``) and the hashes that prove it."""

    path: str
    digest: str
    sha256: str
    card: str


def store_model(folder: Path) -> StoredModel:
    """Copy a model folder into the registry, and into the bucket. Safe to repeat and to interrupt."""
    check_folder(folder)
    hashes = hashes_of(folder)
    digest = digest_of(hashes)
    root = Path(settings.WORK_DIR) / "models"
    target = root / digest[:2] / digest
    if not (target.is_dir() and hashes_of(target) == hashes):
        _copy(folder, target, hashes)
    path = str(target.relative_to(settings.WORK_DIR))
    if bucket.enabled():
        from webapp.bucket import folders

        folders.secure(folders.name_of(path), target)
    return StoredModel(
        path=path,
        digest=digest,
        sha256=hashes["model.safetensors"],
        card=(target / "card.md").read_text("utf-8"),
    )


def check_folder(folder: Path) -> None:
    """Raise :class:`ModelFolderRefused` unless it holds the three files and its weights are safetensors."""
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if names != sorted(REQUIRED) or not all((folder / name).is_file() for name in names):
        raise ModelFolderRefused(
            f"A model folder holds {', '.join(REQUIRED)}; this one holds {names or 'nothing'}."
        )
    _check_safetensors(folder / "model.safetensors")


def verify_model(folder: Path, digest: str) -> None:
    """Read every byte of a registered model again; raise :class:`ModelDamaged` unless nothing changed."""
    if not folder.is_dir() or digest_of(hashes_of(folder)) != digest:
        raise ModelDamaged("The files of this model are missing or were changed after it was registered.")


def hashes_of(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a model folder, by name."""
    hashes = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            hashes[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashes


def digest_of(hashes: dict[str, str]) -> str:
    """One digest over names and hashes."""
    return hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()


def _check_safetensors(path: Path) -> None:
    """Eight bytes of length, then a JSON header that says where every tensor lies."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(MAX_HEADER, size - 8):
            raise ModelFolderRefused("model.safetensors is not a safetensors file.")
        try:
            header = json.loads(file.read(length))
            ends = [_end_of(entry) for name, entry in header.items() if name != "__metadata__"]
        except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
            raise ModelFolderRefused("model.safetensors has a header that cannot be read.") from error
    if not ends or max(ends) != size - 8 - length:
        raise ModelFolderRefused("model.safetensors is not whole.")


def _end_of(entry: Any) -> int:
    """Where a tensor ends; raise ValueError, KeyError or TypeError for what says no such thing."""
    begin, end = entry["data_offsets"]
    if type(begin) is not int or type(end) is not int or not 0 <= begin <= end:
        raise ValueError("not two places of bytes, the first before the second")
    return end


def _copy(folder: Path, target: Path, hashes: dict[str, str]) -> None:
    """Copy beside, flush, hash the copy, rename: a registered folder is whole or absent."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name in hashes:
            with (folder / name).open("rb") as source, (draft / name).open("wb") as sink:
                shutil.copyfileobj(source, sink)
                sink.flush()
                os.fsync(sink.fileno())
            (draft / name).chmod(0o444)
        if hashes_of(draft) != hashes:
            raise ModelDamaged("The copy of the model differs from the original.")
        draft.chmod(0o755)
        if target.exists():  # a damaged copy of the same content: this one takes its place
            shutil.rmtree(target)
        draft.rename(target)
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise

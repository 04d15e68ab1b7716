"""Content-addressed files: written whole, named by what is in them, kept once."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from webapp.imaging import storage
from webapp.imaging.storage import Draft, Room, StoredFileMissing


def files() -> list[Path]:
    return [path for path in settings.STORAGE_DIR.rglob("*") if path.is_file()]


def test_a_file_is_named_by_its_digest_and_kept_once() -> None:
    digest = storage.store(Room.IMAGES, b"ultrasound")
    assert digest == hashlib.sha256(b"ultrasound").hexdigest()
    assert storage.store(Room.IMAGES, b"ultrasound") == digest
    assert [path.name for path in files()] == [digest]
    assert storage.existing(Room.IMAGES, digest).read_bytes() == b"ultrasound"


def test_an_abandoned_draft_leaves_nothing() -> None:
    with Draft(Room.IMAGES) as draft:
        draft.write(b"half of it")
        assert len(files()) == 1
    assert files() == []


def test_a_finished_file_is_adopted_by_moving(tmp_path: Path) -> None:
    source = settings.STORAGE_DIR / "finished"
    source.write_bytes(b"picture")
    digest = storage.adopt(Room.ANALYSIS, source)
    assert not source.exists()
    source.write_bytes(b"picture")
    assert storage.adopt(Room.ANALYSIS, source) == digest
    assert len(files()) == 1


def test_quarantine_is_for_its_owner_only() -> None:
    path = storage.existing(Room.QUARANTINE, storage.store(Room.QUARANTINE, b"a name"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert (settings.STORAGE_DIR / "quarantine").stat().st_mode & 0o777 == 0o700


def test_a_missing_file_is_said_and_a_path_is_no_digest() -> None:
    with pytest.raises(StoredFileMissing):
        storage.existing(Room.IMAGES, "0" * 64)
    for bad in ("../../etc/passwd", "0" * 63, "G" * 64):
        with pytest.raises(ValueError, match="SHA-256"):
            storage.path_of(Room.IMAGES, bad)


def test_arrays_are_mapped_and_never_unpickled() -> None:
    import io

    buffer = io.BytesIO()
    np.save(buffer, np.arange(6, dtype=np.uint8).reshape(2, 3))
    array = storage.load_array(Room.ANALYSIS, storage.store(Room.ANALYSIS, buffer.getvalue()))
    assert array.tolist() == [[0, 1, 2], [3, 4, 5]]
    buffer = io.BytesIO()
    np.save(buffer, np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(StoredFileMissing, match="damaged"):
        storage.load_array(Room.ANALYSIS, storage.store(Room.ANALYSIS, buffer.getvalue()))

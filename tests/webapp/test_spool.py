"""Originals on their way in: in a private folder, and gone after a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from tests.conftest import ROOT, TEST_HOME
from webapp import spool
from webapp.imaging import storage
from webapp.imaging.storage import Draft, Room

KILLED = """
import os, signal
import django
django.setup()
from webapp import spool
with spool.temporary_folder("zip") as folder:
    (folder / "member").write_bytes(b"Doe^Jane")
    print(folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_uploads_are_spooled_where_nobody_else_may_look() -> None:
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    assert folder.is_relative_to(TEST_HOME)
    assert folder.stat().st_mode & 0o777 == 0o700
    handler = TemporaryFileUploadHandler()
    handler.new_file("file", "a.dcm", "application/dicom", 10)
    with handler.file as spooled:
        assert Path(spooled.temporary_file_path()).parent == folder


def test_a_folder_made_too_open_is_closed() -> None:
    spool.folder().chmod(0o755)
    assert spool.folder().stat().st_mode & 0o777 == 0o700


def test_what_is_in_use_stays_and_what_a_dead_process_left_goes() -> None:
    with spool.temporary_folder("zip") as alive:
        dead = spool.folder() / "zip-dead"
        dead.mkdir()
        (dead / "member").write_bytes(b"Doe^Jane")
        (spool.folder() / "big.upload").write_bytes(b"Doe^Jane")
        assert spool.remove_unlocked([*spool.folder().iterdir()]) == 2
        assert list(spool.folder().iterdir()) == [alive]
    assert not alive.exists()


def test_half_an_original_in_quarantine_goes_too() -> None:
    left = Path(settings.STORAGE_DIR) / Room.QUARANTINE / ".draft.dead"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"Doe^Jane")
    kept = storage.path_of(Room.QUARANTINE, storage.store(Room.QUARANTINE, b"an original"))
    file = storage.incoming() / "file-dead"
    file.mkdir()
    with Draft(Room.QUARANTINE) as writing:
        storage.remove_leftovers()
        assert writing.path.exists()
    assert not left.exists()
    assert not file.exists()
    assert kept.exists()


@pytest.mark.processes
def test_nothing_of_a_killed_process_survives_the_next_start() -> None:
    result = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "webapp.settings"},
    )  # fmt: skip
    left = Path(result.stdout.strip())
    assert (left / "member").read_bytes() == b"Doe^Jane", result.stderr
    storage.remove_leftovers()
    assert not left.exists()

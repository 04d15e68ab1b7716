"""Where files wait while they come in: one private folder under HEPASTAGE_HOME instead of the machine's /tmp.

What lies here still carries names, so nobody else may read it and none of it may outlive its process.
Each temporary folder is locked as long as it is in use; :func:`remove_unlocked` takes away what a killed
process left, and nothing that another one is still reading.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from webapp.environment import private_folder


def folder() -> Path:
    """The folder, made if it is not there; also where Django puts large uploads while they arrive."""
    return private_folder(Path(settings.FILE_UPLOAD_TEMP_DIR))


@contextmanager
def temporary_folder(purpose: str, *, parent: Path | None = None) -> Iterator[Path]:
    """A private folder for the length of the block; ``parent`` where it has to be on another disk."""
    with tempfile.TemporaryDirectory(prefix=f"{purpose}-", dir=parent or folder()) as name:
        handle = os.open(name, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield Path(name)
        finally:
            os.close(handle)


def content_of(file: UploadedFile) -> Path | bytes:
    """What was uploaded: where it lies while the request lasts, or its bytes where it was small."""
    if isinstance(file, TemporaryUploadedFile):
        return Path(file.temporary_file_path())
    return file.read()


def remove_unlocked(paths: Iterable[Path]) -> int:
    """Remove files and folders that no living process holds; return how many there were."""
    return sum(_removed(path) for path in paths)


def _removed(path: Path) -> bool:
    with suppress(FileNotFoundError):
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(handle)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        return True
    return False

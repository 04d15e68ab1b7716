"""Files that are to go and have not gone yet: an empty file each under ``STORAGE_DIR/removals``.

Written before anything is removed, so that a removal that was cut short, or had to wait, is done later.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings


def note(name: str) -> None:
    """Remember that the file ``storage/ROOM/…/DIGEST`` is to go."""
    path = _path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as sink:
        os.fsync(sink.fileno())


def settled(name: str) -> None:
    """It is gone, or is to stay after all."""
    _path_of(name).unlink(missing_ok=True)


def noted(name: str) -> bool:
    return _path_of(name).exists()


def names() -> list[str]:
    """All that are to go."""
    return sorted(path.name.replace("~", "/") for path in _folder().iterdir()) if _folder().is_dir() else []


def _path_of(name: str) -> Path:
    return _folder() / name.replace("/", "~")


def _folder() -> Path:
    return Path(settings.STORAGE_DIR) / "removals"

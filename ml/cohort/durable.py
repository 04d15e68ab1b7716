"""Files and folders that are on disk whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import IO, Any

import numpy as np


def replace_folder(out: Path, work: Path) -> None:
    """Rename ``work`` to ``out``; a folder that lies there is set aside first and removed afterwards."""
    sync_folder(work)
    if out.exists():
        aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.old.", dir=out.parent))
        out.rename(aside / "cache")
        work.rename(out)
        shutil.rmtree(aside, ignore_errors=True)
    else:
        work.rename(out)
    sync_folder(out.parent)


def reserve(file: IO[bytes]) -> None:
    """Claim the disk blocks of a file that was only given its length; ``OSError`` where the disk is full.

    A write through a memory map that finds no block left kills the process (SIGBUS) and says nothing.
    """
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, os.fstat(file.fileno()).st_size)


def reserved(path: Path, shape: tuple[int, ...]) -> np.memmap[Any, np.dtype[np.uint8]]:
    """A new ``.npy`` file of uint8 zeros, memory-mapped, whose place on the disk is its own."""
    mapped = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)
    with path.open("r+b") as file:
        reserve(file)
    return mapped


def write_text(path: Path, text: str) -> None:
    """Write and flush to the disk."""
    with path.open("w", encoding="utf-8") as sink:
        sink.write(text)
        sync(sink)


def sync(sink: Any) -> None:
    """Flush an open file to the disk."""
    sink.flush()
    os.fsync(sink.fileno())


def sync_folder(path: Path) -> None:
    """Flush the entries of a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

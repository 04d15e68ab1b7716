"""A table as somebody sent it: on the disk under a name of ours, and never larger than one that is read."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from django.core.files.uploadedfile import UploadedFile

from ml.cohort.grids import MOST_BYTES, too_large

SUFFIXES = {".csv", ".tsv", ".txt", ".xlsx"}


def received_table(file: UploadedFile, folder: Path, stem: str) -> Path:
    """``file`` as ``stem`` in ``folder``; raise ``TableRefused`` (``table-too-large``) before it is read."""
    suffix = PurePosixPath(file.name or "").suffix.lower()
    table = folder / f"{stem}{suffix if suffix in SUFFIXES else '.csv'}"
    if (file.size or 0) > MOST_BYTES:
        raise too_large(table.name, f"more than {MOST_BYTES // 2**20} MB")
    with table.open("wb") as sink:
        for chunk in file.chunks():
            sink.write(chunk)
    return table

"""Stored files as they leave the house: under the pseudonym that their patient has now.

A stored file never changes: it keeps the pseudonym, the sex and the shifted dates that it was written
with. When two rows of one person were merged (:mod:`webapp.patients.merging`) its exam is of another
row. Whoever fetches the file gets the survivor's pseudonym, and dates moved by the survivor's shift, so
that days between the files of one patient stay true; nothing else differs. Un-merging gives the exam
back, and the file is again served byte for byte as it is stored. Which pseudonym a file was written with
stands in the file itself.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from webapp.imaging import storage
from webapp.imaging.deidentification import DATES
from webapp.imaging.models import Image
from webapp.imaging.storage import Room, StoredFileMissing
from webapp.patients.models import Patient
from webapp.patients.pseudonyms import date_shift

PIXELS_BEGIN = 12  # tag, VR, reserved bytes and length of Pixel Data (PS3.5 §7.1.2, Explicit VR)


def stored_file(image: Image) -> Path:
    return storage.existing(Room.IMAGES, image.sha256)


def header_of(image: Image) -> Dataset:
    """The file without its pixels, under the pseudonym that its patient has now.

    Raise :class:`webapp.imaging.storage.StoredFileMissing` where it is missing or damaged.
    """
    header = _stored_header(image)
    stamp(header, image.exam.patient)
    return header


def stamp(header: Dataset, patient: Patient) -> bool:
    """Bring a stored header in line with the row that its exam belongs to; whether that changed it."""
    written = str(header.get("PatientID", ""))
    if written == patient.pseudonym:
        return False
    header.PatientID = header.PatientName = patient.pseudonym
    if patient.sex:
        header.PatientSex = patient.sex
    before = _shift_of(patient.site_id, written)
    by = date_shift(patient.identity_key) - before if before is not None else None
    for keyword in DATES:
        if header.get(keyword):
            moved = _moved(str(header[keyword].value), by) if by is not None else ""
            setattr(header, keyword, moved)
    return True


def restamped(image: Image) -> bytes | None:
    """What takes the place of the stored file's bytes before its first frame; ``None`` where they hold."""
    header = _stored_header(image)
    if not stamp(header, image.exam.patient):
        return None
    buffer = io.BytesIO()
    header.save_as(buffer, enforce_file_format=True, little_endian=True, implicit_vr=False)
    with stored_file(image).open("rb") as file:
        file.seek(pixels_at(image) - PIXELS_BEGIN)
        return buffer.getvalue() + file.read(PIXELS_BEGIN)


def pixels_at(image: Image) -> int:
    """Where the uncompressed frames begin, with which a stored file ends."""
    total = image.rows * image.columns * image.frame_count
    begins = stored_file(image).stat().st_size - (total + total % 2)
    if begins < PIXELS_BEGIN:
        raise StoredFileMissing("A stored file is damaged.")
    return begins


def _stored_header(image: Image) -> Dataset:
    """As it was written; ours, so nothing hostile is in it."""
    try:
        return pydicom.dcmread(stored_file(image), stop_before_pixels=True)
    except (InvalidDicomError, EOFError):
        raise StoredFileMissing("A stored file is damaged.") from None


@lru_cache(maxsize=4096)
def _shift_of(site: Any, pseudonym: str) -> timedelta | None:
    """The shift of the row that a file was written for; it follows from the row's key and never changes.

    Kept, so that a page of results asks once and not for each of its files.
    """
    row = Patient.objects.filter(site=site, pseudonym=pseudonym).only("identity_key").first()
    return date_shift(row.identity_key) if row is not None else None


def _moved(day: str, by: timedelta) -> str:
    """A DA value (``YYYYMMDD``) moved; empty where it is none or would leave the calendar."""
    try:
        return (datetime.strptime(day, "%Y%m%d") + by).strftime("%Y%m%d")
    except (ValueError, OverflowError):
        return ""

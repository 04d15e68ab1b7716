"""What DICOM SR and SEG of a report share: the images they rest on, their UIDs, their time, the bytes."""

from __future__ import annotations

import io
import uuid
from datetime import datetime
from typing import Any

import pydicom
from pydicom.dataset import Dataset

from webapp.imaging import storage
from webapp.imaging.storage import Room

MAKER = "HepaStage"
SCHEME = "99HEPASTAGE"  # our own codes, where no standard one says it (PS3.16 §8.2)
SERIES = {"SR": 9001, "SEG": 9002}


def uid_of(report: str, part: str) -> str:
    """The same UID for the same part of the same report, whenever it is made (PS3.5 §B.2)."""
    return f"2.25.{uuid.uuid5(uuid.UUID(report), part).int}"


def source_of(image: dict[str, Any]) -> Dataset:
    """The stored, de-identified instance without its pixels."""
    path = storage.existing(Room.IMAGES, image["sha256"])
    return pydicom.dcmread(path, stop_before_pixels=True)


def person_name(words: str) -> str:
    """A name as PN (PS3.5 §6.2): one component, without the signs that would divide it."""
    return "".join(" " if letter in "^=\\" else letter for letter in words)[:62] + "^"


def stamp(document: Dataset, facts: dict[str, Any]) -> None:
    """The moment of signing in place of that of writing: the same report gives the same bytes.

    And the pseudonym that was signed: a stored image of a merged patient is written under another.
    """
    document.PatientID = document.PatientName = facts["patient"]["pseudonym"]
    at = datetime.fromisoformat(facts["signature"]["at"])
    day, time = at.strftime("%Y%m%d"), at.strftime("%H%M%S.%f")
    for date_tag, time_tag in (
        ("ContentDate", "ContentTime"),
        ("InstanceCreationDate", "InstanceCreationTime"),
        ("SeriesDate", "SeriesTime"),
    ):
        if date_tag in document:
            setattr(document, date_tag, day)
        if time_tag in document:
            setattr(document, time_tag, time)
    for element in document.iterall():
        if element.VR == "DT" and element.keyword in {"VerificationDateTime", "ContributionDateTime"}:
            element.value = f"{day}{time}"


def written(document: Dataset) -> bytes:
    """As a DICOM file (PS3.10)."""
    sink = io.BytesIO()
    document.save_as(sink, enforce_file_format=True)
    return sink.getvalue()

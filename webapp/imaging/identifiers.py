"""What in a file could name somebody, so that the few texts that may stay are checked against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

DATES = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")
UNREADABLE = "unreadable"  # in place of a VR: a value that could have been an identifier
_TEXT = re.compile(r"[A-Za-z0-9 ._/+()-]{1,64}")
_SEPARATORS = re.compile(r"[\s^=\\,;:._/+()\-]+")
_IDENTIFYING_VRS = frozenset({"PN", "DA", "DT"})
_IDENTIFYING_TAGS = frozenset(
    {
        "PatientID",
        "OtherPatientIDs",
        "IssuerOfPatientID",
        "AccessionNumber",
        "StudyID",
        "PatientAddress",
        "PatientTelephoneNumbers",
        "PatientMotherBirthName",
        "InstitutionName",
        "InstitutionAddress",
        "StationName",
        "DeviceSerialNumber",
        "InstitutionalDepartmentName",
        "AdmissionID",
        "IssuerOfAdmissionID",
        "MedicalRecordLocator",
    }
)


class Identifiers:
    """Every value of a file that could name somebody, to be looked for in the texts that may stay.

    Of names, each word counts; of numbers and codes, the whole and every part of five characters or
    more that has a digit in it (a station called LOGIQ-2 must not make the model LOGIQ disappear).
    """

    def __init__(self, names: Iterable[str], codes: Iterable[str], *, complete: bool = True) -> None:
        self._complete = complete
        words = {word for name in names for word in _SEPARATORS.split(name.casefold())} - {""}
        whole = {code.strip().casefold() for code in codes}
        parts = {part for code in whole for part in _SEPARATORS.split(code)}
        self._long = frozenset(
            {word for word in words | whole if len(word) >= 3}
            | {part for part in parts if len(part) >= 5 and any(map(str.isdigit, part))}
        )
        self._short = frozenset(word for word in words if len(word) == 2)

    @classmethod
    def of(cls, dataset: Dataset) -> Identifiers:
        found = list(_identifying_values(dataset))
        return cls(
            [value for vr, value in found if vr == "PN"],
            [value for vr, value in found if vr not in {"PN", UNREADABLE}],
            complete=all(vr != UNREADABLE for vr, _ in found),
        )

    def in_text(self, text: str) -> bool:
        """Whether the text repeats an identifier, whole or in part."""
        folded = text.casefold()
        return any(word in folded for word in self._long) or not self._short.isdisjoint(
            _SEPARATORS.split(folded)
        )

    def in_number(self, text: str) -> bool:
        """Whether the number is an identifier (of four digits or more: smaller ones are everywhere)."""
        return len(text) >= 4 and text.casefold() in self._long

    def cleaned(self, value: Any) -> str | None:
        """The text if it may stay, else ``None``."""
        text = str(value).strip()
        return text if self._complete and _TEXT.fullmatch(text) and not self.in_text(text) else None


def _identifying_values(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """``(VR, value)`` of whatever could name somebody, sequences included."""
    for tag in list(dataset.keys()):
        try:
            element = dataset[tag]
        except Exception:  # a value that pydicom cannot convert raises whatever its converter raised
            yield UNREADABLE, ""
            continue
        if element.VR == "SQ":
            for item in element.value or ():
                yield from _identifying_values(item)
        elif element.keyword in DATES:
            continue  # the day of the exam is not a name, and frame times may equal its digits
        elif element.VR in _IDENTIFYING_VRS or element.keyword in _IDENTIFYING_TAGS:
            for value in values_of(element.value):
                yield element.VR, str(value)


def values_of(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, MultiValue | list | tuple) else [value]

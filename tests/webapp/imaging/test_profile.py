"""The PS3.15 table (E.1-1), as dicom-anonymizer ships it, against what our allow-list lets through."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as table
from pydicom import Dataset
from pydicom.datadict import DicomDictionary, dictionary_VR, keyword_for_tag
from pydicom.sequence import Sequence
from pydicom.tag import Tag

from webapp.imaging.deidentification import Picture, deidentified, subject_of
from webapp.imaging.identifiers import DATES
from webapp.patients.pseudonyms import Pseudonymiser

NAMES = Pseudonymiser(7, b"k" * 32)
PICTURE = Picture(96, 128, 1, None, simulated=False)
WORD, DIGITS, DAY, UID = "Quartzmann", "7351942", "19530417", "1.2.826.0.1.7351942.1"
PLANTS: dict[str, Any] = {
    "PN": f"{WORD}^Zebediah", "DA": DAY, "DT": DAY + "101112", "TM": "101112", "UI": UID, "AS": "071Y",
    "IS": DIGITS, "DS": DIGITS, "FD": 7351942.0, "FL": 7351942.0, "UL": 7351942, "SL": 7351942, "US": 7351,
    "SS": 7351, "AE": WORD, "CS": WORD.upper(), "SH": WORD, "UR": f"http://{WORD}/", "AT": 0x00100010,
    "OB": WORD.encode(), "OW": WORD.encode(), "UN": WORD.encode(), "OF": b"\x01\x02\x03\x04", "OD": b"\1" * 8,
}  # fmt: skip
# What the table wants changed and our files have all the same, and what stands there instead.
REPLACED = {
    "PatientID": "pseudonym",
    "PatientName": "pseudonym",
    "SOPInstanceUID": "keyed",
    "StudyInstanceUID": "keyed",
    "SeriesInstanceUID": "keyed",
    "PatientBirthDate": "empty",
    "AccessionNumber": "empty",
    "StudyID": "empty",
    "ReferringPhysicianName": "empty",
    "StudyTime": "empty",
    "DerivationDescription": "a sentence of ours",
    # Retain Longitudinal Temporal Information with Modified Dates (113107)
    "StudyDate": "moved",
    "SeriesDate": "moved",
    "AcquisitionDate": "moved",
    "ContentDate": "moved",
    # Retain Patient Characteristics (113108)
    "PatientSex": "characteristic",
    "PatientAge": "characteristic",
}


def listed() -> list[Tag]:
    """Every attribute that the table names; groups of overlays and curves by one of theirs."""
    return sorted({Tag(one[0], one[1]) for one in table.ALL_TAGS})


def plant(tag: Tag) -> Any:
    vr = dictionary_VR(tag).split(" ")[0]
    return PLANTS.get(vr, WORD)


def planted() -> Dataset:
    """A data set with identity in every element of the table and in every other one that DICOM knows."""
    ds = Dataset()
    for tag in {*listed(), *(Tag(number) for number in DicomDictionary)}:
        if tag.group in (0x0002, 0x0028) or not keyword_for_tag(tag):
            continue
        vr = dictionary_VR(tag).split(" ")[0]
        if vr == "SQ":
            inner = Dataset()
            inner.PatientName, inner.TextValue, inner.UID = PLANTS["PN"], WORD, UID
            inner.ReferencedImageSequence = Sequence([copy.deepcopy(inner)])
            ds.add_new(tag, "SQ", Sequence([inner]))
        else:
            ds.add_new(tag, vr, plant(tag))
    ds.PatientID, ds.StudyInstanceUID, ds.SOPInstanceUID = DIGITS, UID, f"{UID}.9"
    ds.PatientSex, ds.PatientAge = "F", "071Y"
    return ds


@pytest.fixture(scope="module")
def clean() -> Dataset:
    ds = planted()
    subject = subject_of(ds, NAMES)
    assert subject is not None
    return deidentified(ds, subject, PICTURE, NAMES)


def elements(ds: Dataset) -> Iterator[Any]:
    for element in ds:
        if element.VR == "SQ":
            for item in element.value:
                yield from elements(item)
        yield element


def test_the_table_is_the_whole_table() -> None:
    assert len(table.ALL_TAGS) > 600
    assert {"PatientName", "DeviceSerialNumber", "StationName", "ImageComments"} <= {
        keyword_for_tag(tag) for tag in listed()
    }


def test_whatever_the_table_removes_or_changes_is_gone_or_accounted_for(clean: Dataset) -> None:
    here = {keyword_for_tag(tag) for tag in listed() if tag in clean}
    assert here - set(REPLACED) == set()


@pytest.mark.parametrize(("keyword", "how"), REPLACED.items())
def test_what_stands_in_its_place(clean: Dataset, keyword: str, how: str) -> None:
    value = str(clean[keyword].value or "")
    if how == "pseudonym":
        assert value.startswith("P-")
    elif how == "keyed":
        assert value.startswith("2.25.")
        assert DIGITS not in value
    elif how == "empty":
        assert value == ""
    elif how == "a sentence of ours":
        assert value == "8-bit grey; pixels outside the ultrasound regions set to 0"
    elif how == "moved":
        assert value
        day = datetime.datetime.strptime(value, "%Y%m%d").date()
        assert datetime.date(1943, 1, 1) < day < datetime.date(1953, 4, 17)
    else:
        assert value in {"F", "000Y"}  # born on the day of the exam, says the plant


def test_no_value_that_was_planted_is_anywhere(clean: Dataset) -> None:
    for element in elements(clean):
        text = str(element.value)
        assert not any(secret in text for secret in (WORD, WORD.upper(), DIGITS, "Zebediah", UID)), element
        assert DAY not in text, element


def test_only_what_the_allow_list_names_is_there(clean: Dataset) -> None:
    """An element that a later edition of the standard adds has no way in."""
    allowed = {
        *REPLACED, *DATES, "SOPClassUID", "Modality", "ImageType", "DerivationDescription", "SamplesPerPixel",
        "PhotometricInterpretation", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit",
        "PixelRepresentation", "BurnedInAnnotation", "PatientIdentityRemoved", "DeidentificationMethod",
        "DeidentificationMethodCodeSequence", "LongitudinalTemporalInformationModified", "InstanceNumber",
        "SeriesNumber", "SequenceOfUltrasoundRegions", "CodeValue", "CodingSchemeDesignator", "CodeMeaning",
    }  # fmt: skip
    numbers = {"FD", "DS", "IS", "FL", "US", "UL", "SL", "SS"}
    strange = [
        element.keyword
        for element in elements(clean)
        if element.keyword not in allowed and element.VR not in numbers
    ]
    assert strange == []


def test_the_method_is_written_with_its_codes(clean: Dataset) -> None:
    assert clean.PatientIdentityRemoved == "YES"
    assert clean.LongitudinalTemporalInformationModified == "MODIFIED"
    codes = [item.CodeValue for item in clean.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113101", "113107", "113108"]
    assert not any(tag.is_private for tag in clean.keys())  # noqa: SIM118
    assert not any(tag.group in range(0x5000, 0x6100) for tag in clean.keys())  # noqa: SIM118

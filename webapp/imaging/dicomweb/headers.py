"""Headers of stored files as DICOM JSON (PS3.18 Annex F), and which elements a level of the query has."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset

from webapp.imaging.models import Image
from webapp.imaging.presenting import header_of

PIXEL_DATA = "7FE00010"
PATIENT_AND_STUDY = frozenset(
    {
        "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "PatientAge", "PatientIdentityRemoved",
        "DeidentificationMethod", "DeidentificationMethodCodeSequence", "StudyDate", "StudyTime", "StudyID",
        "AccessionNumber", "ReferringPhysicianName", "StudyInstanceUID",
        "LongitudinalTemporalInformationModified",
    }
)  # fmt: skip
SERIES = PATIENT_AND_STUDY | {
    "Modality", "SeriesInstanceUID", "SeriesNumber", "SeriesDate", "Manufacturer", "ManufacturerModelName",
    "BodyPartExamined", "TransducerData", "TransducerType",
}  # fmt: skip


def as_json(dataset: Dataset) -> dict[str, Any]:
    described: dict[str, Any] = dataset.to_json_dict(suppress_invalid_tags=True)
    return described


def metadata(image: Image, base: str) -> dict[str, Any]:
    """All elements of the stored instance; the pixels as a link (PS3.18 §10.4.1.1.2)."""
    header = header_of(image)
    described = as_json(header)
    described["00080016"] = {"vr": "UI", "Value": [str(header.SOPClassUID)]}
    described[PIXEL_DATA] = {"vr": "OB", "BulkDataURI": f"{base}/bulkdata/{PIXEL_DATA.lower()}"}
    return described


def encoded(objects: Iterable[dict[str, Any]]) -> bytes:
    return json.dumps(list(objects), ensure_ascii=False, separators=(",", ":")).encode()


def tag_of(name: str) -> str | None:
    """``"00100020"`` for ``PatientID`` or ``00100020``; ``None`` for what is neither."""
    if len(name) == 8 and all(letter in "0123456789abcdefABCDEF" for letter in name):
        return name.upper()
    tag = tag_for_keyword(name)
    return f"{tag:08X}" if tag is not None else None


def element(vr: str, *values: Any) -> dict[str, Any]:
    """One element; without values where nothing is known, as PS3.18 F.2.5 wants it."""
    if not values or values[0] in ("", None):
        return {"vr": vr}
    return {"vr": vr, "Value": [{"Alphabetic": value} for value in values] if vr == "PN" else list(values)}

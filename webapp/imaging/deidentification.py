"""From a file with a person in it to a file with a pseudonym: an allow-list, not a block-list.

A new data set is built from the tags named here and from nothing else, so private tags, overlays,
curves, icons, comments, structured text, the preamble, the file meta information and trailing bytes
of the original have no way through. What may stay is also looked at: numbers must be numbers, codes
must look like codes, the few free texts (maker, model, probe) must not repeat anything that
identifies somebody in the same file.

PS3.15 Basic Application Level Confidentiality Profile with the options Clean Pixel Data, Retain
Longitudinal Temporal Information with Modified Dates, and Retain Patient Characteristics (sex, and
age up to 89; above, 90). The picture becomes 8-bit grey, blank outside the ultrasound regions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence as DicomSequence
from pydicom.uid import UID, ExplicitVRLittleEndian

from webapp.imaging.identifiers import DATES, Identifiers, values_of
from webapp.patients.pseudonyms import Pseudonymiser, pseudonym_of, shifted, uid_of_key

METHOD = "HepaStage tag allow-list, pixels of regions only, HMAC UIDs"
METHOD_CODES = (
    ("113100", "Basic Application Confidentiality Profile"),
    ("113101", "Clean Pixel Data Option"),
    ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
    ("113108", "Retain Patient Characteristics Option"),
)
IMPLEMENTATION_UID = UID("2.25.196520374098473905174023749817239085671")
ULTRASOUND_IMAGE = "1.2.840.10008.5.1.4.1.1.6.1"
ULTRASOUND_MULTIFRAME = "1.2.840.10008.5.1.4.1.1.3.1"
OLDEST_AGE = 90  # ages above 89 identify people (45 CFR 164.514(b)); they all become 90

CODES = ("BodyPartExamined", "LossyImageCompression", "TransducerType")
NUMBERS = (
    "ActualFrameDuration",
    "BoneThermalIndex",
    "CineRate",
    "CranialThermalIndex",
    "DepthOfScanField",
    "FocusDepth",
    "FrameTime",
    "FrameTimeVector",
    "InstanceNumber",
    "LossyImageCompressionRatio",
    "MechanicalIndex",
    "PixelAspectRatio",
    "PixelSpacing",
    "PulseRepetitionFrequency",
    "RecommendedDisplayFrameRate",
    "SeriesNumber",
    "SoftTissueThermalIndex",
    "TransducerFrequency",
)
TEXTS = ("Manufacturer", "ManufacturerModelName", "TransducerData")
REGION_NUMBERS = (
    "DopplerCorrectionAngle",
    "PhysicalDeltaX",
    "PhysicalDeltaY",
    "PhysicalUnitsXDirection",
    "PhysicalUnitsYDirection",
    "PulseRepetitionFrequency",
    "ReferencePixelPhysicalValueX",
    "ReferencePixelPhysicalValueY",
    "ReferencePixelX0",
    "ReferencePixelY0",
    "RegionDataType",
    "RegionFlags",
    "RegionLocationMaxX1",
    "RegionLocationMaxY1",
    "RegionLocationMinX0",
    "RegionLocationMinY0",
    "RegionSpatialFormat",
    "SteeringAngle",
    "TransducerFrequency",
)
_CODE = re.compile(r"[A-Z0-9_ ]{1,16}")


@dataclass(frozen=True)
class Subject:
    """Whom and what a file is about, in pseudonyms."""

    identity_key: str
    study_key: str
    sop_key: str
    sex: str
    exam_date: date | None
    age_years: int | None
    hospital_number: str = field(default="", repr=False)  # on its way to be sealed; nowhere else

    @property
    def pseudonym(self) -> str:
        return pseudonym_of(self.identity_key)


def subject_of(
    dataset: Dataset,
    names: Pseudonymiser,
    *,
    stand_in: str = "",
    identity_key: str = "",
    apart: str = "",
) -> Subject | None:
    """Read who and when; ``None`` where the file names neither a patient nor a study.

    A file without a patient number (an export that somebody anonymised before) is taken as belonging
    to a patient of its own study: its images stay together and are mixed with nobody else's. A person
    who looked at the file may say whose it is (``identity_key``), let it be of somebody of its own
    (``stand_in``), or give the instance a key of its own (``apart``).
    """
    study_uid = text_of(dataset, "StudyInstanceUID")
    number = text_of(dataset, "PatientID")
    identity = number or (f"study {study_uid}" if study_uid else stand_in)
    if not identity and not identity_key:
        return None
    given = bool(identity_key)
    identity_key = identity_key or names.identity_key(identity)
    performed = next(filter(None, (_date_of(dataset, tag) for tag in DATES)), None)
    sex = text_of(dataset, "PatientSex").upper()
    instance = text_of(dataset, "SOPInstanceUID")
    return Subject(
        identity_key=identity_key,
        study_key=names.uid_key(study_uid or f"undated study of {identity or identity_key}"),
        sop_key=names.uid_key(f"{instance} {apart}" if apart else instance),
        sex=sex if sex in {"F", "M", "O"} else "",
        exam_date=shifted(performed, identity_key),
        age_years=_age(dataset, performed),
        hospital_number=number if not given else "",
    )


@dataclass(frozen=True)
class Picture:
    """What the stored pixels are."""

    rows: int
    columns: int
    frame_count: int
    frame_rate_hz: float | None
    simulated: bool


def deidentified(dataset: Dataset, subject: Subject, picture: Picture, names: Pseudonymiser) -> Dataset:
    """A new data set without pixel data, complete as an ultrasound image of the pseudonym."""
    known = Identifiers.of(dataset)
    clean = Dataset()
    for keyword in CODES:
        _keep(clean, dataset, keyword, partial(_as_code, known=known))
    for keyword in NUMBERS:
        _keep(clean, dataset, keyword, partial(_as_number, keyword, known=known))
    for keyword in TEXTS:
        _keep(clean, dataset, keyword, known.cleaned)
    for keyword in DATES:
        moved = shifted(_date_of(dataset, keyword), subject.identity_key)
        if moved is not None:
            setattr(clean, keyword, moved.strftime("%Y%m%d"))
    regions = [_region(item, known) for item in _items(dataset, "SequenceOfUltrasoundRegions")]
    if regions:
        clean.SequenceOfUltrasoundRegions = DicomSequence(regions)
    _identify(clean, dataset, subject, names, picture)
    _describe_pixels(clean, picture)
    _state_method(clean)
    clean.file_meta = _file_meta(clean)
    return clean


def _identify(
    clean: Dataset,
    dataset: Dataset,
    subject: Subject,
    names: Pseudonymiser,
    picture: Picture,
) -> None:
    clean.PatientName = subject.pseudonym
    clean.PatientID = subject.pseudonym
    clean.PatientBirthDate = ""
    clean.PatientSex = subject.sex
    if subject.age_years is not None:
        clean.PatientAge = f"{subject.age_years:03d}Y"
    clean.StudyID = clean.AccessionNumber = clean.ReferringPhysicianName = clean.StudyTime = ""
    if "StudyDate" not in clean:
        clean.StudyDate = ""
    if "InstanceNumber" not in clean:
        clean.InstanceNumber = None
    if "SeriesNumber" not in clean:
        clean.SeriesNumber = None
    clean.Modality = "US"
    clean.SOPClassUID = ULTRASOUND_MULTIFRAME if picture.frame_count > 1 else ULTRASOUND_IMAGE
    # The published UIDs of instance and study follow from the keys of the rows, so that a DICOMweb
    # client finds by UID what the rows say, also where the original named no study.
    clean.SOPInstanceUID = uid_of_key(subject.sop_key)
    clean.StudyInstanceUID = uid_of_key(subject.study_key)
    series = text_of(dataset, "SeriesInstanceUID")
    clean.SeriesInstanceUID = names.uid(series or f"SeriesInstanceUID of {subject.study_key}")


def _describe_pixels(clean: Dataset, picture: Picture) -> None:
    clean.ImageType = ["DERIVED", "PRIMARY"]
    clean.DerivationDescription = "8-bit grey; pixels outside the ultrasound regions set to 0"
    clean.SamplesPerPixel = 1
    clean.PhotometricInterpretation = "MONOCHROME2"
    clean.Rows, clean.Columns = picture.rows, picture.columns
    clean.BitsAllocated = clean.BitsStored = 8
    clean.HighBit, clean.PixelRepresentation = 7, 0
    clean.BurnedInAnnotation = "NO"
    if picture.frame_count > 1:
        clean.NumberOfFrames = picture.frame_count
        if "FrameTimeVector" in clean:
            clean.FrameIncrementPointer = 0x00181065
        else:
            if "FrameTime" not in clean:
                clean.FrameTime = f"{1000 / picture.frame_rate_hz:.6g}" if picture.frame_rate_hz else "0"
            clean.FrameIncrementPointer = 0x00181063
    if picture.simulated:
        clean.SyntheticData = "YES"
        clean.ImageComments = "SIMULATED DATA"


def _state_method(clean: Dataset) -> None:
    clean.PatientIdentityRemoved = "YES"
    clean.DeidentificationMethod = METHOD
    codes = []
    for value, meaning in METHOD_CODES:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
        codes.append(item)
    clean.DeidentificationMethodCodeSequence = DicomSequence(codes)
    clean.LongitudinalTemporalInformationModified = "MODIFIED"


def _file_meta(clean: Dataset) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = clean.SOPClassUID
    meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = IMPLEMENTATION_UID
    meta.ImplementationVersionName = "HEPASTAGE"
    return meta


def _keep(clean: Dataset, dataset: Dataset, keyword: str, check: Callable[[Any], Any]) -> None:
    """Copy an element if every one of its values passes; values that do not are left out as a whole."""
    if keyword not in dataset:
        return
    try:
        values = [check(value) for value in values_of(dataset[keyword].value)]
        if values and None not in values:
            setattr(clean, keyword, values if len(values) > 1 else values[0])
    except (ValueError, TypeError, OverflowError, AttributeError, KeyError):
        return


def _region(item: Dataset, known: Identifiers) -> Dataset:
    clean = Dataset()
    for keyword in REGION_NUMBERS:
        _keep(clean, item, keyword, partial(_as_number, keyword, known=known))
    return clean


def region_items(boxes: Iterable[tuple[int, int, int, int]]) -> DicomSequence:
    """Boxes that a person kept, as ultrasound regions without a calibration (PS3.3 C.8.5.5)."""
    items = []
    for x0, y0, x1, y1 in boxes:
        item = Dataset()
        item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = 1, 1, 0
        item.RegionLocationMinX0, item.RegionLocationMinY0 = x0, y0
        item.RegionLocationMaxX1, item.RegionLocationMaxY1 = x1 - 1, y1 - 1
        item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = 0
        item.PhysicalDeltaX = item.PhysicalDeltaY = 1.0
        items.append(item)
    return DicomSequence(items)


def _as_code(value: Any, known: Identifiers) -> str | None:
    text = str(value).strip()
    return text if _CODE.fullmatch(text) and not known.in_text(text) else None


def _as_number(keyword: str, value: Any, known: Identifiers) -> int | float | str | None:
    """A finite number in the form that the element's VR wants, or ``None`` where it may not stay."""
    number = float(value)
    if not math.isfinite(number):
        return None
    if known.in_number(str(value).strip()) or known.in_number(f"{number:.0f}"):
        return None
    vr = dictionary_VR(keyword)
    if vr == "DS":
        return f"{number:.9g}"  # at most 16 characters
    return number if vr in {"FD", "FL"} else int(number)


def _items(dataset: Dataset, keyword: str) -> list[Dataset]:
    return list(dataset.get(keyword) or ()) if keyword in dataset else []


def text_of(dataset: Dataset, keyword: str) -> str:
    """The first value of an element as text, or ``""`` where it is absent or unreadable."""
    try:
        values = values_of(dataset.get(keyword))
    except (ValueError, TypeError, AttributeError, KeyError, NotImplementedError):
        return ""
    return str(values[0]).strip().strip("\0").strip() if values else ""


def _date_of(dataset: Dataset, keyword: str) -> date | None:
    digits = "".join(filter(str.isdigit, text_of(dataset, keyword)))[:8]
    try:
        return datetime.strptime(digits, "%Y%m%d").date() if len(digits) == 8 else None
    except ValueError:
        return None


def _age(dataset: Dataset, performed: date | None) -> int | None:
    born = _date_of(dataset, "PatientBirthDate")
    if born is not None and performed is not None and born <= performed:
        years = performed.year - born.year - ((performed.month, performed.day) < (born.month, born.day))
        return min(years, OLDEST_AGE)
    stated = re.fullmatch(r"(\d{3})([DWMY])", text_of(dataset, "PatientAge"))
    if stated is None:
        return None
    number, unit = int(stated[1]), stated[2]
    return min(number, OLDEST_AGE) if unit == "Y" else number // 12 if unit == "M" else 0

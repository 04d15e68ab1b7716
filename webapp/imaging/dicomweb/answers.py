"""DICOM status codes of outcomes (for STOW-RS and C-STORE), and the answer to a STOW-RS request."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from ml.dicom import DicomRefused, Limits
from ml.dicom.structure import ByteSource, read_file_meta
from webapp.imaging.models import Image, UploadFile
from webapp.imaging.outcomes import Outcome
from webapp.patients.pseudonyms import uid_of_key

COERCED = 0xB000  # elements were changed: identity is replaced, always
KEPT_ASIDE = 0xB100  # of our own (PS3.18 Annex I allows more warnings): waits for a person in quarantine
OUT_OF_RESOURCES = 0xA700
NOT_THIS_CLASS = 0xA900
CANNOT_UNDERSTAND = 0xC000
PROCESSING_FAILED = 0x0110
NO_SUCH_CLASS = 0x0122
NO_SUCH_SYNTAX = 0xC122
WRONG_CLASS = frozenset({"sop-class-refused", "modality-refused", "dicomdir"})
WRONG_SYNTAX = frozenset({"transfer-syntax-refused", "deflate-refused", "transfer-syntax-missing"})
QUOTAS = frozenset({"quota-of-the-day", "quota-of-the-site"})
TOO_MUCH = QUOTAS | {
    "file-too-large", "picture-too-large", "header-too-large", "header-too-deep", "too-much-memory",
    "too-slow",
}  # fmt: skip
OURS = "HEPASTAGE"  # private creator of the elements that say our outcome, code and remedy
_UID = re.compile(r"[0-9][0-9.]{0,63}")


@dataclass(frozen=True)
class Sent:
    """What the sender calls an instance, from the file meta information; empty where it says nothing."""

    sop_class: str = ""
    sop_instance: str = ""

    @classmethod
    def of(cls, path: Path) -> Sent:
        try:
            meta = read_file_meta(ByteSource(path), Limits())
        except DicomRefused:
            return cls()
        return cls(_uid(meta.sop_class), _uid(meta.sop_instance))


def failure_reason(row: UploadFile) -> int:
    """(0008,1197) of a refused file: PS3.18 Table I.2-2, else the C-STORE statuses of PS3.4 Table B.2-1."""
    if row.code in WRONG_CLASS:
        return NO_SUCH_CLASS
    if row.code in WRONG_SYNTAX:
        return NO_SUCH_SYNTAX
    if row.code in TOO_MUCH:
        return OUT_OF_RESOURCES
    return PROCESSING_FAILED if row.code == "unexpected" else CANNOT_UNDERSTAND


def store_status(row: UploadFile) -> int:
    """The C-STORE status of an outcome; kept aside is success, because the bytes are safe with us."""
    if row.outcome != Outcome.REFUSED:
        return 0x0000
    if row.code in QUOTAS:  # the machine keeps the image and may send it again
        return OUT_OF_RESOURCES
    return NOT_THIS_CLASS if row.code in WRONG_CLASS else CANNOT_UNDERSTAND


def instance_path(image: Image) -> str:
    """The address of an instance below ``/dicomweb/``."""
    study, instance = uid_of_key(image.study_key), uid_of_key(image.sop_key)
    return f"studies/{study}/series/{image.series_uid}/instances/{instance}"


@dataclass
class StoreAnswer:
    """Store Instances Response (PS3.18 Annex I.2). UIDs are the sender's own; URLs lead to ours."""

    base: str
    stored: list[Dataset] = field(default_factory=list)
    failed: list[Dataset] = field(default_factory=list)
    unnamed: list[Dataset] = field(default_factory=list)
    aside: int = 0
    studies: set[str] = field(default_factory=set)

    def add(self, sent: Sent, row: UploadFile) -> None:
        item = _item(row)
        if row.outcome != Outcome.REFUSED:
            _name(item, sent)
            item.WarningReason = KEPT_ASIDE if row.outcome == Outcome.QUARANTINED else COERCED
            self.aside += row.outcome == Outcome.QUARANTINED
            if row.image is not None and row.image.released:
                item.RetrieveURL = self.base + instance_path(row.image)
                self.studies.add(uid_of_key(row.image.study_key))
            self.stored.append(item)
            return
        item.FailureReason = failure_reason(row)
        if sent.sop_class and sent.sop_instance:
            _name(item, sent)
            self.failed.append(item)
        else:
            self.unnamed.append(item)

    @property
    def status(self) -> int:
        """200 all stored, 202 some, 409 none (PS3.18 Table 10.5.3-1)."""
        if not self.stored:
            return 409
        return 202 if self.failed or self.unnamed or self.aside else 200

    def dataset(self) -> Dataset:
        answer = Dataset()
        if len(self.studies) == 1:
            answer.RetrieveURL = f"{self.base}studies/{next(iter(self.studies))}"
        if self.failed:
            answer.FailedSOPSequence = Sequence(self.failed)
        if self.stored:
            answer.ReferencedSOPSequence = Sequence(self.stored)
        if self.unnamed:
            answer.OtherFailuresSequence = Sequence(self.unnamed)
        return answer


def _item(row: UploadFile) -> Dataset:
    item = Dataset()
    block = item.private_block(0x0099, OURS, create=True)
    for place, text in enumerate((str(row.outcome), row.code, row.message, row.remedy), start=1):
        block.add_new(place, "UT", text)
    return item


def _name(item: Dataset, sent: Sent) -> None:
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sent.sop_class, sent.sop_instance


def _uid(text: str) -> str:
    return text if _UID.fullmatch(text) else ""

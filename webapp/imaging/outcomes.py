"""What becomes of a file: an outcome, a stable code, a sentence and what to do.

Sentences are English; the code is what the browser translates. Sentences about the inside of a DICOM
file come from :mod:`ml.dicom` (``REASONS``) and never quote the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from ml.dicom import REASONS as DICOM_REASONS
from ml.spec import HepaStageError


class Outcome(models.TextChoices):
    """The four ends of the hallway (design/contract.md)."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    REFUSED = "refused"


_ASK = "An administrator can look at the original in quarantine."

REASONS: dict[str, tuple[Outcome, str, str]] = {
    "accepted": (Outcome.ACCEPTED, "Stored without identity.", ""),
    "band-unknown": (
        Outcome.ACCEPTED,
        "Stored without identity; which probe made it could not be told.",
        "Set HF or LF by hand.",
    ),
    "band-unsure": (
        Outcome.ACCEPTED,
        "Stored without identity; the cues for the probe are few or contradict each other.",
        "Check HF or LF, and set it by hand where it is wrong.",
    ),
    "duplicate": (Outcome.DUPLICATE, "This image is already here.", "Nothing to do."),
    "duplicate-picture": (
        Outcome.DUPLICATE,
        "The same picture of this patient is already here under another identifier.",
        "Nothing to do.",
    ),
    "conflict": (
        Outcome.QUARANTINED,
        "An image with this identifier is already here, with other pixels.",
        f"Ask the sender which of the two is right. {_ASK}",
    ),
    "no-ultrasound-region": (
        Outcome.QUARANTINED,
        "The file does not say where the ultrasound picture is, so burned-in names cannot be blanked.",
        f"Export with ultrasound regions (calibration). {_ASK}",
    ),
    "region-outside-frame": (
        Outcome.QUARANTINED,
        "The ultrasound region is larger than the frame, so the picture was changed after it was written.",
        f"Export the picture in its original size. {_ASK}",
    ),
    "region-covers-frame": (
        Outcome.QUARANTINED,
        "The ultrasound region is the whole frame, so burned-in names cannot be told from the picture.",
        f"Export with exact ultrasound regions. {_ASK}",
    ),
    "no-identity": (
        Outcome.QUARANTINED,
        "The file names neither a patient nor a study.",
        f"Export it again with a patient number. {_ASK}",
    ),
    "study-mismatch": (
        Outcome.REFUSED,
        "The instance belongs to another study than the address it was sent to.",
        "Send it to its own study, or to the address without a study.",
    ),
    "text-in-picture": (
        Outcome.QUARANTINED,
        "There may be writing inside the ultrasound picture, which could name somebody.",
        f"An administrator looks at it and releases it or masks the writing. {_ASK}",
    ),
    "withdrawn": (
        Outcome.QUARANTINED,
        "Somebody took this image out of use.",
        "An administrator looks at it and releases it, masks it or removes it.",
    ),
    "quota-of-the-day": (
        Outcome.REFUSED,
        "You have sent as much as one person may send in a day.",
        "Send the rest tomorrow, or ask an administrator to raise the limit.",
    ),
    "quota-of-the-site": (
        Outcome.REFUSED,
        "This site holds as much as it may.",
        "Ask an administrator: images can be removed, or the limit be raised.",
    ),
    "zip-empty": (Outcome.REFUSED, "The archive holds no file.", "Send the DICOM files."),
    "zip-damaged": (Outcome.REFUSED, "The archive is damaged.", "Make the archive again."),
    "zip-encrypted": (
        Outcome.REFUSED,
        "The archive is encrypted.",
        "Send it without a password, or send the files themselves.",
    ),
    "zip-unsafe-name": (
        Outcome.REFUSED,
        "The archive holds a file whose name leads outside the archive.",
        "Make the archive again from a plain folder.",
    ),
    "zip-link": (Outcome.REFUSED, "The archive holds a link instead of a file.", "Send the file itself."),
    "zip-nested": (
        Outcome.REFUSED,
        "The archive holds another archive.",
        "Unpack the inner archive and send its files.",
    ),
    "zip-too-many": (Outcome.REFUSED, "The archive holds too many files.", "Send it in several archives."),
    "zip-too-large": (
        Outcome.REFUSED,
        "The archive unpacks to more than is accepted.",
        "Send it in several archives.",
    ),
    "zip-bomb": (
        Outcome.REFUSED,
        "A file in the archive unpacks to far more than its size.",
        "Send the files themselves.",
    ),
    "zip-method": (
        Outcome.REFUSED,
        "The archive uses a compression that is not accepted.",
        "Use an ordinary zip archive.",
    ),
    "unexpected": (
        Outcome.REFUSED,
        "The file could not be taken in.",
        f"Try again, then tell an administrator. {_ASK}",
    ),
}


class FileRefused(HepaStageError):
    """A file that goes no further. The outcome follows from the code."""

    def __init__(self, code: str) -> None:
        outcome, sentence, remedy = REASONS[code]
        super().__init__(sentence, code=code, remedy=remedy)
        self.outcome = outcome
        # For who decides later: what was seen of the file, and the image that it contradicts.
        self.look: Look | None = None
        self.rival: Any = None


@dataclass(frozen=True)
class Look:
    """What is known of a file that waits: geometry and device, nothing of who it is of."""

    device: str
    layout: str
    evidence: dict[str, Any]


def wording(code: str) -> tuple[Outcome, str, str]:
    """Outcome, sentence and remedy of a code: never the particulars of a file, which may quote it."""
    if code in REASONS:
        return REASONS[code]
    sentence, remedy = DICOM_REASONS.get(code, DICOM_REASONS["reader-crashed"])
    return Outcome.REFUSED, sentence, remedy

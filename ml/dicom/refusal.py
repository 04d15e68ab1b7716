"""Why a file is not taken, as a stable code, a sentence and what to do about it."""

from __future__ import annotations

from ml.spec import HepaStageError

_EXPORT_AGAIN = "Export the study again from the ultrasound system or archive and send the new file."
_UNCOMPRESSED = "Export it again as uncompressed, RLE, JPEG, JPEG-LS or JPEG 2000 DICOM."

REASONS: dict[str, tuple[str, str]] = {
    "file-empty": ("The file is empty.", _EXPORT_AGAIN),
    "file-too-large": (
        "The file is larger than is accepted.",
        "Shorten the clip, or ask for a higher limit.",
    ),
    "file-unreadable": ("The file cannot be opened.", "Check that it still exists and may be read."),
    "not-dicom": (
        "This is not a DICOM file (no DICM mark after 128 bytes).",
        "Export as DICOM Part 10 files; pictures such as PNG or JPEG cannot be used.",
    ),
    "dicomdir": ("This is a DICOMDIR, an index of other files.", "Send the image files that it lists."),
    "meta-damaged": ("The DICOM file meta information is damaged or cut short.", _EXPORT_AGAIN),
    "transfer-syntax-missing": ("The file does not say how its pixels are encoded.", _EXPORT_AGAIN),
    "transfer-syntax-refused": ("The pixels are encoded in a way that is not accepted.", _UNCOMPRESSED),
    "deflate-refused": (
        "Deflated DICOM is not accepted: a small file can unpack to any size.",
        _UNCOMPRESSED,
    ),
    "sop-class-refused": (
        "This kind of DICOM object is not an ultrasound image.",
        "Send B-mode ultrasound images (single or multi-frame).",
    ),
    "modality-refused": ("The modality is not ultrasound.", "Send B-mode ultrasound images (modality US)."),
    "header-damaged": ("The DICOM header is damaged or cut short.", _EXPORT_AGAIN),
    "header-too-large": ("The DICOM header has more elements than any image needs.", _EXPORT_AGAIN),
    "header-too-deep": ("Sequences in the DICOM header are nested too deeply.", _EXPORT_AGAIN),
    "uid-missing": (
        "The file has no usable SOP instance UID, so it cannot be told apart from others.",
        _EXPORT_AGAIN,
    ),
    "pixel-data-missing": ("The file has no picture.", "Send the image, not a report or a measurement."),
    "pixel-format-refused": ("The pixel format is not one that ultrasound uses.", _UNCOMPRESSED),
    "picture-too-large": (
        "The picture or clip has more pixels than is accepted.",
        "Shorten or shrink the clip.",
    ),
    "pixel-data-truncated": ("The picture data are shorter than the header says.", _EXPORT_AGAIN),
    "frame-count-wrong": ("The number of frames does not agree with the picture data.", _EXPORT_AGAIN),
    "frame-corrupt": ("A frame is damaged and cannot be decoded faithfully.", _EXPORT_AGAIN),
    "frame-mismatch": ("A frame differs in size or coding from what the header says.", _EXPORT_AGAIN),
    "too-slow": ("Reading the file took longer than is allowed.", _EXPORT_AGAIN),
    "too-much-memory": (
        "Reading the file needed more memory than is allowed.",
        "Shorten or shrink the clip.",
    ),
    "reader-crashed": ("The file made the decoder fail.", _EXPORT_AGAIN),
}


class DicomRefused(HepaStageError):
    """A file that is not taken. ``code`` is a key of :data:`REASONS`; ``detail`` adds the particulars."""

    def __init__(self, code: str, detail: str = "") -> None:
        sentence, remedy = REASONS[code]
        super().__init__(f"{sentence[:-1]}: {detail}." if detail else sentence, code=code, remedy=remedy)
        self.detail = detail

"""Reading an ultrasound DICOM file safely: each check is cheaper than the one that it protects.

size → file meta only → transfer-syntax and SOP-class allow-list → structure (no recursion) →
header → rows × columns × frames budget → one frame at a time.

This chain bounds what *well-behaved* decoders do with hostile files. A web server also puts the
whole of it into a child process with limits: :mod:`ml.dicom.safe_process`.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pydicom
from pydicom import Dataset

from ml.dicom.codecs import Codec, Grey, PixelFormat, decode_frame
from ml.dicom.header import ImageHeader, image_header, text
from ml.dicom.limits import SECONDARY_CAPTURE_CLASSES, SOP_CLASSES, TRANSFER_SYNTAXES, Limits
from ml.dicom.pixels import FrameTable, locate_frames, pixel_format
from ml.dicom.refusal import DicomRefused
from ml.dicom.structure import ByteSource, FileMeta, Structure, read_file_meta, walk


@dataclass(frozen=True)
class UltrasoundImage:
    """An accepted file. Frames are read and decoded when asked for; none is kept.

    ``dataset`` holds the standard header elements (no private ones, no pixel data).
    """

    header: ImageHeader
    dataset: Dataset
    _source: ByteSource
    _codec: Codec
    _form: PixelFormat
    _table: FrameTable

    def frame(self, index: int) -> Grey:
        """Frame ``index`` as uint8 (rows, columns), grey."""
        if not 0 <= index < self.header.frame_count:
            raise IndexError(f"frame {index} of {self.header.frame_count}")
        try:
            return decode_frame(self._codec, self._table.read(self._source, index), self._form)
        except DicomRefused as refusal:
            detail = f"frame {index + 1} of {self.header.frame_count}"
            raise DicomRefused(
                refusal.code, f"{detail}: {refusal.detail}" if refusal.detail else detail
            ) from refusal

    def frames(self) -> Iterator[Grey]:
        """All frames in order, one in memory at a time."""
        return (self.frame(index) for index in range(self.header.frame_count))

    def verify(self) -> None:
        """Decode every frame; raise :class:`DicomRefused` at the first that is damaged."""
        for _ in self.frames():
            pass


def read_ultrasound(source: Path | bytes, *, limits: Limits | None = None) -> UltrasoundImage:
    """Accept a file, or raise :class:`DicomRefused` with a stable code. Decodes no pixels yet."""
    limits = limits or Limits()
    file = ByteSource(source if isinstance(source, bytes) else Path(source))
    meta = read_file_meta(file, limits)
    if meta.transfer_syntax not in TRANSFER_SYNTAXES:
        raise DicomRefused("transfer-syntax-refused", meta.transfer_syntax[:64])
    if meta.sop_class and meta.sop_class not in SOP_CLASSES:
        raise DicomRefused("sop-class-refused", _class_name(meta.sop_class))
    structure = walk(file, meta, limits)
    dataset = _parse(file, meta, structure)
    _check_identity(dataset, meta)
    codec = TRANSFER_SYNTAXES[meta.transfer_syntax]
    form = pixel_format(dataset, meta.transfer_syntax, structure, limits)
    table = locate_frames(dataset, codec, form, file, structure, limits)
    header = image_header(
        dataset,
        transfer_syntax=meta.transfer_syntax,
        rows=form.rows,
        columns=form.columns,
        frame_count=len(table.frames),
        warnings=table.warnings,
    )
    return UltrasoundImage(header, dataset, file, codec, form, table)


def _parse(file: ByteSource, meta: FileMeta, structure: Structure) -> Dataset:
    """Let pydicom parse what the walk found to be sound: zero preamble, file meta, kept elements."""
    data = b"\0" * 128 + file.read(128, meta.end - 128)
    data += b"".join(file.read(start, end - start) for start, end in structure.kept)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom comments on every odd value; we judge what we use
            return pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True)
    except (MemoryError, DicomRefused):
        raise
    except Exception as error:  # pydicom raises many kinds for damaged headers
        raise DicomRefused("header-damaged", type(error).__name__) from error


def _check_identity(dataset: Dataset, meta: FileMeta) -> None:
    sop_class = text(dataset, "SOPClassUID") or meta.sop_class
    if sop_class not in SOP_CLASSES or meta.sop_class not in ("", sop_class):
        raise DicomRefused("sop-class-refused", _class_name(sop_class))
    modality = text(dataset, "Modality").upper()
    if modality != "US" and (modality or sop_class in SECONDARY_CAPTURE_CLASSES):
        raise DicomRefused("modality-refused", modality[:16] or "none given")
    if not re.fullmatch(r"[!-~]{1,64}", text(dataset, "SOPInstanceUID")):
        raise DicomRefused("uid-missing")


def _class_name(uid: str) -> str:
    name = pydicom.uid.UID(uid).name if uid else "none given"
    return name[:80]

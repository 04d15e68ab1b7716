"""Liver outlines as DICOM Segmentation objects (PS3.3 §A.51), written and read.

Written by highdicom, one instance per outlined frame. Read with the guard that every DICOM file from outside
passes (:mod:`ml.dicom.structure`) and with no more of the object than the liver's pixels need: a file that
lies about its size, nests without end or unpacks to gigabytes is refused before it costs anything.
"""

from __future__ import annotations

import io
import uuid
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ml.dicom import DicomRefused, Limits
from ml.dicom.structure import UNDEFINED, ByteSource, Structure, read_file_meta, walk
from webapp.imaging import storage
from webapp.imaging.storage import Room
from webapp.reading.geometry import OutlineRefused
from webapp.reading.models import Outline, OutlineOrigin
from webapp.reading.provenance import LONGEST, Algorithm
from webapp.reading.raster import Mask, mask_of

if TYPE_CHECKING:
    from highdicom.seg import SegmentDescription
    from pydicom.dataset import Dataset

SEG_CLASS = "1.2.840.10008.5.1.4.1.1.66.4"
ULTRASOUND_STILL = "1.2.840.10008.5.1.4.1.1.6.1"
NATIVE = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1"}  # little endian, uncompressed
LIVER = {("SCT", "10200004"), ("SRT", "T-62000")}
LIMITS = Limits(max_bytes=64 * 2**20)
MAKER = "HepaStage"
SERIES_NUMBER = 9003
EXPORT_SEG = "Export it as an uncompressed binary DICOM SEG of this picture."


class NothingToSegment(OutlineRefused):
    """DICOM SEG has no way to say that a frame shows no liver."""

    code = "outline-nothing-to-segment"
    remedy = "Outline the liver first, or export labelme or COCO, which can hold an empty outline."
    http_status = 409


class SegFrame(NamedTuple):
    """The liver in one frame of one image: what it refers to (``frame`` from 0, None where not said)."""

    instance: str
    frame: int | None
    mask: Mask
    algorithm: Algorithm | None


def described(
    *, algorithm: Algorithm | None, origin: str, tracking_uid: str, tracking_id: str
) -> SegmentDescription:
    """The liver's segment, MANUAL only where no program had a part in it.

    A proposal whose program was not kept is by an unknown one, which DICOM has to be told too.
    """
    from highdicom import AlgorithmIdentificationSequence
    from highdicom.seg import SegmentDescription
    from pydicom.sr.codedict import codes

    known: dict[str, Any] = {"algorithm_type": "MANUAL"}
    if algorithm is not None or origin == OutlineOrigin.PROPOSAL:
        by = algorithm or {"name": "unknown segmenter", "version": "unknown", "changed": True}
        known = {
            "algorithm_type": "SEMIAUTOMATIC" if by["changed"] else "AUTOMATIC",
            "algorithm_identification": AlgorithmIdentificationSequence(
                name=by["name"] or "unknown segmenter",
                family=codes.cid7162.ArtificialIntelligence,
                version=by["version"] or "unknown",
            ),
        }
    return SegmentDescription(
        segment_number=1,
        segment_label="Liver",
        segmented_property_category=codes.SCT.Organ,
        segmented_property_type=codes.SCT.Liver,
        tracking_uid=tracking_uid,
        tracking_id=tracking_id,
        **known,
    )


def seg_of(outline: Outline) -> bytes:
    """The outline as a DICOM file; raise :class:`NothingToSegment` where it has no pixels."""
    from highdicom.seg import Segmentation

    image = outline.image
    liver = mask_of(outline.polygons, columns=image.columns, rows=image.rows)
    if not liver.any():
        raise NothingToSegment("The outline covers no pixel.")
    source, kind = still_of(image.sha256)
    document = Segmentation(
        source_images=[source],
        pixel_array=liver.astype(np.uint8),
        segmentation_type="BINARY",
        segment_descriptions=[
            described(
                algorithm=outline.algorithm,
                origin=outline.origin,
                tracking_uid=_uid(outline.pk, "outline"),
                tracking_id=f"Outline {str(outline.pk)[:8]}",
            )
        ],
        series_instance_uid=_uid(image.pk, "outlines"),
        series_number=SERIES_NUMBER,
        sop_instance_uid=_uid(outline.pk, f"revision {outline.revision}"),
        instance_number=outline.frame + 1,
        manufacturer=MAKER,
        manufacturer_model_name=MAKER,
        software_versions="1",
        device_serial_number="1",
        content_label="LIVER",
        content_description="Simulated data" if image.simulated else "Liver outline",
        content_creator_name=_person(outline.author.display_name if outline.author else "unknown"),
    )
    name_frame(document, kind, outline.frame if image.frame_count > 1 else None)
    sink = io.BytesIO()
    document.save_as(sink, enforce_file_format=True)
    return sink.getvalue()


def still_of(sha256: str) -> tuple[Dataset, str]:
    """A stored instance without its pixels, as one frame, and its true SOP class.

    Ultrasound has no frame of reference, and highdicom segments only single frames without one; which frame
    of a clip is meant, :func:`name_frame` says afterwards.
    """
    import pydicom

    source = pydicom.dcmread(storage.existing(Room.IMAGES, sha256), stop_before_pixels=True)
    kind = str(source.SOPClassUID)
    source.SOPClassUID = ULTRASOUND_STILL
    return source, kind


def name_frame(document: Dataset, kind: str, frame: int | None) -> None:
    """Refer to an instance of SOP class ``kind``, in a clip to ``frame`` (from 0); for a still it is None.

    Image SOP Instance Reference, PS3.3 §10.3.1.
    """
    for element in document.iterall():
        if element.keyword == "ReferencedSOPClassUID" and element.value == ULTRASOUND_STILL:
            element.value = kind
    for group in document.PerFrameFunctionalGroupsSequence:
        for derivation in group.DerivationImageSequence:
            for seen in derivation.SourceImageSequence:
                if frame is not None:
                    seen.ReferencedFrameNumber = frame + 1


def frames_of(content: bytes) -> Iterator[SegFrame]:
    """The liver in each frame that a DICOM SEG speaks of; raise OutlineRefused where it is none of ours.

    Frames of several segments called liver come one by one: they are a union.
    """
    try:
        source = ByteSource(content)
        meta = read_file_meta(source, LIMITS)
        if meta.sop_class != SEG_CLASS:
            raise OutlineRefused("The DICOM file is no segmentation.", remedy=EXPORT_SEG)
        if meta.transfer_syntax not in NATIVE:
            raise OutlineRefused("The segmentation is compressed.", remedy=EXPORT_SEG)
        structure = walk(source, meta, LIMITS)
        yield from _frames(_parsed(content, meta.end, structure), content, structure)
    except DicomRefused as refused:
        raise OutlineRefused(refused.message, remedy=EXPORT_SEG) from None
    except (OutlineRefused, MemoryError):
        raise
    except Exception as error:  # pydicom and damaged values raise many kinds
        raise OutlineRefused(
            f"The segmentation is damaged ({type(error).__name__}).", remedy=EXPORT_SEG
        ) from None


def _parsed(content: bytes, end_of_meta: int, structure: Structure) -> Dataset:
    """What the walk found to be sound, parsed: no private elements, none of absurd length, no pixels."""
    import pydicom

    data = bytes(128) + content[128:end_of_meta]
    data += b"".join(content[start:end] for start, end in structure.kept)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom comments on every odd value; we judge what we use
        return pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True)


def _frames(dataset: Dataset, content: bytes, structure: Structure) -> Iterator[SegFrame]:
    rows, columns, count = int(dataset.Rows), int(dataset.Columns), int(dataset.NumberOfFrames)
    if str(dataset.SegmentationType) != "BINARY" or int(dataset.BitsAllocated) != 1:
        raise OutlineRefused("The segmentation is not binary.", remedy=EXPORT_SEG)
    if not (rows > 0 and columns > 0 and rows * columns <= LIMITS.max_frame_pixels and count > 0):
        raise OutlineRefused("The segmentation has an impossible size.", remedy=EXPORT_SEG)
    size, length = rows * columns, structure.pixel_length
    if length == UNDEFINED or size * count > 8 * length or structure.pixel_offset + length > len(content):
        raise OutlineRefused("The segmentation is shorter than it says.", remedy=EXPORT_SEG)
    livers = {int(item.SegmentNumber): _algorithm(item) for item in _liver_segments(dataset)}
    groups = dataset.PerFrameFunctionalGroupsSequence
    if len(groups) != count:
        raise OutlineRefused("The segmentation does not say what its frames are of.", remedy=EXPORT_SEG)
    shared = dataset.get("SharedFunctionalGroupsSequence") or [None]
    for number, group in enumerate(groups):
        segment = _in(group, "SegmentIdentificationSequence") or _in(
            shared[0], "SegmentIdentificationSequence"
        )
        if segment is None or int(segment.ReferencedSegmentNumber) not in livers:
            continue
        derivation = _in(group, "DerivationImageSequence") or _in(shared[0], "DerivationImageSequence")
        seen = _in(derivation, "SourceImageSequence")
        if seen is None:
            raise OutlineRefused("The segmentation does not name the picture it is of.", remedy=EXPORT_SEG)
        frames = seen.get("ReferencedFrameNumber")
        frame = None if frames is None else int(frames) - 1
        first = number * size
        bits = np.frombuffer(
            content, np.uint8, (first + size + 7) // 8 - first // 8, structure.pixel_offset + first // 8
        )
        flat = np.unpackbits(bits, bitorder="little")[first % 8 : first % 8 + size]
        mask = flat.reshape(rows, columns).astype(np.bool_)
        yield SegFrame(
            str(seen.ReferencedSOPInstanceUID), frame, mask, livers[int(segment.ReferencedSegmentNumber)]
        )


def _liver_segments(dataset: Dataset) -> list[Dataset]:
    """Segments whose property type or label is the liver; the only one there is, whatever it is called."""
    from webapp.reading.interchange import LIVER_LABELS

    segments = list(dataset.SegmentSequence)
    found = []
    for item in segments:
        kind = _in(item, "SegmentedPropertyTypeCodeSequence")
        code = (str(kind.get("CodingSchemeDesignator")), str(kind.get("CodeValue"))) if kind else None
        if code in LIVER or str(item.get("SegmentLabel", "")).strip().lower() in LIVER_LABELS:
            found.append(item)
    if not found and len(segments) != 1:
        raise OutlineRefused("No segment of the file is the liver.", remedy="Name the liver's segment liver.")
    return found or segments


def _algorithm(segment: Dataset) -> Algorithm | None:
    kind = str(segment.get("SegmentAlgorithmType", "MANUAL"))
    if kind not in {"AUTOMATIC", "SEMIAUTOMATIC"}:
        return None
    by = _in(segment, "SegmentationAlgorithmIdentificationSequence")
    name = (by.get("AlgorithmName") if by else None) or segment.get("SegmentAlgorithmName") or ""
    return {
        "name": str(name)[:LONGEST],
        "version": str(by.get("AlgorithmVersion", "") if by else "")[:LONGEST],
        "changed": kind == "SEMIAUTOMATIC",
    }


def _in(dataset: Any, keyword: str) -> Any:
    """The first item of a sequence, or None."""
    items = dataset.get(keyword) if dataset is not None else None
    return items[0] if items else None


def _uid(key: uuid.UUID, part: str) -> str:
    """The same UID for the same part of the same row (PS3.5 §B.2)."""
    return f"2.25.{uuid.uuid5(key, part).int}"


def _person(words: str) -> str:
    """A name as PN (PS3.5 §6.2): one component, without the signs that would divide it."""
    return "".join(" " if letter in "^=\\" else letter for letter in words)[:62] + "^"

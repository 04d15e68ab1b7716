"""DICOM files that the tests make: every syntax that we read, and the hostile ones that we must not."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import cv2
import jpeg_ls
import numpy as np
from numpy.typing import NDArray
from openjpeg.utils import encode_array
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
)
from rle import rle as rle_codec

Pixels = NDArray[np.uint8]


def speckle(rows: int = 96, columns: int = 128, *, seed: int = 0, colour: bool = False) -> Pixels:
    """Smooth noise: compresses like ultrasound, and no two seeds alike."""
    shape = (rows, columns, 3) if colour else (rows, columns)
    noise = np.random.default_rng(seed).normal(0, 1, shape).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 1.5)
    return np.clip(110 + 120 * smooth, 12, 250).astype(np.uint8)


def dataset(rows: int, columns: int, **elements: Any) -> Dataset:
    """A plausible ultrasound header; ``elements`` override or add, ``None`` removes."""
    ds = Dataset()
    ds.SOPClassUID = UltrasoundImageStorage
    ds.SOPInstanceUID = "1.2.826.0.1.3680043.8.498.1"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.2", "1.2.826.0.1.3680043.8.498.3"
    ds.Modality, ds.PatientID, ds.PatientName = "US", "P001", "Test^Patient"
    ds.Manufacturer = "Maker"
    ds.Rows, ds.Columns = rows, columns
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated = ds.BitsStored = 8
    ds.HighBit, ds.PixelRepresentation = 7, 0
    for keyword, value in elements.items():
        if value is None:
            delattr(ds, keyword)
        else:
            setattr(ds, keyword, value)
    return ds


def region(x0: int, y0: int, x1: int, y1: int, **elements: Any) -> Dataset:
    """One item of SequenceOfUltrasoundRegions; the corners are counted in, as DICOM does."""
    item = Dataset()
    item.RegionSpatialFormat = item.RegionDataType = 1
    item.RegionFlags = 0
    item.RegionLocationMinX0, item.RegionLocationMinY0 = x0, y0
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = x1, y1
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = 3
    item.PhysicalDeltaX = item.PhysicalDeltaY = 0.05
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return item


def to_bytes(ds: Dataset, syntax: str = ExplicitVRLittleEndian, *, preamble: bytes = b"\0" * 128) -> bytes:
    """The file as it would lie on disk."""
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.get("SOPClassUID", UltrasoundImageStorage)
    ds.file_meta.MediaStorageSOPInstanceUID = ds.get("SOPInstanceUID") or "1.2.3"
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    return preamble + buffer.getvalue()[128:]


def native(
    frames: list[Pixels],
    *,
    syntax: str = ExplicitVRLittleEndian,
    planar: bool = False,
    vr: str = "OB",
    **elements: Any,
) -> bytes:
    """Uncompressed frames, grey or RGB."""
    ds = _described(frames, planar=planar, **elements)
    stored = [frame.transpose(2, 0, 1) if planar else frame for frame in frames]
    data = b"".join(np.ascontiguousarray(frame).tobytes() for frame in stored)
    data += b"\0" * (len(data) % 2)
    if syntax == ExplicitVRBigEndian and vr == "OW":
        data = np.frombuffer(data, np.uint16).byteswap().tobytes()
    ds.add_new(0x7FE00010, vr, data)
    return to_bytes(ds, syntax)


def encapsulated(
    frames: list[Pixels],
    syntax: str,
    encode: Callable[[Pixels], bytes],
    *,
    fragments: int = 1,
    offsets: bool = True,
    **elements: Any,
) -> bytes:
    """Compressed frames, each in ``fragments`` pieces, with or without a basic offset table."""
    ds = _described(frames, **elements)
    ds.PixelData = encapsulate(
        [encode(frame) for frame in frames], fragments_per_frame=fragments, has_bot=offsets
    )
    ds["PixelData"].VR = "OB"
    return to_bytes(ds, syntax)


def _described(frames: list[Pixels], *, planar: bool = False, **elements: Any) -> Dataset:
    ds = dataset(*frames[0].shape[:2])
    if frames[0].ndim == 3:
        ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PlanarConfiguration = 3, "RGB", int(planar)
    if len(frames) > 1:
        ds.SOPClassUID, ds.NumberOfFrames = UltrasoundMultiFrameImageStorage, len(frames)
        ds.FrameTime = "40"
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    return ds


def jpeg(frame: Pixels) -> bytes:
    """Baseline JPEG (colour given as RGB)."""
    picture = frame[..., ::-1] if frame.ndim == 3 else frame
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()


def jpeg_ls_of(frame: Pixels) -> bytes:
    return bytes(jpeg_ls.encode_array(frame, interleave_mode=2 if frame.ndim == 3 else 0))


def jpeg_2000(frame: Pixels) -> bytes:
    return bytes(
        encode_array(frame, photometric_interpretation=1 if frame.ndim == 3 else 2, use_mct=frame.ndim == 3)
    )


def rle(frame: Pixels) -> bytes:
    planes = frame.transpose(2, 0, 1) if frame.ndim == 3 else frame
    samples = 3 if frame.ndim == 3 else 1
    return bytes(
        rle_codec.encode_frame(
            np.ascontiguousarray(frame if frame.ndim == 3 else planes).tobytes(),
            frame.shape[0],
            frame.shape[1],
            samples,
            8,
            "<",
        )
    )


def lossless_jpeg(frame: Pixels) -> bytes:
    """JPEG process 14, selection value 1: differences to the left neighbour, Huffman coded."""
    planes = frame[..., None] if frame.ndim == 2 else frame
    rows, columns, samples = planes.shape
    values = planes.astype(np.int32)
    predicted = np.empty_like(values)
    predicted[0, 0], predicted[0, 1:], predicted[1:, 0], predicted[1:, 1:] = (
        128,
        values[0, :-1],
        values[:-1, 0],
        values[1:, :-1],
    )
    bits: list[str] = []
    for difference in (values - predicted).ravel():
        size = int(abs(difference)).bit_length()
        bits.append(f"{size:04b}")  # nine symbols of four bits each: a valid, if lazy, Huffman table
        if size:
            bits.append(f"{difference if difference > 0 else difference + (1 << size) - 1:0{size}b}")
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    scan = int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")
    components = b"".join(bytes([number + 1, 0x11, 0]) for number in range(samples))
    table = bytes([0, 0, 0, 0, 9] + [0] * 12) + bytes(range(9))
    selected = b"".join(bytes([number + 1, 0]) for number in range(samples))
    return (
        b"\xff\xd8"
        + _segment(
            0xC3,
            bytes([8]) + rows.to_bytes(2, "big") + columns.to_bytes(2, "big") + bytes([samples]) + components,
        )
        + _segment(0xC4, table)
        + _segment(0xDA, bytes([samples]) + selected + bytes([1, 0, 0]))
        + scan
        + b"\xff\xd9"
    )


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def element(tag: int, vr: bytes, value: bytes, length: int | None = None) -> bytes:
    """One explicit little-endian element, with a lie about its length if wanted."""
    size = len(value) if length is None else length
    head = (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") + vr
    if vr in (b"SQ", b"OB", b"OW", b"UN", b"UT"):
        return head + b"\0\0" + size.to_bytes(4, "little") + value
    return head + size.to_bytes(2, "little") + value


def with_elements(data: bytes, extra: bytes) -> bytes:
    """Put raw elements right after the file meta information."""
    start = 128 + 4 + 12 + int.from_bytes(data[140:144], "little")
    return data[:start] + extra + data[start:]


ENCODERS: dict[str, tuple[str, Callable[[Pixels], bytes], bool]] = {
    "jpeg baseline": (JPEGBaseline8Bit, jpeg, False),
    "jpeg lossless": (JPEGLosslessSV1, lossless_jpeg, True),
    "jpeg-ls": (JPEGLSLossless, jpeg_ls_of, True),
    "jpeg 2000": (JPEG2000Lossless, jpeg_2000, True),
    "rle": (RLELossless, rle, True),
}
NATIVE = {
    "implicit little": ImplicitVRLittleEndian,
    "explicit little": ExplicitVRLittleEndian,
    "explicit big": ExplicitVRBigEndian,
}

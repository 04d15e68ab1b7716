"""From the header's pixel description and the file's bytes to the encoded bytes of frame *i*.

Nothing here decodes, and no more than one frame is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom import DataElement, Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.pixels.processing import apply_color_lut
from pydicom.uid import ExplicitVRLittleEndian

from ml.dicom.codecs import Codec, PixelFormat
from ml.dicom.header import text
from ml.dicom.limits import EXPLICIT_BIG, TRANSFER_SYNTAXES, Limits
from ml.dicom.refusal import DicomRefused
from ml.dicom.structure import UNDEFINED, ByteSource, Structure

_COLOURS = {"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT"}
_MONOCHROME = {"MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"}


@dataclass(frozen=True)
class FrameTable:
    """Where each frame lies: a tuple of (offset, length) pieces per frame."""

    frames: tuple[tuple[tuple[int, int], ...], ...]
    warnings: tuple[str, ...] = ()

    def read(self, source: ByteSource, index: int) -> bytes:
        pieces = [source.read(offset, length) for offset, length in self.frames[index]]
        if any(len(piece) < length for piece, (_, length) in zip(pieces, self.frames[index], strict=True)):
            raise DicomRefused("pixel-data-truncated")
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def pixel_format(dataset: Dataset, transfer_syntax: str, structure: Structure, limits: Limits) -> PixelFormat:
    """Check rows, columns, samples, bits and colour space against what ultrasound uses."""
    codec = TRANSFER_SYNTAXES[transfer_syntax]
    if structure.pixel_tag is None:
        raise DicomRefused("pixel-data-missing")
    if structure.pixel_tag != 0x7FE00010:
        raise DicomRefused("pixel-format-refused", "floating-point pixels")
    rows, columns = _number(dataset, "Rows"), _number(dataset, "Columns")
    samples, allocated = _number(dataset, "SamplesPerPixel", 1), _number(dataset, "BitsAllocated")
    stored = _number(dataset, "BitsStored", allocated)
    photometric = text(dataset, "PhotometricInterpretation")
    if rows < 1 or columns < 1:
        raise DicomRefused("pixel-data-missing", "rows or columns are 0")
    if rows * columns > limits.max_frame_pixels:
        raise DicomRefused("picture-too-large", f"{rows}×{columns} pixels")
    if allocated not in (8, 16) or not 8 <= stored <= allocated or (samples == 3 and allocated != 8):
        raise DicomRefused("pixel-format-refused", f"{samples} × {stored} of {allocated} bits")
    if photometric not in (_COLOURS if samples == 3 else _MONOCHROME if samples == 1 else ()):
        raise DicomRefused("pixel-format-refused", f"{samples} samples of {photometric or 'no colour space'}")
    if photometric == "YBR_FULL_422" and codec is Codec.NATIVE and columns % 2:
        raise DicomRefused("pixel-format-refused", "YBR_FULL_422 with an odd number of columns")
    big = transfer_syntax == EXPLICIT_BIG
    return PixelFormat(
        rows=rows,
        columns=columns,
        samples=samples,
        photometric=photometric,
        bits_allocated=allocated,
        planar=_number(dataset, "PlanarConfiguration", 0) == 1,
        big_endian=big,
        swap_words=big and allocated == 8 and structure.pixel_vr == "OW",
        lookup=_lookup(dataset, photometric, allocated, stored, big) if samples == 1 else None,
    )


def locate_frames(
    dataset: Dataset,
    codec: Codec,
    form: PixelFormat,
    source: ByteSource,
    structure: Structure,
    limits: Limits,
) -> FrameTable:
    """Find every frame, believing the pixel data rather than ``NumberOfFrames`` where they disagree."""
    claimed = max(_number(dataset, "NumberOfFrames", 1), 0)
    if claimed > limits.max_frames or claimed * form.rows * form.columns > limits.max_pixels:
        raise DicomRefused("picture-too-large", f"{claimed} frames of {form.rows}×{form.columns}")
    if (codec is Codec.NATIVE) == (structure.pixel_length == UNDEFINED):
        raise DicomRefused("frame-mismatch", "the pixel data are not stored as the transfer syntax says")
    if codec is Codec.NATIVE:
        table = _native_table(claimed, form, source, structure)
    else:
        table = _encapsulated_table(claimed, codec, form, source, structure, limits)
    if (
        len(table.frames) > limits.max_frames
        or len(table.frames) * form.rows * form.columns > limits.max_pixels
    ):
        raise DicomRefused("picture-too-large", f"{len(table.frames)} frames of {form.rows}×{form.columns}")
    return table


def _native_table(claimed: int, form: PixelFormat, source: ByteSource, structure: Structure) -> FrameTable:
    available = min(structure.pixel_length, source.size - structure.pixel_offset)
    size = form.native_bytes
    count = claimed or available // size
    warnings = () if claimed else (f"NumberOfFrames is 0; the picture data hold {count}.",)
    if count < 1 or count * size > available:
        raise DicomRefused("pixel-data-truncated", f"{available} of {max(count, 1) * size} bytes")
    frames = tuple(((structure.pixel_offset + index * size, size),) for index in range(count))
    return FrameTable(frames, warnings)


def _encapsulated_table(
    claimed: int,
    codec: Codec,
    form: PixelFormat,
    source: ByteSource,
    structure: Structure,
    limits: Limits,
) -> FrameTable:
    table, fragments = _fragments(source, structure.pixel_offset, limits)
    if not fragments:
        raise DicomRefused("pixel-data-missing")
    groups = _group(claimed, codec, source, table, fragments)
    longest = 2 * form.rows * form.columns * form.samples * form.bits_allocated // 8 + 65536
    if any(sum(length for _, length in group) > longest for group in groups):
        raise DicomRefused("frame-mismatch", "a frame is longer than its pixels uncompressed")
    if len(groups) < claimed:
        raise DicomRefused("pixel-data-truncated", f"{len(groups)} of {claimed} frames")
    if len(groups) == claimed:
        return FrameTable(groups)
    if claimed == 0:
        return FrameTable(groups, (f"NumberOfFrames is 0; the picture data hold {len(groups)}.",))
    return FrameTable(
        groups[:claimed], (f"NumberOfFrames is {claimed}; the picture data hold {len(groups)}.",)
    )


Piece = tuple[int, int]


def _fragments(source: ByteSource, position: int, limits: Limits) -> tuple[list[int], list[Piece]]:
    """The basic offset table and the (offset, length) of every fragment after it."""
    offsets: list[int] | None = None
    fragments: list[Piece] = []
    while True:
        head = source.read(position, 8)
        if len(head) < 8:
            raise DicomRefused("pixel-data-truncated", "the picture data do not end")
        tag, length = head[:4], int.from_bytes(head[4:], "little")
        position += 8
        if tag == b"\xfe\xff\xdd\xe0":
            return offsets or [], fragments
        if tag != b"\xfe\xff\x00\xe0" or length == UNDEFINED or position + length > source.size:
            raise DicomRefused("pixel-data-truncated", "a piece of the picture data is damaged or cut short")
        if offsets is None:
            if length > 4 * limits.max_frames:
                raise DicomRefused("picture-too-large", "offset table")
            offsets = [int(value) for value in np.frombuffer(source.read(position, length // 4 * 4), "<u4")]
        elif length:
            fragments.append((position, length))
        if len(fragments) > 64 * limits.max_frames:
            raise DicomRefused("picture-too-large", "number of fragments")
        position += length


def _group(
    claimed: int,
    codec: Codec,
    source: ByteSource,
    offsets: list[int],
    fragments: list[Piece],
) -> tuple[tuple[Piece, ...], ...]:
    """Which fragments make a frame: one each, all, by offset table, or by start-of-image markers."""
    if len(fragments) == claimed:
        return tuple((fragment,) for fragment in fragments)
    if claimed == 1:
        return (tuple(fragments),)
    first = fragments[0][0] - 8
    starts = {offset + first for offset in offsets}
    if offsets and starts <= {offset - 8 for offset, _ in fragments} and len(starts) == len(offsets):
        return _split_at(fragments, lambda piece: piece[0] - 8 in starts)
    if codec is Codec.RLE:
        return tuple((fragment,) for fragment in fragments)  # the standard forbids RLE frames in pieces
    marks = (b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP") if codec is Codec.JPEG_2000 else (b"\xff\xd8\xff",)
    return _split_at(fragments, lambda piece: source.read(piece[0], 6).startswith(marks))


def _split_at(fragments: list[Piece], begins: Callable[[Piece], bool]) -> tuple[tuple[Piece, ...], ...]:
    groups: list[list[Piece]] = []
    for fragment in fragments:
        if not groups or begins(fragment):
            groups.append([])
        groups[-1].append(fragment)
    return tuple(tuple(group) for group in groups)


def _number(dataset: Dataset, keyword: str, default: int = 0) -> int:
    try:
        value = dataset.get(keyword)
        return default if value is None or value == "" else int(value)
    except Exception:  # a damaged value raises on access, in many ways
        raise DicomRefused("header-damaged", f"{keyword} is not a number") from None


def _lookup(
    dataset: Dataset,
    photometric: str,
    allocated: int,
    stored: int,
    big_endian: bool,
) -> NDArray[np.uint8] | None:
    """Grey for every stored bit pattern, or ``None`` where the stored value is the grey already.

    Eight stored bits are taken as they are: what the sonographer saw. Deeper pixels are windowed
    when the file carries a window, else scaled from their full range.
    """
    patterns = np.arange(2**allocated, dtype=np.uint16 if allocated == 16 else np.uint8)
    if photometric == "PALETTE COLOR":
        return _palette(dataset, patterns, big_endian)
    values = (patterns.astype(np.int64)) & (2**stored - 1)
    if _number(dataset, "PixelRepresentation") == 1:
        values = np.where(values >= 2 ** (stored - 1), values - 2**stored, values)
    low, high = float(values.min()), float(values.max())
    if stored > 8:
        low, high = _window(dataset, low, high)
    grey = np.clip(np.round((values - low) * 255 / (high - low)), 0, 255).astype(np.uint8)
    if photometric == "MONOCHROME1":
        grey = 255 - grey
    return None if allocated == 8 and np.array_equal(grey, patterns) else grey


def _window(dataset: Dataset, low: float, high: float) -> tuple[float, float]:
    try:
        centre, width = (
            float(np.atleast_1d(np.asarray(dataset.get(keyword), dtype=float))[0])
            for keyword in ("WindowCenter", "WindowWidth")
        )
        slope = float(dataset.get("RescaleSlope") or 1)
        intercept = float(dataset.get("RescaleIntercept") or 0)
    except (TypeError, ValueError, IndexError):
        return low, high
    if not (np.isfinite([centre, width, slope, intercept]).all() and width > 1 and slope > 0):
        return low, high
    return (centre - width / 2 - intercept) / slope, (centre + width / 2 - intercept) / slope


def _palette(dataset: Dataset, patterns: NDArray[np.generic], big_endian: bool) -> NDArray[np.uint8]:
    tables = Dataset()
    tables.file_meta = FileMetaDataset()
    tables.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    for element in dataset.group_dataset(0x0028):
        tables.add(element)
        if big_endian and "LookupTableData" in element.keyword and element.VR == "OW":
            # pydicom reads the words of a palette in the machine's order, whatever the file's
            swapped = np.frombuffer(element.value, np.uint16).byteswap().tobytes()
            tables[element.tag] = DataElement(element.tag, "OW", swapped)
    try:
        colours = np.asarray(apply_color_lut(patterns.reshape(1, -1), tables), dtype=np.float64)[0, :, :3]
    except Exception as error:  # pydicom raises many kinds for damaged tables
        raise DicomRefused("pixel-format-refused", "the colour palette is missing or damaged") from error
    if colours.max() > 255:  # 16-bit entries; some writers leave 8-bit ones in 16-bit tables
        colours = np.floor(colours / 256)
    return np.asarray(np.round(colours @ np.array([0.299, 0.587, 0.114])), dtype=np.uint8)

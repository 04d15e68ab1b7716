"""One encoded frame in, one 8-bit grey picture out.

Ultrasound needs luminance only: JPEG is decoded straight to its Y plane, colour never made
(945 against 109 frames/s for 600×800). Decoders are named here one by one, so that what happens
to be installed never changes the result: libjpeg-turbo through simplejpeg (which, unlike OpenCV,
reports libjpeg's warnings, the only sign of a JPEG damaged in mid-stream), OpenCV for lossless
JPEG, CharLS, OpenJPEG and pylibjpeg-rle.

What cannot be detected: damage that leaves a valid Huffman stream. Of 300 JPEG frames with 16
random bytes overwritten 59 % were refused, with 256 bytes 97 %, and of those cut short all. Damage
inside lossless JPEG and RLE shows only when the stream ends too early or too late.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import jpeg_ls
import numpy as np
import openjpeg.utils
import simplejpeg
from numpy.typing import NDArray
from rle import rle as _rle

from ml.dicom.refusal import DicomRefused

Grey = NDArray[np.uint8]


class Codec(StrEnum):
    """How the frames of a transfer syntax are encoded."""

    NATIVE = "native"
    RLE = "rle"
    JPEG = "jpeg"
    JPEG_LOSSLESS = "jpeg-lossless"
    JPEG_LS = "jpeg-ls"
    JPEG_2000 = "jpeg-2000"


@dataclass(frozen=True)
class PixelFormat:
    """The pixel description of the header, checked. ``lookup`` maps every stored bit pattern to grey."""

    rows: int
    columns: int
    samples: int
    photometric: str
    bits_allocated: int
    planar: bool
    swap_words: bool  # 8-bit samples in 16-bit big-endian words
    big_endian: bool
    lookup: NDArray[np.uint8] | None

    @property
    def native_bytes(self) -> int:
        """Length of one uncompressed frame."""
        if self.photometric == "YBR_FULL_422":
            return self.rows * self.columns * 2
        return self.rows * self.columns * self.samples * self.bits_allocated // 8


def decode_frame(codec: Codec, data: bytes, form: PixelFormat) -> Grey:
    """Decode one frame; raise :class:`DicomRefused` where that cannot be done faithfully."""
    try:
        return _DECODERS[codec](data, form)
    except (DicomRefused, MemoryError):
        raise
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        raise DicomRefused("frame-corrupt", _short(error)) from error
    except Exception as error:  # decoders raise anything from ValueError to their own classes
        raise DicomRefused("frame-corrupt", _short(error)) from error


def _native(data: bytes, form: PixelFormat) -> Grey:
    if form.bits_allocated == 16:
        values = np.frombuffer(data, ">u2" if form.big_endian else "<u2", form.native_bytes // 2)
    else:
        values = np.frombuffer(data, np.uint8, form.native_bytes)
        if form.swap_words:
            values = values.reshape(-1, 2)[:, ::-1].reshape(-1)
    if form.samples == 1:
        return _look_up(values.reshape(form.rows, form.columns), form)
    if form.photometric == "YBR_FULL_422":  # Y Y Cb Cr for every two pixels
        return np.ascontiguousarray(values.reshape(-1, 4)[:, :2]).reshape(form.rows, form.columns)
    if form.planar:
        return _grey(values.reshape(3, form.rows, form.columns), form, planes_first=True)
    return _grey(values.reshape(form.rows, form.columns, 3), form)


def _run_length(data: bytes, form: PixelFormat) -> Grey:
    decoded = _rle.decode_frame(data, form.rows * form.columns, form.bits_allocated, "<")
    values = np.frombuffer(decoded, np.uint8 if form.bits_allocated == 8 else np.dtype("<u2"))
    if form.samples == 1:
        return _look_up(values.reshape(form.rows, form.columns), form)
    return _grey(values.reshape(3, form.rows, form.columns), form, planes_first=True)


def _jpeg(data: bytes, form: PixelFormat) -> Grey:
    coding = _jpeg_coding(data, form, allowed=(0xC0, 0xC1))
    if coding.components == 3 and form.photometric == "RGB" and not coding.colour_marked:
        # Neither JFIF nor Adobe marker: libjpeg would take R for Y. Say that it is RGB.
        data = data[:2] + b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00" + data[2:]
    grey: Grey = simplejpeg.decode_jpeg(data, colorspace="GRAY", strict=True)[..., 0]
    return _look_up(grey, form) if form.samples == 1 else grey


def _jpeg_lossless(data: bytes, form: PixelFormat) -> Grey:
    coding = _jpeg_coding(data, form, allowed=(0xC3,))
    _check_end(data)
    values = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if values is None:
        raise DicomRefused("frame-corrupt", "the lossless JPEG does not decode")
    if coding.components == 1:
        return _look_up(values, form)
    return _grey(values[..., ::-1], form)  # OpenCV hands out B, G, R


def _jpeg_ls(data: bytes, form: PixelFormat) -> Grey:
    coding = _jpeg_coding(data, form, allowed=(0xF7,))
    _check_end(data)  # CharLS searches seconds for the end of a small stream without one
    decoded, info = jpeg_ls.decode_buffer(data)
    values = np.frombuffer(decoded, np.uint8 if coding.precision <= 8 else np.dtype("<u2"))
    if coding.components == 1:
        return _look_up(values.reshape(form.rows, form.columns), form)
    if info["interleave_mode"] == 0:
        return _grey(values.reshape(3, form.rows, form.columns), form, planes_first=True)
    return _grey(values.reshape(form.rows, form.columns, 3), form)


def _jpeg_2000(data: bytes, form: PixelFormat) -> Grey:
    start = data.find(b"\xff\x4f\xff\x51", 0, 256)  # SOC, SIZ; some files wrap it in JP2 boxes
    if start < 0:
        raise DicomRefused("frame-corrupt", "no JPEG 2000 codestream")
    size = [int.from_bytes(data[start + 8 + 4 * n : start + 12 + 4 * n], "big") for n in range(4)]
    components = int.from_bytes(data[start + 40 : start + 42], "big")
    if (size[1] - size[3], size[0] - size[2], components) != (form.rows, form.columns, form.samples):
        raise DicomRefused("frame-mismatch", "size of the JPEG 2000 codestream")
    values = openjpeg.utils.decode(data[start:])
    if form.samples == 1:
        return _look_up(values, form)
    # The decoder undoes the colour transform of the codestream: YBR_RCT and YBR_ICT come out as RGB.
    return _grey(values, form, is_rgb=form.photometric != "YBR_FULL")


_DECODERS = {
    Codec.NATIVE: _native,
    Codec.RLE: _run_length,
    Codec.JPEG: _jpeg,
    Codec.JPEG_LOSSLESS: _jpeg_lossless,
    Codec.JPEG_LS: _jpeg_ls,
    Codec.JPEG_2000: _jpeg_2000,
}


def _look_up(values: NDArray[np.generic], form: PixelFormat) -> Grey:
    """Stored value → grey by table; the bit pattern is the index, negative values are in its upper half."""
    if values.shape != (form.rows, form.columns):
        raise DicomRefused("frame-mismatch", f"{values.shape} instead of {(form.rows, form.columns)}")
    if form.lookup is None:
        return np.array(values, dtype=np.uint8)
    unsigned = values.view(np.uint16 if values.dtype.itemsize == 2 else np.uint8)
    if len(form.lookup) == 256 and unsigned.dtype == np.uint8:
        return np.array(cv2.LUT(np.ascontiguousarray(unsigned), form.lookup), dtype=np.uint8)
    return np.asarray(form.lookup[unsigned], dtype=np.uint8)


def _grey(
    values: NDArray[np.generic],
    form: PixelFormat,
    *,
    planes_first: bool = False,
    is_rgb: bool | None = None,
) -> Grey:
    """Three samples → luminance: the first sample of YBR, the usual weights for RGB."""
    if values.size != form.rows * form.columns * 3:
        raise DicomRefused("frame-mismatch", f"{values.shape} instead of {(form.rows, form.columns, 3)}")
    if values.dtype != np.uint8:
        values = (np.asarray(values, np.uint16) >> 8).astype(np.uint8)
    if not (form.photometric in {"RGB", "YBR_RCT", "YBR_ICT"} if is_rgb is None else is_rgb):
        return np.array(values[0] if planes_first else values[..., 0], dtype=np.uint8)
    if planes_first:
        values = np.stack(list(values), axis=-1)
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(values), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


@dataclass(frozen=True)
class _JpegCoding:
    components: int
    precision: int
    colour_marked: bool


def _jpeg_coding(data: bytes, form: PixelFormat, allowed: tuple[int, ...]) -> _JpegCoding:
    """Read the segments before the scan; the coding and size must be what the header promises."""
    if data[:2] != b"\xff\xd8":
        raise DicomRefused("frame-corrupt", "no start-of-image marker")
    position, marked = 2, False
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            raise DicomRefused("frame-corrupt", "a JPEG segment does not begin with a marker")
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)):
            if marker not in allowed:
                raise DicomRefused(
                    "frame-mismatch", f"JPEG process {marker:02X} under another transfer syntax"
                )
            frame = data[position + 4 : position + 10 + 3 * 4]
            rows, columns = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
            components, precision = frame[5], frame[0]
            if (rows, columns, components) != (form.rows, form.columns, form.samples):
                raise DicomRefused(
                    "frame-mismatch",
                    f"{rows}×{columns}×{components} in the JPEG, "
                    f"{form.rows}×{form.columns}×{form.samples} in the header",
                )
            if precision > form.bits_allocated:
                raise DicomRefused("frame-mismatch", f"{precision} bits in the JPEG")
            named = bytes(frame[6 : 6 + 3 * components : 3]) == b"RGB"
            return _JpegCoding(components, precision, marked or named)
        if marker == 0xDA:
            break
        segment = data[position + 4 : position + 10]
        marked |= (marker == 0xE0 and segment[:4] == b"JFIF") or (marker == 0xEE and segment[:5] == b"Adobe")
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    raise DicomRefused("frame-corrupt", "no JPEG frame header")


def _check_end(data: bytes) -> None:
    if not data[-64:].rstrip(b"\0").endswith(b"\xff\xd9"):
        raise DicomRefused("frame-corrupt", "no end-of-image marker")


def _short(error: Exception) -> str:
    """A decoder's message in one short line of printable characters."""
    text = "".join(character if character.isprintable() else " " for character in str(error))
    return text.strip().rstrip(".")[:120] or type(error).__name__

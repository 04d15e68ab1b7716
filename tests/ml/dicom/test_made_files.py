"""Files that the tests make: every codec gives back the picture, in grey."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, JPEGBaseline8Bit

from ml.dicom import DicomRefused, read_ultrasound
from tests.ml.dicom import making

GREY, COLOUR = making.speckle(), making.speckle(colour=True)
LUMINANCE = cv2.cvtColor(COLOUR, cv2.COLOR_RGB2GRAY)


@pytest.mark.parametrize("name", making.NATIVE)
@pytest.mark.parametrize("colour", [False, True])
def test_uncompressed_pixels_come_back_as_they_are(name: str, colour: bool) -> None:
    data = making.native([COLOUR if colour else GREY], syntax=making.NATIVE[name])
    assert np.array_equal(read_ultrasound(data).frame(0), LUMINANCE if colour else GREY)


@pytest.mark.parametrize("name", making.ENCODERS)
@pytest.mark.parametrize("colour", [False, True])
def test_every_codec_gives_back_the_picture(name: str, colour: bool) -> None:
    syntax, encode, exact = making.ENCODERS[name]
    image = read_ultrasound(making.encapsulated([COLOUR if colour else GREY], syntax, encode))
    difference = np.abs(image.frame(0).astype(int) - (LUMINANCE if colour else GREY))
    assert difference.max() == 0 if exact else difference.mean() < 3


@pytest.mark.parametrize("offsets", [True, False])
@pytest.mark.parametrize("fragments", [1, 3])
def test_frames_are_found_with_and_without_an_offset_table(offsets: bool, fragments: int) -> None:
    frames = [making.speckle(seed=seed) for seed in range(5)]
    image = read_ultrasound(
        making.encapsulated(frames, JPEGBaseline8Bit, making.jpeg, fragments=fragments, offsets=offsets)
    )
    assert image.header.frame_count == 5
    assert image.header.frame_rate_hz == 25
    for frame, decoded in zip(frames, image.frames(), strict=True):
        assert np.abs(decoded.astype(int) - frame).mean() < 3


def test_planar_colour_equals_interleaved_colour() -> None:
    data = making.native([COLOUR], planar=True)
    assert np.array_equal(read_ultrasound(data).frame(0), LUMINANCE)


def test_big_endian_words_of_eight_bit_pixels_are_put_in_order() -> None:
    data = making.native([GREY], syntax=ExplicitVRBigEndian, vr="OW")
    assert np.array_equal(read_ultrasound(data).frame(0), GREY)


def test_luminance_of_native_ybr_is_its_first_sample() -> None:
    full = making.native([COLOUR], PhotometricInterpretation="YBR_FULL")
    assert np.array_equal(read_ultrasound(full).frame(0), COLOUR[..., 0])
    ds = making.dataset(
        *GREY.shape, SamplesPerPixel=3, PhotometricInterpretation="YBR_FULL_422", PlanarConfiguration=0
    )
    packed = np.full((GREY.shape[0], GREY.shape[1] // 2, 4), 128, np.uint8)
    packed[..., :2] = GREY.reshape(GREY.shape[0], -1, 2)
    ds.add_new(0x7FE00010, "OB", packed.tobytes())
    assert np.array_equal(read_ultrasound(making.to_bytes(ds)).frame(0), GREY)


def test_jpeg_of_rgb_without_markers_is_not_taken_for_ybr() -> None:
    """Its first component is R. With a JFIF marker the same bytes are Y, Cb, Cr."""
    stored = np.full((64, 64, 3), (120, 140, 130), np.uint8)  # OpenCV's order: Y, Cr, Cb
    marked = cv2.imencode(".jpg", cv2.cvtColor(stored, cv2.COLOR_YCrCb2BGR))[1].tobytes()
    assert marked[2:4] == b"\xff\xe0"
    bare = marked[:2] + marked[4 + int.from_bytes(marked[4:6], "big") :]
    for encoded, expected in ((bare, 0.299 * 120 + 0.587 * 130 + 0.114 * 140), (marked, 120)):
        data = making.encapsulated([stored], JPEGBaseline8Bit, lambda _, encoded=encoded: encoded)
        assert abs(float(read_ultrasound(data).frame(0).mean()) - expected) < 2


@pytest.mark.parametrize("bits", [8, 16])
def test_palette_colours_become_grey(bits: int) -> None:
    ramp = np.arange(256, dtype=np.uint16)
    red, green, blue = ramp[::-1], ramp, np.full(256, 7, np.uint16)
    ds = making.dataset(*GREY.shape, PhotometricInterpretation="PALETTE COLOR")
    for name, table in (("Red", red), ("Green", green), ("Blue", blue)):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [256, 0, bits])
        values = (table * 257).astype("<u2") if bits == 16 else table.astype(np.uint8)
        setattr(ds, f"{name}PaletteColorLookupTableData", values.tobytes())
    ds.add_new(0x7FE00010, "OB", GREY.tobytes())
    expected = np.round(0.299 * red + 0.587 * green + 0.114 * blue)[GREY]
    assert np.abs(read_ultrasound(making.to_bytes(ds)).frame(0) - expected).max() <= 1


def test_inverted_and_deep_pixels_are_brought_to_eight_bits() -> None:
    inverted = making.native([GREY], PhotometricInterpretation="MONOCHROME1")
    assert np.array_equal(read_ultrasound(inverted).frame(0), 255 - GREY)
    ds = making.dataset(*GREY.shape, BitsAllocated=16, BitsStored=12, HighBit=11)
    ds.add_new(0x7FE00010, "OW", (GREY.astype("<u2") << 4).tobytes())
    assert np.abs(read_ultrasound(making.to_bytes(ds)).frame(0).astype(int) - GREY).max() <= 1
    ds.WindowCenter, ds.WindowWidth = 1024, 2048
    windowed = read_ultrasound(making.to_bytes(ds)).frame(0)
    assert np.abs(windowed.astype(int) - np.minimum(GREY.astype(int) * 2, 255)).max() <= 2


def test_number_of_frames_zero_is_counted_from_the_pixels_and_said() -> None:
    frames = [making.speckle(seed=seed) for seed in range(3)]
    for data in (
        making.native(frames, NumberOfFrames=0),
        making.encapsulated(frames, JPEGBaseline8Bit, making.jpeg, NumberOfFrames=0),
    ):
        image = read_ultrasound(data)
        assert image.header.frame_count == 3
        assert "NumberOfFrames is 0" in image.header.warnings[0]


def test_more_frames_claimed_than_there_are_is_refused() -> None:
    frames = [making.speckle(seed=seed) for seed in range(3)]
    for data in (
        making.native(frames, NumberOfFrames=4),
        making.encapsulated(frames, JPEGBaseline8Bit, making.jpeg, NumberOfFrames=4),
    ):
        with pytest.raises(DicomRefused) as refused:
            read_ultrasound(data)
        assert refused.value.code == "pixel-data-truncated"


@pytest.mark.parametrize("name", making.ENCODERS)
def test_a_frame_cut_short_is_refused(name: str) -> None:
    syntax, encode, _ = making.ENCODERS[name]
    data = making.encapsulated([GREY], syntax, lambda frame: encode(frame)[: len(encode(frame)) // 2])
    with pytest.raises(DicomRefused) as refused:
        read_ultrasound(data).frame(0)
    assert refused.value.code in {"frame-corrupt", "frame-mismatch"}


def test_a_frame_of_another_size_is_refused_before_it_is_decoded() -> None:
    huge = making.speckle(128, 128)
    for name, (syntax, encode, _) in making.ENCODERS.items():
        if name == "rle":  # carries no size of its own; its decoder stops at the expected number of pixels
            continue
        data = making.encapsulated([huge], syntax, encode, Rows=64, Columns=128)
        with pytest.raises(DicomRefused) as refused:
            read_ultrasound(data).frame(0)
        assert refused.value.code == "frame-mismatch", name


def test_damage_in_mid_stream_is_refused_most_of_the_time() -> None:
    """Huffman streams resynchronise, so a third of small injuries cannot be seen; large ones are."""
    data = bytearray(making.jpeg(making.speckle(240, 320)))
    generator = np.random.default_rng(0)
    frame = making.speckle(240, 320)
    refused = 0
    for _ in range(50):
        hurt = bytearray(data)
        place = int(generator.integers(700, len(hurt) - 300))
        hurt[place : place + 256] = generator.integers(0, 256, 256, dtype=np.uint8).tobytes()
        image = read_ultrasound(
            making.encapsulated([frame], JPEGBaseline8Bit, lambda _, hurt=hurt: bytes(hurt))
        )
        try:
            image.verify()
        except DicomRefused:
            refused += 1
    assert refused >= 40


def test_files_and_bytes_read_alike(tmp_path) -> None:
    data = making.native([GREY], syntax=ExplicitVRLittleEndian)
    (tmp_path / "a.dcm").write_bytes(data)
    from_file, from_bytes = read_ultrasound(tmp_path / "a.dcm"), read_ultrasound(data)
    assert from_file.header == from_bytes.header
    assert np.array_equal(from_file.frame(0), from_bytes.frame(0))

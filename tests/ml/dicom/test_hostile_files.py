"""Files made to hurt: each is refused quickly, with the code that names its trick."""

from __future__ import annotations

import time
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit

from ml.dicom import REASONS, DicomRefused, Limits, read_ultrasound, recognise_band
from tests.ml.dicom import making

GREY = making.speckle()
GOOD = making.native([GREY])
SEEDS = [
    GOOD,
    making.native([GREY], syntax=ImplicitVRLittleEndian),
    making.native(
        [making.speckle(64, 64, colour=True)] * 2, SequenceOfUltrasoundRegions=[making.region(0, 0, 63, 63)]
    ),
    making.encapsulated([making.speckle(64, 64, seed=n) for n in range(2)], JPEGBaseline8Bit, making.jpeg),
]


def nested(depth: int, *, implicit: bool = False) -> bytes:
    """Sequences of undefined length inside one another, in a public tag (0008,1140)."""
    vr = b"" if implicit else b"SQ\0\0"
    opening = b"\x08\x00\x40\x11" + vr + b"\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    closing = b"\xfe\xff\x0d\xe0\0\0\0\0" + b"\xfe\xff\xdd\xe0\0\0\0\0"
    return opening * depth + closing * depth


def deflated() -> bytes:
    body = zlib.compress(b"\0" * 2**24)[2:-4]
    return GOOD[: 128 + 4].ljust(132) + making.element(0x00020010, b"UI", b"1.2.840.10008.1.2.1.99") + body


def meta(*elements: bytes) -> bytes:
    return b"\0" * 128 + b"DICM" + b"".join(elements)


HOSTILE = {
    "nothing": (b"", "file-empty"),
    "a picture that is not DICOM": (making.jpeg(GREY), "not-dicom"),
    "a program with a DICOM mark": (b"MZ" + b"\x90" * 126 + b"DICM", "meta-damaged"),
    "deflate bomb": (deflated(), "deflate-refused"),
    "unknown transfer syntax": (
        meta(making.element(0x00020010, b"UI", b"1.2.3.4\0")),
        "transfer-syntax-refused",
    ),
    "5,000 nested sequences": (making.with_elements(GOOD, nested(5000)), "header-too-deep"),
    "nested sequences, implicit": (
        making.with_elements(
            making.native([GREY], syntax=ImplicitVRLittleEndian), nested(5000, implicit=True)
        ),
        "header-too-deep",
    ),
    "a million empty elements": (
        making.with_elements(GOOD, making.element(0x00080005, b"CS", b"") * 1_000_000),
        "header-too-large",
    ),
    "an element longer than the file": (
        making.with_elements(GOOD, making.element(0x00080060, b"UT", b"x", length=2**31)),
        "header-damaged",
    ),
    "an unknown value representation": (
        making.with_elements(GOOD, b"\x08\x00\x05\x00??\x02\x00US"),
        "header-damaged",
    ),
    "a sequence without an end": (
        making.with_elements(GOOD[:600], b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff"),
        "header-damaged",
    ),
    "3.9 TiB of pixels": (
        making.to_bytes(making.dataset(65535, 65535, NumberOfFrames=1000, PixelData=b"\0\0")),
        "picture-too-large",
    ),
    "a clip without end": (making.native([GREY], NumberOfFrames=2**31 - 1), "picture-too-large"),
    "rows that are not a number": (making.native([GREY], BitsAllocated=7), "pixel-format-refused"),
    "no pixels": (making.to_bytes(making.dataset(8, 8)), "pixel-data-missing"),
    "rows are 0": (making.to_bytes(making.dataset(0, 8, PixelData=b"\0\0")), "pixel-data-missing"),
    "half of the file": (GOOD[: len(GOOD) // 2], "pixel-data-truncated"),
    "a native file that says it is JPEG": (
        making.to_bytes(making.dataset(8, 8), JPEGBaseline8Bit)
        + making.element(0x7FE00010, b"OB", b"\0" * 64),
        "frame-mismatch",
    ),
    "a CT under the ultrasound class": (making.native([GREY], Modality="CT"), "modality-refused"),
    "secondary capture of unknown modality": (
        making.native([GREY], SOPClassUID="1.2.840.10008.5.1.4.1.1.7", Modality=""),
        "modality-refused",
    ),
    "no instance UID": (making.native([GREY], SOPInstanceUID=""), "uid-missing"),
    "progressive JPEG under baseline": (
        making.encapsulated(
            [GREY], JPEGBaseline8Bit, lambda f: making.jpeg(f).replace(b"\xff\xc0", b"\xff\xc2")
        ),
        "frame-mismatch",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_quickly(name: str) -> None:
    data, code = HOSTILE[name]
    began = time.monotonic()
    with pytest.raises(DicomRefused) as refused:
        read_ultrasound(data).verify()
    assert refused.value.code == code
    assert time.monotonic() - began < 2


def test_the_preamble_is_irrelevant() -> None:
    assert np.array_equal(read_ultrasound(b"MZ" + b"\xff" * 126 + GOOD[128:]).frame(0), GREY)


def test_secondary_capture_of_ultrasound_is_taken() -> None:
    data = making.native([GREY], SOPClassUID="1.2.840.10008.5.1.4.1.1.7")
    assert np.array_equal(read_ultrasound(data).frame(0), GREY)


def test_private_and_oversized_elements_never_reach_the_parser() -> None:
    private = making.element(0x00090010, b"LO", b"MAKER ") + making.element(0x00091001, b"UN", b"secret")
    large = making.element(0x00081080, b"UT", b"x" * 100)
    image = read_ultrasound(making.with_elements(GOOD, private + large))
    assert not any(element.tag.is_private for element in image.dataset)
    limited = read_ultrasound(making.with_elements(GOOD, large), limits=Limits(max_element_bytes=64))
    assert 0x00081080 not in limited.dataset
    assert np.array_equal(image.frame(0), GREY)


def test_size_cap_is_checked_first() -> None:
    with pytest.raises(DicomRefused) as refused:
        read_ultrasound(GOOD, limits=Limits(max_bytes=1000))
    assert refused.value.code == "file-too-large"


def test_a_folder_or_missing_file_is_refused_not_raised(tmp_path) -> None:
    for path in (tmp_path, tmp_path / "absent.dcm"):
        with pytest.raises(DicomRefused) as refused:
            read_ultrasound(path)
        assert refused.value.code == "file-unreadable"


def test_every_reason_has_a_sentence_and_a_remedy() -> None:
    for code, (sentence, remedy) in REASONS.items():
        assert code == code.lower()
        assert sentence.endswith(".")
        assert remedy.endswith(".")


@pytest.mark.filterwarnings("ignore:Invalid value:UserWarning")
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.data())
def test_damaged_bytes_are_refused_or_read_but_never_crash(data: st.DataObject) -> None:
    original = data.draw(st.sampled_from(SEEDS))
    hurt = bytearray(original)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(128, min(len(hurt) - 1, 1400)))
        hurt[place] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        hurt = hurt[: data.draw(st.integers(0, len(hurt)))]
    try:
        image = read_ultrasound(bytes(hurt), limits=Limits(max_pixels=2**22))
        image.verify()
        recognise_band(image)
    except DicomRefused as refusal:
        code = refusal.code
    else:
        code = next(iter(REASONS))
    assert code in REASONS


def test_transfer_syntax_of_the_seeds_is_what_it_says() -> None:
    assert read_ultrasound(GOOD).header.transfer_syntax_uid == ExplicitVRLittleEndian

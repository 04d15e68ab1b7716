"""From good files to bad ones: bytes, structure, header values, and compressed frames."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from random import Random

import pydicom
from pydicom import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian, UltrasoundMultiFrameImageStorage

from ml.dicom.limits import DEFLATED, TRANSFER_SYNTAXES
from tests.conftest import ROOT
from tests.ml.dicom import making
from tests.webapp.imaging.files import regions, ultrasound

SAMPLES = ROOT.parent / "shared" / "data" / "dicom"
LARGEST_SAMPLE = 600_000
NUMBERS = (0, 1, 2, 3, 7, 8, 12, 15, 16, 17, 32, 255, 256, 4095, 4096, 4097, 32767, 32768, 65534, 65535)
LENGTHS = (0, 1, 2, 0x7FFF, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
VRS = tuple(re.findall(rb"..", b"AEASATCSDADSDTFDFLISLOLTOBOWPNSHSLSQSSSTTMUIULUNUSUT??\0\0"))
TAGS = (
    *(0x00080005, 0x00080016, 0x00080018, 0x00080020, 0x00080060, 0x00081140),
    *(0x00100010, 0x00100020, 0x00100030, 0x00186011, 0x00185010, 0x00181063, 0x00181065),
    *(0x0020000D, 0x0020000E, 0x00200013, 0x00280002, 0x00280004, 0x00280006, 0x00280008),
    *(0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280103, 0x00281101, 0x00281201),
    *(0x00289001, 0x00091001, 0x50003000, 0x60003000, 0x7FE00008, 0x7FE00010, 0xFFFEE000, 0xFFFEE00D),
)
PHOTOMETRIC = (
    "MONOCHROME1",
    "MONOCHROME2",
    "RGB",
    "YBR_FULL",
    "YBR_FULL_422",
    "YBR_RCT",
    "PALETTE COLOR",
    "XYZ",
    "",
)
_EXPLICIT = re.compile(rb"(?:[\x08\x10\x18\x20\x28]\x00|\xe0\x7f)..(?:[A-Z]{2})", re.DOTALL)


@lru_cache(maxsize=1)
def seeds() -> tuple[bytes, ...]:
    """Good files of every syntax that is read, and the real ones that are at hand."""
    grey = [making.speckle(64, 80, seed=number) for number in range(3)]
    colour = [making.speckle(64, 80, seed=9, colour=True)]
    box = {"SequenceOfUltrasoundRegions": regions()}
    made = [ultrasound(), ultrasound(frames=3), making.native(colour, **box)]
    made += [making.native(grey, syntax=syntax) for syntax in (ImplicitVRLittleEndian, ExplicitVRBigEndian)]
    made += [
        making.encapsulated(grey, syntax, encode, **box) for syntax, encode, _ in making.ENCODERS.values()
    ]
    made += [making.encapsulated(grey, syntax, encode, fragments=2, offsets=False)
             for syntax, encode, _ in making.ENCODERS.values()]  # fmt: skip
    real = [path for path in sorted(SAMPLES.rglob("*")) if path.is_file() and path.suffix != ".txt"]
    # Ours thrice: most of the real ones end at the first checks, because they are no ultrasound
    return (*made * 3, *(path.read_bytes() for path in real if path.stat().st_size <= LARGEST_SAMPLE))


def mutated(random: Random) -> bytes:
    """One hostile file; the same ``random`` makes the same one."""
    data = random.choice((_from_seed, _from_seed, _from_header, _from_frames))(random)
    for _ in range(random.choice((0, 1, 1, 1, 2, 4))):
        data = random.choice(BYTES)(random, data)
    return data


def _from_seed(random: Random) -> bytes:
    return random.choice(seeds())


def _from_header(random: Random) -> bytes:
    """Header values that contradict the pixels, or each other."""
    ds = making.dataset(random.choice((1, 8, 64, 96)), random.choice((1, 8, 80, 128)))
    ds.SequenceOfUltrasoundRegions = regions()
    size = random.choice((0, 1, 2, 64, 5120, 12288, 40000))
    ds.add_new(0x7FE00010, random.choice(("OB", "OW")), random.randbytes(size) + b"\0" * (size % 2))
    for _ in range(random.randint(1, 6)):
        random.choice(HEADER)(random, ds)
    try:
        return making.to_bytes(ds, random.choice(list(TRANSFER_SYNTAXES)[:3]))
    except Exception:  # pydicom writes no such value; the bytes of a good file take its place
        return _from_seed(random)


def _rows(random: Random, ds: Dataset) -> None:
    ds.Rows, ds.Columns = random.choice(NUMBERS), random.choice(NUMBERS)


def _frames(random: Random, ds: Dataset) -> None:
    ds.SOPClassUID = UltrasoundMultiFrameImageStorage
    ds.NumberOfFrames = random.choice((*NUMBERS, 2**31 - 1, -1))
    ds.FrameTime = random.choice(("0", "-1", "40", "1e300", "1e-300"))


def _bits(random: Random, ds: Dataset) -> None:
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = (random.choice(NUMBERS[:13]) for _ in range(3))
    ds.PixelRepresentation = random.choice((0, 1, 2))


def _samples(random: Random, ds: Dataset) -> None:
    ds.SamplesPerPixel, ds.PlanarConfiguration = random.choice(NUMBERS[:7]), random.choice((0, 1, 2))
    ds.PhotometricInterpretation = random.choice(PHOTOMETRIC)


def _palette(random: Random, ds: Dataset) -> None:
    ds.PhotometricInterpretation = "PALETTE COLOR"
    for colour in ("Red", "Green", "Blue"):
        descriptor = [random.choice(NUMBERS), random.choice(NUMBERS), random.choice((8, 16, 7, 0))]
        setattr(ds, f"{colour}PaletteColorLookupTableDescriptor", descriptor)
        setattr(ds, f"{colour}PaletteColorLookupTableData", random.randbytes(2 * random.randint(0, 300)))


def _regions(random: Random, ds: Dataset) -> None:
    corners = [random.choice((*NUMBERS, 2**32 - 1)) for _ in range(4)]
    deltas = [random.choice((0.0, -0.05, float("nan"), float("inf"), 1e-320, 0.05)) for _ in range(2)]
    item = making.region(*corners, PhysicalDeltaX=deltas[0], PhysicalDeltaY=deltas[1])
    ds.SequenceOfUltrasoundRegions = [item] * random.choice((0, 1, 2, 40))


def _texts(random: Random, ds: Dataset) -> None:
    ds.SpecificCharacterSet = random.choice(("ISO_IR 192", "GB18030", "ISO 2022 IR 87", "nonsense", ""))
    for keyword in ("PatientName", "PatientID", "StudyInstanceUID", "TransducerData", "Manufacturer"):
        if random.random() < 0.4:
            text = "".join(random.choice("A^=\\\0\x1b$)C9. é李") for _ in range(random.randint(0, 80)))
            element = (
                ds[keyword]
                if keyword in ds
                else ds.setdefault(keyword, pydicom.DataElement(keyword, "LO", ""))
            )
            element._value = text.replace("\\", "")


HEADER: tuple[Callable[[Random, Dataset], None], ...] = (
    _rows, _frames, _bits, _samples, _palette, _regions, _texts,
)  # fmt: skip


def _from_frames(random: Random) -> bytes:
    """Compressed frames that are damaged, or not what the header says they are."""
    syntax, encode, _ = random.choice(list(making.ENCODERS.values()))
    count = random.choice((1, 1, 2, 4))
    colour = random.random() < 0.3
    frames = [
        bytearray(encode(making.speckle(40, 56, seed=number, colour=colour))) for number in range(count)
    ]
    for frame in frames:
        for _ in range(random.choice((0, 1, 2, 8))):
            place = random.randrange(min(len(frame), random.choice((40, 200, 10**6))))
            frame[place] = random.choice((0, 1, 127, 128, 254, 255, random.randrange(256)))
        if random.random() < 0.15:
            del frame[random.randrange(len(frame)) :]
    ds = making.dataset(random.choice((40, 40, 41, 4096)), random.choice((56, 56, 57, 4096)))
    ds.SequenceOfUltrasoundRegions = [making.region(4, 4, 49, 33)]
    if colour:
        ds.SamplesPerPixel, ds.PlanarConfiguration = 3, 0
        ds.PhotometricInterpretation = random.choice(PHOTOMETRIC)
    if count > 1:
        ds.SOPClassUID, ds.NumberOfFrames = (
            UltrasoundMultiFrameImageStorage,
            random.choice((count, count, 1, 9)),
        )
    kept = [bytes(frame) or b"\0\0" for frame in frames]
    ds.PixelData = encapsulate(kept, fragments_per_frame=1, has_bot=random.random() < 0.5)
    ds["PixelData"].VR = "OB"
    wanted = syntax if random.random() < 0.8 else random.choice(list(TRANSFER_SYNTAXES))
    data = making.to_bytes(ds, syntax)
    return data.replace(
        str(syntax).encode(), str(wanted).encode()[: len(str(syntax))].ljust(len(str(syntax)), b"\0")
    )


def _flip(random: Random, data: bytes) -> bytes:
    """Bytes of the header, mostly; where the pixels are, decoders look too."""
    hurt = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        if hurt:
            place = random.randrange(min(len(hurt), random.choice((400, 1600, 10**9))))
            hurt[place] = random.randrange(256)
    return bytes(hurt)


def _cut(random: Random, data: bytes) -> bytes:
    return data[: random.randint(0, len(data))]


def _splice(random: Random, data: bytes) -> bytes:
    """A piece of the file where it does not belong."""
    start, place = random.randint(0, len(data)), random.randint(0, len(data))
    return data[:place] + data[start : start + random.choice((1, 8, 64, 1024, 65536))] + data[place:]


def _lie(random: Random, data: bytes) -> bytes:
    """Another length, or another VR, for an element that is there."""
    found = [match.start() for match in _EXPLICIT.finditer(data, 132, 8192)]
    if not found:
        return _flip(random, data)
    place = random.choice(found)
    if random.random() < 0.4:
        return data[: place + 4] + random.choice(VRS) + data[place + 6 :]
    length = random.choice(LENGTHS)
    if data[place + 4 : place + 6] in (b"OB", b"OW", b"SQ", b"UN", b"UT"):
        return data[: place + 8] + length.to_bytes(4, "little") + data[place + 12 :]
    return data[: place + 6] + (length & 0xFFFF).to_bytes(2, "little") + data[place + 8 :]


def _insert(random: Random, data: bytes) -> bytes:
    """An element of a wrong kind, right after the file meta information."""
    value = random.randbytes(random.choice((0, 1, 2, 16, 300)))
    lied = random.choice((None, None, None, *LENGTHS))
    vr = random.choice(VRS)
    extra = making.element(
        random.choice(TAGS), vr, value, None if lied is None or len(value) > lied else lied & 0xFFFF
    )
    return making.with_elements(data, extra * random.choice((1, 1, 1, 50)))


def _nest(random: Random, data: bytes) -> bytes:
    """Sequences in sequences, of undefined or lied lengths, ended or not."""
    depth = random.choice((1, 3, 11, 12, 13, 200, 3000))
    undefined = b"\xff\xff\xff\xff"
    length = random.choice((undefined, undefined, (8).to_bytes(4, "little")))
    implicit = random.random() < 0.3
    opening = (
        b"\x08\x00\x40\x11" + (b"" if implicit else b"SQ\0\0") + length + b"\xfe\xff\x00\xe0" + undefined
    )
    closing = (b"\xfe\xff\x0d\xe0\0\0\0\0" + b"\xfe\xff\xdd\xe0\0\0\0\0") * depth
    return making.with_elements(data, opening * depth + (closing if random.random() < 0.7 else b""))


def _syntax(random: Random, data: bytes) -> bytes:
    """The same bytes under another transfer syntax."""
    wanted = random.choice([*TRANSFER_SYNTAXES, *DEFLATED, "1.2.840.10008.1.2.4.100", "1.2"]).encode()
    return re.sub(
        rb"1\.2\.840\.10008\.1\.2[0-9.]*", lambda match: wanted.ljust(len(match[0]), b"\0"), data, count=1
    )


BYTES: tuple[Callable[[Random, bytes], bytes], ...] = (
    _flip,
    _flip,
    _cut,
    _splice,
    _lie,
    _lie,
    _insert,
    _nest,
    _syntax,
)

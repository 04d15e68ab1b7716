"""From one received DICOM file to what is stored of it, without the database.

Parsing and decoding happen in the limited child processes of :class:`ml.dicom.SafeReader`; what comes
back is plain JSON and grey frames. A file is decoded once (of a long clip, in batches): the
de-identified DICOM, the networks' pictures and the digest of the pixels come out of the same pass.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from ml.dicom import DicomRefused, Evidence, ImageHeader, Inspected, SafeReader, UltrasoundRegion
from webapp.imaging.deidentification import Identifiers, Picture, Subject, deidentified, subject_of
from webapp.imaging.outcomes import FileRefused
from webapp.patients.pseudonyms import Pseudonymiser

Grey = NDArray[np.uint8]
WHOLE_FRAME = 0.97  # a region of more than this leaves no furniture outside, so it proves nothing
BATCH_PIXELS = 32 * 2**20  # frames of a clip that are in memory at a time
READERS = 2  # reading processes of this server process; each has 1 GB of address space at most
CHARACTER_SET = "00080005"
PIXEL_DATA = b"\xe0\x7f\x10\x00OB\x00\x00"  # tag, VR and two reserved bytes; the length follows


@dataclass(frozen=True)
class Prepared:
    """What came out of one file."""

    subject: Subject
    series_uid: str
    pixel_sha256: str
    rows: int
    columns: int
    frame_count: int
    frame_rate_hz: float | None
    simulated: bool
    regions: list[dict[str, Any]]
    band: str
    band_confidence: float
    band_evidence: list[dict[str, Any]]
    analysis_frames: list[int]


@lru_cache(maxsize=1)
def shared_reader() -> SafeReader:
    """The reading processes of this server process; they stay warm between files."""
    return SafeReader(workers=READERS)


def prepare(
    source: Path,
    names: Pseudonymiser,
    *,
    dicom: Path,
    analysis: Path,
    reader: SafeReader | None = None,
) -> Prepared:
    """Read ``source``; write the de-identified file to ``dicom`` and the networks' pictures to ``analysis``.

    Raise ``DicomRefused`` for what cannot be read and ``FileRefused`` for what must wait for a person.
    """
    reader = reader or shared_reader()
    seen = reader.inspect(source, verify=False, elements=True)
    header, dataset = seen.header, _dataset(seen)
    subject = subject_of(dataset, names)
    if subject is None:
        raise FileRefused("no-identity")
    regions = usable_regions(header)
    picture = Picture(header.rows, header.columns, header.frame_count, header.frame_rate_hz, header.simulated)
    clean = deidentified(dataset, subject, picture, names)
    pixels = hashlib.sha256(f"{header.frame_count}x{header.rows}x{header.columns}:".encode())
    with dicom.open("wb") as sink:
        sink.write(_without_pixels(clean, header))
        for frame in _frames(reader, source, seen):
            pixels.update(frame.data)
            sink.write(blanked(frame, regions).data)
        if _length(header) % 2:
            sink.write(b"\0")
    with analysis.open("wb") as sink:
        np.save(sink, np.stack(list(seen.network_inputs.values())), allow_pickle=False)
    known, guess = Identifiers.of(dataset), seen.band
    return Prepared(
        subject=subject,
        series_uid=str(clean.SeriesInstanceUID),
        pixel_sha256=pixels.hexdigest(),
        rows=header.rows,
        columns=header.columns,
        frame_count=header.frame_count,
        frame_rate_hz=header.frame_rate_hz,
        simulated=header.simulated,
        regions=[asdict(region) for region in regions],
        band=guess.band.value if guess and guess.band else "",
        band_confidence=guess.confidence if guess else 0.0,
        band_evidence=[_evidence(cue, known) for cue in guess.evidence] if guess else [],
        analysis_frames=list(seen.network_inputs),
    )


def usable_regions(header: ImageHeader) -> list[UltrasoundRegion]:
    """The regions that hold B-mode tissue and leave the machine's furniture outside.

    A box larger than the frame was written before the picture was cut or shrunk and no longer says
    where anything is.
    """
    regions = [region for region in header.regions if region.is_tissue]
    if not regions:
        raise FileRefused("no-ultrasound-region")
    if any(region.outside for region in regions):
        raise FileRefused("region-outside-frame")
    covered = np.zeros((header.rows, header.columns), dtype=bool)
    for region in regions:
        covered[region.y0 : region.y1, region.x0 : region.x1] = True
    if covered.mean() > WHOLE_FRAME:
        raise FileRefused("region-covers-frame")
    return regions


def blanked(frame: Grey, regions: list[UltrasoundRegion]) -> Grey:
    """The frame with everything outside the regions set to 0."""
    clean = np.zeros(frame.shape, np.uint8)
    for box in regions:
        clean[box.y0 : box.y1, box.x0 : box.x1] = frame[box.y0 : box.y1, box.x0 : box.x1]
    return clean


def _dataset(seen: Inspected) -> Dataset:
    """The header as a data set again. The child has parsed it; odd values are judged where they are used.

    JSON is Unicode already, so the character set goes; long binary values did not come along.
    """
    elements = {tag: value for tag, value in seen.elements.items() if tag != CHARACTER_SET}
    try:
        return Dataset.from_json(elements, bulk_data_uri_handler=lambda *_: b"")
    except Exception as error:  # pydicom raises many kinds for values that do not fit their VR
        raise DicomRefused("header-damaged", type(error).__name__) from None


def _frames(reader: SafeReader, source: Path, seen: Inspected) -> Iterator[Grey]:
    """All frames in order. What the first look brought along is not asked for again."""
    count = seen.header.frame_count
    if len(seen.frames) == count:
        yield from (seen.frames[index] for index in range(count))
        return
    step = max(1, BATCH_PIXELS // (seen.header.rows * seen.header.columns))
    for start in range(0, count, step):
        wanted = range(start, min(start + step, count))
        batch = reader.inspect(source, frames=wanted, network=False, band=False, verify=False)
        if batch.sha256 != seen.sha256:
            raise DicomRefused("reader-crashed", "the file changed while it was read")
        yield from (batch.frames[index] for index in wanted)


def _length(header: ImageHeader) -> int:
    return header.rows * header.columns * header.frame_count


def _without_pixels(clean: Dataset, header: ImageHeader) -> bytes:
    """The file up to where the pixels begin, so that they can be streamed after it."""
    buffer = io.BytesIO()
    clean.save_as(buffer, enforce_file_format=True, little_endian=True, implicit_vr=False)
    length = _length(header)
    return buffer.getvalue() + PIXEL_DATA + (length + length % 2).to_bytes(4, "little")


def _evidence(cue: Evidence, known: Identifiers) -> dict[str, Any]:
    """A cue as JSON. The probe's name is quoted from the header, so it is looked at like any text."""
    value = cue.value if cue.cue != "probe" else known.cleaned(cue.value) or "(withheld)"
    return {
        "cue": cue.cue,
        "value": value,
        "band": cue.band.value if cue.band else None,
        "weight": cue.weight,
    }

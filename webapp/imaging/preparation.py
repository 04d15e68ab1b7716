"""From one received DICOM file to what is stored of it, without the database.

Parsing and decoding happen in the limited child processes of :class:`ml.dicom.SafeReader`; what comes
back is plain JSON and grey frames. A file is decoded once (of a long clip, in batches): the
de-identified DICOM, the networks' pictures and the digest of the pixels come out of the same pass.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from ml.dicom import DicomRefused, Evidence, ImageHeader, Inspected, SafeReader, to_network_input
from webapp.imaging.blanking import (
    Rectangle,
    Verdict,
    blanked,
    kept_regions,
    proposed,
    rectangle_of,
    usable_regions,
)
from webapp.imaging.deidentification import (
    Picture,
    Subject,
    deidentified,
    region_items,
    subject_of,
)
from webapp.imaging.identifiers import Identifiers
from webapp.imaging.outcomes import FileRefused, Look
from webapp.lending import give_back
from webapp.patients.pseudonyms import Pseudonymiser

Grey = NDArray[np.uint8]
BATCH_PIXELS = 32 * 2**20  # frames of a clip that are in memory at a time
MOST_WRITTEN_FRAMES = 5  # that a person is shown beside the representative ones
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
    band_by_hand: bool
    band_confidence: float
    band_evidence: list[dict[str, Any]]
    analysis_frames: list[int]
    look: Look


@lru_cache(maxsize=1)
def shared_reader() -> SafeReader:
    """The reading processes of this server process; they stay warm between files."""
    return SafeReader(workers=READERS, writing=True)


def prepare(
    source: Path,
    names: Pseudonymiser,
    *,
    dicom: Path,
    analysis: Path,
    reader: SafeReader | None = None,
    verdict: Verdict | None = None,
) -> Prepared:
    """Read ``source``; write the de-identified file to ``dicom`` and the networks' pictures to ``analysis``.

    Raise ``DicomRefused`` for what cannot be read and ``FileRefused``, with what was seen of the file, for
    what must wait for a person. With that person's ``verdict`` nothing waits any more.
    """
    reader = reader or shared_reader()
    give_back()  # the readers may be busy for minutes
    seen = reader.inspect(source, verify=False, elements=True, writing=True)
    header, dataset = seen.header, _dataset(seen)
    known = Identifiers.of(dataset)
    try:
        if verdict is None:
            regions, masks = usable_regions(header), tuple[Rectangle, ...]()
            if any(seen.writing.values()):
                raise FileRefused("text-in-picture")
        else:
            keep = verdict.keep or proposed(header, _found(seen))
            regions, masks = kept_regions(header, keep), verdict.masks
        subject = subject_of(
            dataset,
            names,
            stand_in=f"file {seen.sha256}" if verdict else "",
            identity_key=verdict.identity_key if verdict else "",
            apart=seen.sha256 if verdict and verdict.apart else "",
        )
        if subject is None:
            raise FileRefused("no-identity")
    except FileRefused as refusal:
        refusal.look = look_at(seen, known)
        raise
    picture = Picture(header.rows, header.columns, header.frame_count, header.frame_rate_hz, header.simulated)
    clean = deidentified(dataset, subject, picture, names)
    if verdict is not None and [rectangle_of(region) for region in regions] != _stated(header):
        clean.SequenceOfUltrasoundRegions = region_items(rectangle_of(region) for region in regions)
    pixels = hashlib.sha256(f"{header.frame_count}x{header.rows}x{header.columns}:".encode())
    pictures = dict(seen.network_inputs)
    largest = min(regions, key=lambda region: (-region.area, region.x0, region.y0))
    with dicom.open("wb") as sink:
        sink.write(_without_pixels(clean, header))
        for index, frame in enumerate(_frames(reader, source, seen, known, writing=verdict is None)):
            pixels.update(frame.data)
            cleaned = blanked(frame, regions, masks)
            sink.write(cleaned.data)
            if verdict is not None and index in pictures:  # the reader's own still show what was masked
                pictures[index] = to_network_input(cleaned[largest.y0 : largest.y1, largest.x0 : largest.x1])
        if _length(header) % 2:
            sink.write(b"\0")
    with analysis.open("wb") as sink:
        np.save(sink, np.stack(list(pictures.values())), allow_pickle=False)
    guess = seen.band
    band = guess.band.value if guess and guess.band else ""
    by_hand = verdict is not None and verdict.band is not None
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
        band=str(verdict.band) if verdict is not None and by_hand else band,
        band_by_hand=by_hand and bool(verdict and verdict.band),
        band_confidence=guess.confidence if guess else 0.0,
        band_evidence=[_evidence(cue, known) for cue in guess.evidence] if guess else [],
        analysis_frames=list(pictures),
        look=look_at(seen, known),
    )


def look_at(seen: Inspected, known: Identifiers) -> Look:
    """What may be said of a file that waits, without saying whose it is.

    Files of one ``layout`` come from the same maker, model and probe and have the same size and regions,
    so that a box drawn on one fits the others.
    """
    header = seen.header
    parts = [known.cleaned(text) or "" for text in (header.manufacturer, header.model_name, header.probe)]
    stated = [(region.x0, region.y0, region.x1, region.y1, region.outside) for region in header.regions]
    layout = repr((parts, header.rows, header.columns, stated))
    boxes = _found(seen)
    return Look(
        device=" ".join(filter(None, parts))[:200],
        layout=hashlib.sha256(layout.encode()).hexdigest()[:32],
        evidence={
            "rows": header.rows,
            "columns": header.columns,
            "frames": header.frame_count,
            "shown_frames": _shown_frames(seen),
            "regions": [list(rectangle_of(region)) for region in header.regions if region.is_tissue],
            "proposal": [list(box) for box in proposed(header, boxes)],
            "proposal_source": _source(seen),
            "text": [
                {"frame": index, "box": list(box.box), "score": round(box.score, 3)}
                for index, found in seen.writing.items()
                for box in found
            ],
            "band": seen.band.band.value if seen.band and seen.band.band else "",
            "band_confidence": seen.band.confidence if seen.band else 0.0,
            "simulated": header.simulated,
        },
    )


def _shown_frames(seen: Inspected) -> list[int]:
    """Frames for a person: those in which writing was found first, then the representative ones."""
    written = sorted(index for index, lines in seen.writing.items() if lines)
    return list(dict.fromkeys([*written[:MOST_WRITTEN_FRAMES], *sorted(seen.boxes)]))


def _found(seen: Inspected) -> list[tuple[int, int, int, int]]:
    return [(box.x0, box.y0, box.x1, box.y1) for box in seen.boxes.values()]


def _source(seen: Inspected) -> str:
    """Where the proposal comes from: region, picture or frame."""
    try:
        usable_regions(seen.header)
    except FileRefused:
        sources = {box.source for box in seen.boxes.values()}
        return "frame" if "frame" in sources or not sources else "picture"
    return "region"


def _stated(header: ImageHeader) -> list[tuple[int, int, int, int]]:
    """The regions of the header, when they may be believed as they stand."""
    return [] if any(r.outside for r in header.regions) else [rectangle_of(r) for r in header.regions]


def _dataset(seen: Inspected) -> Dataset:
    """The header as a data set again. The child has parsed it; odd values are judged where they are used.

    JSON is Unicode already, so the character set goes; long binary values did not come along.
    """
    elements = {tag: value for tag, value in seen.elements.items() if tag != CHARACTER_SET}
    try:
        return Dataset.from_json(elements, bulk_data_uri_handler=lambda *_: b"")
    except Exception as error:  # pydicom raises many kinds for values that do not fit their VR
        raise DicomRefused("header-damaged", type(error).__name__) from None


def _frames(
    reader: SafeReader, source: Path, seen: Inspected, known: Identifiers, *, writing: bool
) -> Iterator[Grey]:
    """All frames in order. What the first look brought along is not asked for again.

    With ``writing`` the frames between those of the first look are searched too; raise ``FileRefused`` at
    the first batch in which some is found.
    """
    count = seen.header.frame_count
    if len(seen.frames) == count:
        yield from (seen.frames[index] for index in range(count))
        return
    step = max(1, BATCH_PIXELS // (seen.header.rows * seen.header.columns))
    for start in range(0, count, step):
        wanted = range(start, min(start + step, count))
        batch = reader.inspect(
            source, frames=wanted, network=False, band=False, verify=False, writing=writing
        )
        if batch.sha256 != seen.sha256:
            raise DicomRefused("reader-crashed", "the file changed while it was read")
        if found := {index: lines for index, lines in batch.writing.items() if lines}:
            refusal = FileRefused("text-in-picture")
            refusal.look = look_at(replace(seen, writing=seen.writing | found), known)
            raise refusal
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

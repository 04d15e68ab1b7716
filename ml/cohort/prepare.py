"""From a folder of DICOM files and a stage table to a cohort cache, with one line of report a file.

Each file is decoded once, in limited child processes, and what is kept is checked as a whole before
anything is written: exact and pixel-identical duplicates, one exam or picture under two patients.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from ml.cohort.cache import SIZE, CohortImage, write_cache
from ml.cohort.clinical import ClinicalRow, read_clinical_table
from ml.cohort.durable import reserved
from ml.cohort.errors import CohortError
from ml.cohort.leak import assert_no_leak, pixel_hash
from ml.cohort.outlines import OutlineUnreadable, find_outlines, read_outline
from ml.cohort.review import Candidate, FileReport, Picture, review
from ml.cohort.tables import StageRow, clean, read_stage_table
from ml.cohort.telling import clinical_read, notes, single_band, sites_named, some, tally
from ml.dicom import Box, DicomRefused, Inspected, SafeReader
from ml.spec.crop import REGION, Crop
from ml.spec.events import Event, Finished, Note, PhaseStarted, Progressed, Started


class CroppedPicture(Protocol):
    """A liver cut out: uint8 (256, 256) picture, its 0/255 mask or ``None``, the box in the frame."""

    @property
    def picture(self) -> NDArray[np.uint8]: ...
    @property
    def mask(self) -> NDArray[np.uint8] | None: ...
    @property
    def box(self) -> Box: ...


class Cropper(Protocol):
    """What finds the liver in a frame; ``ml.segmentation.LiverCropper`` is one, a floor further up."""

    @property
    def crop(self) -> Crop: ...
    def __call__(self, frame: NDArray[np.uint8], region: Box) -> CroppedPicture: ...


@dataclass(frozen=True)
class _Scratch:
    """Decoded pictures and masks wait in files, so that memory stays flat whatever the size of the cohort."""

    folder: Path
    cropper: Cropper | None

    def pictures(self, count: int, name: str = "pictures") -> NDArray[np.uint8]:
        return np.memmap(self.folder / name, np.uint8, "r", shape=(count, SIZE, SIZE))


def prepare(
    folder: Path,
    stages: Path,
    clinical: Path | None = None,
    outlines: Path | None = None,
    *,
    out: Path,
    split_seed: int = 0,
    workers: int = 2,
    cropper: Cropper | None = None,
) -> Iterator[Event]:
    """Read every file under ``folder``, match it to ``stages`` by DICOM PatientID, write the cache ``out``.

    Identifiers stay as given: this is for local research on data that the user may see; the web
    application prepares from its own pseudonymous store. ``out`` also gets ``report.jsonl`` (one
    line a file), ``clinical.csv`` and ``outlines.npy`` where those were given. With a ``cropper`` the
    pictures show the liver, where it finds one, and not the whole region; the index says which and where.
    """
    began = time.monotonic()
    folder, out = Path(folder), Path(out)
    yield Started(
        title=f"Prepare {folder.name}",
        phases=["tables", "decode", "check", "write"],
        record={"split_seed": split_seed},
    )
    yield PhaseStarted(phase="tables")
    table = {row.patient: row for row in read_stage_table(Path(stages))}
    values = read_clinical_table(Path(clinical)) if clinical is not None else []
    drawn = find_outlines(Path(outlines)) if outlines is not None else {}
    files = _files(folder)
    yield Note(message=f"{len(table)} patients with a stage, {len(files)} files.")
    yield from clinical_read(values)
    out.parent.mkdir(parents=True, exist_ok=True)
    scratch = _Scratch(Path(tempfile.mkdtemp(prefix=f".{out.name}.decode.", dir=out.parent)), cropper)
    try:
        candidates: list[Candidate] = []
        with (scratch.folder / "pictures").open("wb") as sink, (scratch.folder / "masks").open("wb") as masks:
            yield from _decode(folder, files, table, (sink, masks), candidates, workers, cropper)
        yield PhaseStarted(phase="check")
        reports = review(candidates)
        kept = {report.path: report for report in reports if report.outcome == "accepted"}
        yield from notes(reports, table, candidates)
        yield PhaseStarted(phase="write")
        attachments = _attachments(scratch.folder, reports, table, values)
        accepted = [(c, picture) for c in candidates if c.path in kept for picture in kept[c.path].pictures]
        decoded = sum(len(c.pictures) for c in candidates)
        if drawn or cropper is not None:
            found = scratch.pictures(decoded, "masks") if cropper is not None and decoded else None
            lines, attachment = _outlines(scratch.folder, drawn, accepted, found)
            attachments.update(attachment)
            yield from lines
        stored = scratch.pictures(decoded) if accepted else np.empty((0, SIZE, SIZE))
        cohort = write_cache(
            out,
            ((_record(c, picture, table), stored[picture.place]) for c, picture in accepted),
            simulated=any(c.simulated for c, _ in accepted),
            split_seed=split_seed,
            attachments=attachments,
            crop=cropper.crop if cropper is not None else REGION,
        )
        assert_no_leak(cohort)
        yield from single_band(cohort)
        yield from sites_named(cohort)
        yield Finished(
            seconds=round(time.monotonic() - began, 3),
            result={
                "cache": str(out),
                "dataset_hash": cohort.dataset_hash,
                "simulated": cohort.simulated,
                "report": "report.jsonl",
                "counts": cohort.counts(),
                "files": tally(reports),
            },
        )
    finally:
        shutil.rmtree(scratch.folder, ignore_errors=True)


def _files(folder: Path) -> list[Path]:
    """Every regular file, in a fixed order; symbolic links and hidden files are left alone."""
    if not folder.is_dir():
        raise CohortError(f"{folder} is not a folder.", code="folder-missing", remedy="Check the path.")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _decode(
    folder: Path,
    files: Sequence[Path],
    table: Mapping[str, StageRow],
    sinks: tuple[BinaryIO, BinaryIO],
    candidates: list[Candidate],
    workers: int,
    cropper: Cropper | None,
) -> Iterator[Event]:
    """Decode in parallel, in order, a bounded number ahead; fill ``candidates`` and the ``sinks``."""
    yield PhaseStarted(phase="decode")
    began = told = time.monotonic()
    place = 0
    with closing(SafeReader(workers)) as reader, ThreadPoolExecutor(workers) as pool:
        waiting: deque[tuple[Path, Future[Inspected | DicomRefused]]] = deque()
        queue = iter(files)
        try:
            grey = cropper is not None
            waiting.extend(
                (path, pool.submit(_inspect, reader, path, grey)) for path in islice(queue, 4 * workers)
            )
            while waiting:
                path, future = waiting.popleft()
                seen = future.result()
                waiting.extend((path, pool.submit(_inspect, reader, path, grey)) for path in islice(queue, 1))
                candidate = _candidate(path.relative_to(folder).as_posix(), seen, table, place)
                if candidate.pictures:
                    assert isinstance(seen, Inspected)
                    candidate = _write_pictures(candidate, seen, sinks, cropper)
                place += len(candidate.pictures)
                candidates.append(candidate)
                if time.monotonic() - told >= 0.5 or not waiting:
                    told = time.monotonic()
                    yield Progressed(
                        phase="decode",
                        progress=len(candidates) / len(files),
                        message=candidate.path,
                        images_per_second=round(len(candidates) / max(told - began, 1e-6), 1),
                    )
        finally:
            pool.shutdown(cancel_futures=True)


def _write_pictures(
    candidate: Candidate, seen: Inspected, sinks: tuple[BinaryIO, BinaryIO], cropper: Cropper | None
) -> Candidate:
    """Pictures (and masks) to the scratch files; the candidate with the boxes that were cut in the end."""
    pictures, masks = sinks
    cut = []
    for picture in candidate.pictures:
        if cropper is None:
            pictures.write(np.ascontiguousarray(seen.network_inputs[picture.frame]).tobytes())
            continue
        cropped = cropper(seen.frames[picture.frame], picture.box)
        pictures.write(np.ascontiguousarray(cropped.picture).tobytes())
        masks.write((np.zeros((SIZE, SIZE), np.uint8) if cropped.mask is None else cropped.mask).tobytes())
        cut.append(replace(picture, box=cropped.box))
    return replace(candidate, pictures=tuple(cut)) if cut else candidate


def _inspect(reader: SafeReader, path: Path, grey: bool) -> Inspected | DicomRefused:
    try:
        return reader.inspect(path, grey=grey)
    except DicomRefused as refusal:
        return refusal


def _candidate(
    path: str,
    seen: Inspected | DicomRefused,
    table: Mapping[str, StageRow],
    place: int,
) -> Candidate:
    """What a file offers; a refusal carries its reason and no pictures."""
    if isinstance(seen, DicomRefused):
        return Candidate(path=path, refusal=(("refused", seen.code, seen.message, seen.remedy)))
    header, guess = seen.header, seen.band
    patient = clean(header.patient_id)
    pictures = tuple(
        Picture(
            frame=frame,
            place=place + number,
            pixels=pixel_hash(picture),
            box=seen.boxes[frame],
            blank=int(picture.max()) - int(picture.min()) < 8,
        )
        for number, (frame, picture) in enumerate(sorted(seen.network_inputs.items()))
    )
    candidate = Candidate(
        path=path,
        sha256=seen.sha256,
        sop_uid=header.sop_instance_uid,
        patient=patient,
        exam=header.study_uid or f"{patient}/{Path(path).parent.as_posix()}",
        site=header.site,
        band=guess.band if guess else None,
        confidence=guess.confidence if guess else 0.0,
        simulated=header.simulated,
        pictures=pictures,
        rows=header.rows,
        columns=header.columns,
        warnings=header.warnings,
    )
    refusal = None
    if not patient:
        refusal = (
            "refused",
            "patient-id-missing",
            "The file has no PatientID.",
            "Set PatientID to the identifier of the stage table.",
        )
    elif patient not in table:
        refusal = (
            "refused",
            "patient-not-in-table",
            f"{patient} is not in the stage table.",
            "Add the patient's stage, or leave the images out.",
        )
    elif candidate.band is None:
        refusal = (
            "quarantined",
            "band-unclear",
            "Neither a high- nor a low-frequency probe can be recognised.",
            "Fill in TransducerData or the region's TransducerFrequency, or leave the image out.",
        )
    elif all(picture.blank for picture in pictures):
        refusal = ("refused", "picture-blank", "The picture is blank.", "Leave it out.")
    return replace(candidate, refusal=refusal, pictures=() if refusal else pictures)


def _record(candidate: Candidate, picture: Picture, table: Mapping[str, StageRow]) -> CohortImage:
    row = table[candidate.patient]
    assert candidate.band is not None
    return CohortImage(
        image=f"{candidate.sop_uid}:{picture.frame}",
        patient=candidate.patient,
        exam=candidate.exam,
        site=row.site or candidate.site,
        band=candidate.band,
        stage=row.stage,
        frame=picture.frame,
        source_sha256=candidate.sha256,
        crop="liver" if picture.box.source == "liver" else "region",
        box=f"{picture.box.x0} {picture.box.y0} {picture.box.x1} {picture.box.y1}",
    )


def _attachments(
    folder: Path,
    reports: Sequence[FileReport],
    table: Mapping[str, StageRow],
    values: Sequence[ClinicalRow],
) -> dict[str, Path]:
    seen = {report.patient for report in reports if report.outcome == "accepted"}
    lines = [report.as_line() for report in reports]
    lines += [
        {
            "path": "",
            "outcome": "missing",
            "code": "patient-without-images",
            "patient": row.patient,
            "message": f"{row.patient} (line {row.line} of the stage table) has no usable image.",
            "remedy": "Add the images, or remove the row.",
            "band": "",
        }
        for row in table.values()
        if row.patient not in seen
    ]
    report = folder / "report.jsonl"
    report.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    attachments = {"report.jsonl": report}
    if values:
        import pandas as pd

        rows = [asdict(row) | {"bounded": " ".join(row.bounded)} for row in values if row.patient in seen]
        pd.DataFrame(rows, columns=list(ClinicalRow.__dataclass_fields__)).drop(columns="line").to_csv(
            folder / "clinical.csv", index=False
        )
        attachments["clinical.csv"] = folder / "clinical.csv"
    return attachments


def _outlines(
    folder: Path,
    drawn: Mapping[str, Path],
    accepted: Sequence[tuple[Candidate, Picture]],
    found: NDArray[np.uint8] | None,
) -> tuple[list[Event], dict[str, Path]]:
    """Masks beside the pictures: row *n* of ``outlines.npy`` is of picture *n*, 0 where there is none.

    What a person drew goes before what a segmenter ``found``.
    """
    target = folder / "outlines.npy"
    masks = reserved(target, (len(accepted), SIZE, SIZE))
    said: list[Event] = []
    count = 0
    for row, (candidate, picture) in enumerate(accepted):
        names = (candidate.sop_uid, Path(candidate.path).with_suffix("").as_posix())
        source = next((drawn[name] for name in names if name in drawn), None)
        if source is None:
            if found is not None:
                masks[row] = found[picture.place]
            continue
        try:
            masks[row] = read_outline(source).network_mask(candidate.rows, candidate.columns, picture.box)
            count += 1
        except OutlineUnreadable as error:
            said.append(Note(level="warning", message=error.message))
    masks.flush()
    if drawn:
        said.append(Note(message=f"{count} of {len(accepted)} pictures have a liver outline."))
    if found is not None:
        without = [c.path for c, picture in accepted if picture.box.source != "liver"]
        said.append(
            Note(message=f"{len(accepted) - len(without)} of {len(accepted)} pictures show the liver.")
        )
        if without:
            message = (
                f"No liver was found in {len(without)} pictures; they show the whole region: {some(without)}."
            )
            said.append(Note(level="warning", message=message))
    return said, {"outlines.npy": target}

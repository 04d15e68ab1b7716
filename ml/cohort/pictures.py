"""The rows of a cache: one uint8 array and its index, written as the pictures come."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.cohort.durable import sync
from ml.cohort.errors import CohortError
from ml.spec import Band, Stage
from ml.spec.crop import Crop

SIZE = 256


@dataclass(frozen=True)
class CohortImage:
    """One picture of the cohort: where it came from and the pathology stage of its patient.

    ``image`` is unique in the cohort (a still, or one frame of a cine). ``exam`` is unique across
    patients (a study identifier, not "exam 1"), because an exam in two splits is a leak.
    ``source_sha256`` is the hash of the file that the picture was decoded from. Of a cohort that was
    cropped to the liver, ``crop`` says "liver" or what it was where none was found, and ``box`` (x0 y0 x1
    y1 in the frame's pixels) where.
    """

    image: str
    patient: str
    exam: str
    site: str
    band: Band
    stage: Stage
    frame: int = 0
    source_sha256: str = ""
    crop: str = ""
    box: str = ""


def write_images(
    work: Path,
    items: Iterable[tuple[CohortImage, NDArray[np.uint8]]],
    crop: Crop,
) -> tuple[pd.DataFrame, Any]:
    # Where the region is the crop there is nothing to say of it, and a cohort's hash is what it ever was.
    unsaid = {"crop", "box"} if crop.kind == "region" else set()
    names = [field.name for field in fields(CohortImage) if field.name not in unsaid]
    rows: list[dict[str, Any]] = []
    stage_of: dict[str, Stage] = {}
    seen: set[str] = set()
    digest = hashlib.sha256()
    with (work / "images.npy").open("wb+") as sink:
        sink.write(_npy_header(0))
        for record, picture in items:
            _check_item(record, picture, seen, stage_of)
            data = np.ascontiguousarray(picture).tobytes()
            digest.update(data)
            sink.write(data)
            rows.append({**asdict(record), "band": str(record.band), "stage": int(record.stage)})
        if not rows:
            raise CohortError(
                "There is no usable picture to put into the cohort.",
                code="cohort-empty",
                remedy="Read the report of the preparation: it names every file and why it was left out.",
            )
        sink.seek(0)
        sink.write(_npy_header(len(rows)))
        sync(sink)
    with (work / "index.csv").open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, ["row", *names], lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows({"row": number, **row} for number, row in enumerate(rows))
        sync(sink)
    return pd.DataFrame(rows, columns=names), digest


def _check_item(
    record: CohortImage,
    picture: NDArray[np.uint8],
    seen: set[str],
    stage_of: dict[str, Stage],
) -> None:
    if picture.dtype != np.uint8 or picture.shape != (SIZE, SIZE):
        raise CohortError(
            f"{record.image}: expected uint8 ({SIZE}, {SIZE}), got {picture.dtype} {picture.shape}.",
            code="cache-picture-shape",
            remedy="Use ml.dicom.to_network_input.",
        )
    if record.image in seen:
        raise CohortError(
            f"Two pictures are called {record.image}.",
            code="cache-image-twice",
            remedy="Leave one out or name each frame.",
        )
    if stage_of.setdefault(record.patient, record.stage) != record.stage:
        raise CohortError(
            f"Patient {record.patient} has two stages.",
            code="patient-two-stages",
            remedy="A patient has one pathology stage; correct the table.",
        )
    seen.add(record.image)


def _npy_header(count: int) -> bytes:
    """Version-1 header of a fixed 128 bytes, so that it can be rewritten once the count is known."""
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({count}, {SIZE}, {SIZE}), }}"
    return b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + text.ljust(117).encode("ascii") + b"\n"

"""Small ultrasound files for the tests of the site: a picture in a region, speckle all around it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.sequence import Sequence

from ml.spec import Band
from tests.ml.dicom.making import native, region, speckle

ROWS, COLUMNS = 96, 128
BOX = (16, 12, 112, 84)  # x0, y0, x1, y1 of the region, the end not counted in
PROBES: Mapping[Band, tuple[str, float]] = {Band.HF: ("L12-5", 0.05), Band.LF: ("C5-1", 0.2)}


def frame(seed: int = 0) -> NDArray[np.uint8]:
    """Speckle everywhere: also outside the region, where nothing of it may be kept."""
    return speckle(ROWS, COLUMNS, seed=seed)


def regions(band: Band = Band.HF, **elements: Any) -> Sequence:
    x0, y0, x1, y1 = BOX
    delta = PROBES[band][1]
    item = region(x0, y0, x1 - 1, y1 - 1, PhysicalDeltaX=delta, PhysicalDeltaY=delta, **elements)
    return Sequence([item])


def ultrasound(
    *,
    patient: str = "P001",
    study: str = "1.2.3.4",
    sop: str | None = None,
    band: Band = Band.HF,
    seed: int = 0,
    frames: int = 1,
    date: str = "20240310",
    **elements: Any,
) -> bytes:
    """A file that is accepted, unless ``elements`` spoil it. Another ``seed`` is another picture."""
    known: dict[str, Any] = {
        "PatientID": patient,
        "PatientName": "Doe^Jane",
        "StudyInstanceUID": study,
        "StudyDate": date,
        "SOPInstanceUID": sop or f"{study}.{band}.{seed}".replace("HF", "1").replace("LF", "2"),
        "TransducerData": PROBES[band][0],
        "SequenceOfUltrasoundRegions": regions(band),
    }
    return native([frame(seed * 100 + number) for number in range(frames)], **(known | elements))


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()

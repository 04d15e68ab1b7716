"""One hostile file through the whole parser chain, and what must hold of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
import pydicom

from ml.dicom import REASONS as DICOM_REASONS
from ml.dicom import DicomRefused, SafeReader
from ml.dicom.safe_process import MEMORY_BYTES, SECONDS
from webapp.imaging.outcomes import REASONS, FileRefused
from webapp.imaging.preparation import prepare
from webapp.patients.pseudonyms import Pseudonymiser

NAMES = Pseudonymiser(UUID(int=1), b"fuzz" * 8)


@dataclass(frozen=True)
class Verdict:
    """``code`` is ``taken`` or why not; ``complaint`` is empty where all that must hold does."""

    code: str
    seconds: float
    child_bytes: int
    complaint: str


def judge(data: bytes, folder: Path, reader: SafeReader) -> Verdict:
    """Prepare ``data`` as intake does and look at how it ended."""
    source, dicom, analysis = (folder / name for name in ("hostile", "image.dcm", "analysis.npy"))
    source.write_bytes(data)
    began = time.monotonic()
    code, complaint = "taken", ""
    try:
        found = prepare(source, NAMES, dicom=dicom, analysis=analysis, reader=reader)
        complaint = _not_an_image(dicom, found.rows, found.columns, found.frame_count)
    except (DicomRefused, FileRefused) as refusal:
        code = refusal.code
        if code not in DICOM_REASONS and code not in REASONS:
            complaint = f"the code {code} is not known"
    except Exception as error:
        code, complaint = "raised", f"{type(error).__name__}: {error}"
    seconds = time.monotonic() - began
    peak = peak_bytes(reader)
    if not complaint and seconds > SECONDS + 2:
        complaint = f"took {seconds:.1f} s"
    if not complaint and peak > MEMORY_BYTES:
        complaint = f"the child used {peak / 2**20:.0f} MB"
    return Verdict(code, seconds, peak, complaint)


def _not_an_image(path: Path, rows: int, columns: int, frames: int) -> str:
    """What is wrong with a file that was taken; empty where another program can read it."""
    stored = pydicom.dcmread(path)
    pixels = stored.pixel_array
    if pixels.dtype != np.uint8 or pixels.size != rows * columns * frames:
        return f"stored as {pixels.dtype} {pixels.shape}, said to be {frames}×{rows}×{columns}"
    return "" if stored.PatientIdentityRemoved == "YES" else "stored with an identity"


def peak_bytes(reader: SafeReader) -> int:
    """Most resident memory of a reading process that is still there (Linux; 0 elsewhere)."""
    child = reader._idle.get()
    reader._idle.put(child)
    if child is None:
        return 0
    try:
        status = Path(f"/proc/{child._process.pid}/status").read_text()
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) * 1024 if lines else 0

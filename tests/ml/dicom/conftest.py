"""Where the sample files lie that this project may not ship."""

from __future__ import annotations

from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "dicom"


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real and broken DICOM files, or a skip that says so."""
    if not SAMPLES.is_dir():
        pytest.skip(f"NOT CHECKED: the real and broken sample files are not at {SAMPLES}")
    return SAMPLES

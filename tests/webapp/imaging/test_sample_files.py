"""Real ultrasound files of many makers through the whole hallway (skipped where they are not at hand)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests.conftest import ROOT
from webapp.accounts.models import User
from webapp.imaging import storage
from webapp.imaging.models import Upload
from webapp.imaging.quarantine import Decision, decide
from webapp.imaging.services import ingest_file
from webapp.imaging.storage import Room

SAMPLES = ROOT.parent / "shared" / "data" / "dicom"
EXPECTED = {
    "deid__GREYSCALE_IMAGE.dcm": ("text-in-picture", "HF"),
    "deid__RGB_IMAGE.dcm": ("text-in-picture", "LF"),
    "dicomParser__IM00001.fragmented_no_bot_jpeg_baseline.50.dcm": ("band-unknown", ""),
    "fo-dicom__GH364.dcm": ("no-ultrasound-region", None),
    "pydicom-data__OBXXXX1A.dcm": ("text-in-picture", "LF"),
    "pydicom-data__US1_J2KR.dcm": ("no-ultrasound-region", None),
    "pydicom-data__US1_UNCR.dcm": ("no-ultrasound-region", None),
    "pydicom-data__gdcm-US-ALOKA-16.dcm": ("text-in-picture", "LF"),
    "pydicom__examples_palette.dcm": ("region-outside-frame", None),
    "pydicom__examples_ybr_color.dcm": ("region-outside-frame", None),
}  # fmt: skip

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no sample files at {SAMPLES}")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_file_ends_where_it_should(upload: Upload, clinician: User, name: str) -> None:
    (row,) = ingest_file(upload=upload, name=name, data=SAMPLES / "ultrasound" / name, actor=clinician)
    if row.code == "text-in-picture":  # a person looks, and finds settings of the machine
        decide(item=row.quarantine.get(), decision=Decision("release", "settings only"), actor=None)
        row.refresh_from_db()
    assert (row.code, row.image.band if row.image else None) == EXPECTED[name]
    if row.image is None:
        return
    source = pydicom.dcmread(SAMPLES / "ultrasound" / name, stop_before_pixels=True)
    path = storage.existing(Room.IMAGES, row.image.sha256)
    content = path.read_bytes()
    for word in str(source.PatientName).replace("^", " ").split():
        assert len(word) < 5 or word.encode() not in content
    clean = pydicom.dcmread(path)
    inside = np.zeros((clean.Rows, clean.Columns), dtype=bool)
    for region in row.image.regions:
        inside[region["y0"] : region["y1"], region["x0"] : region["x1"]] = True
    frames = clean.pixel_array.reshape(-1, clean.Rows, clean.Columns)
    assert not frames[:, ~inside].any()
    assert frames[:, inside].any()


@pytest.mark.parametrize("path", sorted((SAMPLES / "broken").glob("*")), ids=lambda path: path.name)
def test_a_broken_file_is_an_outcome_and_never_an_error(upload: Upload, clinician: User, path: Path) -> None:
    (row,) = ingest_file(upload=upload, name=path.name, data=path, actor=clinician)
    assert row.outcome in {"refused", "quarantined"}
    assert row.code != "unexpected"
    assert row.remedy

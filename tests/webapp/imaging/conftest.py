"""Uploads at site A, and a simulated patient made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ml.simulation.patient import write_patient
from ml.spec import Stage
from webapp.accounts.models import Site, User
from webapp.imaging.models import Upload, UploadFile
from webapp.imaging.services import ingest_file, start_upload


@pytest.fixture(scope="session")
def simulated_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The DICOM files of one simulated patient, as a hospital would export them."""
    folder = tmp_path_factory.mktemp("simulated")
    write_patient(folder, seed=5, site="TEST", index=0, stage=Stage.S3)
    return sorted((folder / "export").rglob("*.dcm"))


@pytest.fixture
def upload(site_a: Site, clinician: User) -> Upload:
    return start_upload(site=site_a, actor=clinician, source="browser")


@pytest.fixture
def ingest(upload: Upload, clinician: User) -> Callable[..., UploadFile]:
    """``ingest(data)`` takes one file in and returns its one row."""

    def take(data: bytes | Path, name: str = "IM0001.dcm") -> UploadFile:
        (row,) = ingest_file(upload=upload, name=name, data=data, actor=clinician)
        return row

    return take

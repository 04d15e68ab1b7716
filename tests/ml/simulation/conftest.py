"""One small simulated cohort for all tests of the room, and helpers to look into it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pydicom
import pytest

from ml.simulation import simulate
from ml.spec.events import Event

PATIENTS, NORMALS = 6, 4


@dataclass(frozen=True)
class Made:
    """A cohort on disk and the events of its making."""

    path: Path
    events: list[Event]

    @property
    def instances(self) -> list[Path]:
        return sorted((self.path / "export").glob("*/*/*.dcm"))

    def datasets(self) -> list[pydicom.FileDataset]:
        return [pydicom.dcmread(path) for path in self.instances]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    path = tmp_path_factory.mktemp("simulated")
    return Made(path, list(simulate(path, patients=PATIENTS, normals=NORMALS, seed=5, workers=1)))


def digests(path: Path) -> dict[str, str]:
    """SHA-256 of every file under ``path``, by relative name."""
    return {
        str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }

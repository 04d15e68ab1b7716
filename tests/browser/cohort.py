"""Small simulated hospitals: the smallest that can be split (three patients a stage), and a stranger."""

from __future__ import annotations

from pathlib import Path

from ml.simulation import simulate
from ml.spec import Stage

SITE = "DEMO"
EACH_STAGE = 3


def simulated_cohort(out: Path) -> list[Path]:
    """DICOM files of fifteen patients; the stage table is ``out/stages.csv``."""
    counts = tuple(EACH_STAGE for _ in Stage)
    for _event in simulate(
        out, patients=sum(counts), counts=counts, seed=11, site=SITE, normals=0, workers=1
    ):
        pass
    return sorted((out / "export").rglob("*.dcm"))


def strangers_exam(out: Path, *, seed: int = 4711) -> list[Path]:
    """The files of one exam of a patient whom no training set holds."""
    counts = tuple(int(stage is Stage.S3) for stage in Stage)
    for _event in simulate(out, patients=1, counts=counts, seed=seed, site="ELSEWHERE", normals=0, workers=1):
        pass
    return sorted((out / "export").rglob("*.dcm"))

"""Small simulated hospitals: the smallest that can be split (three patients a stage), and a stranger."""

from __future__ import annotations

from pathlib import Path

from ml.simulation import simulate
from ml.spec import Band, Stage
from tests.webapp.imaging.files import ultrasound

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


def pair_files(out: Path, patient: str, *, study: str, seed: int) -> list[Path]:
    """One exam of a patient whom only one test knows: an HF and an LF image, in this order.

    Marked as simulated like all others of the house: a dataset never mixes the two.
    """
    paths = []
    for number, band in enumerate((Band.HF, Band.LF)):
        paths.append(out / f"{patient}-{band}.dcm")
        content = ultrasound(
            patient=patient, study=study, band=band, seed=seed + number, Manufacturer="SIMULATED"
        )
        paths[-1].write_bytes(content)
    return paths


def strangers_exam(out: Path, *, seed: int = 4711) -> list[Path]:
    """The files of one exam of a patient whom no training set holds."""
    counts = tuple(int(stage is Stage.S3) for stage in Stage)
    for _event in simulate(out, patients=1, counts=counts, seed=seed, site="ELSEWHERE", normals=0, workers=1):
        pass
    return sorted((out / "export").rglob("*.dcm"))

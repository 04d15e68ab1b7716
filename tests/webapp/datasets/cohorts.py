"""Labelled pairs straight into the tables and the storage, small and quick: no DICOM is decoded."""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Mapping

import numpy as np

from ml.spec import Band, Stage
from webapp.accounts.models import Site
from webapp.imaging.models import Image
from webapp.imaging.storage import Room, store
from webapp.patients.models import Exam, PathologyStage, Patient

_numbers = itertools.count(1)
TINY: dict[Stage, int] = dict.fromkeys(Stage, 3)


def picture(stage: Stage, seed: int) -> np.ndarray:
    """Grain that grows coarser with the stage."""
    grain = 2 ** int(stage)
    small = np.random.default_rng(seed).integers(0, 256, (256 // grain, 256 // grain), dtype=np.uint8)
    return small.repeat(grain, axis=0).repeat(grain, axis=1)


def add_patient(site: Site, stage: Stage | None = None, *, simulated: bool = True) -> Patient:
    number = next(_numbers)
    key = hashlib.sha256(f"patient {number}".encode()).hexdigest()
    patient = Patient.objects.create(
        site=site, pseudonym=f"P-{number:05d}", identity_key=key, simulated=simulated
    )
    if stage is not None:
        PathologyStage.objects.create(patient=patient, stage=int(stage), source="simulation")
    return patient


def add_exam(patient: Patient) -> Exam:
    return Exam.objects.create(
        patient=patient, study_key=hashlib.sha256(f"{next(_numbers)}".encode()).hexdigest()
    )


def add_image(
    exam: Exam,
    band: Band | str,
    *,
    frames: int = 1,
    released: bool = True,
    seed: int | None = None,
    stage: Stage = Stage.S0,
) -> Image:
    """An image whose analysis array is stored; the same ``seed`` gives the same pixels."""
    number = next(_numbers)
    own = number if seed is None else seed
    used = min(frames, 3)
    stack = np.stack([picture(stage, own * 10 + frame) for frame in range(used)])
    buffer = io.BytesIO()
    np.save(buffer, stack)
    digest = hashlib.sha256(f"file {number}".encode()).hexdigest()
    return Image.objects.create(
        exam=exam,
        sop_key=digest,
        study_key=exam.study_key,
        sha256=digest,
        pixel_sha256=digest,
        analysis_sha256=store(Room.ANALYSIS, buffer.getvalue()),
        analysis_frames=list(range(used)),
        band=band,
        rows=256,
        columns=256,
        frame_count=frames,
        released=released,
        simulated=exam.patient.simulated,
    )


def add_pair(site: Site, stage: Stage, *, simulated: bool = True, seed: int | None = None) -> Patient:
    """A patient with a stage and one exam that has both bands."""
    patient = add_patient(site, stage, simulated=simulated)
    exam = add_exam(patient)
    add_image(exam, Band.HF, stage=stage, seed=seed)
    add_image(exam, Band.LF, stage=stage, seed=None if seed is None else seed + 1)
    return patient


def add_cohort(site: Site, counts: Mapping[Stage, int] = TINY, *, simulated: bool = True) -> list[Patient]:
    return [
        add_pair(site, stage, simulated=simulated) for stage, count in counts.items() for _ in range(count)
    ]

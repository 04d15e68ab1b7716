"""One simulated patient, from random numbers to files."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ml.simulation.clinical import Serum, clinical_row
from ml.simulation.convex import VIEWS
from ml.simulation.furniture import Caption, draw_screen
from ml.simulation.identity import Person, invent, make_uid
from ml.simulation.instances import Exposure, build_instance, content_time
from ml.simulation.picture import Picture, render
from ml.simulation.scanner import VENDORS, Habitus, Probe, Vendor, choose_setting
from ml.simulation.severity import Latent
from ml.spec import Band, Stage

IMAGES_PER_BAND = (2, 3)
CINE_SHARE = 0.25
"""Share of patients, per band, of whom one image is a cine loop."""
CINE_FRAMES = (8, 12)


@dataclass(frozen=True)
class Shot:
    """One image to be taken; ``view`` is an LF plane."""

    band: Band
    frames: int = 1
    view: str | None = None


@dataclass
class SimulatedPatient:
    """A patient before anything is written: identity, hidden truth, serum values and how to take pictures.

    Pictures are made one at a time by :meth:`pictures`, so a patient never holds more than one cine.
    """

    person: Person
    latent: Latent
    habitus: Habitus
    serum: Serum
    vendor: Vendor
    plan: list[Shot] = field(default_factory=list)
    """The images of the visit, in order."""
    seed: tuple[int, ...] = ()

    def pictures(self) -> Iterator[Picture]:
        """The images of the visit; each has its own stream of randomness."""
        probes: dict[Band, Probe] = {}
        for order, shot in enumerate(self.plan):
            band = shot.band
            rng = generator(*self.seed, 1000 + order)
            probes.setdefault(band, self.vendor.probes[band][rng.integers(len(self.vendor.probes[band]))])
            setting = choose_setting(rng, self.vendor, band, self.habitus, probes[band])
            factors = self.latent.views[band].for_image(rng)
            yield render(rng, band, factors, self.habitus, setting, frames=shot.frames, view=shot.view)


def generator(*key: int) -> np.random.Generator:
    """Randomness that depends on ``key`` alone, whatever process asks for it, and in whatever order."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(key)))


def patient_key(seed: int, site: str, index: int) -> tuple[int, ...]:
    """The key from which everything about patient ``index`` of a site follows."""
    return seed, zlib.crc32(site.encode()), index


def simulate_patient(
    rng: np.random.Generator,
    stage: Stage,
    *,
    seed: int = 0,
    site: str = "DEMO",
    index: int = 0,
) -> SimulatedPatient:
    """Draw a patient whose recorded pathology stage is ``stage``.

    ``seed``, ``site`` and ``index`` make identifiers and the pictures' own randomness; ``rng`` makes
    the patient.
    """
    latent = Latent.draw(rng, stage)
    person = invent(rng, seed=seed, site=site, index=index, severity=latent.severity)
    serum = Serum.draw(rng, latent.severity)
    habitus = Habitus.draw(rng)
    vendor = VENDORS[rng.integers(len(VENDORS))]
    plan: list[Shot] = []
    # Vessels first, as protocols have it; the kidney only if a third picture is taken.
    planes = [*rng.permutation(VIEWS[:2]).tolist(), VIEWS[2]]
    for band in (Band.LF, Band.HF):
        count = int(rng.integers(IMAGES_PER_BAND[0], IMAGES_PER_BAND[1] + 1))
        cine = int(rng.integers(count)) if rng.random() < CINE_SHARE else -1
        frames = int(rng.integers(CINE_FRAMES[0], CINE_FRAMES[1] + 1))
        plan += [
            Shot(band, frames if i == cine else 1, planes[i] if band is Band.LF else None)
            for i in range(count)
        ]
    return SimulatedPatient(person, latent, habitus, serum, vendor, plan, patient_key(seed, site, index))


def write_patient(out: Path, *, seed: int, site: str, index: int, stage: Stage) -> int:
    """Write patient ``index`` under ``out`` and return the number of frames.

    Everything is first written aside and then renamed, truth before export: a patient whose export
    folder exists is complete.
    """
    key = patient_key(seed, site, index)
    patient = simulate_patient(generator(*key), stage, seed=seed, site=site, index=index)
    number = patient.person.patient_id
    aside = out / ".unfinished" / f"{number}-{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        frames = _write_files(patient, aside, index=index, site=site)
        for part in ("truth", "export"):
            target = out / part / number
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(target, ignore_errors=True)
            (aside / part).rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return frames


def _write_files(patient: SimulatedPatient, aside: Path, *, index: int, site: str) -> int:
    person = patient.person
    key = (*patient.seed, patient.latent.stage.label)
    exam = person.visit.strftime("%Y%m%d")
    (aside / "export" / exam).mkdir(parents=True)
    (aside / "truth" / "masks").mkdir(parents=True)
    images: list[dict[str, Any]] = []
    total = 0
    for order, picture in enumerate(patient.pictures(), start=1):
        name = f"IM{order:04d}"
        when = content_time(person, order)
        exposure = Exposure(
            study=make_uid(*key, "study"),
            series=make_uid(*key, "series", picture.band),
            instance=make_uid(*key, "image", order),
            number=order,
            series_number=1 + list(Band).index(picture.band),
            when=when,
        )
        screens = draw_screen(picture, Caption.of(person, when.strftime("%d.%m.%Y %H:%M:%S")))
        build_instance(picture, screens, person, exposure).save_as(
            aside / "export" / exam / f"{name}.dcm",
            enforce_file_format=True,
        )
        write_mask(aside / "truth" / "masks" / f"{name}.png", picture)
        images.append(
            {
                "file": f"export/{person.patient_id}/{exam}/{name}.dcm",
                "mask": f"truth/{person.patient_id}/masks/{name}.png",
                "band": str(picture.band),
                "view": picture.view,
                "frames": len(screens),
                "sop_instance_uid": exposure.instance,
                "frequency_mhz": picture.setting.acquisition.frequency,
                "depth_mm": picture.setting.depth,
                "probe": picture.setting.probe.name,
            }
        )
        total += len(screens)
    record = {
        "patient": truth_row(patient, index=index, site=site),
        "clinical": clinical_row(person, patient.serum),
        "images": images,
    }
    (aside / "truth" / "record.json").write_text(json.dumps(record, indent=1) + "\n")
    return total


def truth_row(patient: SimulatedPatient, *, index: int, site: str) -> dict[str, Any]:
    """One row of ``truth/severity.csv``."""
    row: dict[str, Any] = {
        "patient_id": patient.person.patient_id,
        "site": site,
        "index": index,
        "stage": patient.latent.stage.label,
        "severity": round(patient.latent.severity, 4),
    }
    for band, factors in patient.latent.views.items():
        row |= {f"{band.lower()}_{name}": round(value, 4) for name, value in asdict(factors).items()}
    row |= {name: round(value, 3) for name, value in asdict(patient.habitus).items()}
    return row | {"vendor": patient.vendor.key}


def write_mask(path: Path, picture: Picture) -> None:
    """Parenchyma of the first frame as a PNG of the whole screen: 255 inside, 0 elsewhere."""
    screen = np.zeros(picture.setting.vendor.screen, np.uint8)
    screen[picture.region.slices] = picture.mask.astype(np.uint8) * 255
    cv2.imwrite(str(path), screen)

"""Vendors, probes and operators: everything about an image that has nothing to do with the liver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.simulation.speckle import Acquisition
from ml.spec import Band


@dataclass(frozen=True)
class Probe:
    """A transducer as the vendor names it; ``range_mhz`` is what the operator can choose from."""

    name: str
    range_mhz: tuple[float, float]
    footprint: float
    """Width of a linear probe, or field of view in degrees of a convex one."""
    apex: float = 0.0
    """Radius of curvature, mm; 0 for a linear probe."""


@dataclass(frozen=True)
class Vendor:
    """A make of scanner: its screen, its files and its look."""

    key: str
    logo: str
    model: str
    software: str
    screen: tuple[int, int]
    """Rows and columns."""
    picture: tuple[int, int, int, int]
    """Where on the screen the ultrasound may be: x, y, width, height."""
    colour: bool
    syntax: str
    """'explicit', 'rle' or 'jpeg'."""
    names_probe: bool
    names_frequency: bool
    probes: dict[Band, tuple[Probe, ...]]
    dynamic_range: tuple[float, float]
    gamma: float
    smoothing: float
    looks: int
    """Spatial compounding: looks averaged."""
    frame_rate: float


VENDORS: tuple[Vendor, ...] = (
    Vendor(
        key="aurora",
        logo="AURORA",
        model="Aurora 7",
        software="3.2.1",
        screen=(540, 720),
        picture=(64, 58, 560, 456),
        colour=False,
        syntax="explicit",
        names_probe=True,
        names_frequency=True,
        probes={
            Band.HF: (Probe("L12-5", (7.5, 10.0), 38.0), Probe("L9-4", (7.5, 8.5), 40.0)),
            Band.LF: (Probe("C5-1", (2.5, 4.2), 66.0, 60.0), Probe("C6-2", (3.0, 5.0), 62.0, 50.0)),
        },
        dynamic_range=(58, 64),
        gamma=1.0,
        smoothing=0.0,
        looks=1,
        frame_rate=22.0,
    ),
    Vendor(
        key="borealis",
        logo="BOREALIS",
        model="Borealis EX",
        software="VB10D",
        screen=(768, 1024),
        picture=(170, 84, 780, 590),
        colour=True,
        syntax="jpeg",
        names_probe=True,
        names_frequency=False,
        probes={
            Band.HF: (Probe("L12_5", (7.5, 10.0), 39.0), Probe("14L5", (8.0, 10.0), 37.0)),
            Band.LF: (Probe("C5_1", (2.0, 4.0), 68.0, 58.0), Probe("6C1 HD", (2.5, 4.5), 70.0, 60.0)),
        },
        dynamic_range=(58, 66),
        gamma=1.1,
        smoothing=0.45,
        looks=3,
        frame_rate=26.0,
    ),
    Vendor(
        key="cirrus",
        logo="Cirrus",
        model="CIRRUS S9",
        software="R2.4",
        screen=(600, 800),
        picture=(172, 40, 600, 500),
        colour=False,
        syntax="rle",
        names_probe=False,
        names_frequency=True,
        probes={
            Band.HF: (Probe("SL10-3", (7.5, 9.0), 40.0), Probe("11L", (8.0, 10.0), 38.0)),
            Band.LF: (Probe("SC6-1", (2.5, 4.5), 64.0, 60.0), Probe("4C", (2.0, 4.0), 60.0, 55.0)),
        },
        dynamic_range=(54, 60),
        gamma=1.05,
        smoothing=0.35,
        looks=2,
        frame_rate=18.0,
    ),
)


@dataclass(frozen=True)
class Habitus:
    """The patient's body as the beam meets it; independent of severity."""

    fat: float
    """Subcutaneous fat, mm."""
    muscle: float
    """Abdominal wall muscle, mm."""
    steatosis: float
    """0…1: brighter near field, more attenuation."""

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Habitus:
        fat = float(np.clip(rng.lognormal(np.log(7.5), 0.45), 3, 20))
        steatosis = float(rng.beta(1.2, 4.0))
        return cls(fat=fat, muscle=float(rng.uniform(4.0, 8.0)), steatosis=steatosis)


@dataclass(frozen=True)
class Setting:
    """One image's choice of probe, depth and knobs."""

    vendor: Vendor
    probe: Probe
    depth: float
    acquisition: Acquisition
    mechanical_index: float


def choose_setting(
    rng: np.random.Generator, vendor: Vendor, band: Band, habitus: Habitus, probe: Probe
) -> Setting:
    """What an operator would set for this patient: never the same twice, never informed by stage."""
    low, high = probe.range_mhz
    # Heavier patients are scanned at lower frequency, as far as the operator bothers.
    burden = 0.5 * min(habitus.fat / 18, 1) + 0.5 * habitus.steatosis
    frequency = float(
        np.round(np.clip(high - (high - low) * (0.9 * burden + rng.uniform(0, 0.7)), low, high), 1)
    )
    if band is Band.HF:
        wall = 3 + habitus.fat + habitus.muscle
        depth = float(np.clip(5 * np.ceil((wall + rng.uniform(20, 26)) / 5), 35, 55))
        focus, aperture, f_number, cycles = wall + rng.uniform(2, 12), 13.0, 1.8, 2.0
        noise = -82.0
    else:
        depth = float(rng.choice((140, 150, 160, 170, 180), p=(0.15, 0.25, 0.3, 0.2, 0.1)))
        focus, aperture, f_number, cycles = depth * rng.uniform(0.4, 0.65), 24.0, 2.2, 2.3
        noise = -98.0
    acquisition = Acquisition(
        frequency=frequency,
        cycles=cycles,
        aperture=aperture,
        f_number=f_number,
        focus=float(focus),
        tgc=0.54,
        tgc_error=tuple(float(v) for v in rng.normal(0, 1.3, 8)),
        gain=float(rng.normal(0, 2.2)),
        noise=noise,
        dynamic_range=float(np.round(rng.uniform(*vendor.dynamic_range))),
        gamma=vendor.gamma,
        smoothing=vendor.smoothing,
        looks=vendor.looks,
    )
    return Setting(vendor, probe, depth, acquisition, float(np.round(rng.uniform(0.7, 1.3), 1)))

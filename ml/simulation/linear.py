"""The high-frequency view: a linear probe on the liver's surface, four centimetres deep.

Skin, fat with septa, muscle with its fibres, then the capsule, a bright line that is smooth in a
healthy liver and bumpy in a cirrhotic one, and parenchyma from fine and even to coarse and netted.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.simulation.fields import Map, Tube, cells, draw_tubes, smooth_curve, smooth_noise, vessel_tree
from ml.simulation.scanner import Habitus, Setting
from ml.simulation.severity import Factors, ramp
from ml.simulation.speckle import Grid, Tissue

AXIAL_STEP = 0.075
LATERAL_PITCH = 0.105
MARGIN = (16, 24)
"""Rows and columns painted beyond the picture, for the liver to slide into while breathing."""

LIVER, FAT, MUSCLE, LUMEN = -31.0, -37.0, -34.0, -75.0


@dataclass(frozen=True)
class LinearScene:
    """Painted anatomy of one HF image. ``liver_*`` maps are larger than the grid by :data:`MARGIN`."""

    grid: Grid
    wall_echo: Map
    wall_reflector: Map
    liver_echo: Map
    liver_reflector: Map
    capsule: Map
    """Depth of the capsule at each column of the larger map, mm."""
    capsule_strength: Map
    liver_attenuation: float
    beam_gain: Map

    def tissue(self, shift: tuple[int, int] = (0, 0)) -> Tissue:
        """What the beams meet when the liver has moved by ``shift`` rows and columns."""
        rows, columns = self.grid.shape
        top, left = MARGIN[0] - shift[0], MARGIN[1] - shift[1]
        inside = (slice(top, top + rows), slice(left, left + columns))
        line = self.capsule[left : left + columns] + shift[0] * self.grid.step
        strength = self.capsule_strength[left : left + columns]
        below = self.grid.depths[:, None] - line[None, :]
        liver = below > 0
        echo = np.where(liver, self.liver_echo[inside], self.wall_echo)
        reflector = np.where(liver, self.liver_reflector[inside], self.wall_reflector)
        reflector += strength * np.exp(-((below / np.float32(0.12)) ** 2))
        attenuation = np.where(liver, np.float32(self.liver_attenuation), np.float32(0.62))
        return Tissue(echo, reflector, attenuation)

    def mask(self) -> NDArray[np.bool_]:
        """Parenchyma on the beam grid, at rest."""
        line = self.capsule[MARGIN[1] : MARGIN[1] + self.grid.columns]
        return self.grid.depths[:, None] > line[None, :] + 0.3

    def field_shape(self) -> tuple[int, int]:
        """Shape of the scatterer field that :meth:`field_at` cuts from."""
        return self.grid.rows + 2 * MARGIN[0], self.grid.columns + 2 * MARGIN[1]


def linear_grid(setting: Setting) -> Grid:
    return Grid(
        int(setting.depth / AXIAL_STEP),
        int(setting.probe.footprint / LATERAL_PITCH),
        AXIAL_STEP,
        LATERAL_PITCH,
    )


def paint_linear(
    rng: np.random.Generator, factors: Factors, habitus: Habitus, setting: Setting
) -> LinearScene:
    """Anatomy of one HF image; randomness is the plane that the operator happened to find."""
    grid = linear_grid(setting)
    shape = (grid.rows + 2 * MARGIN[0], grid.columns + 2 * MARGIN[1])
    capsule, strength = _capsule(rng, shape[1], factors, habitus)
    wall_echo, wall_reflector = _wall(rng, grid, habitus)
    liver_echo, liver_reflector = _parenchyma(rng, shape, capsule, factors)
    liver_echo += habitus.steatosis * 4
    return LinearScene(
        grid=grid,
        wall_echo=wall_echo,
        wall_reflector=wall_reflector,
        liver_echo=liver_echo,
        liver_reflector=liver_reflector,
        capsule=capsule,
        capsule_strength=strength,
        liver_attenuation=0.5 + 0.015 * factors.attenuation + 0.28 * habitus.steatosis,
        beam_gain=_contact(rng, grid.columns),
    )


def _capsule(rng: np.random.Generator, columns: int, factors: Factors, habitus: Habitus) -> tuple[Map, Map]:
    """Depth of the capsule in mm, and how strongly it reflects."""
    per_mm = 1 / LATERAL_PITCH
    t = factors.surface
    rest = 2.2 + habitus.fat + habitus.muscle + rng.uniform(0.4, 1.6)
    tilt = np.linspace(-1, 1, columns) * rng.normal(0, 0.8)
    sway = smooth_curve(rng, columns, 16 * per_mm) * 0.3
    bumps = smooth_curve(rng, columns, rng.uniform(2.6, 4.0) * per_mm)
    # Nodules are round on top and meet in notches: |g|, its tip rounded, has just that profile upside down.
    nodules = 0.75 - np.sqrt(bumps**2 + 0.04)
    amplitude = 0.03 + 0.22 * ramp(t, 1.2, 3.6) + 0.40 * ramp(t, 3.0, 4.8)
    pointed = ramp(t, 2.5, 4.5)
    line = rest + tilt + sway - amplitude * (pointed * nodules + (1 - pointed) * bumps * 0.7)
    slope = np.gradient(line, LATERAL_PITCH)
    facing = np.exp(-((slope / 0.5) ** 2))
    breaks = 1 - (0.2 + 0.4 * ramp(t, 2.0, 4.5)) * np.clip(
        smooth_curve(rng, columns, 2.5 * per_mm), -0.6, 1.6
    )
    strength = 10 ** (-22 / 20) * (0.3 + 0.7 * facing) * np.clip(breaks, 0.15, 1.3)
    return line.astype(np.float32), strength.astype(np.float32)


def _wall(rng: np.random.Generator, grid: Grid, habitus: Habitus) -> tuple[Map, Map]:
    """Skin, subcutaneous fat, muscle: echo level and coherent lines."""
    shape = grid.shape
    depth = grid.depths[:, None]
    per_mm = (1 / grid.step, 1 / grid.pitch)
    skin = 1.7 + 0.08 * smooth_curve(rng, grid.columns, 6 * per_mm[1])
    fascia = 2.0 + habitus.fat + 0.35 * smooth_curve(rng, grid.columns, 12 * per_mm[1])
    echo = np.full(shape, FAT, np.float32)
    echo += 1.6 * smooth_noise(rng, shape, (1.2 * per_mm[0], 3.5 * per_mm[1]))
    # Septa of fat: zero crossings of a flat-lying field are long, wavy, nearly horizontal lines.
    septa = np.exp(-((smooth_noise(rng, shape, (2.3 * per_mm[0], 15 * per_mm[1])) / 0.11) ** 2))
    patchy = np.clip(smooth_noise(rng, shape, (5 * per_mm[0], 7 * per_mm[1])) * 0.6 + 0.7, 0, 1.3)
    echo += 11 * septa * patchy
    fibres = smooth_noise(rng, shape, (0.4 * per_mm[0], 4.5 * per_mm[1]))
    muscle = MUSCLE - 1.5 + 6.0 * np.clip(fibres - 0.3, -0.6, 2.0)
    mid = (
        2.0
        + habitus.fat
        + habitus.muscle * rng.uniform(0.4, 0.6)
        + 0.25 * smooth_curve(rng, grid.columns, 14 * per_mm[1])
    )
    echo = np.where(depth > fascia, muscle, echo)
    echo = np.where(depth < skin, np.float32(-19) + 2 * fibres, echo)
    lines = np.zeros(shape, np.float32)
    for curve, level, thick in (
        (skin, -25, 0.16),
        (fascia, -25, 0.16),
        (fascia + 0.6, -31, 0.12),
        (mid, -29, 0.14),
    ):
        gap = np.clip(0.85 - 0.45 * smooth_curve(rng, grid.columns, 3.5 * per_mm[1]), 0.08, 1.3)
        lines += np.exp(-(((depth - curve) / thick) ** 2)) * (gap * 10 ** (level / 20))
    # Reverberation between probe and skin: evenly spaced lines that die out in three millimetres.
    ring = np.exp(-depth / 0.5) * (1 + np.cos(2 * np.pi * depth / 0.42)) * 0.08
    return echo.astype(np.float32), (lines + ring).astype(np.float32)


def _parenchyma(
    rng: np.random.Generator,
    shape: tuple[int, int],
    capsule: Map,
    factors: Factors,
) -> tuple[Map, Map]:
    """Echo level and coherent lines of the liver on the larger map."""
    # A linear probe sees little of the earliest fibrosis; the convex one's vessels show it sooner.
    t = max(factors.texture - 0.7, 0.0) * 5 / 4.3
    per_mm = (1 / AXIAL_STEP, 1 / LATERAL_PITCH)
    grain = 0.8 + 0.26 * t
    echo = np.full(shape, LIVER, np.float32)
    echo += (0.4 + 0.42 * t) * smooth_noise(rng, shape, (grain * per_mm[0], grain * 1.25 * per_mm[1]))
    echo += 0.7 * smooth_noise(rng, shape, (9 * per_mm[0], 11 * per_mm[1]))
    net = ramp(t, 0.5, 4.6)
    if net > 0.01:
        septa, levels = cells(rng, shape, (AXIAL_STEP, LATERAL_PITCH), rng.uniform(3.4, 4.8), 0.45 + 0.07 * t)
        patchy = np.clip(0.75 + 0.45 * smooth_noise(rng, shape, (6 * per_mm[0], 7 * per_mm[1])), 0, 1.4)
        echo += net * (8.5 * septa * patchy + 1.2 * levels - 1.8)
    clarity = 1 - 0.7 * ramp(t, 0.5, 4.5)
    soft = 0.08 + 0.3 * (1 - clarity)
    lumen = np.asarray(
        cv2.GaussianBlur(
            _small_vessels(rng, shape, capsule), (0, 0), soft / LATERAL_PITCH, sigmaY=soft / AXIAL_STEP
        ),
        np.float32,
    )
    echo += lumen * ((LUMEN - LIVER) * 0.65 * clarity)
    # A wall mirrors where it lies across the beam, so it shows above and below a vessel, not beside it.
    facing = np.abs(cv2.Sobel(lumen, -1, 0, 1, ksize=3, scale=1 / 8)) * np.float32(0.3 / AXIAL_STEP)
    return echo, facing * np.float32(clarity * 10 ** (-32 / 20))


def _small_vessels(rng: np.random.Generator, shape: tuple[int, int], capsule: Map) -> Map:
    """Coverage of lumina one to two millimetres wide: short tubes and cross-sections, below the capsule."""
    size = (shape[0] * AXIAL_STEP, shape[1] * LATERAL_PITCH)
    top = float(capsule.mean()) + MARGIN[0] * AXIAL_STEP
    tubes: list[Tube] = []
    for _ in range(rng.integers(1, 5)):
        if size[0] - top < 7:
            break
        start = (rng.uniform(2, size[1] - 2), rng.uniform(top + 4.5, size[0] - 1))
        heading = rng.choice((0.0, np.pi)) + rng.normal(0.25, 0.35)
        tubes += vessel_tree(
            rng,
            start,
            heading,
            rng.choice((1.5, 4.0, 14.0)),
            rng.uniform(1.0, 2.3),
            branches=int(rng.random() < 0.4),
        )
    fine = 0.1
    canvas = draw_tubes(tubes, (int(size[0] / fine), int(size[1] / fine)), (0.0, 0.0), fine)
    lumen = np.asarray(cv2.resize(canvas, (shape[1], shape[0]), interpolation=cv2.INTER_AREA), np.float32)
    depth = np.arange(shape[0], dtype=np.float32)[:, None] * np.float32(AXIAL_STEP)
    return lumen * (depth > capsule[None, :] + MARGIN[0] * AXIAL_STEP + 3)


def _contact(rng: np.random.Generator, columns: int) -> Map:
    """Beam-to-beam gain in dB: slight unevenness, and now and then a poorly coupled edge."""
    gain = 0.7 * smooth_curve(rng, columns, columns / 9)
    if rng.random() < 0.25:
        edge = np.linspace(1, 0, columns) if rng.random() < 0.5 else np.linspace(0, 1, columns)
        gain = gain - rng.uniform(6, 18) * np.clip((edge - rng.uniform(0.8, 0.92)) * 10, 0, 1)
    return np.asarray(cv2.GaussianBlur(gain.reshape(1, -1), (0, 0), 3).ravel(), np.float32)

"""From a painted scene to the frames of the ultrasound region: breathing, scan conversion, masks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.simulation.convex import ConvexScene, paint_convex
from ml.simulation.linear import MARGIN, LinearScene, paint_linear
from ml.simulation.scanner import Habitus, Setting, Vendor
from ml.simulation.severity import Factors
from ml.simulation.speckle import IQ, Grid, Map, compress, envelope, scatterers
from ml.spec import Band

FRAME_CORRELATION = 0.90
"""Correlation of the scatterer field from frame to frame (out-of-plane motion)."""


@dataclass(frozen=True)
class Region:
    """Where the ultrasound lies on the screen and what one pixel of it measures."""

    x: int
    y: int
    width: int
    height: int
    pixel_mm: float
    top_mm: float
    """Depth of the first row relative to the probe's face in the middle (negative for a sector)."""

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns of the region on the screen."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)


@dataclass(frozen=True)
class Picture:
    """The ultrasound alone: ``frames`` (n, height, width) and the parenchyma in the first of them."""

    band: Band
    setting: Setting
    region: Region
    frames: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    view: str


def render(
    rng: np.random.Generator,
    band: Band,
    factors: Factors,
    habitus: Habitus,
    setting: Setting,
    *,
    frames: int = 1,
    view: str | None = None,
) -> Picture:
    """One image of one band: paint the plane, then acquire ``frames`` frames of it.

    ``view`` chooses among ``convex.VIEWS`` for LF; without it the plane is drawn.
    """
    if band is Band.HF:
        linear = paint_linear(rng, factors, habitus, setting)
        grid, mask, plane = linear.grid, linear.mask(), "liver surface"
        levels = _acquire_linear(rng, linear, setting, frames)
    else:
        convex = paint_convex(rng, factors, habitus, setting, view=view)
        grid, mask, plane = convex.grid, convex.mask(), convex.view
        levels = _acquire_convex(rng, convex, setting, frames)
    region = place(grid, setting.vendor)
    grey = np.stack([scan_convert(compress(level, setting.acquisition), grid, region) for level in levels])
    outline = scan_convert(mask.astype(np.uint8) * 255, grid, region) > 127
    return Picture(band, setting, region, grey, outline, plane)


def _acquire_linear(rng: np.random.Generator, scene: LinearScene, setting: Setting, frames: int) -> list[Map]:
    grid, levels = scene.grid, []
    wall = scatterers(rng, grid.shape)
    liver = scatterers(rng, scene.field_shape())
    for depth_mm, lateral_mm in _breathing(rng, frames, (0.5, 1.6)):
        shift = (round(depth_mm / grid.step), round(lateral_mm / grid.pitch))
        top, left = MARGIN[0] - shift[0], MARGIN[1] - shift[1]
        moved = liver[top : top + grid.rows, left : left + grid.columns]
        line = scene.capsule[left : left + grid.columns] + shift[0] * grid.step
        field = np.where(grid.depths[:, None] > line[None, :], moved, wall) if frames > 1 else moved
        levels.append(envelope(rng, scene.tissue(shift), field, grid, setting.acquisition, scene.beam_gain))
        if frames > 1:
            liver = _drift(rng, liver)
    return levels


def _acquire_convex(rng: np.random.Generator, scene: ConvexScene, setting: Setting, frames: int) -> list[Map]:
    grid, levels = scene.grid, []
    margin = (16, 12)
    field = scatterers(rng, (grid.rows + 2 * margin[0], grid.columns + 2 * margin[1]))
    middle = grid.pitch * (grid.apex + setting.depth / 2)
    for depth_mm, lateral_mm in _breathing(rng, frames, (2.5, 5.0)):
        top = margin[0] - round(depth_mm / grid.step)
        left = margin[1] - round(lateral_mm / middle)
        moved = field[top : top + grid.rows, left : left + grid.columns]
        tissue = scene.tissue((depth_mm, lateral_mm))
        levels.append(envelope(rng, tissue, moved, grid, setting.acquisition, scene.beam_gain))
        if frames > 1:
            field = _drift(rng, field)
    return levels


def _breathing(
    rng: np.random.Generator, frames: int, reach: tuple[float, float]
) -> list[tuple[float, float]]:
    """Displacement (depth, lateral) in mm of each frame: a piece of a breath, starting at rest."""
    if frames == 1:
        return [(0.0, 0.0)]
    phase = np.arange(frames) * rng.uniform(0.12, 0.3)
    path = np.sin(phase)
    sign = rng.choice((-1.0, 1.0))
    return [(float(p * reach[0] * 0.4), float(sign * p * reach[1] * 0.8)) for p in path]


def _drift(rng: np.random.Generator, field: IQ) -> IQ:
    """The same tissue a moment later: partly new scatterers, the same power."""
    fresh = np.float32(np.sqrt(1 - FRAME_CORRELATION**2))
    return np.float32(FRAME_CORRELATION) * field + fresh * scatterers(rng, (field.shape[0], field.shape[1]))


def place(grid: Grid, vendor: Vendor) -> Region:
    """Fit the scan into the vendor's picture area, centred, pixels square."""
    x, y, width, height = vendor.picture
    depth = grid.rows * grid.step
    if grid.apex:
        half = (grid.columns - 1) / 2 * grid.pitch
        span, top = 2 * (grid.apex + depth) * np.sin(half), grid.apex * np.cos(half) - grid.apex
    else:
        span, top = grid.columns * grid.pitch, 0.0
    pixel = max(span / width, (depth - top) / height)
    columns, rows = int(span / pixel), int((depth - top) / pixel)
    return Region(x + (width - columns) // 2, y, columns, rows, float(pixel), float(top))


@lru_cache(maxsize=8)
def _conversion(grid: Grid, region: Region) -> tuple[NDArray[np.int16], NDArray[np.uint16]]:
    """Where each pixel of a sector lies among the beams, as OpenCV's fixed-point maps."""
    x = (np.arange(region.width, dtype=np.float32) - (region.width - 1) / 2) * np.float32(region.pixel_mm)
    y = (
        region.top_mm
        + grid.apex
        + (np.arange(region.height, dtype=np.float32) + 0.5) * np.float32(region.pixel_mm)
    )
    radius, angle = np.hypot(x[None, :], y[:, None]), np.arctan2(x[None, :], y[:, None])
    beam = angle / np.float32(grid.pitch) + (grid.columns - 1) / 2
    row = (radius - grid.apex) / np.float32(grid.step) - 0.5
    return cv2.convertMaps(beam.astype(np.float32), row.astype(np.float32), cv2.CV_16SC2)


def scan_convert(lines: NDArray[np.uint8], grid: Grid, region: Region) -> NDArray[np.uint8]:
    """Beams (rows, columns) to the picture (height, width); black outside the sector."""
    if not grid.apex:
        picture = cv2.resize(lines, (region.width, region.height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(picture, np.uint8)
    beams, fractions = _conversion(grid, region)
    sector = cv2.remap(
        lines, beams, fractions, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0
    )
    return np.asarray(sector, np.uint8)

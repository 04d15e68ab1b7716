"""Random fields that tissue is painted with: smooth noise, curves, cell networks and vessel trees."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Map = NDArray[np.float32]


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], scale: tuple[float, float]) -> Map:
    """Gaussian field of zero mean and unit variance; ``scale`` is its blob size in pixels (rows, columns).

    It is drawn on a grid of two samples per blob and enlarged, which costs a few per cent of
    filtering white noise at full size.
    """
    step = [max(s / 2.0, 1.0) for s in scale]
    small = [int(np.ceil(n / s)) + 6 for n, s in zip(shape, step, strict=True)]
    noise = cv2.GaussianBlur(rng.standard_normal(small, dtype=np.float32), (5, 5), 0.8)
    grown = cv2.resize(
        noise, (int(small[1] * step[1]), int(small[0] * step[0])), interpolation=cv2.INTER_CUBIC
    )
    top, left = ((g - n) // 2 for g, n in zip(grown.shape, shape, strict=True))
    field = grown[top : top + shape[0], left : left + shape[1]]
    return (field - field.mean()) / max(float(field.std()), 1e-6)


def smooth_curve(rng: np.random.Generator, length: int, scale: float) -> Map:
    """One-dimensional smooth noise of zero mean and unit variance with blobs of ``scale`` samples."""
    count = int(np.ceil(length / scale)) + 5
    knots = rng.standard_normal(count).astype(np.float32)
    at = np.arange(length, dtype=np.float32) / scale + rng.uniform(1, 2)
    left = at.astype(np.int32)
    t = at - left
    p0, p1, p2, p3 = (knots[left + k] for k in (-1, 0, 1, 2))
    # Cubic B-spline: smooth, local, never overshoots its knots.
    curve = (
        (1 - t) ** 3 * p0
        + (3 * t**3 - 6 * t**2 + 4) * p1
        + (-3 * t**3 + 3 * t**2 + 3 * t + 1) * p2
        + t**3 * p3
    ) / 6
    return (curve * 1.45).astype(np.float32)


def cells(
    rng: np.random.Generator,
    shape: tuple[int, int],
    pixel_mm: tuple[float, float],
    cell_mm: float,
    width_mm: float,
) -> tuple[Map, Map]:
    """Network of septa and the cells between them, as fibrosis divides a liver into nodules.

    Returns ``(septa, levels)``: septa is 1 on the borders of a warped Voronoi tessellation and falls
    to 0 within ``width_mm``; levels is a unit-variance constant per cell, for nodules that differ.
    """
    step = max(width_mm / 2.0, 0.35)
    size = (shape[0] * pixel_mm[0], shape[1] * pixel_mm[1])
    small = (max(int(size[0] / step), 8), max(int(size[1] / step), 8))
    yy, xx = np.meshgrid(np.arange(small[0]) * step, np.arange(small[1]) * step, indexing="ij")
    warp = 0.28 * cell_mm
    yy = yy + warp * smooth_noise(rng, small, (1.2 * cell_mm / step,) * 2)
    xx = xx + warp * smooth_noise(rng, small, (1.2 * cell_mm / step,) * 2)
    count = int((size[0] + 4 * cell_mm) * (size[1] + 4 * cell_mm) / cell_mm**2)
    seeds = rng.uniform((-2 * cell_mm,) * 2, (size[0] + 2 * cell_mm, size[1] + 2 * cell_mm), size=(count, 2))
    distance, owner = cKDTree(seeds).query(np.stack([yy, xx], axis=-1), k=2)
    septa = np.exp(-(((distance[..., 1] - distance[..., 0]) / width_mm) ** 2)).astype(np.float32)
    levels = rng.standard_normal(count).astype(np.float32)[owner[..., 0]]
    levels = cv2.GaussianBlur(levels, (0, 0), 0.9)
    full = (shape[1], shape[0])
    return cv2.resize(septa, full, interpolation=cv2.INTER_LINEAR), cv2.resize(
        levels, full, interpolation=cv2.INTER_LINEAR
    )


@dataclass(frozen=True)
class Tube:
    """One vessel: a path in millimetres (N, 2) as (x, y) and its lumen width along it (N,)."""

    path: NDArray[np.float64]
    width: NDArray[np.float64]


def vessel_tree(
    rng: np.random.Generator,
    start: tuple[float, float],
    heading: float,
    length: float,
    width: float,
    *,
    branches: int,
) -> list[Tube]:
    """A gently bending, tapering vessel and, recursively, its branches.

    Angles are in radians: 0 points along +x, π/2 deeper.
    """
    count = 28
    t = np.linspace(0, 1, count)
    bend = rng.normal(0, 0.45) * t + 0.18 * np.sin(2 * np.pi * (t * rng.uniform(0.6, 1.3) + rng.uniform()))
    angle = heading + bend
    step = length / count
    path = np.stack(
        [start[0] + np.cumsum(np.cos(angle)) * step, start[1] + np.cumsum(np.sin(angle)) * step], axis=1
    )
    widths = width * (1 - 0.62 * t)
    tubes = [Tube(path, widths)]
    for _ in range(branches):
        at = int(rng.uniform(0.2, 0.8) * count)
        side = rng.choice((-1.0, 1.0))
        tubes += vessel_tree(
            rng,
            (float(path[at, 0]), float(path[at, 1])),
            float(angle[at]) + side * rng.uniform(0.45, 0.95),
            length * rng.uniform(0.35, 0.6),
            float(widths[at]) * rng.uniform(0.45, 0.7),
            branches=branches - 1 if branches > 1 else 0,
        )
    return tubes


def draw_tubes(
    tubes: list[Tube],
    shape: tuple[int, int],
    origin: tuple[float, float],
    pixel_mm: float,
    *,
    widen_mm: float = 0.0,
) -> Map:
    """Coverage 0…1 of the tubes' lumina on a Cartesian grid.

    Widened by ``widen_mm`` the ends are left out, so that a wall (widened minus lumen) is open there:
    vessels leave the plane, they do not stop.
    """
    canvas = np.zeros(shape, np.uint8)
    for tube in tubes:
        points = np.round((tube.path - origin) / pixel_mm * 8).astype(np.int64)
        ends = slice(3, -3) if widen_mm else slice(None)
        for a, b, width in zip(points[:-1][ends], points[1:][ends], tube.width[:-1][ends], strict=True):
            thickness = max(round(float(width + widen_mm) / pixel_mm), 1)
            cv2.line(
                canvas, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), 255, thickness, cv2.LINE_AA, shift=3
            )
    return canvas.astype(np.float32) / 255.0

"""Between polygons and pixels, exactly, in the convention of :mod:`webapp.reading.geometry`.

A pixel belongs to a polygon when its centre (c + ½, r + ½) lies inside. Drawing libraries take the corners
for pixel centres and the border for inside, which moves a liver's edge by half a pixel; hence our own rule.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from webapp.reading.geometry import Polygon

if TYPE_CHECKING:
    import shapely

Mask = NDArray[np.bool_]


def mask_of(polygons: list[Polygon], *, columns: int, rows: int) -> Mask:
    """The union of the polygons as bool (rows, columns); one that crosses itself by the even-odd rule."""
    mask = np.zeros((rows, columns), np.bool_)
    for polygon in polygons:
        crossings = np.zeros((rows, columns + 1), np.bool_)
        for start, end in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            _cross(crossings, start, end)
        mask |= np.logical_xor.accumulate(crossings, axis=1)[:, :columns]
    return mask


def _cross(crossings: Mask, start: list[float], end: list[float]) -> None:
    """Turn over, in each row whose centre line the edge crosses, the first pixel centre at or beyond it."""
    (x0, y0), (x1, y1) = sorted((start, end), key=lambda corner: corner[1])
    rows = np.arange(math.ceil(y0 - 0.5), math.ceil(y1 - 0.5))
    if not len(rows):
        return
    x = x0 + (rows + 0.5 - y0) / (y1 - y0) * (x1 - x0)
    columns = np.clip(np.ceil(x - 0.5), 0, crossings.shape[1] - 1).astype(np.intp)
    crossings[rows, columns] ^= True


def polygons_of(mask: Mask) -> list[Polygon]:
    """Simple polygons along pixel edges whose :func:`mask_of` is this very mask (rows, columns).

    Outlines have no holes, so a region with one is cut through it: the pieces meet and their union is the
    same.
    """
    import shapely

    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    if not len(rows):
        return []
    joined = shapely.union_all(shapely.box(starts, rows, ends, rows + 1))
    pieces = [piece for region in _regions(joined) for piece in _without_holes(region)]
    return [_corners(piece) for piece in pieces]


def _regions(shape: Any) -> list[shapely.Polygon]:
    return [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"]


def _without_holes(region: shapely.Polygon) -> list[shapely.Polygon]:
    import shapely

    waiting, whole = [region], []
    while waiting:
        piece = waiting.pop()
        if not piece.interiors:
            whole.append(piece)
            continue
        left, bottom, right, top = piece.bounds
        cut = piece.interiors[0].bounds[0]
        for half in (shapely.box(left, bottom, cut, top), shapely.box(cut, bottom, right, top)):
            waiting += _regions(shapely.intersection(piece, half))
    return whole


def _corners(piece: shapely.Polygon) -> Polygon:
    """The corners where the border turns; the points that a union leaves on straight edges go."""
    ring = np.asarray(piece.exterior.coords)[:-1]
    before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    turns = before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
    return [[float(x), float(y)] for x, y in ring[turns]]

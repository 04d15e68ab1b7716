"""What a liver outline may be: simple polygons inside one frame.

A polygon is ``[[x, y], …]`` in pixels of the stored frame, x to the right and y down; pixel (c, r) covers
c ≤ x ≤ c + 1, r ≤ y ≤ r + 1, so 0 ≤ x ≤ columns and 0 ≤ y ≤ rows. Several polygons are their union. There are
no holes: vessels belong to the liver. No polygon at all says that the frame shows no liver.

A draft may cross itself, because half-drawn work must never be lost; a final outline may not, because
what lies inside would be a matter of the reader's convention.
"""

from __future__ import annotations

import math
from typing import Any

from ml.spec import HepaStageError

Polygon = list[list[float]]

MOST_POLYGONS = 50
MOST_POINTS = 10_000  # of all polygons together; a traced brush has a few hundred
LEAST_AREA = 4.0  # px²: below it a slip of the hand


class OutlineRefused(HepaStageError):
    """Polygons that are no outline of a liver in this frame."""

    code = "outline-refused"
    remedy = "Draw closed polygons of at least three corners inside the frame."


class OutlineCrossesItself(OutlineRefused):
    """Its inside is ambiguous."""

    code = "outline-crosses-itself"
    remedy = "Move the corners until no edge crosses another, or use Tidy."
    http_status = 409


def checked_polygons(data: Any, *, columns: int, rows: int) -> list[Polygon]:
    """The polygons as finite floats inside a frame of ``columns`` × ``rows`` pixels; raise OutlineRefused."""
    if not isinstance(data, list):
        raise OutlineRefused("An outline is a list of polygons.")
    if len(data) > MOST_POLYGONS:
        raise OutlineRefused(f"An outline has at most {MOST_POLYGONS} polygons; this one has {len(data)}.")
    if sum(len(ring) for ring in data if isinstance(ring, list)) > MOST_POINTS:
        raise OutlineRefused(f"An outline has at most {MOST_POINTS} corners.")
    return [
        _checked_polygon(ring, number, columns=columns, rows=rows)
        for number, ring in enumerate(data, start=1)
    ]


def _checked_polygon(ring: Any, number: int, *, columns: int, rows: int) -> Polygon:
    if not isinstance(ring, list):
        raise OutlineRefused(f"Polygon {number} is not a list of corners.")
    corners: Polygon = []
    for corner in ring:
        if not (isinstance(corner, list | tuple) and len(corner) == 2 and all(map(_is_number, corner))):
            raise OutlineRefused(f"Polygon {number} has a corner that is not a pair of finite numbers.")
        x, y = float(corner[0]), float(corner[1])
        if not (0 <= x <= columns and 0 <= y <= rows):
            raise OutlineRefused(
                f"Polygon {number} leaves the frame of {columns}×{rows} pixels at ({x:.1f}, {y:.1f})."
            )
        corners.append([x, y])
    if len({tuple(corner) for corner in corners}) < 3:
        raise OutlineRefused(f"Polygon {number} has fewer than three different corners.")
    if abs(signed_area(corners)) == 0 and _on_one_line(corners):
        raise OutlineRefused(f"Polygon {number} is a line: it encloses nothing.")
    return corners


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer of more than 308 digits
        return False


def _on_one_line(corners: Polygon) -> bool:
    (x0, y0), *rest = corners
    x1, y1 = next((x, y) for x, y in rest if (x, y) != (x0, y0))
    return all((x1 - x0) * (y - y0) == (y1 - y0) * (x - x0) for x, y in rest)


def signed_area(corners: Polygon) -> float:
    """Area in px² by the shoelace formula; negative where the corners run anticlockwise on the screen."""
    following = [*corners[1:], corners[0]]
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(corners, following, strict=True)) / 2


def require_unambiguous(polygons: list[Polygon]) -> None:
    """Raise OutlineCrossesItself unless every polygon is simple and of some size."""
    from shapely import Polygon as Simple  # GEOS is loaded where an outline is finished, not at every start
    from shapely.validation import explain_validity

    for number, corners in enumerate(polygons, start=1):
        shape = Simple(corners)
        if not shape.is_valid:
            raise OutlineCrossesItself(f"Polygon {number} crosses itself: {explain_validity(shape)}.")
        if shape.area < LEAST_AREA:
            raise OutlineRefused(
                f"Polygon {number} covers {shape.area:.1f} pixels, which no liver does.",
                remedy="Remove it, or draw the liver.",
            )

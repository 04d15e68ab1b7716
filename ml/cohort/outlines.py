"""Outlines drawn in labelme (rectangles and polygons) as masks in the geometry of the cohort's pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.cohort.errors import CohortError
from ml.dicom import Box, to_network_input

LIVER_LABELS = frozenset({"liver", "parenchyma", "liver parenchyma", "肝", "肝脏", "肝实质"})


@dataclass(frozen=True)
class Outline:
    """Polygons (x, y in pixels of the full frame) that together cover the liver."""

    polygons: tuple[NDArray[np.float64], ...]

    def mask(self, rows: int, columns: int) -> NDArray[np.uint8]:
        """0/255 mask of the full frame."""
        canvas = np.zeros((rows, columns), np.uint8)
        for polygon in self.polygons:
            cv2.fillPoly(canvas, [np.round(polygon).astype(np.int32)], 255)
        return canvas

    def network_mask(self, rows: int, columns: int, box: Box) -> NDArray[np.uint8]:
        """0/255 mask that lies on the 256×256 picture cut out by ``box``."""
        small = to_network_input(box.cut(self.mask(rows, columns)))
        return np.where(small >= 128, 255, 0).astype(np.uint8)


class OutlineUnreadable(CohortError):
    """A labelme file that is damaged or holds no liver."""

    code = "outline-unreadable"
    remedy = (
        "Open the file in labelme, draw the liver as a polygon or rectangle labelled 'liver', and save it."
    )


def read_outline(path: Path) -> Outline:
    """Read one labelme JSON file; shapes with other labels than the liver's are left out."""
    try:
        shapes = json.loads(path.read_text("utf-8"))["shapes"]
        polygons = tuple(
            _polygon(shape) for shape in shapes if str(shape["label"]).strip().lower() in LIVER_LABELS
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise OutlineUnreadable(f"{path.name} is not a labelme file with liver outlines.") from error
    if not polygons:
        raise OutlineUnreadable(f"{path.name} holds no shape labelled liver.")
    return Outline(polygons)


def find_outlines(folder: Path) -> dict[str, Path]:
    """JSON files by the names that a picture may be known under: relative path and file name, no suffix."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.json")):
        found[path.relative_to(folder).with_suffix("").as_posix()] = path
        found.setdefault(path.stem, path)
    return found


def _polygon(shape: dict[str, object]) -> NDArray[np.float64]:
    points = np.asarray(shape["points"], dtype=np.float64)
    kind = shape.get("shape_type", "polygon")
    if kind == "rectangle" and points.shape == (2, 2) and np.isfinite(points).all():
        (x0, y0), (x1, y1) = points
        return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    if (
        kind != "polygon"
        or points.ndim != 2
        or points.shape[1] != 2
        or len(points) < 3
        or not np.isfinite(points).all()
    ):
        raise ValueError("not a polygon or rectangle")
    return points

"""Which pixels of a frame may stay: the ultrasound regions, or what a person said, minus what was masked.

Coordinates are pixels of the frame, x to the right and y down; boxes hold ``x0 <= x < x1``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.dicom import ImageHeader, UltrasoundRegion
from ml.spec import HepaStageError
from webapp.imaging.outcomes import FileRefused

Grey = NDArray[np.uint8]
Rectangle = tuple[int, int, int, int]  # x0, y0, x1, y1, the end not counted in
WHOLE_FRAME = 0.97  # a region of more than this leaves no furniture outside, so it proves nothing
MOST_RECTANGLES = 50


class RectangleRefused(HepaStageError):
    """A box that somebody drew lies outside the frame or has no area."""

    code = "rectangle-refused"
    remedy = "Draw boxes inside the picture, at least two pixels wide and high."


@dataclass(frozen=True)
class Verdict:
    """What a person decided about a file that waited.

    Without ``keep`` the regions of the header stay, or where those are of no use the proposal.
    ``identity_key`` says whose the file is where it does not say so itself. ``apart`` gives the instance
    an identifier of its own, because the one that it came with belongs to another picture. ``band``:
    "HF", "LF", "" (nobody knows yet: ask), or None (as recognised).
    """

    keep: tuple[Rectangle, ...] = ()
    masks: tuple[Rectangle, ...] = ()
    identity_key: str = ""
    apart: bool = False
    band: str | None = None


def usable_regions(header: ImageHeader) -> list[UltrasoundRegion]:
    """The regions that hold B-mode tissue and leave the machine's furniture outside.

    A box larger than the frame was written before the picture was cut or shrunk and no longer says
    where anything is. Raise :class:`FileRefused` where there is none.
    """
    regions = [region for region in header.regions if region.is_tissue]
    if not regions:
        raise FileRefused("no-ultrasound-region")
    if any(region.outside for region in regions):
        raise FileRefused("region-outside-frame")
    covered = np.zeros((header.rows, header.columns), dtype=bool)
    for region in regions:
        covered[region.y0 : region.y1, region.x0 : region.x1] = True
    if covered.mean() > WHOLE_FRAME:
        raise FileRefused("region-covers-frame")
    return regions


def proposed(header: ImageHeader, boxes: Iterable[Rectangle]) -> list[Rectangle]:
    """What a person is asked to agree to: the usable regions, else where the picture itself seems to be.

    ``boxes`` are where the reader found the picture in the frames that it looked at; the
    proposal holds all of them.
    """
    try:
        return [rectangle_of(region) for region in usable_regions(header)]
    except FileRefused:
        found = list(boxes)
        if not found:
            return [(0, 0, header.columns, header.rows)]
        return [
            (
                min(box[0] for box in found),
                min(box[1] for box in found),
                max(box[2] for box in found),
                max(box[3] for box in found),
            )
        ]


def kept_regions(header: ImageHeader, keep: Sequence[Rectangle]) -> list[UltrasoundRegion]:
    """Boxes as regions. One that the header knows keeps its calibration; others have none."""
    known = {rectangle_of(region): region for region in header.regions if region.is_tissue}
    return [known.get(box) or _uncalibrated(box) for box in keep]


def rectangle_of(region: UltrasoundRegion) -> Rectangle:
    return region.x0, region.y0, region.x1, region.y1


def _uncalibrated(box: Rectangle) -> UltrasoundRegion:
    x0, y0, x1, y1 = box
    return UltrasoundRegion(
        x0=x0, y0=y0, x1=x1, y1=y1, units_x=0, units_y=0, delta_x_cm=None, delta_y_cm=None,
        spatial_format=1, data_type=1,
    )  # fmt: skip


def checked(boxes: Iterable[Sequence[Any]], *, rows: int, columns: int) -> tuple[Rectangle, ...]:
    """Boxes that came from outside, cut to the frame; raise :class:`RectangleRefused` where none is left."""
    found: list[Rectangle] = []
    for box in boxes:
        if len(box) != 4 or not all(isinstance(value, int) for value in box):
            raise RectangleRefused("A box is four whole numbers: left, top, right, bottom.")
        x0, y0, x1, y1 = (int(value) for value in box)
        cut = (max(x0, 0), max(y0, 0), min(x1, columns), min(y1, rows))
        if cut[2] - cut[0] < 2 or cut[3] - cut[1] < 2:
            raise RectangleRefused(f"The box {x0}, {y0}, {x1}, {y1} is not inside {columns}×{rows} pixels.")
        found.append(cut)
    if len(found) > MOST_RECTANGLES:
        raise RectangleRefused(f"More than {MOST_RECTANGLES} boxes.")
    return tuple(found)


def blanked(
    frame: Grey,
    regions: Iterable[UltrasoundRegion | Rectangle],
    masks: Iterable[Rectangle] = (),
) -> Grey:
    """The frame with everything outside the regions, and everything inside the masks, set to 0."""
    clean = np.zeros(frame.shape, np.uint8)
    for region in regions:
        x0, y0, x1, y1 = rectangle_of(region) if isinstance(region, UltrasoundRegion) else region
        clean[y0:y1, x0:x1] = frame[y0:y1, x0:x1]
    for x0, y0, x1, y1 in masks:
        clean[y0:y1, x0:x1] = 0
    return clean

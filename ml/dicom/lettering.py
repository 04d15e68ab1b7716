"""Where a picture could hold letters: the cheap look that decides what the reader of letters is shown.

Letters are burned in after the picture was made: their strokes are one or two pixels wide and step by
more, from one pixel to the next, than speckle does, whose grain the beam has smoothed. So steep steps
along a row are counted in windows of about a word's size, at full and at half size for large letters.
What counts as steep follows the frame's own speckle, up to :data:`STEEPEST`. Too low a threshold only
costs the reader time; docs/intake.md has what is found at which height and grey.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Place = tuple[int, int, int, int]

GENTLEST, STEEPEST = 20, 45  # grey levels between neighbours, of 255
ABOVE_SPECKLE = 1.3  # times the step that 99 % of the frame's pixels stay below
WINDOW = (33, 9)  # columns, rows: a short word of small letters
DENSITY = 0.11  # share of steep steps in a window; speckle of the simulator reaches 0.13 in one frame of 30
TURNED_DENSITY = (
    0.28  # of a picture that lies on its side: the grain of speckle is finer along the beam (0.25)
)
TALL = 1.3  # times as high as wide: a place of writing that runs upwards; a line of writing is a wide one
LARGE = 200  # frames with a shorter side below this are not looked at again at half size
MARGIN = (16, 10)  # columns, rows around what was found: a reader wants the whole line
CHANGED = ((9, 9), 0.2)  # share of steps that differ in a window of a letter's size when a letter has changed


@dataclass(frozen=True)
class Lettering:
    """Places x0, y0, x1, y1 in pixels (x0 <= x < x1), and the steep steps of the frame (0 or 1)."""

    places: tuple[Place, ...]
    steps: Mask

    def repeats(self, place: Place, earlier: Mask) -> bool:
        """Whether no letter in ``place`` differs from the steps of an earlier frame."""
        x0, y0, x1, y1 = place
        window, share = CHANGED
        different = cv2.bitwise_xor(self.steps[y0:y1, x0:x1], earlier[y0:y1, x0:x1])
        return float(cv2.blur(different.astype(np.float32), window).max(initial=0)) <= share


def lettering(frame: Grey, density: float = DENSITY) -> Lettering:
    """Places of a grey picture where letters may be; none in most pictures."""
    steps = _steep(frame)
    dense = cv2.blur(steps, WINDOW) > _of_255(density)
    if min(frame.shape) >= LARGE:
        half = np.asarray(cv2.resize(frame, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        large = (cv2.blur(_steep(half), WINDOW) > _of_255(density)).astype(np.uint8)
        if large.any():
            size = frame.shape[1], frame.shape[0]
            dense |= cv2.resize(large, size, interpolation=cv2.INTER_NEAREST).astype(bool)
    steps = (steps > 0).astype(np.uint8)
    if not dense.any():
        return Lettering((), steps)
    return Lettering(tuple(_places(dense.astype(np.uint8))), steps)


def turned_lettering(turned: Grey) -> Lettering:
    """Places of writing that runs up or down, in the picture turned by a quarter."""
    seen = lettering(turned, TURNED_DENSITY)
    long = [place for place in seen.places if place[2] - place[0] > TALL * (place[3] - place[1])]
    return Lettering(tuple(long), seen.steps)


def _steep(frame: Grey) -> Mask:
    """255 where a pixel differs from its left neighbour by more than speckle does, else 0."""
    change = np.zeros(frame.shape, np.uint8)
    cv2.absdiff(frame[:, 1:], frame[:, :-1], dst=change[:, 1:])
    below = np.cumsum(np.bincount(change.ravel(), minlength=256))
    usual = int(np.searchsorted(below, 0.99 * below[-1]))
    limit = min(max(GENTLEST, ABOVE_SPECKLE * usual), STEEPEST)
    return np.asarray(cv2.threshold(change, int(limit), 255, cv2.THRESH_BINARY)[1], np.uint8)


def _of_255(share: float) -> float:
    return 255 * share


def _places(dense: Mask) -> list[Place]:
    """Bounding boxes of what is dense, with a margin; those that touch are one."""
    height, width = dense.shape
    grown = cv2.dilate(dense, np.ones((2 * MARGIN[1] + 1, 2 * MARGIN[0] + 1), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    found = []
    for x, y, columns, rows, _ in stats[1:count]:
        found.append((int(x), int(y), min(int(x + columns), width), min(int(y + rows), height)))
    return found

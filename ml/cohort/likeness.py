"""Near duplicates: the same picture saved again, with other compression, brightness or contrast.

A fingerprint is the fine texture of a picture (96 × 96, minus its blur of 1.5 pixels, minus the mean of its
band, unit length): speckle is as good as a signature. Measured on the simulated cohort (1,604 pictures, 266
patients): pictures of different patients correlate at most 0.69; a picture and itself at JPEG quality 40 or
at 0.7 × contrast at least 0.97. A picture that was shifted or cut otherwise is *not* recognised.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.cohort.cache import Cohort

EDGE = 96
BLUR_PIXELS = 1.5
ALIKE = 0.85  # between the two figures above
CANDIDATE = 0.7  # of the projections, whose error is a few hundredths
DIRECTIONS = 256
BLOCK = 2048  # pictures a matrix product, so that memory does not grow with the square of the cohort

Floats = NDArray[np.float32]


def near_duplicates(
    cohort: Cohort, rows: Sequence[int], owners: Sequence[str]
) -> list[tuple[int, int, float]]:
    """Pairs of ``rows`` of different ``owners`` (one a row) that show the same picture.

    ``rows`` are of one band. Returns ``(row, row, correlation)``, the most alike first; correlation in
    [0.85, 1]. Time grows with the square of the number of rows, memory with the number.
    """
    if len(rows) < 2:
        return []
    mean = np.zeros(EDGE * EDGE, np.float64)
    for row in rows:
        mean += _texture(cohort.images[row])
    centre = (mean / len(rows)).astype(np.float32)
    directions = np.random.default_rng(0).standard_normal((EDGE * EDGE, DIRECTIONS), dtype=np.float32)
    short = np.stack([_unit(_fingerprint(cohort, row, centre) @ directions) for row in rows])
    who = np.unique(np.asarray(owners), return_inverse=True)[1]
    found = []
    for start in range(0, len(rows), BLOCK):
        for other in range(start, len(rows), BLOCK):
            close = short[start : start + BLOCK] @ short[other : other + BLOCK].T > CANDIDATE
            close &= who[start : start + BLOCK, None] != who[None, other : other + BLOCK]
            for one, two in np.argwhere(close):
                first, second = start + int(one), other + int(two)
                if first < second:
                    found.append((rows[first], rows[second]))
    alike = [
        (one, two, float(_fingerprint(cohort, one, centre) @ _fingerprint(cohort, two, centre)))
        for one, two in found
    ]
    return sorted((pair for pair in alike if pair[2] >= ALIKE), key=lambda pair: -pair[2])


def _fingerprint(cohort: Cohort, row: int, centre: Floats) -> Floats:
    """A picture of one grey value has no texture and is like none."""
    texture = _texture(cohort.images[row])
    return _unit(texture - centre) if np.any(texture) else texture


def _texture(picture: NDArray[np.uint8]) -> Floats:
    small = cv2.resize(np.asarray(picture), (EDGE, EDGE), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(small - cv2.GaussianBlur(small, (0, 0), BLUR_PIXELS), np.float32).ravel()


def _unit(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length > 1e-6 else np.zeros_like(vector)

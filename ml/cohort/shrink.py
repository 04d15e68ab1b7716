"""A cohort at a smaller picture size, for runs that only have to show that everything works."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.cohort.cache import Cohort


def shrunk(cohort: Cohort, size: int) -> Cohort:
    """The same cohort with pictures and outlines of ``size`` × ``size`` (area average), held in memory.

    A cohort that is no larger than that is returned as it is.
    """
    if cohort.size <= size:
        return cohort
    masks = cohort.outlines
    if masks is not None:
        masks = np.where(_smaller(masks, size) >= 128, 255, 0).astype(np.uint8)
    return replace(cohort, images=_smaller(cohort.images, size), masks=masks)


def _smaller(pictures: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    made = np.empty((len(pictures), size, size), np.uint8)
    for row, picture in enumerate(pictures):
        made[row] = cv2.resize(np.asarray(picture), (size, size), interpolation=cv2.INTER_AREA)
    return made

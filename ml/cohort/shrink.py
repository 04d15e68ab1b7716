"""A cohort at a smaller picture size, for runs that only have to show that everything works."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ml.cohort.cache import Cohort


def shrunk(cohort: Cohort, size: int) -> Cohort:
    """The same cohort with pictures of ``size`` × ``size`` (area average), held in memory.

    A cohort that is no larger than that is returned as it is.
    """
    if cohort.size <= size:
        return cohort
    pictures = np.empty((len(cohort), size, size), np.uint8)
    for row in range(len(cohort)):
        pictures[row] = cv2.resize(np.asarray(cohort.images[row]), (size, size), interpolation=cv2.INTER_AREA)
    return replace(cohort, images=pictures)

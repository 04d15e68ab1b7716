"""Before and after, one row an augmentation: for the documents and for a look at one's own cohort."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.augmentation.augmenter import Augmenter
from ml.augmentation.deconvolution import deconvolved
from ml.spec import AugmentationSpec

OFF = AugmentationSpec(rotation=False, crop=False, intensity=False, deconvolution=False)
ROWS: dict[str, AugmentationSpec] = {
    "parenchyma crop": OFF.model_copy(update={"crop": True}),
    "rotation 0-360": OFF.model_copy(update={"rotation": True}),
    "imadjust": OFF.model_copy(update={"intensity": True}),
    "all": AugmentationSpec(),
}
CAPTION = 22  # pixels above each row


def montage(
    pictures: NDArray[np.uint8], *, parenchyma: NDArray[np.int64] | None = None, seed: int = 0
) -> NDArray[np.uint8]:
    """Grey sheet of ``(N, S, S)`` pictures as they are, then a row for each augmentation and all together."""
    keys = [(number, 0) for number in range(len(pictures))]
    sharpened = deconvolved(pictures)
    rows: list[tuple[str, Sequence[NDArray[np.uint8]]]] = [("before", list(pictures))]
    for title, spec in ROWS.items():
        augmenter = Augmenter(spec, seed)
        begin = pictures.copy()
        taken = augmenter.takes_deconvolved(keys, epoch=1)
        begin[taken] = sharpened[taken]
        rows.append((title, list(augmenter.pictures(begin, keys, 1, parenchyma))))
    rows.insert(4, ("blind deconvolution", list(sharpened)))
    return np.vstack([_row(title, shown) for title, shown in rows])


def _row(title: str, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    strip = np.hstack([cv2.copyMakeBorder(p, 0, 4, 0, 4, cv2.BORDER_CONSTANT, value=255) for p in pictures])
    caption = np.full((CAPTION, strip.shape[1]), 255, np.uint8)
    cv2.putText(caption, title, (4, CAPTION - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1, cv2.LINE_AA)
    return np.vstack([caption, strip])

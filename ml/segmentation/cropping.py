"""From a frame to the liver in it (paper §3.1): the picture that a network sees, and where it was cut.

The rule, the same in preparing and staging: the ultrasound region is cut out of the frame; the segmenter
looks at the region; the picture is the smallest upright box around what it took for liver, wider by the
margin. Where it finds no liver the picture is the region, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.dicom import Box, to_network_input
from ml.segmentation.segmenter import Segmenter, apply_segmenter, liver_box
from ml.spec.crop import MARGIN, Crop

Grey = NDArray[np.uint8]
SMALLEST_EDGE = 8  # pixels; a smaller region shows nothing


@dataclass(frozen=True)
class Cropped:
    """``picture`` and ``mask`` (0/255; ``None`` without a liver) are uint8 (256, 256); ``box`` is in the
    frame's pixels, its ``source`` ``liver`` or whatever the region's was."""

    picture: Grey
    mask: Grey | None
    box: Box

    @property
    def liver(self) -> bool:
        return self.mask is not None


@dataclass(frozen=True)
class LiverCropper:
    """Cuts the liver out of frames with one segmenter and one margin."""

    segmenter: Segmenter
    margin: float = MARGIN

    @property
    def crop(self) -> Crop:
        """What cohorts and models record of this."""
        return Crop(kind="liver", segmenter=self.segmenter.info.sha256, margin=self.margin)

    def __call__(self, frame: Grey, region: Box) -> Cropped:
        """The liver in ``region`` of a grey frame."""
        inside = region.cut(frame)
        found = apply_segmenter(self.segmenter, inside) if min(inside.shape) >= SMALLEST_EDGE else None
        if found is None:
            return Cropped(to_network_input(inside), None, region)
        box = liver_box(found, margin=self.margin)
        mask = to_network_input(box.crop(found.astype(np.uint8) * 255))
        return Cropped(
            to_network_input(box.crop(inside)),
            np.where(mask >= 128, 255, 0).astype(np.uint8),
            Box(region.x0 + box.x0, region.y0 + box.y0, region.x0 + box.x1, region.y0 + box.y1, "liver"),
        )

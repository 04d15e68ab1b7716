"""From a frame to what a network sees: the B-mode region, then 256×256 with the aspect kept (paper §3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.dicom.codecs import Grey
from ml.dicom.header import ImageHeader, UltrasoundRegion
from ml.dicom.reading import UltrasoundImage

NETWORK_SIZE = 256


@dataclass(frozen=True)
class Box:
    """A rectangle of a frame (``x0 <= x < x1``) and how it was found.

    ``region``: a tissue region of the header. ``region-clipped``: one that was larger than the frame
    but agrees with the picture. ``picture``: found from the picture. ``frame``: nothing was found.
    ``liver``: what a segmenter took for liver inside one of those.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    source: Literal["region", "region-clipped", "picture", "frame", "liver"]

    @property
    def area(self) -> int:
        return max(self.x1 - self.x0, 0) * max(self.y1 - self.y0, 0)

    def cut(self, frame: Grey) -> Grey:
        return frame[self.y0 : self.y1, self.x0 : self.x1]


def crop_to_region(frame: Grey, header: ImageHeader) -> tuple[Grey, Box]:
    """Cut out the largest B-mode tissue region; without a usable one, the picture itself decides.

    A region that reaches beyond the frame was written for another size of picture: shrunk (the
    coordinates are then wrong) or cut off (they are right as far as they go). It is believed only
    when the picture lies inside it.
    """
    box = tissue_box(frame, header)
    return box.cut(frame), box


def tissue_box(frame: Grey, header: ImageHeader) -> Box:
    """Where the B-mode picture is; see :func:`crop_to_region`."""
    height, width = frame.shape
    region = tissue_region(header)
    if region is not None and not region.outside:
        return Box(region.x0, region.y0, min(region.x1, width), min(region.y1, height), "region")
    found = find_picture(frame)
    if region is not None:
        clipped = Box(region.x0, region.y0, min(region.x1, width), min(region.y1, height), "region-clipped")
        if found is None or _overlap(found, clipped) >= 0.95 * found.area:
            return clipped
    return found or Box(0, 0, width, height, "frame")


def tissue_region(header: ImageHeader) -> UltrasoundRegion | None:
    """The largest B-mode region; of two equal ones (dual view) the one further left."""
    tissue = [region for region in header.regions if region.is_tissue]
    return min(tissue, key=lambda region: (-region.area, region.x0, region.y0)) if tissue else None


def find_picture(frame: Grey) -> Box | None:
    """The largest connected bright area, text and rulers left out; ``None`` when there is none."""
    # Every second pixel keeps the statistics, in a quarter of the time.
    step = 2 if min(frame.shape) >= 400 else 1
    mask = picture_mask(frame[::step, ::step])
    if mask is None:
        return None
    x, y, width, height = (step * value for value in cv2.boundingRect(mask))
    return Box(x, y, min(x + width, frame.shape[1]), min(y + height, frame.shape[0]), "picture")


def picture_mask(frame: Grey) -> NDArray[np.uint8] | None:
    """Mask (0/1) of the largest connected area that looks like speckle.

    Speckle fills its area (letters, rulers and calipers leave most of theirs black) and varies
    from pixel to pixel (title bars and buttons are flat).
    """
    height, width = frame.shape
    unit = max(3, round(min(height, width) / 90) | 1)
    around = (4 * unit + 1, 4 * unit + 1)
    bright = (frame > _percentile(frame, 5) + 4).astype(np.float32)
    filled = cv2.boxFilter(bright, -1, around) > 0.6
    changes = np.zeros(frame.shape, np.float32)
    changes[:, 1:] = frame[:, 1:] != frame[:, :-1]
    varied = cv2.boxFilter(changes, -1, around) > 0.5
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, around)
    solid = cv2.morphologyEx((filled & varied).astype(np.uint8), cv2.MORPH_OPEN, kernel)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    if stats[largest, cv2.CC_STAT_AREA] < 0.02 * height * width:
        return None
    return np.asarray(labels == largest, dtype=np.uint8)


def _percentile(frame: Grey, percent: float) -> float:
    """``np.percentile`` of grey levels, from their histogram: a tenth of the time."""
    below = np.cumsum(np.bincount(frame.ravel(), minlength=256))
    place = (frame.size - 1) * percent / 100
    low, high = np.searchsorted(below, [np.floor(place), np.ceil(place)], side="right")
    return float(low + (high - low) * (place % 1))


def to_network_input(crop: Grey, size: int = NETWORK_SIZE) -> Grey:
    """Resize with the aspect kept and pad with 0 to (size, size), picture in the middle."""
    height, width = crop.shape
    if height < 1 or width < 1:
        return np.zeros((size, size), np.uint8)
    scale = size / max(height, width)
    new_height, new_width = max(1, round(height * scale)), max(1, round(width * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    picture = np.zeros((size, size), np.uint8)
    top, left = (size - new_height) // 2, (size - new_width) // 2
    picture[top : top + new_height, left : left + new_width] = cv2.resize(
        np.ascontiguousarray(crop),
        (new_width, new_height),
        interpolation=method,
    )
    return picture


def network_input(image: UltrasoundImage, frame_index: int = 0) -> Grey:
    """Frame → B-mode region → uint8 (256, 256)."""
    crop, _ = crop_to_region(image.frame(frame_index), image.header)
    return to_network_input(crop)


def representative_frames(frame_count: int, limit: int = 3) -> list[int]:
    """Which frames of a cine stand for it: evenly spread, away from the ends where probes move.

    >>> representative_frames(1), representative_frames(30)
    ([0], [5, 15, 25])
    """
    if frame_count <= limit:
        return list(range(frame_count))
    return [(2 * part + 1) * frame_count // (2 * limit) for part in range(limit)]


def _overlap(one: Box, other: Box) -> int:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(width, 0) * max(height, 0)

"""Between a screen of any size and the square that the network sees: aspect kept, padded with 0."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.dicom import to_network_input


@dataclass(frozen=True)
class Canvas:
    """Where a picture (height, width) lies on a square canvas; the geometry of ``to_network_input``."""

    height: int
    width: int
    size: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the picture on the canvas."""
        scale = self.size / max(self.height, self.width)
        return max(1, round(self.height * scale)), max(1, round(self.width * scale))

    @property
    def corner(self) -> tuple[int, int]:
        """Row and column of its top left corner."""
        rows, columns = self.shape
        return (self.size - rows) // 2, (self.size - columns) // 2

    def place(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Grey picture on the canvas."""
        return to_network_input(picture, self.size)

    def place_mask(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Mask on the canvas, by the same resampling."""
        return to_network_input(mask.astype(np.uint8) * 255, self.size) >= 128

    def cover(self) -> NDArray[np.bool_]:
        """True where the canvas shows the picture, not its padding."""
        covered = np.zeros((self.size, self.size), bool)
        (top, left), (rows, columns) = self.corner, self.shape
        covered[top : top + rows, left : left + columns] = True
        return covered

    def lift(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values (size, size) of the canvas → (height, width) of the picture."""
        (top, left), (rows, columns) = self.corner, self.shape
        inside = np.ascontiguousarray(values[top : top + rows, left : left + columns])
        lifted = cv2.resize(inside, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(lifted, dtype=np.float32)

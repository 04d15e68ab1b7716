"""What the U-Net trains on: canvases, masks, and where each mask is to be believed.

Augmentation and negatives are drawn from a generator keyed by (seed, epoch, sample), so a resumed
training sees the very same examples. A third of them are *negatives*: the same screen with the liver
gone, the tissue above it alone, a photograph, or no picture at all. Without them a network that has only
ever seen livers finds one everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.segmentation.canvas import Canvas
from ml.segmentation.labelme import Outline
from ml.sources import load_source

NEGATIVE_SHARE = 1 / 3
BOX_SHARE_FOR_BACKGROUND = 0.9
"""With this share of boxes or more there is too little to learn the outline from: outside a box is then
background, as in the paper; otherwise it is left undecided."""

DARK = 12  # grey level of a switched-off screen, compression noise included
DARK_REACH = 11  # pixels of the canvas around which nothing brighter may be

Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Examples:
    """Canvases (N, S, S) uint8, masks and trusted pixels (N, S, S) bool."""

    canvases: Grey
    masks: Mask
    trusted: Mask

    def __len__(self) -> int:
        return len(self.canvases)


def boxes_bound_the_liver(outlines: Sequence[Outline]) -> bool:
    """True if what is outside a box is to be taken for background."""
    drawn = [outline for outline in outlines if outline.kind != "none"]
    boxes = sum(outline.kind == "box" for outline in drawn)
    return boxes >= BOX_SHARE_FOR_BACKGROUND * max(len(drawn), 1)


def load_examples(outlines: Sequence[Outline], size: int, *, boxes_bound: bool) -> Examples:
    """Place every outlined image on its canvas."""
    canvases = np.zeros((len(outlines), size, size), np.uint8)
    masks, trusted = np.zeros(canvases.shape, bool), np.ones(canvases.shape, bool)
    for i, outline in enumerate(outlines):
        canvas = Canvas(outline.height, outline.width, size)
        canvases[i] = canvas.place(outline.frame())
        masks[i] = canvas.place_mask(outline.mask())
        if outline.kind == "box" and not boxes_bound:
            trusted[i] = masks[i] | black_screen(canvases[i])
    return Examples(canvases, masks, trusted)


def black_screen(canvas: Grey) -> Mask:
    """Where the screen shows nothing far and wide: certainly no liver, whatever the box says."""
    return cv2.dilate(canvas, np.ones((DARK_REACH, DARK_REACH), np.uint8)) <= DARK


@lru_cache(maxsize=1)
def photographs() -> tuple[Grey, Grey]:
    """Patches (N, 128, 128) of photographs that installed packages carry: to train with, and to test with."""
    source = load_source("embedded")
    return source.train, source.validation


def draw_example(
    examples: Examples, index: int, *, seed: int, epoch: int, turn: int = 0
) -> tuple[Grey, Mask, Mask]:
    """Canvas, mask and trusted pixels (S, S) of one example at its ``turn`` in one epoch."""
    rng = np.random.default_rng([seed, epoch, turn, index])
    canvas, mask, trusted = examples.canvases[index], examples.masks[index], examples.trusted[index]
    if rng.random() < NEGATIVE_SHARE:
        canvas = draw_negative(canvas, mask, rng, photographs()[0])
        mask, trusted = np.zeros_like(mask), np.ones_like(trusted)
    return _change(canvas, mask, trusted, rng)


def draw_negative(canvas: Grey, mask: Mask, rng: np.random.Generator, photos: Grey) -> Grey:
    """A canvas without a liver, made from one with: see the module."""
    kind, size = rng.integers(4), canvas.shape[0]
    if kind == 0 and mask.any():
        return _erase(canvas, mask)
    if kind == 1 and mask.any():
        return _tissue_above(canvas, mask)
    if kind == 2:
        photo = cv2.resize(photos[rng.integers(len(photos))], (size, size), interpolation=cv2.INTER_LINEAR)
        return np.asarray(photo, dtype=np.uint8)
    return _no_picture(size, rng)


def _erase(canvas: Grey, mask: Mask) -> Grey:
    """The screen with the liver and its surroundings blacked out: skin, furniture and captions stay."""
    reach = max(3, canvas.shape[0] // 12) | 1
    around = cv2.dilate(mask.astype(np.uint8), np.ones((reach, reach), np.uint8)).astype(bool)
    return np.where(around, 0, canvas).astype(np.uint8)


def _tissue_above(canvas: Grey, mask: Mask) -> Grey:
    """Skin, fat and muscle over the liver, enlarged; the erased screen where there is hardly any."""
    size = canvas.shape[0]
    columns = np.flatnonzero(mask.any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    bottom = int(np.argmax(mask[:, left:right], axis=0)[mask[:, left:right].any(axis=0)].min())
    lit = np.flatnonzero((canvas[:bottom, left:right] > 8).mean(axis=1) > 0.3)
    if lit.size < size // 12:
        return _erase(canvas, mask)
    strip = canvas[int(lit[0]) : bottom, left:right]
    enlarged = cv2.resize(np.ascontiguousarray(strip), (size, size), interpolation=cv2.INTER_LINEAR)
    return np.asarray(enlarged, dtype=np.uint8)


def _no_picture(size: int, rng: np.random.Generator) -> Grey:
    """An empty screen, a gradient, soft blobs or tiles: anything but speckle, which livers are made of."""
    kind = rng.integers(4)
    if kind == 0:
        return np.full((size, size), rng.integers(0, 256), np.uint8)
    if kind == 1:
        ramp = np.linspace(0, 255, size)[None] * rng.uniform(0.2, 1.0)
        picture = np.repeat(ramp, size, axis=0)
        return np.rot90(picture, int(rng.integers(4))).astype(np.uint8)
    coarse = rng.random((int(rng.integers(2, 10)), int(rng.integers(2, 10)))).astype(np.float32)
    method = cv2.INTER_CUBIC if kind == 2 else cv2.INTER_NEAREST
    return np.clip(cv2.resize(coarse, (size, size), interpolation=method) * 255, 0, 255).astype(np.uint8)


def _change(canvas: Grey, mask: Mask, trusted: Mask, rng: np.random.Generator) -> tuple[Grey, Mask, Mask]:
    """Zoom in (a screen becomes a cropped region), shift, tilt, mirror, brightness and contrast."""
    size = canvas.shape[0]
    where = np.argwhere(mask) if mask.any() else np.array([[size / 2, size / 2]])
    centre = where.mean(axis=0)[::-1]
    zoom, tilt = float(np.exp(rng.uniform(-0.1, 0.7))), float(rng.uniform(-8, 8))
    matrix = cv2.getRotationMatrix2D((float(centre[0]), float(centre[1])), tilt, zoom)
    matrix[:, 2] += (size / 2 - centre) * min(1.0, max(0.0, zoom - 0.9)) + rng.uniform(-0.06, 0.06, 2) * size
    if rng.random() < 0.5:
        matrix = np.array([[-1.0, 0, size - 1], [0, 1, 0]]) @ np.vstack([matrix, [0, 0, 1]])

    def warp(picture: NDArray[np.uint8], method: int, border: int) -> NDArray[np.uint8]:
        warped = cv2.warpAffine(picture, matrix, (size, size), flags=method, borderValue=border)
        return np.asarray(warped, dtype=np.uint8)

    low, high = rng.uniform(0, 30), rng.uniform(200, 255)
    curve = np.clip((np.arange(256) - low) / (high - low), 0, 1) ** rng.uniform(0.7, 1.4)
    seen = (curve * 255).astype(np.uint8)[warp(canvas, cv2.INTER_LINEAR, 0)]
    return (
        seen,
        warp(mask.astype(np.uint8), cv2.INTER_NEAREST, 0).astype(bool),
        warp(trusted.astype(np.uint8), cv2.INTER_NEAREST, 1).astype(bool),
    )

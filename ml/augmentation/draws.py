"""What is done to each picture, drawn once and executed by whichever device trains.

A draw is an affine map (parenchyma crop and rotation) and a table of 256 grey levels (imadjust) per
picture, and whether it starts from the picture that blind deconvolution has sharpened. Randomness is keyed by
(seed, epoch, sample, copy), so that there is no generator state to save and a resumed epoch sees
the same pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.spec import AugmentationSpec

CROP_SIDE = (0.75, 1.0)  # of the picture's side; smaller magnifies the speckle beyond recognition
LOW_IN = (0.0, 0.10)  # imadjust: grey level that becomes black
HIGH_IN = (0.90, 1.0)  # imadjust: grey level that becomes white
MEAN_SMOOTHING = (1 - 3**-0.5) / 2  # pixels: its bilinear smoothing is the mean over all fractions
GAMMA = (0.8, 1.25)  # imadjust: shape of the curve between
DECONVOLVED = 0.25  # share of samples that start sharpened: one of the paper's four augmentations
DECONVOLUTION_KEY = 1 << 63  # keeps this stream apart from that of the warps


IDENTITY = np.arange(256, dtype=np.uint8)


@dataclass(frozen=True)
class Draw:
    """``matrices`` (B, 2, 3) float64 take an output pixel to the picture's pixel it is read from;
    ``boxes`` (B, 4) int are x0, y0, x1, y1 of the content that reading is reflected at;
    ``tables`` (B, 256) uint8 are applied to the grey levels before the warp."""

    matrices: NDArray[np.float64]
    boxes: NDArray[np.int64]
    tables: NDArray[np.uint8]


def content_box(picture: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """x0, y0, x1, y1 (exclusive) of what is not padding; the whole picture where it is empty.

    Pictures of another aspect than 1:1 are padded with exact zeros when they are cached.
    """
    x, y, width, height = cv2.boundingRect(picture)
    if not width:
        return 0, 0, picture.shape[1], picture.shape[0]
    return x, y, x + width, y + height


def content_boxes(pictures: NDArray[np.uint8]) -> NDArray[np.int64]:
    """``(B, H, W)`` → ``(B, 4)``."""
    return np.array([content_box(picture) for picture in pictures], dtype=np.int64).reshape(-1, 4)


def draw(
    spec: AugmentationSpec,
    pictures_size: int,
    boxes: NDArray[np.int64],
    keys: Sequence[tuple[int, int]],
    *,
    seed: int,
    epoch: int,
    parenchyma: NDArray[np.int64] | None = None,
) -> Draw:
    """One draw for each ``(sample, copy)`` of ``keys`` whose content lies in ``boxes``.

    ``parenchyma`` (B, 4) are the boxes that the crop aims at; without it the content is aimed at.
    """
    aims = boxes if parenchyma is None else parenchyma
    shares = np.empty((len(keys), 7))
    for row, (sample, copy) in enumerate(keys):
        rng = np.random.Generator(np.random.Philox(key=[seed << 32 | epoch, sample << 16 | copy]))
        shares[row] = rng.random(7)
    side, angle, along_x, along_y, low, high, gamma = shares.T
    still, middle = np.zeros(len(keys)), np.full(len(keys), 0.5)
    matrices = _windows(
        pictures_size,
        boxes,
        side=_between(CROP_SIDE, side) if spec.crop else still + 1,
        angle=2 * np.pi * angle if spec.rotation else still,
        shift=(along_x, along_y) if spec.crop else (middle, middle),
        aims=aims if spec.crop else boxes,
    )
    if spec.intensity:
        tables = imadjust(_between(LOW_IN, low), _between(HIGH_IN, high), _between(GAMMA, gamma))
    else:
        tables = np.tile(IDENTITY, (len(keys), 1))
    return Draw(matrices, boxes, tables)


def draw_deconvolved(keys: Sequence[tuple[int, int]], *, seed: int, epoch: int) -> NDArray[np.bool_]:
    """Whether each ``(sample, copy)`` starts from its sharpened picture; keyed like :func:`draw`."""
    return np.array(
        [
            np.random.Generator(
                np.random.Philox(key=[seed << 32 | epoch, DECONVOLUTION_KEY | sample << 16 | copy])
            ).random()
            < DECONVOLVED
            for sample, copy in keys
        ],
        dtype=bool,
    )


def standard_view(spec: AugmentationSpec, pictures_size: int, boxes: NDArray[np.int64]) -> Draw:
    """The middle of what training draws: what validation, test and staging see.

    A crop magnifies and a turn smooths. A network trained on such pictures reads an untouched one as
    finer in texture than it is, and its validation loss jumps from epoch to epoch. So the
    picture is looked at through the centred window of the mean crop; where there is rotation but no
    crop, through a shift of a fraction of a pixel that smooths as much as a turn does on average. Grey
    levels get the middle of the adjustments.
    """
    side = sum(CROP_SIDE) / 2 if spec.crop and spec.policy != "none" else 1.0
    turns = spec.rotation and spec.policy != "none"
    still, middle = np.zeros(len(boxes)), np.full(len(boxes), 0.5)
    matrices = _windows(
        pictures_size, boxes, side=still + side, angle=still, shift=(middle, middle), aims=boxes
    )
    if turns and side == 1.0:
        matrices[:, :, 2] += MEAN_SMOOTHING
    table = IDENTITY
    if spec.intensity and spec.policy != "none":
        table = imadjust(sum(LOW_IN) / 2, sum(HIGH_IN) / 2, 1.0)
    return Draw(matrices, boxes, np.tile(table, (len(boxes), 1)))


def imadjust(
    low_in: float | NDArray[np.float64],
    high_in: float | NDArray[np.float64],
    gamma: float | NDArray[np.float64],
) -> NDArray[np.uint8]:
    """MATLAB's ``imadjust`` as a table: [low_in, high_in] → [0, 1] with the given gamma.

    ``(256,)`` of numbers, ``(B, 256)`` of arrays ``(B,)``.

    >>> bool((imadjust(0, 1, 1) == np.arange(256)).all())
    True
    """
    low, high, bend = (np.asarray(value, dtype=float)[..., None] for value in (low_in, high_in, gamma))
    level = np.clip((np.arange(256) / 255 - low) / (high - low), 0, 1)
    return np.rint(255 * level**bend).astype(np.uint8)


def _between(bounds: tuple[float, float], share: NDArray[np.float64]) -> NDArray[np.float64]:
    return bounds[0] + (bounds[1] - bounds[0]) * share


def _windows(
    size: int,
    boxes: NDArray[np.int64],
    *,
    side: NDArray[np.float64],
    angle: NDArray[np.float64],
    shift: tuple[NDArray[np.float64], NDArray[np.float64]],
    aims: NDArray[np.int64],
) -> NDArray[np.float64]:
    """``(B, 2, 3)`` matrices of square windows of ``side`` × the picture, turned by ``angle``.

    ``shift`` (0 to 1, across and down) says where along the parenchyma (the boxes ``aims``) a window lies:
    inside it where it is longer than the window, so that all of it is seen where it is shorter. The window
    never leaves the content; where the content is shorter than the window (padding), it is centred on it.
    """
    across, down = (
        _places(side * size, (boxes[:, axis], boxes[:, axis + 2]), (aims[:, axis], aims[:, axis + 2]), share)
        for axis, share in enumerate(shift)
    )
    cosine, sine = side * np.cos(angle), side * np.sin(angle)
    middle = (size - 1) / 2
    matrices = np.empty((len(boxes), 2, 3))
    matrices[:, 0, 0] = matrices[:, 1, 1] = cosine
    matrices[:, 0, 1], matrices[:, 1, 0] = -sine, sine
    matrices[:, 0, 2] = across - cosine * middle + sine * middle
    matrices[:, 1, 2] = down - sine * middle - cosine * middle
    return matrices


Edges = tuple[NDArray[np.int64], NDArray[np.int64]]


def _places(
    length: NDArray[np.float64], content: Edges, aim: Edges, share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Centres along one axis of windows of ``length`` in ``content`` that are to lie in ``aim``."""
    half = length / 2
    lowest, highest = content[0] + half, content[1] - half
    edges = np.sort([aim[0] + half, aim[1] - half], axis=0)
    first, last = np.clip(edges, lowest, np.maximum(lowest, highest))
    inside = first + (last - first) * share - 0.5
    return np.where(lowest >= highest, (content[0] + content[1] - 1) / 2, inside)

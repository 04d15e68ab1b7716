"""What is done to each picture, drawn once and executed by whichever device trains.

A draw is an affine map (parenchyma crop and rotation) and a table of 256 grey levels (imadjust) per
picture, and whether it starts from the picture that blind deconvolution has sharpened. Randomness is keyed by
(seed, epoch, sample, copy), so that there is no generator state to save and a resumed epoch sees
the same pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    rows = np.flatnonzero(picture.any(axis=1))
    columns = np.flatnonzero(picture.any(axis=0))
    if not len(rows):
        return 0, 0, picture.shape[1], picture.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


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
    matrices = np.empty((len(keys), 2, 3))
    tables = np.empty((len(keys), 256), dtype=np.uint8)
    for row, (sample, copy) in enumerate(keys):
        rng = np.random.Generator(np.random.Philox(key=[seed << 32 | epoch, sample << 16 | copy]))
        side, angle, along_x, along_y, low, high, gamma = rng.random(7)
        matrices[row] = _window(
            pictures_size,
            boxes[row],
            side=_between(CROP_SIDE, side) if spec.crop else 1.0,
            angle=2 * np.pi * angle if spec.rotation else 0.0,
            shift=(along_x, along_y) if spec.crop else (0.5, 0.5),
            aim=aims[row] if spec.crop else boxes[row],
        )
        tables[row] = (
            imadjust(_between(LOW_IN, low), _between(HIGH_IN, high), _between(GAMMA, gamma))
            if spec.intensity
            else np.arange(256)
        )
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
    matrices = np.empty((len(boxes), 2, 3))
    for row, box in enumerate(boxes):
        matrices[row] = _window(pictures_size, box, side=side, angle=0.0, shift=(0.5, 0.5))
    if turns and side == 1.0:
        matrices[:, :, 2] += MEAN_SMOOTHING
    table = IDENTITY
    if spec.intensity and spec.policy != "none":
        table = imadjust(sum(LOW_IN) / 2, sum(HIGH_IN) / 2, 1.0)
    return Draw(matrices, boxes, np.tile(table, (len(boxes), 1)))


def imadjust(low_in: float, high_in: float, gamma: float) -> NDArray[np.uint8]:
    """MATLAB's ``imadjust`` as a table: [low_in, high_in] → [0, 1] with the given gamma.

    >>> bool((imadjust(0, 1, 1) == np.arange(256)).all())
    True
    """
    level = np.clip((np.arange(256) / 255 - low_in) / (high_in - low_in), 0, 1)
    return np.rint(255 * level**gamma).astype(np.uint8)


def _between(bounds: tuple[float, float], share: float) -> float:
    return bounds[0] + (bounds[1] - bounds[0]) * share


def _window(
    size: int,
    box: NDArray[np.int64],
    *,
    side: float,
    angle: float,
    shift: tuple[float, float],
    aim: NDArray[np.int64] | None = None,
) -> NDArray[np.float64]:
    """Matrix of a square window of ``side`` × the picture, turned by ``angle``, inside the content.

    ``shift`` (0 to 1) says where along the parenchyma (the box ``aim``) the window lies: inside it where
    it is longer than the window, so that all of it is seen where it is shorter. The window never leaves
    the content; where the content is shorter than the window (padding), it is centred on it.
    """
    aim = box if aim is None else aim
    centre = [
        _place(
            side * size,
            (float(box[axis]), float(box[axis + 2])),
            (float(aim[axis]), float(aim[axis + 2])),
            share,
        )
        for axis, share in enumerate(shift)
    ]
    cosine, sine = side * np.cos(angle), side * np.sin(angle)
    middle = (size - 1) / 2
    return np.array(
        [
            [cosine, -sine, centre[0] - cosine * middle + sine * middle],
            [sine, cosine, centre[1] - sine * middle - cosine * middle],
        ]
    )


def _place(length: float, content: tuple[float, float], aim: tuple[float, float], share: float) -> float:
    """Centre along one axis of a window of ``length`` in ``content`` that is to lie in ``aim``."""
    half = length / 2
    lowest, highest = content[0] + half, content[1] - half
    if lowest >= highest:
        return (content[0] + content[1] - 1) / 2
    first, last = sorted((aim[0] + half, aim[1] - half))
    first, last = (min(max(edge, lowest), highest) for edge in (first, last))
    return first + (last - first) * share - 0.5

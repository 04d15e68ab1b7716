"""Held-out images with the outline that was drawn and the one that was found, for people to judge by eye."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.segmentation.labelme import Outline
from ml.segmentation.scoring import dice
from ml.segmentation.segmenter import Segmenter, liver_of

SHOWN = 6
LARGEST_EDGE = 720  # pixels
DRAWN = (0, 159, 230)  # blue, green, red of #e69f00; with the other one apart for every kind of colour vision
FOUND = (233, 180, 86)  # #56b4e9
DASH = 9  # pixels


def write_examples(outlines: Sequence[Outline], model: Segmenter, folder: Path) -> int:
    """Write up to six overlays ``0.png`` … to ``folder``, worst and best among them; return how many.

    Drawn outlines are dashed and orange, found ones solid and blue.
    """
    judged = []
    for outline in outlines:
        if outline.kind == "none":
            continue
        found = liver_of(model.probabilities(outline.frame()))
        drawn = outline.mask()
        judged.append((dice(drawn, found if found is not None else np.zeros_like(drawn)), outline, found))
    judged.sort(key=lambda entry: (entry[0], entry[1].sha256))
    chosen = (
        [judged[i] for i in sorted(set(np.linspace(0, len(judged) - 1, SHOWN).astype(int)))] if judged else []
    )
    folder.mkdir(parents=True, exist_ok=True)
    for number, (_, outline, found) in enumerate(chosen):
        picture = overlay(outline.frame(), outline.mask(), found)
        _, png = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 6])
        (folder / f"{number}.png").write_bytes(png.tobytes())
    return len(chosen)


def overlay(
    frame: NDArray[np.uint8], drawn: NDArray[np.bool_], found: NDArray[np.bool_] | None
) -> NDArray[np.uint8]:
    """Colour picture (height, width, 3), blue first, at most 720 pixels long, of a grey frame."""
    scale = min(1.0, LARGEST_EDGE / max(frame.shape))
    size = (max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale)))
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    picture = cv2.cvtColor(small, cv2.COLOR_GRAY2BGR)
    if found is not None:
        cv2.drawContours(picture, _contours(found, size), -1, FOUND, 2, cv2.LINE_AA)
    for contour in _contours(drawn, size):
        points = contour[:, 0]
        for start in range(0, len(points), 2 * DASH):
            dash = points[start : start + DASH].reshape(-1, 1, 2)
            cv2.polylines(picture, [dash], False, DRAWN, 2, cv2.LINE_AA)
    return np.asarray(picture, dtype=np.uint8)


def _contours(mask: NDArray[np.bool_], size: tuple[int, int]) -> Sequence[NDArray[np.int32]]:
    small = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    contours, _ = cv2.findContours(small, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return contours  # type: ignore[return-value]

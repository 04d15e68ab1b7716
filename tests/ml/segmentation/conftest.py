"""Small outlined screens: a grainy disc below bright stripes, half outlined by boxes, half by polygons."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

HEIGHT, WIDTH = 72, 96


def draw_screen(rng: np.random.Generator, *, liver: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Grey screen and liver mask."""
    frame = np.zeros((HEIGHT, WIDTH), np.uint8)
    frame[6:18:4, 20:76] = 220
    mask = np.zeros_like(frame)
    centre = (int(rng.integers(40, 56)), int(rng.integers(40, 48)))
    cv2.ellipse(mask, centre, (int(rng.integers(20, 28)), int(rng.integers(14, 20))), 0, 0, 360, 1, -1)
    if liver:
        grain = rng.integers(90, 200, frame.shape).astype(np.uint8)
        frame[mask > 0] = grain[mask > 0]
    return frame, mask.astype(bool) if liver else np.zeros_like(mask, bool)


def shapes_of(mask: np.ndarray, kind: str) -> list[dict]:
    contour = max(
        cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0], key=len
    )[:, 0]
    if kind == "polygon":
        return [{"label": "liver", "shape_type": "polygon", "points": contour.tolist()}]
    (x0, y0), (x1, y1) = contour.min(axis=0), contour.max(axis=0)
    dx, dy = (x1 - x0) // 6, (y1 - y0) // 6  # a box inside the outline
    return [{"label": "liver", "shape_type": "rectangle", "points": [[x0 + dx, y0 + dy], [x1 - dx, y1 - dy]]}]


def write_case(folder: Path, name: str, frame: np.ndarray, shapes: list[dict], **content) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / f"{name}.png"), frame)
    text = {
        "shapes": shapes,
        "imagePath": f"{name}.png",
        "imageData": None,
        "flags": {"simulated": True},
        **content,
    }
    path = folder / f"{name}.json"
    path.write_text(json.dumps(text, default=int), encoding="utf-8")
    return path


def write_folder(
    folder: Path, count: int, *, seed: int = 0, kinds: tuple[str, ...] = ("polygon", "rectangle")
) -> Path:
    rng = np.random.default_rng(seed)
    for i in range(count):
        frame, mask = draw_screen(rng)
        write_case(folder, f"case-{i:03}", frame, shapes_of(mask, kinds[i % len(kinds)]))
    return folder


@pytest.fixture(scope="session")
def outlined() -> Callable[..., Path]:
    return write_folder


@pytest.fixture(scope="session")
def case() -> Callable[..., Path]:
    return write_case


@pytest.fixture(scope="session")
def screen() -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    return draw_screen

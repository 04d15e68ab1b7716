"""Outlined images of normal livers, for the segmentation network (paper §3.1): PNG and labelme JSON."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.simulation.furniture import Caption, draw_screen
from ml.simulation.patient import generator, write_mask
from ml.simulation.picture import Picture, render
from ml.simulation.scanner import VENDORS, Habitus, choose_setting
from ml.simulation.severity import Factors
from ml.spec import Band

BOX_SHARE = 0.5
"""Share outlined by a box, as in the paper; the rest by a polygon."""
LABEL = "liver"
NORMAL_KEY = 0x4E4F524D
"""Sets the normals' randomness apart from the patients'."""


def write_normal(out: Path, *, seed: int, site: str, index: int) -> int:
    """Write normal image ``index``: ``normals/normal-0001.png`` and ``.json``, its mask in ``truth/normals``.

    The JSON comes last and by rename: where it exists, the image is complete.
    """
    picture, frame = simulate_normal(seed=seed, site=site, index=index)
    name = normal_name(index)
    (out / "normals").mkdir(parents=True, exist_ok=True)
    (out / "truth" / "normals").mkdir(parents=True, exist_ok=True)
    write_mask(out / "truth" / "normals" / f"{name}.png", picture)
    cv2.imwrite(str(out / "normals" / f"{name}.png"), frame if frame.ndim == 2 else frame[..., ::-1])
    box = generator(seed, zlib.crc32(site.encode()), index, NORMAL_KEY, 1).random() < BOX_SHARE
    outline = labelme(f"{name}.png", picture, box=box)
    aside = out / "normals" / f".{name}-{os.getpid()}.json"
    aside.write_text(json.dumps(outline, indent=1) + "\n")
    aside.rename(out / "normals" / f"{name}.json")
    return 1


def normal_name(index: int) -> str:
    return f"normal-{index + 1:04d}"


def simulate_normal(*, seed: int, site: str, index: int) -> tuple[Picture, NDArray[np.uint8]]:
    """A liver without fibrosis, HF and LF in turn, and its screen."""
    rng = generator(seed, zlib.crc32(site.encode()), index, NORMAL_KEY)
    band = list(Band)[index % 2]
    habitus = Habitus.draw(rng)
    vendor = VENDORS[rng.integers(len(VENDORS))]
    probe = vendor.probes[band][rng.integers(len(vendor.probes[band]))]
    setting = choose_setting(rng, vendor, band, habitus, probe)
    factors = Factors(*(float(v) for v in rng.uniform(0, 0.6, 4)))
    picture = render(rng, band, factors, habitus, setting)
    return picture, draw_screen(picture, Caption.anonymous())[0]


def labelme(image: str, picture: Picture, *, box: bool) -> dict[str, Any]:
    """The annotation file of labelme 5 for one image, in screen pixels."""
    rows, columns = picture.setting.vendor.screen
    if box:
        shape_type, points = "rectangle", largest_box(picture.mask)
    else:
        shape_type, points = "polygon", outline_points(picture.mask)
    shifted = (points + np.array([picture.region.x, picture.region.y])).round(1).tolist()
    return {
        "version": "5.5.0",
        "flags": {"simulated": True, str(picture.band): True},
        "shapes": [
            {
                "label": LABEL,
                "points": shifted,
                "group_id": None,
                "description": "",
                "shape_type": shape_type,
                "flags": {},
                "mask": None,
            }
        ],
        "imagePath": image,
        "imageData": None,
        "imageHeight": rows,
        "imageWidth": columns,
    }


def outline_points(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Polygon (N, 2) as (x, y) around the largest part, within two pixels, as a person would click it."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    contour = max(contours, key=cv2.contourArea)
    return cv2.approxPolyDP(contour, 2.0, True)[:, 0].astype(np.float64)


def largest_box(mask: NDArray[np.bool_], *, coarse: int = 8) -> NDArray[np.float64]:
    """Corners [[x0, y0], [x1, y1]] of the largest upright box that holds parenchyma only.

    The classic largest rectangle under a histogram, row by row, on a grid of ``coarse`` pixels.
    """
    rows, columns = mask.shape[0] // coarse, mask.shape[1] // coarse
    tiles = mask[: rows * coarse, : columns * coarse].reshape(rows, coarse, columns, coarse)
    grid: list[list[bool]] = np.asarray(tiles.all(axis=(1, 3))).tolist()
    heights = [0] * columns
    best, corners = 0, (0, 0, 1, 1)
    for row in range(rows):
        heights = [tall + 1 if free else 0 for tall, free in zip(heights, grid[row], strict=True)]
        stack: list[int] = []
        for column in range(columns + 1):
            height = heights[column] if column < columns else 0
            while stack and heights[stack[-1]] >= height:
                tall = heights[stack.pop()]
                left = stack[-1] + 1 if stack else 0
                if tall * (column - left) > best:
                    best, corners = tall * (column - left), (left, row - tall + 1, column, row + 1)
            stack.append(column)
    x0, y0, x1, y1 = (c * coarse for c in corners)
    return np.array([[x0, y0], [x1, y1]], np.float64)

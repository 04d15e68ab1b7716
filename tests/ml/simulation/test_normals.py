"""Outlined normals: labelme that labelme would open, boxes that hold liver only."""

from __future__ import annotations

import json

import cv2
import numpy as np

from ml.simulation.normals import labelme, largest_box, simulate_normal
from ml.spec import Band

from .conftest import NORMALS, Made


def test_every_image_has_its_outline_inside_the_frame(made: Made) -> None:
    outlines = sorted((made.path / "normals").glob("*.json"))
    assert len(outlines) == NORMALS
    bands = set()
    for path in outlines:
        outline = json.loads(path.read_text())
        image = cv2.imread(str(path.with_name(outline["imagePath"])), cv2.IMREAD_GRAYSCALE)
        assert image.shape == (outline["imageHeight"], outline["imageWidth"])
        (shape,) = outline["shapes"]
        assert shape["label"] == "liver"
        assert shape["shape_type"] in {"rectangle", "polygon"}
        points = np.array(shape["points"])
        assert len(points) == 2 if shape["shape_type"] == "rectangle" else len(points) > 3
        assert (points >= 0).all()
        assert (points <= (outline["imageWidth"], outline["imageHeight"])).all()
        bands |= set(outline["flags"]) & set(Band)
    assert bands == set(Band)


def test_box_holds_parenchyma_only_and_polygon_nearly_all_of_it() -> None:
    picture, _ = simulate_normal(seed=1, site="T", index=1)
    (x0, y0), (x1, y1) = largest_box(picture.mask).astype(int)
    assert picture.mask[y0:y1, x0:x1].all()
    assert (y1 - y0) * (x1 - x0) > 0.3 * picture.mask.sum()
    polygon = np.array(labelme("a.png", picture, box=False)["shapes"][0]["points"]) - (
        picture.region.x,
        picture.region.y,
    )
    drawn = cv2.fillPoly(np.zeros(picture.mask.shape, np.uint8), [polygon.astype(np.int32)], 1).astype(bool)
    assert (drawn & picture.mask).sum() / picture.mask.sum() > 0.9


def test_largest_box_of_an_l_shape() -> None:
    mask = np.zeros((64, 64), bool)
    mask[:, :16] = True
    mask[40:, :] = True
    assert largest_box(mask).tolist() == [[0, 40], [64, 64]]


def test_masks_are_kept_apart(made: Made) -> None:
    assert len(list((made.path / "truth" / "normals").glob("*.png"))) == NORMALS

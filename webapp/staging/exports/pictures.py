"""The frames that a report shows, read from the files that it pins."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from webapp.imaging.models import Image
from webapp.imaging.rendering import encode, stored_frame
from webapp.reading import raster

OUTLINE_BGR = (0, 215, 255)  # amber, seen on grey by the colour-blind too
MARGIN = 4  # pixels left round the ultrasound region


def frame_of(facts: dict[str, Any], picture: dict[str, Any]) -> NDArray[np.uint8]:
    """The stored frame of one of ``facts["pictures"]``, uint8 (rows, columns)."""
    image = image_of(facts, picture)
    row = Image(
        sha256=image["sha256"],
        rows=image["rows"],
        columns=image["columns"],
        frame_count=image["frame_count"],
    )
    return stored_frame(row, picture["frame"])


def image_of(facts: dict[str, Any], picture: dict[str, Any]) -> dict[str, Any]:
    """The image that a picture is a frame of, as it was signed."""
    return next(image for image in facts["images"] if image["id"] == picture["image"])


def mask_of(facts: dict[str, Any], picture: dict[str, Any]) -> NDArray[np.uint8]:
    """The liver as 0/1, (rows, columns), from the outline that was signed with the picture."""
    image = image_of(facts, picture)
    polygons = picture["outline"]["polygons"]
    return raster.mask_of(polygons, columns=image["columns"], rows=image["rows"]).astype(np.uint8)


def png_of(facts: dict[str, Any], picture: dict[str, Any]) -> tuple[bytes, int, int]:
    """PNG, width, height: the ultrasound regions of the frame, with the liver outlined where it was."""
    frame = frame_of(facts, picture)
    shown = frame if picture["outline"] is None else _outlined(frame, picture)
    regions = image_of(facts, picture)["regions"]
    if regions:
        top = max(0, min(region["y0"] for region in regions) - MARGIN)
        left = max(0, min(region["x0"] for region in regions) - MARGIN)
        bottom = max(region["y1"] for region in regions) + MARGIN
        right = max(region["x1"] for region in regions) + MARGIN
        shown = np.ascontiguousarray(shown[top:bottom, left:right])
    return encode(shown), shown.shape[1], shown.shape[0]


def _outlined(frame: NDArray[np.uint8], picture: dict[str, Any]) -> NDArray[np.uint8]:
    drawn = np.ascontiguousarray(np.repeat(frame[:, :, None], 3, axis=2))
    cv2.polylines(
        drawn, _corners(picture), isClosed=True, color=OUTLINE_BGR, thickness=2, lineType=cv2.LINE_AA
    )
    return drawn


def _corners(picture: dict[str, Any]) -> list[NDArray[np.int32]]:
    return [np.rint(np.asarray(points)).astype(np.int32) for points in picture["outline"]["polygons"]]

"""Frames as PNG: read as a byte range of the stored file, encoded once, kept as long as there is room."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.dicom import Box, UltrasoundRegion, to_network_input
from ml.spec import HepaStageError
from webapp.imaging import storage
from webapp.imaging.models import Image
from webapp.imaging.storage import Room

Grey = NDArray[np.uint8]
PNG_LEVEL = 1  # of a 600×800 frame: 146 kB; level 6 saves 5 % in twice the time


class NoSuchFrame(HepaStageError):
    """A frame number beyond the end of the clip."""

    code = "no-such-frame"
    remedy = "Frames count from 0."
    http_status = 404


def stored_frame(image: Image, index: int) -> Grey:
    """Frame ``index`` of the de-identified file, uint8 (rows, columns).

    Our own files end with the uncompressed frames (:mod:`webapp.imaging.preparation`), so a frame of a
    long clip costs one read at an offset and no parsing.
    """
    if not 0 <= index < image.frame_count:
        raise NoSuchFrame(f"There is no frame {index}; this image has {image.frame_count}.")
    size = image.rows * image.columns
    total = size * image.frame_count
    path = storage.existing(Room.IMAGES, image.sha256)
    start = path.stat().st_size - (total + total % 2)
    data = storage.read_at(path, start + index * size if start >= 0 else -1, size)
    return np.frombuffer(data, np.uint8).reshape(image.rows, image.columns)


def rendered(image: Image, index: int) -> bytes:
    """A frame as lossless PNG, from the cache or into it."""
    return rendered_file(image, index).read_bytes()


def rendered_file(image: Image, index: int) -> Path:
    """Where a frame lies as lossless PNG; it is made where it was not."""
    path = storage.cached(Room.RENDERED, f"{image.sha256}-{index}.png")
    if not path.is_file():
        storage.keep(path, encode(stored_frame(image, index)))
    return path


def region_of(image: Image) -> Box:
    """The ultrasound region that networks look at, as ``ml.dicom.crop_to_region`` chooses it."""
    regions = [UltrasoundRegion(**region) for region in image.regions]
    if not regions:
        return Box(0, 0, image.columns, image.rows, "frame")
    largest = min(regions, key=lambda region: (-region.area, region.x0, region.y0))
    return Box(largest.x0, largest.y0, min(largest.x1, image.columns), min(largest.y1, image.rows), "region")


def network_input(image: Image, index: int) -> bytes:
    """What a network sees of a frame (256×256), as PNG.

    The representative frames are those that were stored at ingest; any other is made the same way.
    """
    if index in image.analysis_frames:
        pictures = storage.load_array(Room.ANALYSIS, image.analysis_sha256)
        return encode(np.asarray(pictures[image.analysis_frames.index(index)]))
    frame = stored_frame(image, index)
    return encode(to_network_input(region_of(image).cut(frame)))


def encode(picture: Grey) -> bytes:
    """Grey PNG, lossless."""
    done, data = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, PNG_LEVEL])
    if not done:
        raise ValueError("the picture cannot be encoded")
    return data.tobytes()

"""Cropping a dataset to the liver. The segmenters are a floor further up, which says so when Django starts.

A freeze names its segmenter when it is asked for, so that its job crops with that one whatever is
activated meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from ml.spec import HepaStageError
from ml.spec.crop import Crop
from webapp.imaging.models import Image
from webapp.imaging.rendering import region_of, stored_frame

if TYPE_CHECKING:
    from ml.cohort.prepare import Cropper

OUTLINES = "outlines.npy"


class CropUnavailable(HepaStageError):
    """Nothing in this installation finds livers."""

    code = "no-segmenter"
    remedy = "Train a segmenter on the page Segmenters and activate it, or freeze the ultrasound region."
    http_status = 409


class Source(Protocol):
    """Where croppers come from."""

    def active_crop(self) -> Crop:
        """Of the segmenter in use; raises where there is none."""

    def cropper(self, crop: Crop) -> Cropper:
        """What cuts out this very crop."""


_sources: list[Source] = []


def register(source: Source) -> None:
    """Called once, by the app that has the segmenters."""
    _sources[:] = [source]


def source() -> Source:
    if not _sources:
        raise CropUnavailable("This installation has no segmenters.")
    return _sources[0]


def liver_frames(
    image: Image, cropper: Cropper, masks: BinaryIO
) -> Iterator[tuple[NDArray[np.uint8], str, str]]:
    """Picture, crop and box of each representative frame of an image; the masks go to ``masks``, one each."""
    region = region_of(image)
    for frame in image.analysis_frames:
        cropped = cropper(stored_frame(image, frame), region)
        mask = np.zeros_like(cropped.picture) if cropped.mask is None else cropped.mask
        masks.write(np.ascontiguousarray(mask).tobytes())
        box = cropped.box
        kind = "liver" if cropped.mask is not None else "region"
        yield cropped.picture, kind, f"{box.x0} {box.y0} {box.x1} {box.y1}"


def save_masks(raw: Path, target: Path, size: int) -> None:
    """Masks written one after the other (``size`` × ``size`` bytes each) as an npy file."""
    count = raw.stat().st_size // size**2
    np.save(target, np.memmap(raw, np.uint8, "r", shape=(count, size, size)), allow_pickle=False)
    raw.unlink()

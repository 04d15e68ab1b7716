"""How images are looked at before they are staged or frozen: cropped as a model was trained to see them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ml.spec import Band
from ml.spec.crop import Crop
from webapp.imaging.models import Image
from webapp.imaging.rendering import region_of, stored_frame
from webapp.imaging.services import analysis_frames
from webapp.reading.provenance import Proposed
from webapp.segmentation import services
from webapp.segmentation.errors import NoSegmenter, SegmenterGone
from webapp.segmentation.models import OutlineProposal, Segmenter
from webapp.training.models import ModelVersion

if TYPE_CHECKING:
    from ml.models import Model
    from ml.protocols.stage import Look
    from ml.segmentation import LiverCropper


class Segmenters:
    """What ``webapp.datasets.cropping`` asks."""

    def active_crop(self) -> Crop:
        """The liver, as the active segmenter finds it."""
        active = services.active()
        if active is None:
            raise NoSegmenter("No segmenter is active.")
        return Crop(kind="liver", segmenter=active.sha256)

    def cropper(self, crop: Crop) -> LiverCropper:
        """The very segmenter of a crop, and its margin."""
        from dataclasses import replace

        from webapp.segmentation.warm import warm_cropper

        return replace(warm_cropper(segmenter_of(crop)), margin=crop.margin)


def proposed(proposal: uuid.UUID, image: uuid.UUID, frame: int) -> Proposed | None:
    """What ``webapp.reading.provenance`` asks: an answered proposal of this frame, and whose it is."""
    asked = OutlineProposal.objects.filter(pk=proposal, image=image, frame=frame, polygons__isnull=False)
    found = asked.select_related("segmenter").first()
    if found is None:
        return None
    by = found.segmenter
    return {
        "polygons": found.polygons or [],
        "name": by.name,
        "version": by.sha256,
        "segmenter": str(by.pk),
    }


def segmenter_of(crop: Crop) -> Segmenter:
    """The registered segmenter of these weights, active or not."""
    found = Segmenter.objects.filter(sha256=crop.segmenter).first() if crop.segmenter else None
    if found is None:
        raise SegmenterGone(f"The segmenter {crop.segmenter[:12]} is not registered here.")
    return found


def require_segmenter(version: ModelVersion) -> None:
    """Raise where a model was trained on livers that no segmenter here can find."""
    text = (version.folder / "model.json").read_text("utf-8")
    crop = Crop.model_validate(json.loads(text).get("crop", {}))
    if crop.kind == "liver":
        segmenter_of(crop)


def looks_of(model: Model, images: Iterable[Image]) -> list[Look]:
    """The representative frames of these images as the model sees them, in order.

    For a model of the liver its own segmenter cuts; for one of the region the active segmenter, if there
    is one, only says whether there is a liver.
    """
    from ml.protocols.stage import Look, look_at
    from webapp.segmentation.warm import warm_cropper

    crop = model.info.crop
    cropper: LiverCropper | None
    if crop.kind == "liver":
        cropper = Segmenters().cropper(crop)
    else:
        active = services.active()
        cropper = warm_cropper(active) if active is not None else None
    looks: list[Look] = []
    for image in images:
        if not image.band:
            continue
        name, band, region = str(image.pk), Band(image.band), region_of(image)
        if cropper is None:
            shown = zip(image.analysis_frames, analysis_frames(image), strict=True)
            looks += [Look(picture, name, frame, band, region) for frame, picture in shown]
            continue
        looks += [
            look_at(
                model, stored_frame(image, frame), region, image=name, index=frame, band=band, cropper=cropper
            )
            for frame in image.analysis_frames
        ]
    return looks

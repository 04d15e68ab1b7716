"""Images and pairs: what changes them, and what upper rooms may ask for.

The way in is :func:`webapp.imaging.ingest.ingest_file`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from ml.spec import Band, HepaStageError
from webapp.audit import services as audit
from webapp.imaging import storage
from webapp.imaging.ingest import Announced, already_received, ingest_file, ingest_instance, start_upload
from webapp.imaging.models import BandSource, Image
from webapp.imaging.pairing import refresh_exam
from webapp.imaging.storage import Room
from webapp.patients.models import Exam

if TYPE_CHECKING:
    from webapp.accounts.models import User

__all__ = [
    "Announced",
    "BandRefused",
    "already_received",
    "exam_network_inputs",
    "ingest_file",
    "ingest_instance",
    "network_inputs",
    "refresh_exam",
    "set_band",
    "start_upload",
]

Picture = NDArray[np.uint8]


class BandRefused(HepaStageError):
    """A band that does not exist."""

    code = "band-refused"
    remedy = "Choose HF or LF."


@transaction.atomic
def set_band(*, image: Image, band: str, actor: User | None, request: Any = None) -> Image:
    """Say by hand which probe made an image. The pair of the exam follows."""
    if band not in {known.value for known in Band}:
        raise BandRefused(f"{band[:20]!r} is not a frequency band.")
    exam = Exam.objects.select_for_update(of=("self",)).select_related("patient__site").get(pk=image.exam_id)
    before = {"band": image.band, "source": image.band_source}
    image.band, image.band_source = band, BandSource.MANUAL
    image.save(update_fields=["band", "band_source"])
    refresh_exam(exam=exam)
    audit.record(
        actor=actor,
        action="image.band-set",
        object=image,
        site=exam.patient.site,
        request=request,
        detail={"before": before, "band": band, "confidence": image.band_confidence},
    )
    return image


def network_inputs(images: Iterable[Image]) -> tuple[list[Picture], list[Picture]]:
    """What networks see of these images: uint8 (256, 256) pictures of HF and of LF, in order."""
    pictures: dict[str, list[Picture]] = {band.value: [] for band in Band}
    for image in images:
        if image.band:
            pictures[image.band].extend(np.asarray(frame) for frame in analysis_frames(image))
    return pictures[Band.HF], pictures[Band.LF]


def exam_network_inputs(exam: Exam) -> tuple[list[Picture], list[Picture]]:
    """HF and LF pictures of every usable image of an exam, oldest image first."""
    return network_inputs(Image.objects.usable().filter(exam=exam).order_by("created_at", "id"))


def analysis_frames(image: Image) -> Picture:
    """The representative frames of an image, uint8 (k, 256, 256), mapped from storage."""
    return storage.load_array(Room.ANALYSIS, image.analysis_sha256)

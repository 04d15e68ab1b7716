"""Asking a model about an exam, and keeping what it answered.

torch is imported where a model is run and not before: the web server, which imports this module too,
starts in a fraction of the time and memory without it.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ml.spec import Band, HepaStageError, TrainSpec
from webapp.audit import services as audit
from webapp.imaging.models import Image, ImagePair
from webapp.jobs import services as jobs
from webapp.patients.models import Exam
from webapp.segmentation.looking import require_segmenter
from webapp.staging.models import Staging
from webapp.training.models import ModelVersion
from webapp.training.services import champion

if TYPE_CHECKING:
    from webapp.accounts.models import User
    from webapp.jobs.handle import JobHandle


class NoChampion(HepaStageError):
    """Nobody has promoted a model yet."""

    code = "no-champion-model"
    remedy = "Train a model and promote it to champion, or name the model to use."
    http_status = 409


class NothingToStage(HepaStageError):
    """The exam has no usable image."""

    code = "no-images"
    remedy = "Upload an HF and an LF image of the exam."
    http_status = 409


class NotReleased(HepaStageError):
    """The exam has images, but none that may be used."""

    code = "not-released"
    remedy = "Ask an administrator to release the images after looking at them."
    http_status = 409


class BandUnknown(HepaStageError):
    """No image of the exam is known to be HF or LF."""

    code = "band-unknown"
    remedy = "Set the band of the images by hand."
    http_status = 409


class BandMissing(HepaStageError):
    """The model cannot answer from the bands that are there."""

    code = "band-missing"
    remedy = "Add an image of the missing band, or use a model that answers from one band."
    http_status = 409


@transaction.atomic
def request_staging(
    *,
    exam: Exam,
    actor: User | None,
    pair: ImagePair | None = None,
    model: ModelVersion | None = None,
    request: Any = None,
) -> Staging:
    """Queue a staging of all usable images of an exam, or of one pair; the champion answers by default.

    Whatever would make the worker refuse is refused here, where somebody is waiting for it.
    """
    model = model or champion()
    if model is None:
        raise NoChampion("No model has been promoted to stage patients.")
    images = [pair.hf, pair.lf] if pair is not None else list(Image.objects.filter(exam=exam))
    images = _stageable(images, model)
    require_segmenter(model)
    patient = exam.patient
    staging = Staging(
        exam=exam, pair=pair, model=model, images=[str(image.pk) for image in images], created_by=actor
    )
    staging.job = jobs.enqueue(
        kind="staging.stage",
        title=f"Stage {patient.pseudonym}",
        payload={"staging": str(staging.pk)},
        created_by=actor,
        sites=[patient.site],
        idempotency_key=str(staging.pk),
    )
    staging.save(force_insert=True)
    audit.record(
        actor=actor,
        action="staging.requested",
        object=staging,
        site=patient.site,
        request=request,
        detail={"exam": exam.pk, "model": model.pk, "images": staging.images},
    )
    return staging


def run_staging(job: JobHandle) -> None:
    """The job's work: load the pictures, ask the model, write the answer while the job is still ours."""
    from ml.protocols.stage import stage_looks
    from webapp.segmentation.looking import looks_of
    from webapp.staging.warm import warm_model

    staging = Staging.objects.select_related("model", "exam").get(pk=job.payload["staging"])
    if staging.result is not None:
        return
    by_id = {str(image.pk): image for image in Image.objects.usable().filter(pk__in=staging.images)}
    images = [by_id[key] for key in staging.images if key in by_id]
    version = staging.model
    model = warm_model(version.folder, version.sha256)
    looks = looks_of(model, images)
    job.check()
    began = time.perf_counter()
    answer = stage_looks(model, looks)
    seconds = time.perf_counter() - began
    result = answer.model_dump(mode="json")
    result["model"] |= {"id": str(version.pk), "name": version.name}
    with job.fenced():
        Staging.objects.filter(pk=staging.pk, result__isnull=True).update(result=result, seconds=seconds)
        audit.record(
            actor=job.created_by,
            action="staging.answered",
            object=staging,
            site=job.site,
            detail={"stage": answer.stage, "model": version.pk, "sha256": version.sha256},
        )


def _stageable(images: list[Image], model: ModelVersion) -> list[Image]:
    """The images that the model would look at; raise where it could not answer from them."""
    if not images:
        raise NothingToStage("This exam has no images.")
    released = [image for image in images if image.released]
    if not released:
        raise NotReleased("No image of this exam is released.")
    known = sorted(
        (image for image in released if image.band), key=lambda image: (image.created_at, image.pk)
    )
    if not known:
        raise BandUnknown("No image of this exam is known to be HF or LF.")
    bands = {Band(image.band) for image in known}
    if not _answers_from(model, bands):
        there = " and ".join(sorted(bands))
        raise BandMissing(f"{model.name} cannot answer from {there} images alone.")
    return known


def _answers_from(model: ModelVersion, bands: set[Band]) -> bool:
    """As ``ml.models.Model.network_for``, from the model's description instead of its weights."""
    info = json.loads((model.folder / "model.json").read_text("utf-8"))
    if set(TrainSpec.stored(info["spec"]).bands) <= bands:
        return True
    return any(band.lower() in info["networks"] for band in bands)

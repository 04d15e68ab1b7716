"""What is done with segmenters: train, cancel, resume, activate; and asking the active one for an outline."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from ml.spec import SegmenterSpec
from webapp.audit import services as audit
from webapp.bucket.kept import keep_folder
from webapp.imaging.models import Image
from webapp.imaging.rendering import NoSuchFrame
from webapp.jobs import services as jobs
from webapp.jobs.models import JobState
from webapp.segmentation import material
from webapp.segmentation.errors import ActivationContested, MaterialRefused, NoSegmenter, NotTrained
from webapp.segmentation.models import OutlineProposal, Segmenter
from webapp.training.registry import verify_model

if TYPE_CHECKING:
    from webapp.accounts.models import Site, User


def train(
    *,
    name: str,
    sites: Iterable[Site],
    options: SegmenterSpec,
    actor: User | None,
    archive: UploadedFile | None = None,
    outlines: bool = False,
    request: Any = None,
) -> Segmenter:
    """Queue the training of a segmenter from an archive of labelme files, drawn outlines, or both.

    What can be judged without decoding a picture is refused here; pictures of strangers are decoded in
    the training's own process.
    """
    chosen = list(sites)
    if archive is None and not outlines:
        raise MaterialRefused("There is nothing to train from.")
    if archive is None and (count := material.final_outlines(chosen).count()) < material.FEWEST:
        raise MaterialRefused(
            f"Only {count} final outlines are drawn at your sites; {material.FEWEST} are needed.",
            code="segmenter-too-few-outlines",
            remedy="Draw more outlines and make them final, or send an archive of outlined images.",
        )
    segmenter = Segmenter(name=name, options=options.model_dump(), created_by=actor)
    segmenter.folder.mkdir(parents=True, exist_ok=True)
    try:
        digest = _keep_archive(archive, segmenter.folder / material.ARCHIVE) if archive is not None else ""
        segmenter.material = {"archive": digest, "outlines": outlines}
        if digest:
            keep_folder(f"{segmenter.relative}/archive", segmenter.folder)
        return _enqueue(segmenter, chosen, actor, request)
    except BaseException:
        shutil.rmtree(segmenter.folder, ignore_errors=True)
        raise


@transaction.atomic
def _enqueue(segmenter: Segmenter, sites: list[Site], actor: User | None, request: Any) -> Segmenter:
    segmenter.job = jobs.enqueue(
        kind="segmentation.train",
        title=f"Train segmenter {segmenter.name}",
        payload={"segmenter": str(segmenter.pk)},
        created_by=actor,
        sites=sites,
        idempotency_key=str(segmenter.pk),
    )
    segmenter.save(force_insert=True)
    segmenter.sites.set(sites)
    audit.record(
        actor=actor,
        action="segmenter.launched",
        object=segmenter,
        request=request,
        detail={
            "name": segmenter.name,
            "material": segmenter.material,
            "options": segmenter.options,
            "sites": [site.code for site in sites],
        },
    )
    return segmenter


def _keep_archive(archive: UploadedFile, target: Path) -> str:
    """Write the upload to disk, look at its directory, return its SHA-256."""
    digest = hashlib.sha256()
    with target.open("wb") as sink:
        for chunk in archive.chunks():
            digest.update(chunk)
            sink.write(chunk)
        sink.flush()
        os.fsync(sink.fileno())
    material.check_archive(target)
    return digest.hexdigest()


@transaction.atomic
def cancel(*, segmenter: Segmenter, actor: User | None, request: Any = None) -> Segmenter:
    """Stop a training; its last checkpoint stays, so that it can be resumed."""
    segmenter.job = jobs.request_cancel(job=segmenter.job, actor=actor)
    audit.record(actor=actor, action="segmenter.cancelled", object=segmenter, request=request)
    return segmenter


@transaction.atomic
def resume(*, segmenter: Segmenter, actor: User | None, request: Any = None) -> Segmenter:
    """Queue a failed or cancelled training again."""
    segmenter.job = jobs.retry(job=segmenter.job, actor=actor)
    audit.record(actor=actor, action="segmenter.resumed", object=segmenter, request=request)
    return segmenter


def active() -> Segmenter | None:
    """The segmenter that proposes and crops, or None before the first activation."""
    return Segmenter.objects.filter(active=True).first()


@transaction.atomic
def activate(*, segmenter: Segmenter, actor: User | None, request: Any = None) -> Segmenter:
    """Make a trained segmenter, whose files are as registered, the active one."""
    if not segmenter.sha256:
        raise NotTrained(f"{segmenter.name} has not been trained.")
    verify_model(segmenter.model_folder, segmenter.digest)
    before = Segmenter.objects.select_for_update().filter(active=True).first()
    if before is not None and before.pk == segmenter.pk:
        return segmenter
    Segmenter.objects.filter(active=True).update(active=False)
    try:
        with transaction.atomic():
            Segmenter.objects.filter(pk=segmenter.pk).update(
                active=True, activated_by=actor, activated_at=timezone.now()
            )
    except IntegrityError as error:
        raise ActivationContested("Somebody else has just activated a segmenter.") from error
    segmenter.refresh_from_db()
    audit.record(
        actor=actor,
        action="segmenter.activated",
        object=segmenter,
        request=request,
        detail={"before": before.pk if before is not None else None, "sha256": segmenter.sha256},
    )
    return segmenter


@transaction.atomic
def deactivate(*, segmenter: Segmenter, actor: User | None, request: Any = None) -> Segmenter:
    """No segmenter proposes or crops from now on; models keep the one that they were trained with."""
    if Segmenter.objects.filter(pk=segmenter.pk, active=True).update(active=False):
        audit.record(actor=actor, action="segmenter.deactivated", object=segmenter, request=request)
    segmenter.refresh_from_db()
    return segmenter


def request_proposal(*, image: Image, frame: int, actor: User | None, request: Any = None) -> OutlineProposal:
    """What the active segmenter says of a frame: as it is known, or asked for by a job.

    A question whose job failed or was cancelled is asked again.
    """
    segmenter = active()
    if segmenter is None:
        raise NoSegmenter("No segmenter is active.")
    if not 0 <= frame < image.frame_count:
        raise NoSuchFrame(f"There is no frame {frame}; this image has {image.frame_count}.")
    known = OutlineProposal.objects.select_related("job", "segmenter")
    asked = {"image": image, "frame": frame, "segmenter": segmenter}
    found = known.filter(**asked).first()
    if found is None:
        try:
            return _ask(OutlineProposal(created_by=actor, **asked), actor, request)
        except IntegrityError:  # somebody else asked the same at the same moment
            found = known.get(**asked)
    if found.state in {JobState.FAILED, JobState.CANCELLED}:
        found.job = jobs.retry(job=found.job, actor=None)
    return found


@transaction.atomic
def _ask(proposal: OutlineProposal, actor: User | None, request: Any) -> OutlineProposal:
    site = proposal.image.exam.patient.site
    proposal.job = jobs.enqueue(
        kind="segmentation.propose",
        title=f"Propose an outline, {proposal.image.exam.patient.pseudonym}",
        payload={"proposal": str(proposal.pk)},
        created_by=actor,
        sites=[site],
        idempotency_key=str(proposal.pk),
    )
    proposal.save(force_insert=True)
    audit.record(
        actor=actor,
        action="outline.proposal-asked",
        object=proposal.image,
        site=site,
        request=request,
        detail={"frame": proposal.frame, "segmenter": proposal.segmenter_id},
    )
    return proposal

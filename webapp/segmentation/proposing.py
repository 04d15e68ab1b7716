"""The work of a proposal's job, done by a warm segmenter in the region of a frame."""

from __future__ import annotations

from ml.segmentation import apply_segmenter, liver_outline
from webapp.imaging.rendering import region_of, stored_frame
from webapp.jobs.handle import JobHandle
from webapp.segmentation.models import OutlineProposal
from webapp.segmentation.warm import warm_cropper


def propose_outline(job: JobHandle) -> None:
    """Outline the liver in the frame of the job's proposal; what is answered already stays."""
    proposal = OutlineProposal.objects.select_related("image", "segmenter").get(pk=job.payload["proposal"])
    if proposal.polygons is not None:
        return
    region = region_of(proposal.image)
    inside = region.cut(stored_frame(proposal.image, proposal.frame))
    mask = apply_segmenter(warm_cropper(proposal.segmenter).segmenter, inside)
    polygons = liver_outline(mask) if mask is not None else []
    placed = [[[x + region.x0, y + region.y0] for x, y in polygon] for polygon in polygons]
    with job.fenced():
        OutlineProposal.objects.filter(pk=proposal.pk, polygons__isnull=True).update(polygons=placed)

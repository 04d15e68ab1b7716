"""Which HF and LF image of an exam stand beside each other, and what the exam's row says of its images."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from ml.spec import Band
from webapp.imaging.models import Image, ImagePair
from webapp.patients.models import Exam


def locked_image(pk: UUID) -> Image:
    """An image with its exam, both ours until the transaction ends; the exam first, as everybody does it."""
    exam = Exam.objects.select_for_update(of=("self",)).get(images=pk)
    image = Image.objects.select_for_update().get(pk=pk)
    image.exam = exam
    return image


@transaction.atomic
def refresh_exam(*, exam: Exam) -> ImagePair | None:
    """Bring the exam's counts and its pair in line with its usable images; return the pair.

    The exam's row is locked first: whoever counts behind somebody else sees the images of both. Who locks
    images, too, locks their exam before (:func:`locked_image`).

    The pair is the first image of each band. A pair whose two images still are of their bands is kept
    when further images arrive, so that what somebody looked at does not change under them.
    """
    Exam.objects.select_for_update().get(pk=exam.pk)
    images = list(Image.objects.usable().filter(exam=exam).order_by("created_at", "id"))
    of_band = {band: [image for image in images if image.band == band] for band in Band}
    exam.image_count = len(images)
    exam.hf_count, exam.lf_count = len(of_band[Band.HF]), len(of_band[Band.LF])
    exam.save(update_fields=["image_count", "hf_count", "lf_count"])
    pair = ImagePair.objects.filter(exam=exam).first()
    if pair is not None:
        if pair.hf in of_band[Band.HF] and pair.lf in of_band[Band.LF]:
            return pair
        pair.delete()
    if not (of_band[Band.HF] and of_band[Band.LF]):
        return None
    return ImagePair.objects.create(exam=exam, hf=of_band[Band.HF][0], lf=of_band[Band.LF][0])

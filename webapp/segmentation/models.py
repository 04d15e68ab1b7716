"""Segmenters (what finds the liver in a frame), and what they propose to annotators.

A segmenter has no state of its own: its job's state is its state. At most one is active: it makes the
proposals and crops what is frozen or staged from now on; a model keeps the one that it was trained with.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.accounts.models import Site
from webapp.bucket.kept import kept_folder
from webapp.jobs.models import Job

if TYPE_CHECKING:
    from webapp.accounts.models import User


class SegmenterQuerySet(models.QuerySet["Segmenter"]):
    def visible_to(self, user: User) -> SegmenterQuerySet:
        """Segmenters all of whose sites are the user's: its examples show their pictures."""
        if user.is_administrator:
            return self
        foreign = self.model.sites.through.objects.filter(segmenter_id=models.OuterRef("pk")).exclude(
            site_id__in=user.site_ids()
        )
        return self.exclude(models.Exists(foreign))

    def with_rows(self) -> SegmenterQuerySet:
        """Everything that a list shows, in a fixed number of queries."""
        jobs = models.Prefetch("job", Job.objects.with_queue_position())
        return self.select_related("created_by", "activated_by").prefetch_related(jobs, "sites")


class Segmenter(models.Model):
    """One training of the outline network, and the model that came out of it once it has succeeded.

    ``metrics`` are of outlined images that it had not seen: ``{name: {value, low, high}}``. ``sites`` are
    those whose images may be among its outlines.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    options = models.JSONField(default=dict)  # epochs, seed, examples: what `ml segment train` is given
    material = models.JSONField(default=dict)  # {"archive": sha256 or "", "outlines": whether drawn ones}
    sites = models.ManyToManyField(Site, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    record = models.JSONField(default=dict, blank=True)
    metrics = models.JSONField(default=dict, blank=True)
    path = models.CharField(max_length=200, blank=True, default="")  # relative to settings.WORK_DIR
    digest = models.CharField(max_length=64, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="", db_index=True)  # of the weights
    card = models.TextField(blank=True, default="")
    simulated = models.BooleanField(default=False)
    example_count = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=False)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    activated_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SegmenterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="segmenter_one_active"),
            models.CheckConstraint(
                condition=Q(active=False) | ~Q(sha256=""), name="segmenter_active_is_trained"
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="segmenter_newest_first")]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """The archive, the outlines as the training reads them, the lock, ``work/``, ``examples/``."""
        return Path(settings.WORK_DIR) / self.relative

    @property
    def relative(self) -> str:
        """Its folder below ``WORK_DIR``."""
        return f"segmenters/{self.pk}"

    @property
    def model_folder(self) -> Path:
        """What ``ml.segmentation.load_segmenter`` reads; fetched first where only the bucket has it."""
        return kept_folder(self.path)

    @property
    def state(self) -> str:
        return self.job.state


class OutlineProposal(models.Model):
    """What one segmenter says of one frame; asked once, then known.

    ``polygons`` are in pixels of the stored frame, x right, y down; null until answered, empty where
    there is no liver.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    image = models.ForeignKey("imaging.Image", on_delete=models.CASCADE, related_name="+")
    frame = models.PositiveIntegerField()
    segmenter = models.ForeignKey(Segmenter, on_delete=models.PROTECT, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    polygons = models.JSONField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["image", "frame", "segmenter"], name="proposal_once"),
        ]

    def __str__(self) -> str:
        return f"proposal for {self.image_id} frame {self.frame}"

    @property
    def liver_found(self) -> bool | None:
        return None if self.polygons is None else bool(self.polygons)

    @property
    def dice_expected(self) -> float | None:
        """Mean Dice of the segmenter on outlines that it had not seen."""
        metric = self.segmenter.metrics.get("dice") or {}
        return metric.get("value")

    @property
    def state(self) -> str:
        return self.job.state

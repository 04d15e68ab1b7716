"""Frozen dataset versions: which patients, which stage, which part of the split, under which hash.

A version is built once and never changes afterwards. The services refuse first; the triggers of
:mod:`webapp.datasets.immutability` refuse again in the database, for whoever goes round them.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from ml.spec import Split, Stage
from webapp.bucket.kept import kept_folder

if TYPE_CHECKING:
    from webapp.accounts.models import User

SPLIT_CHOICES = [(split.value, split.value) for split in Split]
STAGE_CHOICES = [(int(stage), stage.label) for stage in Stage]


class DatasetState(models.TextChoices):
    """``building`` until its files are safe; ``frozen`` for ever; ``failed`` may be built again."""

    BUILDING = "building"
    FROZEN = "frozen"
    FAILED = "failed"


class DatasetQuerySet(models.QuerySet["DatasetVersion"]):
    def visible_to(self, user: User) -> DatasetQuerySet:
        """Versions all of whose sites are the user's: one foreign patient hides the whole version."""
        if user.is_administrator:
            return self
        foreign = self.model.sites.through.objects.filter(datasetversion_id=models.OuterRef("pk")).exclude(
            site_id__in=user.site_ids()
        )
        return self.exclude(models.Exists(foreign))

    def with_rows(self) -> DatasetQuerySet:
        """Everything that a list shows, in a fixed number of queries."""
        return self.select_related("created_by", "job").prefetch_related("sites")


class DatasetVersion(models.Model):
    """One version of a named dataset. ``hash`` is :attr:`ml.cohort.Cohort.dataset_hash` of its files."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    note = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=DatasetState.choices, default=DatasetState.BUILDING)
    failure = models.JSONField(null=True, blank=True)
    hash = models.CharField(max_length=64, blank=True, default="")
    split_seed = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    path = models.CharField(max_length=200, blank=True, default="")  # relative to settings.WORK_DIR
    simulated = models.BooleanField(default=False)
    sites = models.ManyToManyField("accounts.Site", related_name="+")
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="dataset_name_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="dataset_version_from_one"),
            models.CheckConstraint(
                condition=~models.Q(state="frozen")
                | (models.Q(frozen_at__isnull=False) & ~models.Q(hash="") & ~models.Q(path="")),
                name="dataset_frozen_has_files",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="dataset_newest_first")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def folder(self) -> Path:
        """Where its cache folder lies, fetched first where only the bucket has it; meaningful once frozen."""
        return kept_folder(self.path, self.hash)


class DatasetMember(models.Model):
    """A patient of a version, with the stage and the part of the split that were frozen."""

    dataset = models.ForeignKey(DatasetVersion, on_delete=models.CASCADE, related_name="members")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    pseudonym = models.CharField(max_length=64)
    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="+")
    stage = models.PositiveSmallIntegerField(choices=STAGE_CHOICES)
    split = models.CharField(max_length=10, choices=SPLIT_CHOICES)
    hf_images = models.PositiveIntegerField()
    lf_images = models.PositiveIntegerField()

    class Meta:
        ordering = ["pseudonym", "id"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "patient"], name="dataset_patient_once"),
            models.CheckConstraint(condition=models.Q(stage__lte=4), name="dataset_member_stage_s0_s4"),
        ]
        indexes = [models.Index(fields=["dataset", "split", "stage"], name="dataset_member_cells")]

    def __str__(self) -> str:
        return f"{self.pseudonym} in {self.dataset_id}"

"""How far the demonstration hospital has come; what checks of the storage found."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from webapp.datasets.models import DatasetState
from webapp.jobs.models import JobState


class Phase(models.TextChoices):
    """In this order; ``failed`` names the job that did not end well."""

    IMPORTING = "importing"
    FREEZING = "freezing"
    TRAINING = "training"
    READY = "ready"
    FAILED = "failed"


class Demonstration(models.Model):
    """The one row. ``imported`` lists the simulated patients that are in: a resumed job skips them."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    patients = models.PositiveIntegerField()
    imported = models.JSONField(default=list)
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.PROTECT, related_name="+")
    step = models.ForeignKey("jobs.Job", null=True, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(
        "datasets.DatasetVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    run = models.ForeignKey("training.Run", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="operations_one_demonstration")]

    def __str__(self) -> str:
        return f"demonstration of {self.patients} patients: {self.phase}"

    @property
    def current_job(self) -> Any:
        """The job that is at work, or was last; a failed step until it is repeated."""
        if self.step is not None and self.step.state == JobState.FAILED:
            return self.step
        if self.run is not None:
            return self.run.job
        if self.dataset is not None:
            return self.dataset.job
        return self.job

    @property
    def phase(self) -> Phase:
        job = self.current_job
        if job is not None and job.state in {JobState.FAILED, JobState.CANCELLED}:
            return Phase.FAILED
        if self.run is not None:
            return Phase.READY if job is not None and job.state == JobState.SUCCEEDED else Phase.TRAINING
        if self.dataset is not None:
            return Phase.TRAINING if self.dataset.state == DatasetState.FROZEN else Phase.FREEZING
        return Phase.FREEZING if job is not None and job.state == JobState.SUCCEEDED else Phase.IMPORTING


class StorageCheck(models.Model):
    """One comparison of rows and files. Its state is its job's; ``report`` is written when it has ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hashing = models.BooleanField(default=True)  # every byte was read
    repair = models.BooleanField(default=False)  # files without rows were moved to the trash
    report = models.JSONField(null=True, blank=True)  # webapp.operations.storage_check.Report
    job = models.OneToOneField("jobs.Job", on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="storage_check_newest_first")]

    def __str__(self) -> str:
        return f"storage check of {self.created_at}"

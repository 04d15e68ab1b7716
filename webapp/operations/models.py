"""How far the demonstration hospital has come."""

from __future__ import annotations

from typing import Any

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

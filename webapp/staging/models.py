"""Stagings: one model's answer about one exam, with everything needed to say where it came from.

A staging has no state of its own: its job's state is its state, so the two cannot disagree.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q


class StagingQuerySet(models.QuerySet["Staging"]):
    def with_rows(self) -> StagingQuerySet:
        """Everything that a list shows, in one query."""
        return self.select_related(
            "exam__patient__site", "pair", "model", "job", "job__created_by", "created_by"
        )


class Staging(models.Model):
    """A request to stage an exam (all its images) or one pair of it, and the answer.

    ``result`` is :class:`ml.protocols.StagingResult` with the registry's name for the model; it is
    written once, by the attempt that owns the job.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exam = models.ForeignKey("patients.Exam", on_delete=models.PROTECT, related_name="stagings")
    pair = models.ForeignKey(
        "imaging.ImagePair", null=True, blank=True, on_delete=models.SET_NULL, related_name="stagings"
    )
    images = models.JSONField(default=list)  # ids of the images that were asked about, in order
    model = models.ForeignKey("training.ModelVersion", on_delete=models.PROTECT, related_name="stagings")
    job = models.OneToOneField("jobs.Job", on_delete=models.PROTECT, related_name="+")
    result = models.JSONField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)  # of the prediction itself, without the queue
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StagingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(seconds__isnull=False), name="staging_answer_is_timed"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="staging_newest_first"),
            models.Index(fields=["exam", "-created_at"], name="staging_of_exam"),
        ]

    def __str__(self) -> str:
        return f"staging of {self.exam_id}"

    @property
    def state(self) -> str:
        return self.job.state

    @property
    def failure(self) -> dict[str, Any] | None:
        return self.job.failure

    @property
    def finished_at(self) -> datetime | None:
        return self.job.finished_at

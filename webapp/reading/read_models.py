"""Blinded reads of an exam: who is to read it, what each reader said, and how a disagreement was settled.

An exam has two readers of each kind at most. A read is locked the moment it is sent and never changed
(:mod:`webapp.reading.immutability`); who may see it when is in :mod:`webapp.reading.blinding`.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.patients.models import STAGE_CHOICES


class ReadKind(models.TextChoices):
    """Quality says whether an exam may be used at all (paper §2); stage is the reader's own S0–S4."""

    QUALITY = "quality"
    STAGE = "stage"


class Quality(models.TextChoices):
    ACCEPTABLE = "acceptable"
    LIMITED = "limited"
    UNACCEPTABLE = "unacceptable"


class QualityReason(models.TextChoices):
    """Why an image is less than acceptable: artefact and blur are the paper's (§2), the others the
    field's.
    """

    ARTEFACT = "artefact"
    BLUR = "blur"
    SHADOW = "shadow"
    GAIN = "gain"
    DEPTH = "depth"
    VIEW = "view"
    OTHER = "other"


class Settling(models.TextChoices):
    """How a disagreement was settled: by somebody else, or by the two together (paper §2)."""

    THIRD = "third"
    JOINT = "joint"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def standing(self) -> AssignmentQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def open(self) -> AssignmentQuerySet:
        """What somebody still has to read."""
        return self.standing().filter(done_at__isnull=True)


class Assignment(models.Model):
    """Somebody is to read an exam. ``slot`` is 1 or 2: the database refuses a third reader."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exam = models.ForeignKey("patients.Exam", on_delete=models.PROTECT, related_name="assignments")
    kind = models.CharField(max_length=8, choices=ReadKind.choices)
    slot = models.PositiveSmallIntegerField()
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="read_assignments"
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "kind", "reader"],
                name="assignment_once",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["exam", "kind", "slot"],
                name="assignment_two_readers",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(slot__in=[1, 2]), name="assignment_slot"),
            models.CheckConstraint(condition=Q(kind__in=ReadKind.values), name="assignment_kind"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(withdrawn_at__isnull=True), name="assignment_done_stays"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="assignment_newest_first"),
            models.Index(fields=["reader", "done_at", "withdrawn_at"], name="assignment_of_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.exam_id} by {self.reader_id}"


class Read(models.Model):
    """What one reader said about one exam, alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="+")
    exam = models.ForeignKey("patients.Exam", on_delete=models.PROTECT, related_name="%(class)ss")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True, default="")
    seconds = models.FloatField(
        null=True, blank=True
    )  # from the first picture to the answer, as the browser says
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-created_at"]


class QualityRead(Read):
    quality = models.CharField(max_length=12, choices=Quality.choices)
    reasons = models.JSONField(default=list, blank=True)  # of QualityReason

    class Meta(Read.Meta):
        constraints = [
            models.UniqueConstraint(fields=["exam", "reader"], name="quality_read_once"),
            models.CheckConstraint(condition=Q(quality__in=Quality.values), name="quality_read_quality"),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="quality_read_newest_first")]

    def __str__(self) -> str:
        return f"quality read of {self.exam_id}"


class StageRead(Read):
    stage = models.PositiveSmallIntegerField(
        choices=STAGE_CHOICES, null=True, blank=True
    )  # null: cannot tell

    class Meta(Read.Meta):
        constraints = [
            models.UniqueConstraint(fields=["exam", "reader"], name="stage_read_once"),
            models.CheckConstraint(
                condition=Q(stage__isnull=True) | Q(stage__lte=4), name="stage_read_s0_s4"
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="stage_read_newest_first")]

    def __str__(self) -> str:
        return f"stage read of {self.exam_id}"


class Adjudication(models.Model):
    """The consensus on an exam whose two readers disagreed, and who found it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exam = models.ForeignKey("patients.Exam", on_delete=models.PROTECT, related_name="adjudications")
    kind = models.CharField(max_length=8, choices=ReadKind.choices)
    quality = models.CharField(max_length=12, choices=Quality.choices, blank=True, default="")
    stage = models.PositiveSmallIntegerField(
        choices=STAGE_CHOICES, null=True, blank=True
    )  # null: cannot tell
    settling = models.CharField(max_length=8, choices=Settling.choices)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    participants = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    note = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "kind"], name="adjudication_once"),
            models.CheckConstraint(
                condition=(Q(kind=ReadKind.QUALITY, quality__in=Quality.values, stage__isnull=True))
                | Q(kind=ReadKind.STAGE, quality=""),
                name="adjudication_of_its_kind",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="adjudication_newest_first")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.exam_id} adjudicated"

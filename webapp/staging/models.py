"""Stagings, reviews and signed reports: a model's answer, what a clinician makes of it, what is signed.

A staging has no state of its own: its job's state is its state, so the two cannot disagree. A report
never changes: the services refuse first, the triggers of :mod:`webapp.staging.immutability` refuse
again in the database.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from ml.spec import Stage

if TYPE_CHECKING:
    from webapp.accounts.models import User

STAGE_CHOICES = [(int(stage), stage.label) for stage in Stage]


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


class Attention(models.Model):
    """Where the network looked, of one staging: computed by a job on demand, kept as a derived file.

    ``maps`` says of each map in the file which frame of which image it lies over; null until computed.
    """

    staging = models.OneToOneField(
        Staging, primary_key=True, on_delete=models.PROTECT, related_name="attention"
    )
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, related_name="+")
    asked = models.PositiveIntegerField(default=1)  # how often: after a failure, or when the file was cleared
    maps = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"attention of {self.staging_id}"


class Decision(models.TextChoices):
    """What a clinician makes of a model's answer."""

    AGREE = "agree"
    CHANGE = "change"
    CANNOT = "cannot-be-staged"


class Reason(models.TextChoices):
    """Why the stage was changed, or why there is none. The words are in the dictionaries of the app."""

    TEXTURE = "texture"
    CAPSULE = "capsule"
    VESSELS = "vessels"
    SHAPE = "shape"
    CLINICAL = "clinical-values"
    EARLIER = "earlier-exam"
    WRONG_REGION = "wrong-region"
    UNCERTAIN = "model-uncertain"
    QUALITY = "image-quality"
    NO_LIVER = "no-liver"
    BAND = "band-missing-or-wrong"
    OTHER_DISEASE = "other-liver-disease"
    UNLIKE = "unlike-training-data"
    OTHER = "other"


CHANGE_REASONS = (
    Reason.TEXTURE,
    Reason.CAPSULE,
    Reason.VESSELS,
    Reason.SHAPE,
    Reason.CLINICAL,
    Reason.EARLIER,
    Reason.WRONG_REGION,
    Reason.UNCERTAIN,
    Reason.OTHER,
)
CANNOT_REASONS = (
    Reason.QUALITY,
    Reason.NO_LIVER,
    Reason.BAND,
    Reason.OTHER_DISEASE,
    Reason.UNLIKE,
    Reason.UNCERTAIN,
    Reason.OTHER,
)


class ReviewQuerySet(models.QuerySet["Review"]):
    def drafts(self) -> ReviewQuerySet:
        return self.filter(signed_at__isnull=True)

    def of(self, user: User) -> ReviewQuerySet:
        """A draft belongs to whoever writes it; nobody else sees it."""
        return self.filter(reviewer=user)


class Review(models.Model):
    """A clinician's judgement of one staging: a draft until it is signed, then kept with its report.

    ``revision`` counts the saves, so that a second tab cannot overwrite what the first one wrote.
    ``amends`` is the report that signing will supersede.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staging = models.ForeignKey(Staging, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=20, choices=Decision.choices)
    stage = models.PositiveSmallIntegerField(choices=STAGE_CHOICES, null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True, default="", max_length=4000)
    amends = models.ForeignKey(
        "staging.Report", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    amendment_reason = models.TextField(blank=True, default="", max_length=1000)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="review_decision_known"),
            models.CheckConstraint(
                condition=Q(decision=Decision.CANNOT, stage__isnull=True)
                | (~Q(decision=Decision.CANNOT) & Q(stage__lte=int(Stage.S4))),
                name="review_stage_unless_cannot",
            ),
            models.CheckConstraint(
                condition=Q(amends__isnull=True) | ~Q(amendment_reason=""), name="review_amends_with_reason"
            ),
            models.UniqueConstraint(
                fields=["staging", "reviewer"],
                condition=Q(signed_at__isnull=True),
                name="review_one_draft_each",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="review_newest_first")]

    def __str__(self) -> str:
        return f"{self.decision} of {self.staging_id}"


class ReportQuerySet(models.QuerySet["Report"]):
    def current(self) -> ReportQuerySet:
        """Reports that no later version has superseded."""
        return self.filter(~Exists(Report.objects.filter(predecessor=OuterRef("pk"))))

    def with_rows(self) -> ReportQuerySet:
        return self.select_related("exam__patient__site", "signed_by", "successor")


class Report(models.Model):
    """A signed report: one version of what was said about one exam. Rows are added and never changed.

    ``content`` is the canonical JSON that was signed (:mod:`webapp.staging.report_content`), kept as
    text, byte for byte, and ``content_hash`` its SHA-256; it holds the hash of the version before it. The
    other columns repeat what lists filter by, and ``verify_reports`` compares them with the content.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exam = models.ForeignKey("patients.Exam", on_delete=models.PROTECT, related_name="reports")
    staging = models.ForeignKey(Staging, on_delete=models.PROTECT, related_name="reports")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="report")
    version = models.PositiveIntegerField()
    predecessor = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="successor"
    )
    decision = models.CharField(max_length=20, choices=Decision.choices)
    stage = models.PositiveSmallIntegerField(choices=STAGE_CHOICES, null=True, blank=True)
    content = models.TextField()
    content_hash = models.CharField(max_length=64, unique=True)
    simulated = models.BooleanField(default=False)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()  # when it was signed

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "version"], name="report_version_once"),
            models.CheckConstraint(
                condition=Q(version=1, predecessor__isnull=True)
                | Q(version__gt=1, predecessor__isnull=False),
                name="report_versions_are_chained",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="report_newest_first"),
            models.Index(fields=["exam", "-version"], name="report_of_exam"),
        ]

    def __str__(self) -> str:
        return f"report {self.version} of {self.exam_id}"

    @property
    def facts(self) -> dict[str, Any]:
        """The content as it was signed."""
        facts: dict[str, Any] = json.loads(self.content)
        return facts

    @property
    def is_current(self) -> bool:
        return not hasattr(self, "successor")

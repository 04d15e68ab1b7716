"""What is known of a patient apart from images and labels: the sealed number, merges, eligibility."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from webapp.patients.criteria import Answer, Criterion


class SealedIdentity(models.Model):
    """The hospital's number of a patient, readable only with a key outside the database."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.OneToOneField(
        "patients.Patient", on_delete=models.PROTECT, related_name="sealed_identity"
    )
    token = models.TextField()  # Fernet: AES-128-CBC with HMAC-SHA256, the number inside
    sealed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"sealed number of {self.patient_id}"


class PatientMerge(models.Model):
    """That two rows are one person, and what is needed to take it back.

    ``moved`` lists every row that changed with what it said before (:mod:`webapp.patients.merging`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survivor = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="merges_away")
    moved: Any = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("absorbed")), name="merge_two_patients"),
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=Q(undone_at__isnull=True),
                name="merge_away_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} into {self.survivor_id}"


class EligibilityAnswer(models.Model):
    """What somebody found about one criterion of one patient; a correction adds a row, the older one ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="eligibility")
    criterion = models.CharField(max_length=32, choices=Criterion.choices)
    answer = models.CharField(max_length=8, choices=Answer.choices)
    reason = models.CharField(max_length=300, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(criterion__in=Criterion.values, answer__in=Answer.values),
                name="eligibility_known",
            ),
            models.UniqueConstraint(
                fields=["patient", "criterion"],
                condition=Q(superseded_at__isnull=True),
                name="eligibility_one_current_answer",
            ),
        ]
        indexes = [models.Index(fields=["criterion", "answer", "superseded_at"], name="eligibility_answers")]

    def __str__(self) -> str:
        return f"{self.criterion} {self.answer} of {self.patient_id}"


class CriterionSetting(models.Model):
    """Whether the study uses a criterion; without a row, :data:`webapp.patients.criteria.DEFAULTS` says."""

    criterion = models.CharField(max_length=32, primary_key=True, choices=Criterion.choices)
    used = models.BooleanField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(criterion__in=Criterion.values), name="criterion_setting_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {'used' if self.used else 'not used'}"

"""Pseudonymous patients, their exams, and the pathology stage with its history.

Nothing here can name a person: hospital numbers, names and true dates never reach these tables
(:mod:`webapp.patients.pseudonyms`, :mod:`webapp.imaging.deidentification`).

An exam carries what the worklist filters by (its number of images per band, its current stage) as
columns. The services that change images and stages keep them, inside the same transaction, so that
the worklist costs the same at a thousand and at a million rows.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from ml.spec import Stage
from webapp.patients import veil
from webapp.patients.beginning import Begins  # noqa: F401 - registers the lookup
from webapp.patients.curation_models import (
    CriterionSetting,
    EligibilityAnswer,
    PatientMerge,
    SealedIdentity,
)
from webapp.patients.pseudonyms import pseudonym_beginning

__all__ = [
    "SERUM", "STAGE_CHOICES", "ClinicalSource", "ClinicalValues", "CriterionSetting", "EligibilityAnswer",
    "Exam", "ExamQuerySet", "PathologyStage", "Patient", "PatientMerge", "PatientQuerySet", "SealedIdentity",
    "Sex", "StageSource",
]  # fmt: skip

if TYPE_CHECKING:
    from webapp.accounts.models import User

SERUM = ("alt", "ast", "platelets", "ggt", "albumin", "hbv_dna")
STAGE_CHOICES = [(int(stage), stage.label) for stage in Stage]
UNDATED = date(1, 1, 1)  # where an exam without a date sorts


class Sex(models.TextChoices):
    FEMALE = "F"
    MALE = "M"
    OTHER = "O"


class StageSource(models.TextChoices):
    """What the stage rests on (paper §1: pathology confirmed by biopsy, imaging or serology)."""

    BIOPSY = "biopsy"
    SURGERY = "surgery"
    IMAGING = "imaging"
    SEROLOGY = "serology"
    SIMULATION = "simulation"
    TABLE = "table"  # imported; the table did not say
    CONSENSUS = "consensus"  # of two blinded readers (webapp.reading), never typed in


class ClinicalSource(models.TextChoices):
    """Where clinical and serum values come from."""

    TABLE = "table"
    MANUAL = "manual"
    SIMULATION = "simulation"


Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def within_sites_of(user: User, rows: Rows) -> Rows:
    """Rows whose ``site`` is one of the user's, for lists in order of time; administrators see all.

    One site is an equality, which an index on (site, created_at) answers in order. Of several, the
    column is hidden from the planner: it then walks the rows in order and drops the others, instead of
    collecting and sorting all rows of all those sites.
    """
    if user.is_administrator:
        return rows
    sites = [pk for (pk,) in user.site_ids().values_list("pk")]
    if len(sites) == 1:
        return rows.filter(site=sites[0])
    return rows.alias(scope=Coalesce("site_id", "site_id")).filter(scope__in=sites)


class PatientQuerySet(models.QuerySet["Patient"]):
    def visible_to(self, user: User) -> PatientQuerySet:
        return within_sites_of(user, self)

    def called(self, text: str) -> PatientQuerySet:
        """Patients whose pseudonym begins with what somebody typed; an index answers."""
        return self.filter(pseudonym__begins=pseudonym_beginning(text))

    def whole(self) -> PatientQuerySet:
        """Persons, each once: without the rows that were merged into another."""
        return self.filter(merged_into__isnull=True)

    def with_stage(self, user: User | None = None) -> PatientQuerySet:
        """Annotate ``current_stage``: the patient-wide stage, or null; null too where hidden from
        ``user``.
        """
        current = PathologyStage.objects.current().filter(patient=models.OuterRef("pk"), exam__isnull=True)
        if user is not None:
            current = veil.without_hidden(current, user)
        return self.annotate(current_stage=models.Subquery(current.values("stage")[:1]))

    def with_exam_count(self) -> PatientQuerySet:
        """Annotate ``exam_count``, counted for the rows of a page only."""
        exams = Exam.objects.filter(patient=models.OuterRef("pk")).order_by().values("patient")
        counted = exams.annotate(number=models.Count("pk")).values("number")
        return self.annotate(exam_count=Coalesce(models.Subquery(counted), 0))


class Patient(models.Model):
    """A person at a site, known by a pseudonym only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="patients")
    pseudonym = models.CharField(max_length=32)
    identity_key = models.CharField(max_length=64)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True, default="")
    simulated = models.BooleanField(default=False)
    # Another row of the same person, to which its exams and labels went (webapp.patients.merging).
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["site", "pseudonym"], name="patient_pseudonym_once_per_site"),
            models.UniqueConstraint(fields=["site", "identity_key"], name="patient_identity_once_per_site"),
            models.CheckConstraint(condition=Q(sex__in=["", *Sex.values]), name="patient_sex_known_code"),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="patient_newest_first"),
            models.Index(fields=["site", "-created_at", "-id"], name="patient_site_newest_first"),
            # Their beginnings, in any collation of PostgreSQL (webapp.patients.beginning).
            models.Index(
                fields=["pseudonym"], name="patient_pseudonym_search", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym


class ExamQuerySet(models.QuerySet["Exam"]):
    def visible_to(self, user: User) -> ExamQuerySet:
        return within_sites_of(user, self)

    def of_patients_called(self, text: str) -> ExamQuerySet:
        return self.filter(patient__in=Patient.objects.called(text).values("pk"))

    def for_worklist(self) -> ExamQuerySet:
        """One query for what a worklist row shows of patient and site."""
        return self.select_related("patient", "patient__site")

    def with_pair(self, wanted: bool = True) -> ExamQuerySet:
        """Exams with at least one image of each band, or those without."""
        both = Q(hf_count__gt=0, lf_count__gt=0)
        return self.filter(both if wanted else ~both)


class Exam(models.Model):
    """One visit to the ultrasound room: all images of a patient under one study or one date.

    ``exam_date`` is shifted (:func:`webapp.patients.pseudonyms.date_shift`). A machine that starts a
    new study for the second probe still makes one exam: a patient has one exam a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="exams")
    # The patient's, repeated so that one index holds a site's exams in order. Filled in on saving.
    site = models.ForeignKey(
        "accounts.Site", on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    study_key = models.CharField(max_length=64)
    exam_date = models.DateField(null=True, blank=True)
    sorting_date = models.GeneratedField(
        expression=Coalesce("exam_date", models.Value(UNDATED)),
        output_field=models.DateField(),
        db_persist=True,
    )  # without nulls, which cursors cannot pass
    age_years = models.PositiveSmallIntegerField(null=True, blank=True)  # capped at 90
    image_count = models.PositiveIntegerField(default=0)
    hf_count = models.PositiveIntegerField(default=0)
    lf_count = models.PositiveIntegerField(default=0)
    stage = models.PositiveSmallIntegerField(choices=STAGE_CHOICES, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ExamQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "study_key"], name="exam_study_once"),
            models.UniqueConstraint(
                fields=["patient", "exam_date"], name="exam_one_a_day", condition=Q(exam_date__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(stage__isnull=True) | Q(stage__lte=int(Stage.S4)), name="exam_stage_s0_s4"
            ),
            models.CheckConstraint(
                condition=Q(age_years__isnull=True) | Q(age_years__lte=90), name="exam_age_capped"
            ),
            models.CheckConstraint(
                condition=Q(image_count__gte=F("hf_count") + F("lf_count")), name="exam_bands_within_images"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="exam_newest_first"),
            models.Index(fields=["sorting_date", "id"], name="exam_in_order_of_date"),
            models.Index(fields=["site", "-created_at", "-id"], name="exam_site_newest_first"),
            models.Index(fields=["site", "sorting_date", "id"], name="exam_site_in_order_of_date"),
            models.Index(fields=["stage", "-created_at", "-id"], name="exam_stage_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.patient_id} {self.exam_date or 'undated'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.site_id is None:
            self.site_id = self.patient.site_id
        super().save(*args, **kwargs)

    @property
    def bands(self) -> list[str]:
        """``["HF", "LF"]``, or what there is of it."""
        return [band for band, count in (("HF", self.hf_count), ("LF", self.lf_count)) if count]


class PathologyStageQuerySet(models.QuerySet["PathologyStage"]):
    def current(self) -> PathologyStageQuerySet:
        return self.filter(superseded_at__isnull=True)


class PathologyStage(models.Model):
    """A label and where it comes from. Corrections add a row; the older one says when it ended.

    Without ``exam`` it holds for the patient; with it, for that exam alone and before the patient's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="stages")
    exam = models.ForeignKey(Exam, null=True, blank=True, on_delete=models.PROTECT, related_name="stages")
    stage = models.PositiveSmallIntegerField(choices=STAGE_CHOICES)
    source = models.CharField(max_length=12, choices=StageSource.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = PathologyStageQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__lte=int(Stage.S4)), name="pathology_stage_s0_s4"),
            models.CheckConstraint(condition=Q(source__in=StageSource.values), name="pathology_stage_source"),
            models.UniqueConstraint(
                fields=["patient"],
                name="pathology_stage_one_current_per_patient",
                condition=Q(superseded_at__isnull=True, exam__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["exam"],
                name="pathology_stage_one_current_per_exam",
                condition=Q(superseded_at__isnull=True, exam__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-recorded_at"], name="pathology_stage_history")]

    def __str__(self) -> str:
        return f"{Stage(self.stage).label} of {self.patient_id}"


class ClinicalValuesQuerySet(models.QuerySet["ClinicalValues"]):
    def current(self) -> ClinicalValuesQuerySet:
        return self.filter(superseded_at__isnull=True)


class ClinicalValues(models.Model):
    """Age, sex and serum values that were taken together; null where one was not taken.

    Units are those of :class:`ml.cohort.ClinicalRow`: years, U/L (ALT, AST, GGT), 10⁹/L (platelets), g/L
    (albumin), IU/mL (HBV DNA). Newer values replace the whole row and never complete an older one: an
    index of ALT of one year and platelets of another would mean nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="clinical_values")
    age_years = models.PositiveSmallIntegerField(null=True, blank=True)  # capped at 90
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True, default="")
    alt = models.FloatField(null=True, blank=True)
    ast = models.FloatField(null=True, blank=True)
    platelets = models.FloatField(null=True, blank=True)
    ggt = models.FloatField(null=True, blank=True)
    albumin = models.FloatField(null=True, blank=True)
    hbv_dna = models.FloatField(null=True, blank=True)
    bounded = models.JSONField(default=list, blank=True)  # names of values given as a bound, as in "<20"
    source = models.CharField(max_length=12, choices=ClinicalSource.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = ClinicalValuesQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        verbose_name_plural = "clinical values"
        constraints = [
            models.CheckConstraint(condition=Q(sex__in=["", *Sex.values]), name="clinical_values_sex"),
            models.CheckConstraint(
                condition=Q(source__in=ClinicalSource.values), name="clinical_values_source"
            ),
            models.CheckConstraint(
                condition=Q(age_years__isnull=True) | Q(age_years__lte=90), name="clinical_values_age_capped"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0}),
                    name=f"clinical_values_{name}_not_negative",
                )
                for name in SERUM
            ),
            models.UniqueConstraint(
                fields=["patient"],
                name="clinical_values_one_current_per_patient",
                condition=Q(superseded_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-recorded_at"], name="clinical_values_history")]

    def __str__(self) -> str:
        return f"clinical values of {self.patient_id}"

"""Exams and patients over HTTP: the views that bring the rooms together."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import filters, mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from ml.spec import STAGE_LABELS
from webapp.accounts.models import Site, User
from webapp.imaging.image_api import ImageSerializer, PairSerializer
from webapp.jobs.models import JobState
from webapp.patients import veil
from webapp.patients.api import (
    ClinicalValuesSerializer,
    PathologyStageSerializer,
    PatientRefSerializer,
    PatientSerializer,
    actor_of,
)
from webapp.patients.api import PatientViewSet as PatientsAlone
from webapp.patients.models import Exam, ExamQuerySet, Patient
from webapp.staging import worklist
from webapp.staging.models import Decision
from webapp.staging.serum import scored
from webapp.staging.staging_api import ProbabilitiesSerializer, StagingSerializer
from webapp.whole_numbers import WholeNumberFilter

YES_NO = [("yes", "yes"), ("no", "no")]
REVIEW = [("waiting", "waiting"), ("signed", "signed"), ("disagreement", "disagreement")]


def rows_of(exams: list[Exam], user: User) -> dict[str, Any]:
    """What the rows of a page need from other tables, for a serializer's context."""
    reports = worklist.current_reports(exams) if user.may("reports", "list") else {}
    hidden = veil.hidden_among(user, (exam.patient_id for exam in exams))
    return {"latest": worklist.latest_stagings(exams), "reports": reports, "hidden": hidden}


def details_of(exams: list[Exam], user: User) -> dict[str, Any]:
    """:func:`rows_of`, and what the exams' own pages show, in as many queries for one exam as for many."""
    return rows_of(exams, user) | worklist.details(exams, unreleased=user.is_administrator)


class LatestStagingSerializer(serializers.Serializer[Any]):
    """The newest staging of an exam. ``stage`` and ``probabilities`` are null until it has an answer."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=JobState.choices)
    stage = serializers.ChoiceField(choices=list(STAGE_LABELS), allow_null=True)
    probabilities = ProbabilitiesSerializer(allow_null=True)
    at = serializers.DateTimeField()
    model_name = serializers.CharField()


class SignedReportSerializer(serializers.Serializer[Any]):
    """The report that holds for an exam. ``stage`` is null where it cannot be staged."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    decision = serializers.ChoiceField(choices=Decision.choices)
    stage = serializers.IntegerField(allow_null=True)
    signed_by = serializers.CharField()
    signed_at = serializers.DateTimeField()


class ExamPatientSerializer(PatientRefSerializer):
    """The patient with the age at this exam (90 stands for all ages above 89)."""

    age_years = serializers.IntegerField(allow_null=True)

    class Meta(PatientRefSerializer.Meta):
        fields = [*PatientRefSerializer.Meta.fields, "age_years"]
        read_only_fields = fields


class ExamSerializer(serializers.ModelSerializer[Exam]):
    """A row of the worklist. Dates are shifted per patient; intervals between exams are true."""

    patient = serializers.SerializerMethodField()
    bands = serializers.ListField(child=serializers.ChoiceField(choices=["HF", "LF"]), read_only=True)
    pair_id = serializers.UUIDField(allow_null=True, read_only=True)
    pathology_stage = serializers.SerializerMethodField(help_text="0 to 4, or null")
    latest_staging = serializers.SerializerMethodField()
    report = serializers.SerializerMethodField(
        help_text="The signed report; null where there is none, and for those who may not read reports"
    )
    blinded = serializers.SerializerMethodField(
        help_text="Stage and stagings are hidden: who asks is to read this patient blindly"
    )

    class Meta:
        model = Exam
        fields = [
            "id",
            "patient",
            "exam_date",
            "bands",
            "image_count",
            "pair_id",
            "pathology_stage",
            "latest_staging",
            "report",
            "blinded",
            "created_at",
        ]
        read_only_fields = fields

    @extend_schema_field(ExamPatientSerializer)
    def get_patient(self, exam: Exam) -> dict[str, Any]:
        return worklist.patient_json(exam)

    def get_blinded(self, exam: Exam) -> bool:
        return exam.patient_id in self.context["hidden"]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_pathology_stage(self, exam: Exam) -> int | None:
        return None if self.get_blinded(exam) else exam.stage

    @extend_schema_field(LatestStagingSerializer(allow_null=True))
    def get_latest_staging(self, exam: Exam) -> dict[str, Any] | None:
        if self.get_blinded(exam):
            return None
        return worklist.latest_staging_json(self.context["latest"].get(exam.pk))

    @extend_schema_field(SignedReportSerializer(allow_null=True))
    def get_report(self, exam: Exam) -> dict[str, Any] | None:
        if self.get_blinded(exam):
            return None
        return worklist.report_json(self.context["reports"].get(exam.pk))


class SerumValueSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.FloatField()
    unit = serializers.CharField()


class SerumReadingSerializer(serializers.Serializer[Any]):
    """A score against its cut-offs: at most ``low`` rules out, above ``high`` rules in."""

    about = serializers.ChoiceField(choices=["significant-fibrosis", "cirrhosis", "advanced-fibrosis"])
    low = serializers.FloatField()
    high = serializers.FloatField()
    says = serializers.ChoiceField(choices=["out", "between", "in"], allow_null=True)


class SerumScoreSerializer(serializers.Serializer[Any]):
    """APRI or FIB-4; a null value says by ``missing`` and ``bounded`` why it cannot be computed."""

    name = serializers.ChoiceField(choices=["apri", "fib4"])
    value = serializers.FloatField(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField())
    bounded = serializers.ListField(child=serializers.CharField())
    readings = SerumReadingSerializer(many=True)


class SerumSerializer(serializers.Serializer[Any]):
    """Values of one day and the scores from them; see :mod:`webapp.staging.serum`."""

    id = serializers.UUIDField()
    recorded_at = serializers.DateTimeField()
    age_years = serializers.IntegerField(allow_null=True)
    values = SerumValueSerializer(many=True)  # type: ignore[assignment]
    bounded = serializers.ListField(child=serializers.CharField(), help_text="Given as a bound, as in <20")
    refused = serializers.ListField(child=serializers.CharField(), help_text="Why a score is missing")
    apri = serializers.FloatField(allow_null=True)
    fib4 = serializers.FloatField(allow_null=True)
    ast_upper_limit = serializers.FloatField(help_text="U/L")
    scores = SerumScoreSerializer(many=True)


class ExamDetailSerializer(ExamSerializer):
    """An exam with its images, its pair and everything that models have said about it."""

    serum = serializers.SerializerMethodField(help_text="APRI and FIB-4; null without clinical values")

    images = serializers.SerializerMethodField()
    pairs = serializers.SerializerMethodField()
    stagings = serializers.SerializerMethodField()

    class Meta(ExamSerializer.Meta):
        fields = [*ExamSerializer.Meta.fields, "images", "pairs", "stagings", "serum"]
        read_only_fields = fields

    @extend_schema_field(ImageSerializer(many=True))
    def get_images(self, exam: Exam) -> list[dict[str, Any]]:
        return list(ImageSerializer(self.context["images"].get(exam.pk, []), many=True).data)

    @extend_schema_field(PairSerializer(many=True))
    def get_pairs(self, exam: Exam) -> list[dict[str, Any]]:
        return list(PairSerializer(self.context["pairs"].get(exam.pk, []), many=True).data)

    @extend_schema_field(StagingSerializer(many=True))
    def get_stagings(self, exam: Exam) -> list[dict[str, Any]]:
        if self.get_blinded(exam):
            return []
        return list(StagingSerializer(self.context["stagings"].get(exam.pk, []), many=True).data)

    @extend_schema_field(SerumSerializer(allow_null=True))
    def get_serum(self, exam: Exam) -> dict[str, Any] | None:
        serum: dict[str, Any] | None = self.context["serum"].get(exam.patient_id)
        return serum


class ExamFilter(django_filters.FilterSet):
    site = django_filters.CharFilter(method="by_site", label="Code of the site")
    patient = django_filters.UUIDFilter(field_name="patient_id")
    stage = WholeNumberFilter(method="by_stage", max_value=4, label="Pathology stage, 0 to 4")
    staged = django_filters.ChoiceFilter(choices=YES_NO, method="by_staged", label="Has a model answered?")
    has_pair = django_filters.ChoiceFilter(choices=YES_NO, method="by_pair", label="Are both bands there?")
    search = django_filters.CharFilter(method="by_pseudonym", label="Beginning of the pseudonym")
    review = django_filters.ChoiceFilter(
        choices=REVIEW, method="by_review", label="Answered and not signed; signed; signed otherwise"
    )
    after = django_filters.UUIDFilter(method="by_following", label="Exams that come after this one")

    class Meta:
        model = Exam
        fields = ["site", "patient", "stage", "staged", "has_pair", "search", "review", "after"]

    def by_site(self, queryset: ExamQuerySet, name: str, value: str) -> ExamQuerySet:
        """By the site's key and on the exam itself, which one index answers in order."""
        site = Site.objects.filter(code=value).first()
        return queryset.filter(site=site) if site is not None else queryset.none()

    def by_stage(self, queryset: ExamQuerySet, name: str, value: int) -> ExamQuerySet:
        # A filter would tell a blinded reader what the column does not.
        return veil.without_hidden(queryset.filter(stage=value), actor_of(self.request))

    def by_staged(self, queryset: ExamQuerySet, name: str, value: str) -> ExamQuerySet:
        return veil.without_hidden(worklist.staged(queryset, value == "yes"), actor_of(self.request))

    def by_pair(self, queryset: ExamQuerySet, name: str, value: str) -> ExamQuerySet:
        return queryset.with_pair(value == "yes")

    def by_review(self, queryset: ExamQuerySet, name: str, value: str) -> ExamQuerySet:
        if not actor_of(self.request).may("reports", "list"):
            raise PermissionDenied  # what a filter leaves out would tell what a report says
        return veil.without_hidden(worklist.reviewed(queryset, value), actor_of(self.request))

    def by_following(self, queryset: ExamQuerySet, name: str, value: Any) -> ExamQuerySet:
        """An exam of another site is followed by nothing, like one that does not exist."""
        exam = Exam.objects.visible_to(actor_of(self.request)).filter(pk=value).first()
        return worklist.following(queryset, exam) if exam is not None else queryset.none()

    def by_pseudonym(self, queryset: ExamQuerySet, name: str, value: str) -> ExamQuerySet:
        return queryset.of_patients_called(value)


class WorklistOrdering(filters.OrderingFilter):
    """``ordering=exam_date`` sorts by a column that has no nulls, as cursors need."""

    columns = {"exam_date": "sorting_date", "created_at": "created_at"}

    def get_valid_fields(self, queryset: Any, view: Any, context: Any = None) -> list[tuple[str, str]]:
        return [(name, name) for name in self.columns]

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> Any:
        wanted = super().get_ordering(request, queryset, view)
        if not wanted:
            return wanted
        columns = [
            ("-" if name.startswith("-") else "") + self.columns[name.removeprefix("-")] for name in wanted
        ]
        return [*columns, "-id" if columns[0].startswith("-") else "id"]


class ExamViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Exam]):
    """The worklist."""

    resource = "exams"
    queryset = Exam.objects.all()
    serializer_class = ExamSerializer
    filterset_class = ExamFilter
    filter_backends = [DjangoFilterBackend, WorklistOrdering]
    ordering = ("-created_at",)  # WorklistOrdering adds the id

    def get_queryset(self) -> QuerySet[Exam]:
        if getattr(self, "swagger_fake_view", False):
            return Exam.objects.none()
        return worklist.worklist().visible_to(actor_of(self.request))

    @extend_schema(responses=ExamSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Exams, newest first unless ``ordering`` says otherwise."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None
        context = {**self.get_serializer_context(), **rows_of(page, actor_of(request))}
        return self.get_paginated_response(list(ExamSerializer(page, many=True, context=context).data))

    @extend_schema(responses=ExamDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One exam with images, pair and stagings."""
        exam = self.get_object()
        context = {**self.get_serializer_context(), **details_of([exam], actor_of(request))}
        return Response(ExamDetailSerializer(exam, context=context).data)


class PatientDetailSerializer(PatientSerializer):
    """A patient with the age at the newest exam, the exams, and every stage and value ever recorded."""

    age_years = serializers.SerializerMethodField()
    stage_history = serializers.SerializerMethodField()
    clinical_history = ClinicalValuesSerializer(source="clinical_values", many=True, read_only=True)
    serum = serializers.SerializerMethodField(help_text="APRI and FIB-4; null without clinical values")
    exams = serializers.SerializerMethodField()

    class Meta(PatientSerializer.Meta):
        fields = [
            *PatientSerializer.Meta.fields, "age_years", "stage_history", "clinical_history", "serum",
            "exams",
        ]  # fmt: skip
        read_only_fields = fields

    def _hidden(self, patient: Patient) -> set[Any]:
        return veil.hidden_among(self.context["request"].user, [patient.pk])

    @extend_schema_field(PathologyStageSerializer(many=True))
    def get_stage_history(self, patient: Patient) -> list[dict[str, Any]]:
        rows = [] if self._hidden(patient) else list(patient.stages.all())
        return list(PathologyStageSerializer(rows, many=True).data)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_age_years(self, patient: Patient) -> int | None:
        ages = [exam.age_years for exam in patient.exams.all() if exam.age_years is not None]
        return max(ages, default=None)

    @extend_schema_field(SerumSerializer(allow_null=True))
    def get_serum(self, patient: Patient) -> dict[str, Any] | None:
        return scored(patient.pk)

    @extend_schema_field(ExamDetailSerializer(many=True))
    def get_exams(self, patient: Patient) -> list[dict[str, Any]]:
        exams = list(worklist.of_patient(patient))
        context = {**self.context, **details_of(exams, actor_of(self.context["request"]))}
        return list(ExamDetailSerializer(exams, many=True, context=context).data)


class PatientViewSet(PatientsAlone):
    """Patients, by pseudonym; one patient with everything that hangs on it."""

    def get_queryset(self) -> QuerySet[Patient]:
        patients = super().get_queryset()
        if self.action != "retrieve":
            return patients
        return patients.prefetch_related("exams", "stages__recorded_by", "clinical_values__recorded_by")

    @extend_schema(responses=PatientDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A patient with exams, images and stage history."""
        return Response(
            PatientDetailSerializer(self.get_object(), context=self.get_serializer_context()).data
        )

"""Patients and their pathology stages over HTTP.

The addresses are registered by :mod:`webapp.staging.worklist_api`: a patient's page also shows exams
with images, pairs and stagings, which belong to rooms above this one.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, parsers, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ml.spec import STAGE_LABELS, HepaStageError, Stage
from webapp import spool
from webapp.accounts.models import Site, User
from webapp.accounts.permissions import within_sites
from webapp.patients import services, veil
from webapp.patients.curation_api import CriteriaViewSet, CurationActions
from webapp.patients.models import (
    SERUM,
    ClinicalValues,
    Exam,
    PathologyStage,
    Patient,
    PatientQuerySet,
    StageSource,
)
from webapp.patients.received_tables import received_table
from webapp.patients.stage_table import Outcome, StageChange, import_stage_table
from webapp.whole_numbers import WholeNumberFilter


class UnknownSite(HepaStageError):
    """A site that does not exist, or is somebody else's."""

    code = "unknown-site"
    remedy = "Send the code of one of your sites as site."


def actor_of(request: Request) -> User:
    """Who asks; the permission table has let nobody in who is not signed in."""
    assert isinstance(request.user, User)
    return request.user


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 0, "maximum": 4},
            {"type": "string", "enum": list(STAGE_LABELS)},
        ]
    }
)
class StageField(serializers.Field[Stage, Any, int, Any]):
    """0 to 4; also understands S0–S4 and F0–F4."""

    def to_internal_value(self, data: Any) -> Stage:
        try:
            return Stage.parse(data)
        except (ValueError, TypeError):
            raise serializers.ValidationError(
                "A stage is one of S0–S4, F0–F4 or 0–4.", code="stage"
            ) from None

    def to_representation(self, value: Any) -> int:
        return int(value)


class PatientSiteSerializer(serializers.ModelSerializer[Site]):
    class Meta:
        model = Site
        fields = ["code", "name"]


class PatientRefSerializer(serializers.ModelSerializer[Patient]):
    """Who an exam is of."""

    site = PatientSiteSerializer(read_only=True)

    class Meta:
        model = Patient
        fields = ["id", "pseudonym", "sex", "simulated", "site"]
        read_only_fields = fields


class PatientSerializer(PatientRefSerializer):
    """A row of the list of patients."""

    pathology_stage = serializers.IntegerField(
        source="current_stage", allow_null=True, read_only=True, help_text="Current stage, 0 to 4"
    )
    exam_count = serializers.IntegerField(read_only=True)

    class Meta(PatientRefSerializer.Meta):
        fields = [*PatientRefSerializer.Meta.fields, "pathology_stage", "exam_count", "created_at"]
        read_only_fields = fields


class PathologyStageSerializer(serializers.ModelSerializer[PathologyStage]):
    """A label with its source; the current one has no ``superseded_at``."""

    recorded_by = serializers.CharField(
        source="recorded_by.display_name", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = PathologyStage
        fields = ["id", "stage", "source", "exam", "recorded_by", "recorded_at", "superseded_at"]
        read_only_fields = fields


class ClinicalValuesSerializer(serializers.ModelSerializer[ClinicalValues]):
    """Values taken together; the current ones have no ``superseded_at``.

    Units: U/L (ALT, AST, GGT), 10⁹/L (platelets), g/L (albumin), IU/mL (HBV DNA); 90 stands for all ages
    above 89. ``bounded`` names the values that are a bound, as in "<20".
    """

    bounded = serializers.ListField(child=serializers.CharField(), read_only=True)
    recorded_by = serializers.CharField(
        source="recorded_by.display_name", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = ClinicalValues
        fields = [
            "id",
            "age_years",
            "sex",
            *SERUM,
            "bounded",
            "source",
            "recorded_by",
            "recorded_at",
            "superseded_at",
        ]
        read_only_fields = fields


class StageRequestSerializer(serializers.Serializer[Any]):
    stage = StageField()
    source = serializers.ChoiceField(choices=StageSource.choices)  # type: ignore[assignment]
    exam = serializers.PrimaryKeyRelatedField(
        queryset=Exam.objects.all(),
        required=False,
        allow_null=True,
        help_text="Only where it holds for one exam alone",
    )


class StageTableRequestSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="CSV or Excel with a patient identifier and a stage column")
    site = serializers.SlugField(help_text="Code of the site whose hospital numbers the table uses")
    source = serializers.ChoiceField(choices=StageSource.choices, default=StageSource.TABLE)  # type: ignore[assignment]
    dry_run = serializers.BooleanField(default=True, help_text="Only say what would change")


class StageChangeSerializer(serializers.Serializer[StageChange]):
    """One row of the table. Hospital numbers are not repeated."""

    line = serializers.IntegerField(help_text="As a spreadsheet counts, from 1")
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    patient = serializers.UUIDField(source="patient.pk", allow_null=True, default=None)
    pseudonym = serializers.CharField(source="patient.pseudonym", allow_null=True, default=None)
    before = serializers.IntegerField(allow_null=True)
    after = serializers.IntegerField()


class StageImportSerializer(serializers.Serializer[Any]):
    applied = serializers.BooleanField()
    counts = serializers.DictField(child=serializers.IntegerField())
    changes = StageChangeSerializer(many=True)


class PatientFilter(django_filters.FilterSet):
    site = django_filters.CharFilter(field_name="site__code")
    stage = WholeNumberFilter(field_name="current_stage", max_value=4)
    search = django_filters.CharFilter(method="by_pseudonym", label="Beginning of the pseudonym")

    class Meta:
        model = Patient
        fields = ["site", "stage", "search", "simulated"]

    def by_pseudonym(self, queryset: PatientQuerySet, name: str, value: str) -> PatientQuerySet:
        return queryset.called(value)


class PatientViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CurationActions):
    """Patients, by pseudonym."""

    resource = "patients"
    queryset = Patient.objects.all()
    serializer_class: type[serializers.BaseSerializer[Patient]] = PatientSerializer
    filterset_class = PatientFilter

    def get_queryset(self) -> QuerySet[Patient]:
        if getattr(self, "swagger_fake_view", False):
            return Patient.objects.none()
        patients = Patient.objects.select_related("site").visible_to(actor_of(self.request))
        if self.action == "list":
            patients = patients.whole()
        return patients.with_stage(actor_of(self.request)).with_exam_count()

    @extend_schema(request=StageRequestSerializer, responses={201: PathologyStageSerializer})
    @action(detail=True, methods=["post"])
    def stage(self, request: Request, pk: str | None = None) -> Response:
        """Record the pathology stage. What was recorded before stays in the history."""
        patient = self.get_object()
        wanted = StageRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        veil.refuse_hidden(actor_of(request), [patient.pk])
        row = services.record_stage(
            patient=patient, actor=actor_of(request), request=request, **wanted.validated_data
        )
        return Response(PathologyStageSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request={"multipart/form-data": StageTableRequestSerializer}, responses={200: StageImportSerializer}
    )
    @action(detail=False, methods=["post"], url_path="stage-table", parser_classes=[parsers.MultiPartParser])
    def stage_table(self, request: Request) -> Response:
        """Import stages from a table; without ``dry_run=false`` it only says what would change."""
        wanted = StageTableRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        site = within_sites(Site.objects.filter(code=data["site"]), request.user, "pk").first()
        if site is None:
            raise UnknownSite(f"{data['site']} is not one of your sites.")
        with spool.temporary_folder("table") as folder:
            table = received_table(data["file"], folder, "stages")
            wishes = {"site": site, "table": table, "actor": actor_of(request), "source": data["source"]}
            result = import_stage_table(**wishes, dry_run=True, request=request)
            known = [change.patient.pk for change in result.changes if change.patient is not None]
            veil.refuse_hidden(actor_of(request), known)
            if not data["dry_run"]:
                result = import_stage_table(**wishes, dry_run=False, request=request)
        return Response(StageImportSerializer(result).data)


ROUTES = [("criteria", CriteriaViewSet, "criterion")]

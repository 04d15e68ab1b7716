"""Signed reports over HTTP: read them, check them, amend them."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, renderers, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.permissions import SiteScoped
from webapp.audit import services as audit
from webapp.patients import veil
from webapp.patients.api import actor_of
from webapp.staging import reporting
from webapp.staging.exports.words import Language
from webapp.staging.models import Decision, Report, ReportQuerySet, Staging
from webapp.staging.report_serializers import (
    AmendmentSerializer,
    ReportDetailSerializer,
    ReportSerializer,
    ReviewSerializer,
    VerificationSerializer,
)
from webapp.staging.verification import flaws_of
from webapp.whole_numbers import WholeNumberFilter

PDF, DICOM, ZIP, FHIR = "application/pdf", "application/dicom", "application/zip", "application/fhir+json"
LANGUAGE = OpenApiParameter("language", OpenApiTypes.STR, enum=["en", "zh"], description="en where not given")


def renderers_of(media: str) -> list[type[renderers.BaseRenderer]]:
    """So that ``Accept`` of that type is welcome; problems are JSON all the same."""

    class Problems(renderers.JSONRenderer):
        media_type = media
        format = media.rpartition("/")[2].rpartition("+")[0] or media.rpartition("/")[2]

    return [renderers.JSONRenderer, Problems]


class ReportFilter(django_filters.FilterSet):
    current = django_filters.BooleanFilter(method="by_current", label="Only versions that hold")
    patient = django_filters.UUIDFilter(field_name="exam__patient_id")
    signed_by = WholeNumberFilter(field_name="signed_by_id")
    decision = django_filters.MultipleChoiceFilter(choices=Decision.choices)

    class Meta:
        model = Report
        fields = ["exam", "patient", "staging", "signed_by", "decision", "current"]

    def by_current(self, queryset: ReportQuerySet, name: str, value: bool) -> ReportQuerySet:
        return queryset.current() if value else queryset.filter(successor__isnull=False)


class ReportViewSet(SiteScoped, mixins.ListModelMixin, viewsets.GenericViewSet[Report]):
    """Signed reports, all versions. Nothing here changes one."""

    resource = "reports"
    site_path = "exam__patient__site"
    queryset = Report.objects.with_rows()
    serializer_class = ReportSerializer
    filterset_class = ReportFilter

    def get_queryset(self) -> QuerySet[Report]:
        reports = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return reports
        return veil.without_hidden(reports, actor_of(self.request), "exam__patient")

    @extend_schema(responses=ReportDetailSerializer)
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """One version with what was signed."""
        report = self.get_object()
        _read(report, request, "page")
        return Response(ReportDetailSerializer(report).data)

    @extend_schema(responses=VerificationSerializer)
    @action(detail=True, methods=["get"])
    def verification(self, request: Request, pk: str | None = None) -> Response:
        """Check the report against its hash, its chain, the audit log and its files, now."""
        report = self.get_object()
        found = list(flaws_of(report))
        return Response({"intact": not found, "content_hash": report.content_hash, "flaws": found})

    @extend_schema(request=AmendmentSerializer, responses={201: ReviewSerializer})
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, pk: str | None = None) -> Response:
        """Begin the next version: a draft of one's own that repeats this one."""
        report = self.get_object()
        wanted = AmendmentSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        staging = None
        if key := wanted.validated_data.get("staging"):
            staging = Staging.objects.with_rows().filter(pk=key, exam=report.exam_id).first()
            if staging is None:
                absent = serializers.ErrorDetail("There is no such staging of this exam.", "does_not_exist")
                raise serializers.ValidationError({"staging": [absent]})
        review = reporting.amend(
            report=report,
            actor=actor_of(request),
            reason=wanted.validated_data["reason"],
            staging=staging,
            request=request,
        )
        return Response(ReviewSerializer(review).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="reports_pdf", parameters=[LANGUAGE], responses={(200, PDF): OpenApiTypes.BINARY}
    )
    @action(detail=True, methods=["get"], renderer_classes=renderers_of(PDF))
    def pdf(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The report with its pictures, in English or Chinese."""
        from webapp.staging.exports.pdf import report_pdf

        report = self.get_object()
        language: Language = "zh" if request.query_params.get("language", "en").startswith("zh") else "en"
        later = None if report.is_current else report.successor.version
        content = report_pdf(
            report.facts, content_hash=report.content_hash, language=language, superseded_by=later
        )
        return _download(report, request, f"pdf-{language}", content, PDF, f"-{language}.pdf")

    @extend_schema(operation_id="reports_sr", responses={(200, DICOM): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=renderers_of(DICOM))
    def sr(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The report as DICOM Comprehensive SR (TID 1500)."""
        from webapp.staging.exports.sr import report_sr

        report = self.get_object()
        content = report_sr(report.facts, content_hash=report.content_hash)
        return _download(report, request, "sr", content, DICOM, "-sr.dcm")

    @extend_schema(operation_id="reports_seg", responses={(200, ZIP): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=renderers_of(ZIP))
    def seg(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The liver outlines that were signed as DICOM Segmentation, one file per image, in a zip archive."""
        from webapp.staging.exports.seg import report_seg_archive

        report = self.get_object()
        return _download(report, request, "seg", report_seg_archive(report.facts), ZIP, "-seg.zip")

    @extend_schema(operation_id="reports_fhir", responses={(200, FHIR): OpenApiTypes.OBJECT})
    @action(detail=True, methods=["get"], renderer_classes=renderers_of(FHIR))
    def fhir(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The report as FHIR R4 DiagnosticReport with its Observations contained."""
        from webapp.staging.exports.fhir import report_fhir

        report = self.get_object()
        content = report_fhir(report.facts, content_hash=report.content_hash)
        return _download(report, request, "fhir", content, FHIR, "-fhir.json")


def _download(
    report: Report, request: Request, form: str, content: bytes, media_type: str, ending: str
) -> HttpResponse:
    """A file by the name of pseudonym and version, for this person's disk and no cache in between."""
    _read(report, request, form)
    name = f"{report.facts['patient']['pseudonym']}-v{report.version}{ending}"
    safe = "".join(letter if letter.isalnum() or letter in "-._" else "_" for letter in name)
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _read(report: Report, request: Request, form: str) -> None:
    audit.record(
        actor=actor_of(request),
        action="report.read",
        object=report,
        site=report.exam.patient.site,
        request=request,
        detail={"form": form, "version": report.version},
    )

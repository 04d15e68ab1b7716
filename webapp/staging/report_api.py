"""Signed reports over HTTP: read them, check them, amend them."""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.permissions import SiteScoped
from webapp.audit import services as audit
from webapp.patients.api import actor_of
from webapp.staging import reporting
from webapp.staging.models import Decision, Report, ReportQuerySet, Staging
from webapp.staging.report_serializers import (
    AmendmentSerializer,
    ReportDetailSerializer,
    ReportSerializer,
    ReviewSerializer,
    VerificationSerializer,
)
from webapp.staging.verification import flaws_of


class ReportFilter(django_filters.FilterSet):
    current = django_filters.BooleanFilter(method="by_current", label="Only versions that hold")
    patient = django_filters.UUIDFilter(field_name="exam__patient_id")
    signed_by = django_filters.NumberFilter(field_name="signed_by_id")
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


def _read(report: Report, request: Request, form: str) -> None:
    audit.record(
        actor=actor_of(request),
        action="report.read",
        object=report,
        site=report.exam.patient.site,
        request=request,
        detail={"form": form, "version": report.version},
    )

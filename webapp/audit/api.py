"""Reading the audit log (administrators)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request

from webapp.audit import exporting, services
from webapp.audit.models import Entry


class EntrySerializer(serializers.ModelSerializer[Entry]):
    site: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Entry
        fields = [
            "number", "at", "actor", "actor_name", "action", "object_type", "object_id", "site", "detail",
            "address", "hash",
        ]  # fmt: skip
        read_only_fields = fields


class EntryFilter(django_filters.FilterSet):
    """Who, what, on which record, between which times; ``search`` looks into all of these and the address."""

    search = django_filters.CharFilter(method="mentioning")
    actor_name = django_filters.CharFilter()
    action = django_filters.CharFilter(lookup_expr="startswith")
    after = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    before = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = Entry
        fields = ["actor_name", "action", "object_type", "object_id", "site"]

    def mentioning(self, rows: QuerySet[Entry], name: str, text: str) -> QuerySet[Entry]:
        columns = ("actor_name", "action", "object_type", "object_id", "address", "site__code")
        wanted = Q()
        for column in columns:
            wanted |= Q(**{f"{column}__icontains": text})
        return rows.filter(wanted)


class EntryViewSet(viewsets.ReadOnlyModelViewSet[Entry]):
    """Who did what to which record; newest first."""

    resource = "audit"
    queryset = Entry.objects.select_related("site")
    serializer_class = EntrySerializer
    filterset_class = EntryFilter

    @property
    def pagination_ordering(self) -> tuple[str, ...]:
        """By number; between two times by time, so that the walk begins at the later one and not at today."""
        asked = {"after", "before"} & {name for name, text in self.request.query_params.items() if text}
        return ("-at", "-number") if asked else ("-number",)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(detail=False, methods=["get"], pagination_class=None)
    def export(self, request: Request) -> StreamingHttpResponse:
        """What the filter leaves, as CSV with the hashes of the chain, up to this export's own row."""
        rows = self.filter_queryset(self.get_queryset())
        asked = {name: value[:80] for name, value in request.query_params.items() if value}
        own = services.record(
            actor=request.user, action="audit.exported", request=request, detail={"filter": asked}
        )
        answer = StreamingHttpResponse(
            exporting.lines(rows, below=own.number), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="audit-log-{own.number}.csv"'
        answer["Cache-Control"] = "no-store"
        return answer


ROUTES = [("audit", EntryViewSet, "audit")]

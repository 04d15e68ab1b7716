"""Reading the audit log (administrators). What of it is not told to whom: :mod:`webapp.audit.discretion`."""

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

from webapp.audit import discretion, exporting, services
from webapp.audit.models import Entry


class EntrySerializer(serializers.ModelSerializer[Entry]):
    """One entry; without what its reader is to find without help."""

    site: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(slug_field="code", read_only=True)
    withheld = serializers.SerializerMethodField(
        help_text="Words of the detail are left out while you have exams to read blindly, and all hashes are"
    )

    class Meta:
        model = Entry
        fields = [
            "number", "at", "actor", "actor_name", "action", "object_type", "object_id", "site", "detail",
            "address", "hash", "withheld",
        ]  # fmt: skip
        read_only_fields = fields

    def get_withheld(self, entry: Entry) -> bool:
        return self._blind and not discretion.kept_back(entry.action).isdisjoint(entry.detail)

    def to_representation(self, entry: Entry) -> dict[str, Any]:
        row = super().to_representation(entry)
        if self._blind:
            kept = discretion.kept_back(entry.action)
            row["detail"] = {name: value for name, value in entry.detail.items() if name not in kept}
            row["hash"] = ""
        return row

    @property
    def _blind(self) -> bool:
        return bool(self.context.get("blind", False))


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

    def get_serializer_context(self) -> dict[str, Any]:
        """Asked once an answer, not once a row."""
        context = super().get_serializer_context()
        return {**context, "blind": discretion.is_blind(self.request.user)}

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(detail=False, methods=["get"], pagination_class=None)
    def export(self, request: Request) -> StreamingHttpResponse:
        """What the filter leaves, as CSV with the hashes of the chain, up to this export's own row.

        409 for who has exams to read blindly.
        """
        discretion.refuse_blind(request.user)
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

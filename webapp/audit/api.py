"""Reading the audit log (administrators)."""

from __future__ import annotations

from typing import Any

import django_filters
from rest_framework import serializers, viewsets

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
    """Who, what, on which record, between which times."""

    actor_name = django_filters.CharFilter()
    action = django_filters.CharFilter(lookup_expr="startswith")
    after = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    before = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = Entry
        fields = ["actor_name", "action", "object_type", "object_id", "site"]


class EntryViewSet(viewsets.ReadOnlyModelViewSet[Entry]):
    """Who did what to which record; newest first."""

    resource = "audit"
    queryset = Entry.objects.select_related("site")
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    pagination_ordering = ("-number",)


ROUTES = [("audit", EntryViewSet, "audit")]

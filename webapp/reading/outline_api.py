"""Liver outlines over HTTP. A save that came too late is answered with 409 and both versions."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.patients.api import actor_of
from webapp.problems import CONTENT_TYPE, problem
from webapp.reading import services
from webapp.reading.exchange_api import AlgorithmSerializer, OutlineExchange, PolygonsField, visible_image
from webapp.reading.models import Outline, OutlineOrigin, OutlineQuerySet, OutlineRevision, OutlineState
from webapp.reading.services import OutlineConflict
from webapp.whole_numbers import WholeNumberFilter


class OutlineSerializer(serializers.ModelSerializer[Outline]):
    """The newest revision of an outline; ``final_revision`` is the one in force, or null."""

    exam = serializers.UUIDField(source="image.exam_id", read_only=True)
    polygons = PolygonsField(read_only=True)
    author = serializers.CharField(
        source="author.display_name", default=None, allow_null=True, read_only=True
    )
    algorithm = AlgorithmSerializer(read_only=True, allow_null=True)
    final_revision = serializers.IntegerField(
        source="final.number", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Outline
        fields = [
            "id",
            "image",
            "exam",
            "frame",
            "polygons",
            "revision",
            "state",
            "origin",
            "author",
            "algorithm",
            "final_revision",
            "created_at",
            "updated_at",
            "trashed_at",
        ]
        read_only_fields = fields


class RevisionSerializer(serializers.ModelSerializer[OutlineRevision]):
    """A save, without its polygons: those are at ``revisions/{number}/``."""

    author = serializers.CharField(
        source="author.display_name", default=None, allow_null=True, read_only=True
    )
    algorithm = AlgorithmSerializer(read_only=True, allow_null=True)
    polygon_count = serializers.SerializerMethodField()
    corner_count = serializers.SerializerMethodField()

    class Meta:
        model = OutlineRevision
        fields = [
            "number",
            "made_from",
            "state",
            "origin",
            "author",
            "algorithm",
            "created_at",
            "polygon_count",
            "corner_count",
        ]
        read_only_fields = fields

    def get_polygon_count(self, revision: OutlineRevision) -> int:
        return len(revision.polygons)

    def get_corner_count(self, revision: OutlineRevision) -> int:
        return sum(map(len, revision.polygons))


class RevisionDetailSerializer(RevisionSerializer):
    polygons = PolygonsField(read_only=True)

    class Meta(RevisionSerializer.Meta):
        fields = [*RevisionSerializer.Meta.fields, "polygons"]
        read_only_fields = fields


class OutlineDetailSerializer(OutlineSerializer):
    """An outline with every save, newest first."""

    revisions = RevisionSerializer(many=True, read_only=True)

    class Meta(OutlineSerializer.Meta):
        fields = [*OutlineSerializer.Meta.fields, "revisions"]
        read_only_fields = fields


class OutlineSaveSerializer(serializers.Serializer[Any]):
    """A save. ``made_from`` is the revision it was made from, 0 where there was none."""

    image = serializers.UUIDField()
    frame = serializers.IntegerField(min_value=0, default=0)
    polygons = PolygonsField()
    made_from = serializers.IntegerField(min_value=0)
    origin = serializers.ChoiceField(choices=OutlineOrigin.choices, default=OutlineOrigin.POLYGON)
    final = serializers.BooleanField(default=False, help_text="Finished: may be trained on")
    proposal = serializers.UUIDField(
        required=False, allow_null=True, help_text="The proposal that it was begun from, if any"
    )
    algorithm = AlgorithmSerializer(
        required=False, allow_null=True, help_text="What an imported file says that it was made by"
    )
    key = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="The sender's name for this save: sent again, it is the same one",
    )


class FinaliseSerializer(serializers.Serializer[Any]):
    made_from = serializers.IntegerField(min_value=1, help_text="The revision that was looked at")


class YoursSerializer(serializers.Serializer[Any]):
    polygons = PolygonsField()
    made_from = serializers.IntegerField()


class OutlineConflictSerializer(serializers.Serializer[Any]):
    """RFC 9457 problem with both versions."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    remedy = serializers.CharField()
    theirs = OutlineSerializer(allow_null=True, help_text="As it is now; null where it was thrown away")
    yours = YoursSerializer()


CONFLICT = {(409, CONTENT_TYPE): OutlineConflictSerializer}


class OutlineFilter(django_filters.FilterSet):
    exam = django_filters.UUIDFilter(field_name="image__exam_id")
    frame = WholeNumberFilter()
    state = django_filters.ChoiceFilter(choices=OutlineState.choices)
    final = django_filters.BooleanFilter(method="by_final", label="Is one of its revisions final?")
    trashed = django_filters.BooleanFilter(method="by_trash", label="In the trash instead of in use")

    class Meta:
        model = Outline
        fields = ["image", "exam", "frame", "state", "final", "trashed"]

    def by_final(self, queryset: QuerySet[Outline], name: str, value: bool) -> QuerySet[Outline]:
        return queryset.filter(final__isnull=not value)

    def by_trash(self, queryset: QuerySet[Outline], name: str, value: bool) -> QuerySet[Outline]:
        return queryset  # the view has chosen by it already


class OutlineViewSet(
    OutlineExchange, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Outline]
):
    """Liver outlines of frames, with every revision."""

    resource = "outlines"
    queryset = Outline.objects.all()
    serializer_class = OutlineSerializer
    filterset_class = OutlineFilter

    def get_queryset(self) -> OutlineQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Outline.objects.none()
        outlines = Outline.objects.visible_to(actor_of(self.request)).select_related(
            "image", "author", "final"
        )
        if self.action == "list":
            trash = self.request.query_params.get("trashed", "").lower() in {"true", "1"}
            return outlines.trashed() if trash else outlines.live()
        return outlines

    @extend_schema(responses=OutlineDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One outline with what its revisions are; their polygons are at ``revisions/{number}/``."""
        return Response(OutlineDetailSerializer(self.get_object()).data)

    @extend_schema(operation_id="outlines_revision", responses=RevisionDetailSerializer)
    @action(detail=True, methods=["get"], url_path=r"revisions/(?P<number>[0-9]{1,9})")
    def revision(self, request: Request, pk: str | None = None, number: str = "") -> Response:
        """One revision with its polygons."""
        row = get_object_or_404(self.get_object().revisions.all(), number=int(number))
        return Response(RevisionDetailSerializer(row).data)

    @extend_schema(request=OutlineSaveSerializer, responses={201: OutlineSerializer, **CONFLICT})
    def create(self, request: Request) -> Response:
        """Save an outline of a frame: its first revision or its next."""
        wanted = OutlineSaveSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        image = visible_image(actor_of(request), data.pop("image"))
        try:
            outline = services.save_outline(image=image, actor=actor_of(request), request=request, **data)
        except OutlineConflict as conflict:
            return _conflict(conflict)
        return Response(OutlineSerializer(outline).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=FinaliseSerializer, responses={200: OutlineSerializer, **CONFLICT})
    @action(detail=True, methods=["post"])
    def finalise(self, request: Request, pk: str | None = None) -> Response:
        """Say that the newest revision is finished."""
        wanted = FinaliseSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        try:
            outline = services.finalise_outline(
                outline=self.get_object(), actor=actor_of(request), request=request, **wanted.validated_data
            )
        except OutlineConflict as conflict:
            return _conflict(conflict)
        return Response(OutlineSerializer(outline).data)

    @extend_schema(responses={200: OutlineSerializer})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Put the outline into the trash; ``restore/`` takes it back."""
        outline = services.trash_outline(outline=self.get_object(), actor=actor_of(request), request=request)
        return Response(OutlineSerializer(outline).data)

    @extend_schema(request=None, responses={200: OutlineSerializer})
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str | None = None) -> Response:
        """Take the outline back from the trash."""
        outline = services.restore_outline(
            outline=self.get_object(), actor=actor_of(request), request=request
        )
        return Response(OutlineSerializer(outline).data)


def _conflict(conflict: OutlineConflict) -> Response:
    body = {
        **problem(409, conflict.code, conflict.message, conflict.remedy),
        "theirs": OutlineSerializer(conflict.theirs).data if conflict.theirs else None,
        "yours": conflict.yours,
    }
    return Response(body, status=status.HTTP_409_CONFLICT, content_type=CONTENT_TYPE)

"""Outlines to other programs and back: one frame's in the editor, or those of a whole list.

A mixin of :class:`webapp.reading.outline_api.OutlineViewSet`, whose outlines it sends.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import parsers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from webapp import spool
from webapp.accounts.models import User
from webapp.imaging.models import Image
from webapp.patients.api import actor_of
from webapp.reading import interchange, services
from webapp.reading.dicom_seg import NothingToSegment
from webapp.reading.geometry import MOST_POINTS, MOST_POLYGONS, OutlineRefused
from webapp.reading.importing import import_outlines
from webapp.reading.interchange import LAYOUTS
from webapp.reading.models import Outline
from webapp.reading.provenance import LONGEST

MOST_EXPORTED = 500  # frames in one answer: some 150 MB of pictures
LARGEST_IMPORT = 256 * 2**20  # bytes of one file or archive
ABSENT = "There is no such image, or it belongs to another site."


@extend_schema_field(
    {
        "type": "array",
        "maxItems": MOST_POLYGONS,
        "description": f"Closed polygons in pixels of the frame, x right, y down; {MOST_POINTS} corners",
        "items": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        },
    }
)
class PolygonsField(serializers.Field[Any, Any, Any, Any]):
    """Passed on as it came: :mod:`webapp.reading.geometry` checks it against its frame."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class AlgorithmSerializer(serializers.Serializer[Any]):
    """What found an outline; ``changed``: a person has corrected it since."""

    name = serializers.CharField(max_length=LONGEST, allow_blank=True)
    version = serializers.CharField(max_length=LONGEST, allow_blank=True)
    changed = serializers.BooleanField()


class ExportSerializer(serializers.Serializer[Any]):
    layout = serializers.ChoiceField(choices=LAYOUTS)
    image = serializers.UUIDField(required=False)
    exam = serializers.UUIDField(required=False)
    drafts = serializers.BooleanField(default=False)


class ParseSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="labelme or COCO JSON, or a DICOM SEG")
    image = serializers.UUIDField()
    frame = serializers.IntegerField(min_value=0, default=0)


class ParsedSerializer(serializers.Serializer[Any]):
    layout = serializers.ChoiceField(choices=LAYOUTS)
    polygons = PolygonsField()
    algorithm = AlgorithmSerializer(allow_null=True)


class ImportOutlinesSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="labelme or COCO JSON, a DICOM SEG, or a zip of them")
    dry_run = serializers.BooleanField(default=True, help_text="Only say what would become of it")


class ImportProblemSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField()


class ImportLineSerializer(serializers.Serializer[Any]):
    """What became, or would become, of one frame."""

    file = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["new", "revised", "unchanged", "refused"])
    layout = serializers.CharField(allow_blank=True)
    image = serializers.UUIDField(source="image.pk", default=None, allow_null=True)
    exam = serializers.UUIDField(source="image.exam_id", default=None, allow_null=True)
    pseudonym = serializers.CharField(source="image.exam.patient.pseudonym", default=None, allow_null=True)
    frame = serializers.IntegerField()
    problem = ImportProblemSerializer(allow_null=True)


class OutlineExchange(viewsets.GenericViewSet[Outline]):
    """labelme, COCO and DICOM SEG, out and in."""

    @extend_schema(
        operation_id="outlines_export",
        parameters=[
            OpenApiParameter("layout", str, enum=LAYOUTS, required=True),
            OpenApiParameter("image", OpenApiTypes.UUID),
            OpenApiParameter("exam", OpenApiTypes.UUID),
            OpenApiParameter(
                "drafts", bool, description="Newest revisions, drafts too, instead of final ones"
            ),
        ],
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            (200, "application/json"): OpenApiTypes.OBJECT,
        },
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None, filterset_class=None)
    def export(self, request: Request) -> HttpResponse:
        """Final outlines: labelme files with their pictures or DICOM SEG as a zip, or one COCO file."""
        wanted = ExportSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        chosen = wanted.validated_data
        outlines = self.get_queryset().live().order_by("image_id", "frame")  # type: ignore[attr-defined]
        for name, column in (("image", "image"), ("exam", "image__exam")):
            if name in chosen:
                outlines = outlines.filter(**{column: chosen[name]})
        found = outlines if chosen["drafts"] else outlines.with_final()
        rows = list(found.select_related("image", "author", "final__author")[: MOST_EXPORTED + 1])
        if len(rows) > MOST_EXPORTED:
            raise OutlineRefused(f"More than {MOST_EXPORTED} outlines.", remedy="Export by exam or image.")
        shown = rows if chosen["drafts"] else [services.as_final(row) for row in rows]
        layout = chosen["layout"]
        if layout == "seg" and not any(row.polygons for row in shown):
            raise NothingToSegment("There is no outline of a liver to write.")
        services.record_export(outlines=shown, layout=layout, actor=actor_of(request), request=request)
        body, kind, ending = WRITERS[layout](shown)
        headers = {"Content-Disposition": f'attachment; filename="outlines-{layout}.{ending}"'}
        return HttpResponse(body, content_type=kind, headers=headers)

    @extend_schema(
        operation_id="outlines_parse",
        request={"multipart/form-data": ParseSerializer},
        responses={200: ParsedSerializer},
    )
    @action(detail=False, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def parse(self, request: Request) -> Response:
        """The polygons that a labelme, COCO or SEG file holds for a frame. Nothing is saved by it."""
        wanted = ParseSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        image = visible_image(actor_of(request), data["image"])
        content = data["file"].read(interchange.LARGEST_SEG + 1)
        found = interchange.parsed(content, image=image, frame=data["frame"])
        return Response(ParsedSerializer(found._asdict()).data)

    @extend_schema(
        operation_id="outlines_import",
        request={"multipart/form-data": ImportOutlinesSerializer},
        responses={200: ImportLineSerializer(many=True)},
        filters=False,
    )
    @action(
        detail=False, methods=["post"], url_path="import", pagination_class=None, filterset_class=None,
        parser_classes=[parsers.MultiPartParser],
    )  # fmt: skip
    def import_list(self, request: Request) -> Response:
        """The outlines of a file or archive, each a draft on top of its frame's; a line for each frame."""
        wanted = ImportOutlinesSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        sent: UploadedFile = data["file"]
        if (sent.size or 0) > LARGEST_IMPORT:
            raise OutlineRefused(
                f"The file is larger than {LARGEST_IMPORT // 2**20} MB.", remedy="Send it in parts."
            )
        with spool.temporary_folder("outlines") as folder:
            path = folder / "file"
            with path.open("wb") as sink:
                for chunk in sent.chunks():
                    sink.write(chunk)
            lines = list(
                import_outlines(
                    path=path, name=str(sent.name)[:120], actor=actor_of(request), dry_run=data["dry_run"],
                    request=request,
                )
            )  # fmt: skip
        return Response(ImportLineSerializer(lines, many=True).data)


WRITERS: dict[str, Callable[[list[Outline]], tuple[bytes, str, str]]] = {
    "labelme": lambda rows: (interchange.labelme_archive(rows), "application/zip", "zip"),
    "coco": lambda rows: (json.dumps(interchange.coco_of(rows)).encode(), "application/json", "json"),
    "seg": lambda rows: (interchange.seg_archive(rows), "application/zip", "zip"),
}


def visible_image(user: User, pk: Any) -> Image:
    """An image that this user may look at."""
    images = Image.objects.select_related("exam__patient__site")
    if not user.is_administrator:
        images = images.usable().filter(exam__patient__site__in=user.site_ids())
    image = images.filter(pk=pk).first()
    if image is None:
        raise serializers.ValidationError({"image": [serializers.ErrorDetail(ABSENT, code="does_not_exist")]})
    return image

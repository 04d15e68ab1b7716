"""Uploads with the fate of each file, images with their frames, pairs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import django_filters
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import re_path
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import mixins, parsers, renderers, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ml.spec import Band, HepaStageError
from webapp.accounts.models import Site, User
from webapp.accounts.permissions import SiteScoped, within_sites
from webapp.audit import services as audit
from webapp.imaging import rendering, services, storage
from webapp.imaging.models import Image, ImagePair, Upload, UploadFile, UploadSource
from webapp.imaging.outcomes import Outcome
from webapp.imaging.storage import Room
from webapp.patients.api import actor_of
from webapp.patients.models import Exam

NAME = "display_name"


class SiteRequired(HepaStageError):
    """Somebody of several sites has to say whose patients the files are of."""

    code = "site-required"
    remedy = "Send the code of one of your sites as site."


class EvidenceSerializer(serializers.Serializer[Any]):
    """One cue of the HF/LF recognition."""

    cue = serializers.ChoiceField(choices=["probe", "frequency", "depth", "geometry", "picture"])
    value = serializers.CharField()
    band = serializers.ChoiceField(choices=[band.value for band in Band], allow_null=True)
    weight = serializers.FloatField(help_text="0 to 1: how far this cue alone is to be believed")


class FileSerializer(serializers.ModelSerializer[UploadFile]):
    """What became of a file. Stored names are stand-ins; the answer to the sender has the true one."""

    name = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()
    band = serializers.CharField(source="image.band", default="", read_only=True)
    band_confidence = serializers.FloatField(
        source="image.band_confidence", allow_null=True, default=None, read_only=True
    )
    evidence = serializers.SerializerMethodField()
    image_id = serializers.UUIDField(allow_null=True, read_only=True)
    exam_id = serializers.UUIDField(source="image.exam_id", allow_null=True, default=None, read_only=True)
    patient_id = serializers.UUIDField(
        source="image.exam.patient_id", allow_null=True, default=None, read_only=True
    )
    has_original = serializers.SerializerMethodField(help_text="Kept in quarantine, for administrators")

    class Meta:
        model = UploadFile
        fields = [
            "id",
            "name",
            "outcome",
            "code",
            "message",
            "remedy",
            "band",
            "band_confidence",
            "evidence",
            "image_id",
            "exam_id",
            "patient_id",
            "size",
            "has_original",
            "at",
        ]
        read_only_fields = fields

    def get_name(self, row: UploadFile) -> str:
        return row.given_name or row.name

    def get_message(self, row: UploadFile) -> str:
        return row.particulars or row.message

    @extend_schema_field(EvidenceSerializer(many=True))
    def get_evidence(self, row: UploadFile) -> list[dict[str, Any]]:
        return row.image.band_evidence if row.image is not None else []

    def get_has_original(self, row: UploadFile) -> bool:
        return bool(row.quarantine_sha256)


class FileResultsSerializer(serializers.Serializer[Any]):
    """One result for a DICOM file, one per member for a zip archive."""

    results = FileSerializer(many=True)


class FileUploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(
        help_text="A DICOM file, or a zip archive of DICOM files", allow_empty_file=True
    )


class TouchedExamSerializer(serializers.Serializer[Any]):
    """An exam that files of the upload belong to."""

    exam_id = serializers.UUIDField(source="pk")
    patient_id = serializers.UUIDField()
    patient = serializers.CharField(source="patient.pseudonym", help_text="Pseudonym")
    bands = serializers.ListField(child=serializers.CharField())
    pair_id = serializers.UUIDField(source="pair.pk", allow_null=True, default=None)


class UploadSerializer(serializers.ModelSerializer[Upload]):
    site = serializers.CharField(source="site.code", read_only=True)
    created_by = serializers.CharField(
        source=f"created_by.{NAME}", default=None, allow_null=True, read_only=True
    )
    counts = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = ["id", "site", "source", "created_by", "created_at", "counts"]
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_counts(self, upload: Upload) -> dict[str, int]:
        """Files per outcome."""
        return {outcome: getattr(upload, f"{outcome}_files", 0) for outcome in Outcome.values}


class UploadDetailSerializer(UploadSerializer):
    files = serializers.SerializerMethodField()
    exams = serializers.SerializerMethodField()

    class Meta(UploadSerializer.Meta):
        fields = [*UploadSerializer.Meta.fields, "files", "exams"]
        read_only_fields = fields

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, upload: Upload) -> list[dict[str, Any]]:
        rows = upload.files.select_related("image__exam").order_by("at", "id")
        return list(FileSerializer(rows, many=True).data)

    @extend_schema_field(TouchedExamSerializer(many=True))
    def get_exams(self, upload: Upload) -> list[dict[str, Any]]:
        exams = Exam.objects.filter(images__files__upload=upload).distinct().order_by("created_at", "id")
        return list(TouchedExamSerializer(exams.select_related("patient", "pair"), many=True).data)


class UploadCreateSerializer(serializers.Serializer[Any]):
    source = serializers.ChoiceField(choices=UploadSource.choices, default=UploadSource.API)  # type: ignore[assignment]
    site = serializers.SlugField(
        required=False, help_text="Code of the site; not needed by somebody of one site"
    )


class UploadViewSet(
    SiteScoped, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Upload]
):
    """A bundle of files on their way in."""

    resource = "uploads"
    queryset = Upload.objects.select_related("site", "created_by")
    serializer_class = UploadSerializer

    def get_queryset(self) -> QuerySet[Upload]:
        counted = {
            f"{outcome}_files": Count("files", filter=Q(files__outcome=outcome)) for outcome in Outcome.values
        }
        return super().get_queryset().annotate(**counted)

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Upload]]:
        return UploadDetailSerializer if self.action == "retrieve" else UploadSerializer

    @extend_schema(request=UploadCreateSerializer, responses={201: UploadSerializer})
    def create(self, request: Request) -> Response:
        """Open an upload; then send its files one by one."""
        wanted = UploadCreateSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        site = _site_for(request.user, wanted.validated_data.get("site", ""))
        upload = services.start_upload(
            site=site,
            actor=actor_of(request),
            source=wanted.validated_data["source"],
            request=request,
        )
        return Response(UploadSerializer(upload).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request={"multipart/form-data": FileUploadSerializer},
        responses={201: FileResultsSerializer},
    )
    @action(detail=True, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def files(self, request: Request, pk: str | None = None) -> Response:
        """Send one file, or a zip archive of files. The same bytes again are a duplicate, not an error."""
        upload = self.get_object()
        wanted = FileUploadSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        file: UploadedFile = wanted.validated_data["file"]
        data = Path(file.temporary_file_path()) if isinstance(file, TemporaryUploadedFile) else file.read()
        rows = services.ingest_file(
            upload=upload,
            name=file.name or "",
            data=data,
            actor=actor_of(request),
            request=request,
        )
        return Response({"results": FileSerializer(rows, many=True).data}, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("file", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=r"files/(?P<file>[0-9a-f-]{36})/original")
    def original(self, request: Request, pk: str | None = None, file: str = "") -> HttpResponseBase:
        """The bytes of a quarantined or refused file as they came, names and all. Each look is audited."""
        upload = self.get_object()
        row = upload.files.filter(pk=file).exclude(quarantine_sha256="").first()
        if row is None:
            raise NoOriginal("No original of this file is kept.")
        audit.record(
            actor=actor_of(request), action="quarantine.opened", object=row, site=upload.site, request=request
        )
        content = storage.existing(Room.QUARANTINE, row.quarantine_sha256).open("rb")
        return FileResponse(
            content, as_attachment=True, filename=row.name, content_type="application/octet-stream"
        )


class NoOriginal(HepaStageError):
    """The file was taken in, so that its original was not kept, or it was removed since."""

    code = "no-original"
    remedy = "Only files in quarantine have one."
    http_status = 404


def _site_for(user: Any, code: str) -> Site:
    """The site that files are sent to: the one named, else the user's only one."""
    sites = within_sites(Site.objects.all(), user, "pk")
    if code:
        site = sites.filter(code=code).first()
        if site is None:
            raise SiteRequired(f"{code} is not one of your sites.")
        return site
    own = list(user.sites.all()[:2]) or list(sites[:2])
    if len(own) != 1:
        raise SiteRequired("You work at more than one site." if own else "You belong to no site.")
    return own[0]


class ImageSerializer(serializers.ModelSerializer[Image]):
    """An image; its frames are at ``frames/{n}/rendered`` and ``frames/{n}/network-input``."""

    band_evidence = EvidenceSerializer(many=True, read_only=True)
    regions = serializers.JSONField(
        read_only=True,
        help_text="Ultrasound regions: x0 ≤ x < x1, y0 ≤ y < y1 in pixels, delta_x_cm and delta_y_cm",
    )
    analysis_frames = serializers.ListField(
        child=serializers.IntegerField(),
        read_only=True,
        help_text="The frames that networks look at",
    )

    class Meta:
        model = Image
        fields = [
            "id",
            "exam",
            "band",
            "band_confidence",
            "band_evidence",
            "band_source",
            "rows",
            "columns",
            "frame_count",
            "frame_rate_hz",
            "regions",
            "analysis_frames",
            "released",
            "simulated",
            "sha256",
            "created_at",
        ]
        read_only_fields = [name for name in fields if name != "band"]


class BandSerializer(serializers.Serializer[Any]):
    band = serializers.ChoiceField(choices=[band.value for band in Band])


class PngRenderer(renderers.BaseRenderer):
    """So that ``Accept: image/png`` is welcome; problems are JSON all the same."""

    media_type = "image/png"
    format = "png"
    charset = None

    def render(self, data: Any, media_type: str | None = None, context: Any = None) -> bytes:
        return json.dumps(data, default=str).encode()


class ImageFilter(django_filters.FilterSet):
    class Meta:
        model = Image
        fields = ["exam", "band", "simulated"]


FRAME = OpenApiParameter("frame", OpenApiTypes.INT, OpenApiParameter.PATH, description="From 0")
PNG = {(200, "image/png"): OpenApiTypes.BINARY, 304: OpenApiResponse(description="Not modified")}


class ImageViewSet(
    SiteScoped, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Image]
):
    """Stored images. What was not released is visible to administrators only."""

    resource = "images"
    site_path = "exam__patient__site"
    queryset = Image.objects.select_related("exam__patient__site")
    serializer_class = ImageSerializer
    filterset_class = ImageFilter

    def get_queryset(self) -> QuerySet[Image]:
        images = super().get_queryset()
        user = self.request.user
        return images if isinstance(user, User) and user.is_administrator else images.filter(released=True)

    @extend_schema(request=BandSerializer, responses=ImageSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Say by hand whether an image is HF or LF."""
        image = self.get_object()
        wanted = BandSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        image = services.set_band(
            image=image,
            band=wanted.validated_data["band"],
            actor=actor_of(request),
            request=request,
        )
        return Response(ImageSerializer(image).data)

    @extend_schema(operation_id="images_rendered", parameters=[FRAME], responses=PNG)
    def rendered(self, request: Request, pk: str | None = None, frame: str = "0") -> HttpResponseBase:
        """A frame as lossless grey PNG, blank outside the ultrasound regions."""
        image, index = self.get_object(), int(frame)
        return _png(request, f"{image.sha256}-{index}", lambda: rendering.rendered(image, index))

    @extend_schema(operation_id="images_network_input", parameters=[FRAME], responses=PNG)
    def network_input(self, request: Request, pk: str | None = None, frame: str = "0") -> HttpResponseBase:
        """What a network sees of the frame: the ultrasound region, 256×256."""
        image, index = self.get_object(), int(frame)
        return _png(
            request, f"{image.analysis_sha256}-{index}", lambda: rendering.network_input(image, index)
        )


def _png(request: Request, version: str, make: Any) -> HttpResponseBase:
    """A picture that never changes: the browser keeps it, nobody in between does."""
    etag = f'"{version}"'
    plain: HttpRequest = request._request
    known = get_conditional_response(plain, etag=etag)
    response = known if known is not None else HttpResponse(make(), content_type="image/png")
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


class PairSerializer(serializers.ModelSerializer[ImagePair]):
    class Meta:
        model = ImagePair
        fields = ["id", "exam", "hf", "lf", "created_at"]
        read_only_fields = fields


class PairDetailSerializer(PairSerializer):
    """A pair with both images."""

    hf_image = ImageSerializer(source="hf", read_only=True)
    lf_image = ImageSerializer(source="lf", read_only=True)

    class Meta(PairSerializer.Meta):
        fields = [*PairSerializer.Meta.fields, "hf_image", "lf_image"]
        read_only_fields = fields


class PairViewSet(
    SiteScoped, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ImagePair]
):
    """HF and LF image of an exam, side by side."""

    resource = "pairs"
    site_path = "exam__patient__site"
    queryset = ImagePair.objects.with_images()
    filterset_fields = ["exam"]

    def get_serializer_class(self) -> type[serializers.BaseSerializer[ImagePair]]:
        return PairDetailSerializer if self.action == "retrieve" else PairSerializer


_PNG_FIRST = {"renderer_classes": [PngRenderer, renderers.JSONRenderer]}
ROUTES = [
    ("uploads", UploadViewSet, "upload"),
    ("images", ImageViewSet, "image"),
    ("pairs", PairViewSet, "pair"),
]
_FRAME_OF_IMAGE = r"^images/(?P<pk>[0-9a-f-]{36})/frames/(?P<frame>[0-9]{1,6})"
PATHS = [
    re_path(
        _FRAME_OF_IMAGE + r"/rendered/?$",
        ImageViewSet.as_view({"get": "rendered"}, **_PNG_FIRST),
        name="image-rendered",
    ),
    re_path(
        _FRAME_OF_IMAGE + r"/network-input/?$",
        ImageViewSet.as_view({"get": "network_input"}, **_PNG_FIRST),
        name="image-network-input",
    ),
]

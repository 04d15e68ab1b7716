"""Uploads over HTTP: open one, send its files, see what became of each."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, parsers, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ml.spec import HepaStageError
from webapp import spool
from webapp.accounts.models import Site
from webapp.accounts.permissions import SiteScoped, within_sites
from webapp.audit import services as audit
from webapp.imaging import originals, services
from webapp.imaging.image_api import EvidenceSerializer
from webapp.imaging.models import Upload, UploadFile, UploadSource
from webapp.imaging.outcomes import Outcome
from webapp.patients.api import actor_of
from webapp.patients.models import Exam
from webapp.sending import FileInPieces


class SiteRequired(HepaStageError):
    """Somebody of several sites has to say whose patients the files are of."""

    code = "site-required"
    remedy = "Send the code of one of your sites as site."


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
    released = serializers.SerializerMethodField(
        help_text="Quarantined at first, and released by a person since"
    )

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
            "released",
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

    def get_released(self, row: UploadFile) -> bool:
        return row.outcome == Outcome.QUARANTINED and row.image is not None

    def get_has_original(self, row: UploadFile) -> bool:
        return bool(row.quarantine_sha256)


class FileResultsSerializer(serializers.Serializer[Any]):
    """One result for a DICOM file, one per member for a zip archive."""

    results = FileSerializer(many=True)


class FileUploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(
        help_text="A DICOM file, or a zip archive of DICOM files", allow_empty_file=True
    )


MOST_ANNOUNCED = 500


class AnnouncedSerializer(serializers.Serializer[Any]):
    """A file that the sender has."""

    sha256 = serializers.RegexField("^[0-9a-f]{64}$", help_text="Of its bytes, lower-case hexadecimal")
    name = serializers.CharField(max_length=1024, default="", allow_blank=True)
    size = serializers.IntegerField(min_value=0, max_value=2**40, default=0)


class AnnouncementSerializer(serializers.Serializer[Any]):
    files = serializers.ListField(child=AnnouncedSerializer(), max_length=MOST_ANNOUNCED)


class KnownFileSerializer(serializers.Serializer[Any]):
    sha256 = serializers.CharField()
    result = FileSerializer()


class KnownFilesSerializer(serializers.Serializer[Any]):
    """Those of the announced files that need not be sent."""

    known = KnownFileSerializer(many=True)


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
        source="created_by.display_name", default=None, allow_null=True, read_only=True
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
        request = self.context.get("request")
        if request is not None and request.query_params.get("files") == "false":
            return []
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

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "files",
                OpenApiTypes.BOOL,
                description="false: without the files, of which there may be thousands",
            )
        ]
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """An upload with its files and the exams that they belong to."""
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(request=UploadCreateSerializer, responses={201: UploadSerializer})
    def create(self, request: Request) -> Response:
        """Open an upload; then send its files one by one."""
        wanted = UploadCreateSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        site = site_for(request.user, wanted.validated_data.get("site", ""))
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
        data = spool.content_of(file)
        rows = services.ingest_file(
            upload=upload,
            name=file.name or "",
            data=data,
            actor=actor_of(request),
            request=request,
        )
        return Response({"results": FileSerializer(rows, many=True).data}, status=status.HTTP_201_CREATED)

    @extend_schema(request=AnnouncementSerializer, responses=KnownFilesSerializer)
    @action(detail=True, methods=["post"])
    def known(self, request: Request, pk: str | None = None) -> Response:
        """Ask which files need not be sent: so an upload that broke off goes on where it was.

        Those that this upload has answered keep their outcome; those that the site has are duplicates.
        """
        upload = self.get_object()
        wanted = AnnouncementSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        rows = services.already_received(
            upload=upload,
            files=[services.Announced(**file) for file in wanted.validated_data["files"]],
            actor=actor_of(request),
            request=request,
        )
        known = [{"sha256": digest, "result": row} for digest, row in rows.items()]
        return Response(KnownFilesSerializer({"known": known}).data)

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
        return FileInPieces(
            originals.content(row), as_attachment=True, filename=row.name,
            content_type="application/octet-stream",
        )  # fmt: skip


class NoOriginal(HepaStageError):
    """The file was taken in, so that its original was not kept, or it was removed since."""

    code = "no-original"
    remedy = "Only files in quarantine have one."
    http_status = 404


def site_for(user: Any, code: str) -> Site:
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

"""Segmenters and outline proposals over HTTP."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, parsers, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ml.spec import SegmenterSpec
from webapp.accounts.permissions import SiteScoped
from webapp.bucket.kept import kept_folder
from webapp.datasets.api import SITES, SiteRefSerializer, signed_in, sites_of
from webapp.imaging.models import Image
from webapp.jobs.api import FailureSerializer, JobSerializer
from webapp.jobs.models import JobState
from webapp.reading.outline_api import PolygonsField
from webapp.segmentation import material, services
from webapp.segmentation.models import OutlineProposal, Segmenter
from webapp.training.serializers import MetricSerializer
from webapp.training.specs import SpecField


class MaterialSerializer(serializers.Serializer[Any]):
    """What it was trained from."""

    archive = serializers.CharField(help_text="SHA-256 of the archive that was sent; empty without one")
    outlines = serializers.BooleanField(help_text="Whether final outlines drawn here were used")


class SegmenterSerializer(serializers.ModelSerializer[Segmenter]):
    state = serializers.ChoiceField(choices=JobState.choices, read_only=True)
    job = JobSerializer(read_only=True)
    options = SpecField(SegmenterSpec, read_only=True)
    material = MaterialSerializer(read_only=True)
    sites = SiteRefSerializer(many=True, read_only=True)
    metrics = serializers.DictField(
        child=MetricSerializer(), read_only=True, help_text="On outlined images that it had not seen"
    )
    created_by = serializers.CharField(
        source="created_by.display_name", default=None, allow_null=True, read_only=True
    )
    activated_by = serializers.CharField(
        source="activated_by.display_name", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Segmenter
        fields = [
            "id",
            "name",
            "state",
            "job",
            "options",
            "material",
            "sites",
            "metrics",
            "sha256",
            "simulated",
            "example_count",
            "active",
            "activated_by",
            "activated_at",
            "created_by",
            "created_at",
        ]
        read_only_fields = fields


class SegmenterDetailSerializer(SegmenterSerializer):
    """With its card and the record of its training."""

    class Meta(SegmenterSerializer.Meta):
        fields = [*SegmenterSerializer.Meta.fields, "card", "record"]
        read_only_fields = fields


class TrainSegmenterSerializer(serializers.Serializer[Any]):
    """A zip of labelme files with their images, the outlines drawn here, or both. In a form, ``options`` is
    text of JSON."""

    name = serializers.CharField(max_length=120)
    options = SpecField(SegmenterSpec, default=SegmenterSpec)
    archive = serializers.FileField(required=False, allow_empty_file=False)
    outlines = serializers.BooleanField(default=False)
    sites = serializers.ListField(
        child=serializers.CharField(), default=list, help_text="Codes or ids; empty means all of yours"
    )


class SegmenterFormSerializer(serializers.Serializer[Any]):
    """The training form's options."""

    schema = serializers.DictField(help_text="JSON Schema (2020-12) of ``options``")


class AvailableSerializer(serializers.Serializer[Any]):
    """What could be trained from now."""

    outlines = serializers.IntegerField(help_text="Final outlines drawn at the sites")
    fewest = serializers.IntegerField(help_text="Outlined images that a training needs")


class SegmenterViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Segmenter]):
    """What finds the liver in a frame: trainings of the outline network, one of them active."""

    resource = "segmenters"
    queryset = Segmenter.objects.all()
    serializer_class = SegmenterSerializer
    parser_classes = [parsers.JSONParser, parsers.MultiPartParser]

    def get_queryset(self) -> QuerySet[Segmenter]:
        if getattr(self, "swagger_fake_view", False):
            return Segmenter.objects.none()
        return Segmenter.objects.visible_to(signed_in(self.request)).with_rows()

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Segmenter]]:
        return SegmenterDetailSerializer if self.action == "retrieve" else SegmenterSerializer

    @extend_schema(
        request={
            "multipart/form-data": TrainSegmenterSerializer,
            "application/json": TrainSegmenterSerializer,
        },
        responses={201: SegmenterSerializer},
    )
    def create(self, request: Request) -> Response:
        """Train a segmenter; a job does it. An archive is read without trusting anything that it says."""
        body = TrainSegmenterSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = dict(body.validated_data)
        segmenter = services.train(
            name=wanted["name"],
            sites=sites_of(signed_in(request), wanted["sites"]),
            options=wanted["options"],
            archive=wanted.get("archive"),
            outlines=wanted["outlines"],
            actor=signed_in(request),
            request=request,
        )
        return Response(SegmenterSerializer(segmenter).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=SegmenterFormSerializer, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None, url_path="schema")
    def form(self, request: Request) -> Response:
        """JSON Schema of the options that a training takes."""
        return Response({"schema": SegmenterSpec.model_json_schema()})

    @extend_schema(parameters=[SITES], responses=AvailableSerializer, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def material(self, request: Request) -> Response:
        """How many outlines drawn here a training could use."""
        wanted = [part for part in request.query_params.get("sites", "").split(",") if part]
        count = material.final_outlines(sites_of(signed_in(request), wanted)).count()
        return Response({"outlines": count, "fewest": material.FEWEST})

    @extend_schema(request=None, responses=SegmenterSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Stop the training; its last checkpoint stays."""
        return self._done(services.cancel(segmenter=self.get_object(), **_by(request)))

    @extend_schema(request=None, responses=SegmenterSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str | None = None) -> Response:
        """Queue a failed or cancelled training again."""
        return self._done(services.resume(segmenter=self.get_object(), **_by(request)))

    @extend_schema(request=None, responses=SegmenterSerializer)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str | None = None) -> Response:
        """Make this the segmenter that proposes outlines and crops what is frozen from now on."""
        return self._done(services.activate(segmenter=self.get_object(), **_by(request)))

    @extend_schema(request=None, responses=SegmenterSerializer)
    @action(detail=True, methods=["post"])
    def deactivate(self, request: Request, pk: str | None = None) -> Response:
        """No segmenter proposes or crops from now on."""
        return self._done(services.deactivate(segmenter=self.get_object(), **_by(request)))

    @extend_schema(
        operation_id="segmenters_example",
        parameters=[
            OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH, description="From 0")
        ],
        responses={(200, "image/png"): OpenApiTypes.BINARY},
    )
    def example(self, request: Request, pk: str | None = None, number: str = "0") -> HttpResponseBase:
        """A held-out image with the drawn outline (dashed) and the found one (solid), as PNG."""
        segmenter = self.get_object()
        picture = kept_folder(f"{segmenter.relative}/examples") / f"{int(number)}.png"
        if int(number) >= segmenter.example_count or not picture.is_file():
            raise Http404
        response = FileResponse(picture.open("rb"), content_type="image/png")
        response["Cache-Control"] = "private, max-age=86400"
        return response

    def _done(self, segmenter: Segmenter) -> Response:
        return Response(SegmenterSerializer(Segmenter.objects.with_rows().get(pk=segmenter.pk)).data)


def _by(request: Request) -> dict[str, Any]:
    return {"actor": signed_in(request), "request": request}


class SegmenterRefSerializer(serializers.ModelSerializer[Segmenter]):
    class Meta:
        model = Segmenter
        fields = ["id", "name"]


class OutlineProposalSerializer(serializers.ModelSerializer[OutlineProposal]):
    """``liver_found`` and ``polygons`` are null until the state is ``succeeded``; false and empty mean
    that the frame shows no liver."""

    state = serializers.ChoiceField(choices=JobState.choices, read_only=True)
    liver_found = serializers.BooleanField(read_only=True, allow_null=True)
    polygons = PolygonsField(read_only=True, allow_null=True)
    dice_expected = serializers.FloatField(
        read_only=True, allow_null=True, help_text="Mean Dice of the segmenter on outlines it had not seen"
    )
    segmenter = SegmenterRefSerializer(read_only=True)
    failure = FailureSerializer(source="job.failure", read_only=True, allow_null=True)

    class Meta:
        model = OutlineProposal
        fields = [
            "id",
            "image",
            "frame",
            "state",
            "job",
            "liver_found",
            "polygons",
            "dice_expected",
            "segmenter",
            "failure",
            "created_at",
        ]
        read_only_fields = fields


class ProposalRequestSerializer(serializers.Serializer[Any]):
    image = serializers.UUIDField()
    frame = serializers.IntegerField(min_value=0, default=0)


class OutlineProposalViewSet(SiteScoped, viewsets.GenericViewSet[OutlineProposal]):
    """Where the active segmenter takes the liver to be in a frame: a proposal for whoever outlines it."""

    resource = "outline-proposals"
    site_path = "image__exam__patient__site"
    queryset = OutlineProposal.objects.select_related("job", "segmenter").filter(image__released=True)
    serializer_class = OutlineProposalSerializer

    @extend_schema(
        request=ProposalRequestSerializer,
        responses={200: OutlineProposalSerializer, 202: OutlineProposalSerializer},
    )
    def create(self, request: Request) -> Response:
        """Ask for a frame's outline. 200 with the answer where it is known, else 202: ask again by its id."""
        body = ProposalRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        user = signed_in(request)
        images = Image.objects.usable().select_related("exam__patient__site")
        if not user.is_administrator:
            images = images.filter(exam__patient__site__in=user.site_ids())
        image = get_object_or_404(images, pk=body.validated_data["image"])
        proposal = services.request_proposal(
            image=image, frame=body.validated_data["frame"], actor=user, request=request
        )
        known = status.HTTP_202_ACCEPTED if proposal.polygons is None else status.HTTP_200_OK
        return Response(OutlineProposalSerializer(proposal).data, status=known)

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """How far a proposal is, and its answer once it is there."""
        return Response(OutlineProposalSerializer(self.get_object()).data)


PATHS = [
    path(
        "segmenters/<uuid:pk>/examples/<int:number>",
        SegmenterViewSet.as_view({"get": "example"}),
        name="segmenter-example",
    ),
]
ROUTES = [
    ("segmenters", SegmenterViewSet, "segmenter"),
    ("outline-proposals", OutlineProposalViewSet, "outline-proposal"),
]

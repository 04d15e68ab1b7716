"""Images with their frames, and pairs, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, renderers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ml.spec import Band
from webapp.accounts.permissions import SiteScoped
from webapp.imaging import quarantine, rendering, services
from webapp.imaging.models import Image, ImagePair
from webapp.patients.api import actor_of
from webapp.sending import send_stored


class EvidenceSerializer(serializers.Serializer[Any]):
    """One cue of the HF/LF recognition."""

    cue = serializers.ChoiceField(choices=["probe", "frequency", "depth", "geometry", "picture"])
    value = serializers.CharField()
    band = serializers.ChoiceField(choices=[band.value for band in Band], allow_null=True)
    weight = serializers.FloatField(help_text="0 to 1: how far this cue alone is to be believed")


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


class WithdrawSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, help_text="Stays in the audit log: name nobody")


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


class ImageViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Image]):
    """Stored images. What was not released is visible to administrators only."""

    resource = "images"
    queryset = Image.objects.all()
    serializer_class = ImageSerializer
    filterset_class = ImageFilter

    def get_queryset(self) -> QuerySet[Image]:
        if getattr(self, "swagger_fake_view", False):
            return Image.objects.none()
        user = actor_of(self.request)
        images = Image.objects.select_related("exam__patient__site").within_sites_of(user)
        return images if user.is_administrator else images.usable()

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

    @extend_schema(request=WithdrawSerializer, responses={200: ImageSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """Take an image out of use, as for a name in the picture, until an administrator has looked."""
        image = self.get_object()
        wanted = WithdrawSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        quarantine.withdraw(
            image=image, reason=wanted.validated_data["reason"], actor=actor_of(request), request=request
        )
        return Response(ImageSerializer(image).data)

    @extend_schema(operation_id="images_rendered", parameters=[FRAME], responses=PNG)
    def rendered(self, request: Request, pk: str | None = None, frame: str = "0") -> HttpResponseBase:
        """A frame as lossless grey PNG, blank outside the ultrasound regions."""
        image, index = self.get_object(), int(frame)
        return _png(
            request,
            f"{image.sha256}-{index}",
            lambda: send_stored(rendering.rendered_file(image, index), "image/png"),
        )

    @extend_schema(operation_id="images_network_input", parameters=[FRAME], responses=PNG)
    def network_input(self, request: Request, pk: str | None = None, frame: str = "0") -> HttpResponseBase:
        """What a network sees of the frame: the ultrasound region, 256×256."""
        image, index = self.get_object(), int(frame)
        return _png(
            request,
            f"{image.analysis_sha256}-{index}",
            lambda: HttpResponse(rendering.network_input(image, index), content_type="image/png"),
        )


def _png(request: Request, version: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The browser keeps it and asks each time whether it may still be seen: an image can be withdrawn."""
    etag = f'"{version}"'
    plain: HttpRequest = request._request
    known = get_conditional_response(plain, etag=etag)
    response = known if known is not None else make()
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
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

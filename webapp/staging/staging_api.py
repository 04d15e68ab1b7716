"""Stagings over HTTP: ask a model about an exam, look at its answer."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from ml.spec import STAGE_LABELS, Band
from ml.spec.referral import Referral, Trait, referral_of
from webapp.accounts.permissions import SiteScoped, within_sites
from webapp.imaging.image_api import PngRenderer
from webapp.imaging.models import ImagePair
from webapp.jobs.api import FailureSerializer
from webapp.jobs.models import JobState
from webapp.patients import veil
from webapp.patients.api import actor_of
from webapp.patients.models import Exam
from webapp.staging import services
from webapp.staging.attention import AttentionGone, ask_attention, is_there, picture_of
from webapp.staging.models import Attention, Staging
from webapp.training.models import ModelVersion


class ProbabilitiesSerializer(serializers.Serializer[Any]):
    """Calibrated probability of each stage; they sum to 1."""

    S0 = serializers.FloatField()
    S1 = serializers.FloatField()
    S2 = serializers.FloatField()
    S3 = serializers.FloatField()
    S4 = serializers.FloatField()


class AtLeastSerializer(serializers.Serializer[Any]):
    """Probability of significant fibrosis (≥S2), advanced fibrosis (≥S3) and cirrhosis (S4)."""

    S2 = serializers.FloatField()
    S3 = serializers.FloatField()
    S4 = serializers.FloatField()


class AnsweringModelSerializer(serializers.Serializer[Any]):
    """Which model answered, and what it was trained on."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    sha256 = serializers.CharField()
    architecture = serializers.CharField()
    protocol = serializers.CharField()
    dataset_hash = serializers.CharField()
    simulated = serializers.BooleanField()


class CropUsedSerializer(serializers.Serializer[Any]):
    """What of one frame the model saw."""

    image = serializers.UUIDField()
    frame = serializers.IntegerField()
    band = serializers.ChoiceField(choices=[band.value for band in Band])
    kind = serializers.ChoiceField(choices=["region", "liver"])
    box = serializers.ListField(
        child=serializers.IntegerField(), help_text="x0, y0, x1, y1 in pixels of the frame, the end exclusive"
    )
    liver_found = serializers.BooleanField(allow_null=True, help_text="Null where no segmenter looked")
    used = serializers.BooleanField(help_text="Whether the answer rests on it")
    weight = serializers.FloatField(
        required=False,
        allow_null=True,
        help_text="Its share in the answer among the images of its band; null where all count alike",
    )


class UnlikePictureSerializer(serializers.Serializer[Any]):
    """A picture unlike those of the training, and in what."""

    band = serializers.ChoiceField(choices=[band.value for band in Band])
    number = serializers.IntegerField(help_text="Among the pictures used of its band, from 0")
    p_value = serializers.FloatField()
    trait = serializers.ChoiceField(choices=[trait.value for trait in Trait])
    direction = serializers.ChoiceField(choices=["low", "high"])


class FamiliaritySerializer(serializers.Serializer[Any]):
    """How usual the pictures are among those that the model learned from."""

    p_value = serializers.FloatField(allow_null=True, help_text="Null where there were too few to tell")
    level = serializers.FloatField(help_text="Share of familiar patients who are called unfamiliar")
    unlike = UnlikePictureSerializer(many=True)


class StagingResultSerializer(serializers.Serializer[Any]):
    """The answer, as ``python -m ml stage --json`` gives it, with the registry's id of the model."""

    stage = serializers.ChoiceField(choices=list(STAGE_LABELS))
    probabilities = ProbabilitiesSerializer()
    at_least = AtLeastSerializer()
    prediction_set = serializers.ListField(child=serializers.ChoiceField(choices=list(STAGE_LABELS)))
    coverage = serializers.FloatField(help_text="Coverage that the prediction set was calibrated for")
    bands = serializers.ListField(child=serializers.ChoiceField(choices=[band.value for band in Band]))
    images = serializers.DictField(child=serializers.IntegerField(), help_text="Pictures used of each band")
    model = AnsweringModelSerializer()
    seconds = serializers.FloatField()
    warnings = serializers.ListField(child=serializers.CharField())
    familiarity = FamiliaritySerializer(
        required=False, allow_null=True, help_text="Absent from old answers; null where the model cannot tell"
    )
    referral = serializers.SerializerMethodField()
    crops = CropUsedSerializer(many=True, required=False, help_text="Absent from old answers")

    @extend_schema_field(
        serializers.ListField(
            child=serializers.ChoiceField(choices=[reason.value for reason in Referral]),
            help_text="Why a specialist should look before anybody relies on the answer",
        )
    )
    def get_referral(self, result: dict[str, Any]) -> list[str]:
        return [str(reason) for reason in referral_of(result)]


class StagingSerializer(serializers.ModelSerializer[Staging]):
    state = serializers.ChoiceField(choices=JobState.choices, read_only=True)
    result = StagingResultSerializer(read_only=True, allow_null=True)
    failure = FailureSerializer(read_only=True, allow_null=True)
    model_name = serializers.CharField(source="model.name", read_only=True)
    created_by = serializers.CharField(
        source="created_by.display_name", default=None, allow_null=True, read_only=True
    )
    finished_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Staging
        fields = [
            "id",
            "exam",
            "pair",
            "model",
            "model_name",
            "state",
            "job",
            "result",
            "seconds",
            "failure",
            "created_by",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields


class StagingRequestSerializer(serializers.Serializer[Any]):
    """Either ``exam`` (all its images) or ``pair``; without ``model`` the champion answers."""

    exam = serializers.UUIDField(required=False)
    pair = serializers.UUIDField(required=False)
    model = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Resolve the ids; what belongs to other sites does not exist."""
        if ("exam" in attrs) == ("pair" in attrs):
            raise serializers.ValidationError("Send either exam or pair.", code="exam-or-pair")
        user = self.context["request"].user
        pair = None
        if "pair" in attrs:
            pairs = within_sites(ImagePair.objects.with_images(), user, "exam__patient__site")
            pair = pairs.filter(pk=attrs["pair"]).first()
            exam = pair.exam if pair is not None else None
        else:
            exams = within_sites(Exam.objects.select_related("patient__site"), user, "patient__site")
            exam = exams.filter(pk=attrs["exam"]).first()
        if exam is None:
            field = "pair" if "pair" in attrs else "exam"
            raise serializers.ValidationError({field: [_absent()]})
        model = None
        if "model" in attrs:
            model = ModelVersion.objects.filter(pk=attrs["model"]).first()
            if model is None:
                raise serializers.ValidationError({"model": [_absent()]})
        return {"exam": exam, "pair": pair, "model": model}


def _absent() -> serializers.ErrorDetail:
    return serializers.ErrorDetail(
        "There is no such thing, or it belongs to another site.", code="does_not_exist"
    )


class AttentionMapSerializer(serializers.Serializer[Any]):
    """A map and the square that it lies over, in pixels of the frame; it may reach beyond it."""

    image = serializers.UUIDField()
    frame = serializers.IntegerField()
    band = serializers.ChoiceField(choices=[band.value for band in Band])
    x = serializers.FloatField()
    y = serializers.FloatField()
    width = serializers.FloatField()
    height = serializers.FloatField()
    picture = serializers.CharField(help_text="Address of the PNG")


class AttentionSerializer(serializers.Serializer[Any]):
    """``state`` is the job's, or ``absent``; ``maps`` are there when it has succeeded."""

    state = serializers.ChoiceField(choices=["absent", *JobState.values])
    job = serializers.UUIDField(allow_null=True)
    stage = serializers.ChoiceField(choices=list(STAGE_LABELS), help_text="The stage that the maps speak for")
    maps = AttentionMapSerializer(many=True)


class StagingFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(field_name="job__state", choices=JobState.choices)

    class Meta:
        model = Staging
        fields = ["exam", "pair", "model", "state"]


class StagingViewSet(
    SiteScoped, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Staging]
):
    """What models said about exams."""

    resource = "stagings"
    site_path = "exam__patient__site"
    queryset = Staging.objects.with_rows()
    serializer_class = StagingSerializer
    filterset_class = StagingFilter

    def get_queryset(self) -> QuerySet[Staging]:
        stagings = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return stagings
        return veil.without_hidden(stagings, actor_of(self.request), "exam__patient")

    @extend_schema(request=StagingRequestSerializer, responses={201: StagingSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a staging. The answer comes with the job: watch it, or look at the staging again."""
        wanted = StagingRequestSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        veil.refuse_hidden(actor_of(request), [wanted.validated_data["exam"].patient_id])
        staging = services.request_staging(actor=actor_of(request), request=request, **wanted.validated_data)
        return Response(StagingSerializer(staging).data, status=status.HTTP_201_CREATED)

    @extend_schema(operation_id="stagings_attention", responses=AttentionSerializer)
    @action(detail=True, methods=["get"], url_path="attention")
    def attention(self, request: Request, pk: str | None = None) -> Response:
        """Where the network looked, once somebody has asked."""
        staging = self.get_object()
        known = Attention.objects.select_related("job", "staging").filter(staging=staging).first()
        return Response(_attention_json(staging, known))

    @extend_schema(operation_id="stagings_ask_attention", request=None, responses={201: AttentionSerializer})
    @attention.mapping.post
    def ask_attention(self, request: Request, pk: str | None = None) -> Response:
        """Ask where the network looked; nothing is done twice."""
        staging = self.get_object()
        found = ask_attention(staging=staging, actor=actor_of(request), request=request)
        return Response(_attention_json(staging, found), status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="stagings_attention_picture",
        parameters=[OpenApiParameter("index", OpenApiTypes.INT, OpenApiParameter.PATH, description="From 0")],
        responses={(200, "image/png"): OpenApiTypes.BINARY},
    )
    @action(
        detail=True,
        methods=["get"],
        url_path=r"attention/(?P<index>[0-9]{1,4})",
        renderer_classes=[JSONRenderer, PngRenderer],
    )
    def attention_picture(self, request: Request, pk: str | None = None, index: str = "0") -> HttpResponse:
        """One map, 256×256 with transparency, to be laid over its frame."""
        staging = self.get_object()
        known = Attention.objects.filter(staging=staging).first()
        if known is None:
            raise AttentionGone("Nobody has asked where the network looked.")
        response = HttpResponse(picture_of(known, int(index)), content_type="image/png")
        response["Cache-Control"] = "private, max-age=86400"
        return response


def _attention_json(staging: Staging, attention: Attention | None) -> dict[str, Any]:
    there = attention is not None and is_there(attention)
    state = "absent" if attention is None else str(attention.job.state)
    if state == JobState.SUCCEEDED and not there:
        state = "absent"  # the derived file was cleared
    maps = attention.maps if attention is not None and there else []
    return {
        "state": state,
        "job": str(attention.job_id) if attention is not None else None,
        "stage": (staging.result or {}).get("stage"),
        "maps": [
            {**place, "picture": f"/api/v1/stagings/{staging.pk}/attention/{index}/"}
            for index, place in enumerate(maps or [])
        ],
    }

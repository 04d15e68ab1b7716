"""How a model does in use, over HTTP."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.permissions import SiteScoped, within_sites
from webapp.datasets.api import StageCountsSerializer
from webapp.patients import veil
from webapp.patients.api import actor_of
from webapp.staging.in_use import use_of
from webapp.staging.models import Report, Staging
from webapp.training.models import ModelVersion
from webapp.training.serializers import MetricSerializer


class UsePeriodSerializer(serializers.Serializer[Any]):
    """A month, or everything. Shares have 95 % Wilson intervals."""

    month = serializers.DateField(allow_null=True, help_text="Its first day; null of everything")
    answers = serializers.IntegerField()
    stages = StageCountsSerializer()
    wide = MetricSerializer(help_text="Of the answers: three stages or more not ruled out")
    judged = serializers.IntegerField(help_text="Answers whose pictures were compared with the training's")
    unfamiliar = MetricSerializer(help_text="Of those judged: with a picture unlike the training's")
    signed = serializers.IntegerField(help_text="Reports in force that rest on an answer of this model")
    changed = MetricSerializer(help_text="Of those signed: the reviewer gave another stage")
    not_staged = MetricSerializer(help_text="Of those signed: the reviewer gave no stage")


class ModelUseSerializer(serializers.Serializer[Any]):
    """What a model answered at the sites that one sees."""

    expected_unfamiliar = serializers.FloatField(help_text="Share of familiar patients called unfamiliar")
    unlike_training = serializers.BooleanField(help_text="More are unfamiliar than that share explains")
    total = UsePeriodSerializer()
    months = UsePeriodSerializer(many=True, help_text="The newest first")


class ModelUseViewSet(SiteScoped, viewsets.GenericViewSet[Staging]):
    """A model in use: its answers and what reviewers made of them, within one's own sites."""

    resource = "model-use"
    site_path = "exam__patient__site"
    queryset = Staging.objects.all()
    serializer_class = ModelUseSerializer
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Staging]:
        stagings = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return stagings
        return veil.without_hidden(stagings, actor_of(self.request), "exam__patient")

    @extend_schema(
        parameters=[OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Model")],
        responses=ModelUseSerializer,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        """Answers, referrals and reviews of one model, altogether and by month."""
        model = get_object_or_404(ModelVersion, pk=pk)
        actor = actor_of(request)
        reports = within_sites(Report.objects.current(), actor, "exam__patient__site")
        reports = veil.without_hidden(reports, actor, "exam__patient")
        found = use_of(self.get_queryset().filter(model=model), reports.filter(staging__model=model))
        return Response(ModelUseSerializer(found).data)

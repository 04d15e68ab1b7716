"""Reviews over HTTP: drafts of one's own, and signing them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.permissions import SiteScoped
from webapp.patients import veil
from webapp.patients.api import actor_of
from webapp.staging import reporting
from webapp.staging.models import Review
from webapp.staging.report_serializers import (
    ReportSerializer,
    ReviewRequestSerializer,
    ReviewSaveSerializer,
    ReviewSerializer,
    SignatureSerializer,
)


class ReviewFilter(django_filters.FilterSet):
    exam = django_filters.UUIDFilter(field_name="staging__exam_id")

    class Meta:
        model = Review
        fields = ["staging", "exam"]


def judgement(values: dict[str, Any]) -> dict[str, Any]:
    """The part of a request that is the judgement, as the services take it."""
    return {name: values[name] for name in ("decision", "stage", "reasons", "note")}


class ReviewViewSet(
    SiteScoped, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Review]
):
    """One's own drafts. What is signed is a report."""

    resource = "reviews"
    site_path = "staging__exam__patient__site"
    queryset = Review.objects.drafts().select_related("staging__exam__patient__site", "staging__job")
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilter

    def get_queryset(self) -> QuerySet[Review]:
        drafts = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return drafts
        user = actor_of(self.request)
        return veil.without_hidden(drafts.filter(reviewer=user), user, "staging__exam__patient")

    @extend_schema(request=ReviewRequestSerializer, responses={201: ReviewSerializer})
    def create(self, request: Request) -> Response:
        """Begin a draft on a staging that the model has answered."""
        wanted = ReviewRequestSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        review = reporting.begin_review(
            staging=values["staging"], actor=actor_of(request), request=request, **judgement(values)
        )
        return Response(ReviewSerializer(review).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReviewSaveSerializer, responses=ReviewSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Save the draft; refused when it was saved elsewhere since."""
        review = self.get_object()
        wanted = ReviewSaveSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        review = reporting.save_review(
            review=review,
            actor=actor_of(request),
            revision=values["revision"],
            request=request,
            **judgement(values),
        )
        return Response(ReviewSerializer(review).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Discard the draft."""
        reporting.discard_review(review=self.get_object(), actor=actor_of(request), request=request)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=SignatureSerializer, responses={201: ReportSerializer})
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str | None = None) -> Response:
        """Sign the draft with one's password: it becomes a report that nobody can change."""
        review = self.get_object()
        wanted = SignatureSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        report = reporting.sign(
            review=review, actor=actor_of(request), request=request, **wanted.validated_data
        )
        return Response(ReportSerializer(report).data, status=status.HTTP_201_CREATED)

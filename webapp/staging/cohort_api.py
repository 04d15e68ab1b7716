"""The patients behind each number of the STARD flow: who was assessed, left out and why, or included."""

from __future__ import annotations

from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.datasets.api import sites_of
from webapp.datasets.selection import REASONS, Candidate, select
from webapp.patients import veil
from webapp.patients.api import actor_of

ASSESSED, INCLUDED = "assessed", "included"
STEPS = (ASSESSED, *REASONS, INCLUDED)
MOST_ROWS = 2000


class CandidateSerializer(serializers.Serializer[Any]):
    """A patient of the flow."""

    patient = serializers.UUIDField(source="patient_id")
    pseudonym = serializers.CharField()
    site = serializers.CharField(source="site_code")
    simulated = serializers.BooleanField()
    stage = serializers.IntegerField(allow_null=True, help_text="0 to 4, or null")
    images = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True, help_text="Why not included; empty where included")


class CandidatesSerializer(serializers.Serializer[Any]):
    step = serializers.ChoiceField(choices=list(STEPS))
    total = serializers.IntegerField()
    rows = CandidateSerializer(many=True, help_text=f"The first {MOST_ROWS} by pseudonym")


class CohortViewSet(viewsets.ViewSet):
    """Lists behind the flow diagram; the same selection as a freeze."""

    resource = "cohort"

    @extend_schema(
        parameters=[
            OpenApiParameter("step", str, enum=STEPS, default=ASSESSED),
            OpenApiParameter("sites", str, description="Codes, with commas; all of yours if left out"),
        ],
        responses=forced_singular_serializer(CandidatesSerializer),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """The patients of one box of the flow."""
        step = request.query_params.get("step", ASSESSED)
        if step not in STEPS:
            error = serializers.ErrorDetail(f"One of {', '.join(STEPS)}.", code="invalid_choice")
            raise serializers.ValidationError({"step": [error]})
        user = actor_of(request)
        wanted = [part for part in request.query_params.get("sites", "").split(",") if part]
        # As the flow itself: whom the reader is to read blindly is counted nowhere.
        selection = select(sites_of(user, wanted)).without(veil.hidden_from(user))
        chosen = [one for one in selection.candidates if _is_in(one, step)]
        listed = CandidateSerializer(chosen[:MOST_ROWS], many=True).data
        return Response({"step": step, "total": len(chosen), "rows": listed})


def _is_in(candidate: Candidate, step: str) -> bool:
    return step == ASSESSED or candidate.reason == ("" if step == INCLUDED else step)

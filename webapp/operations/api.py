"""How far the demonstration hospital has come: what an empty page shows meanwhile."""

from __future__ import annotations

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.jobs.api import JobSerializer
from webapp.jobs.snapshots import job_json
from webapp.operations import system_api
from webapp.operations.models import Demonstration, Phase

STATES = [("absent", "absent"), *Phase.choices]


class DemonstrationSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=STATES)
    patients = serializers.IntegerField(help_text="How many there will be")
    imported = serializers.IntegerField(help_text="How many there are")
    job_id = serializers.UUIDField(allow_null=True, help_text="The job at work, or the last one")
    job = JobSerializer(allow_null=True)
    dataset = serializers.UUIDField(allow_null=True)
    run = serializers.UUIDField(allow_null=True)


class DemonstrationView(APIView):
    """The demonstration: absent, importing, freezing, training, ready, or failed."""

    resource = "demonstration"

    @extend_schema(operation_id="demonstration_retrieve", responses=DemonstrationSerializer)
    def get(self, request: Request) -> Response:
        found = (
            Demonstration.objects.filter(id=1)
            .select_related("job", "step", "dataset__job", "run__job")
            .first()
        )
        if found is None:
            empty = {"job_id": None, "job": None, "dataset": None, "run": None}
            return Response({"state": "absent", "patients": 0, "imported": 0, **empty})
        job = found.current_job
        return Response(
            {
                "state": found.phase,
                "patients": found.patients,
                "imported": len(found.imported),
                "job_id": str(job.pk) if job else None,
                "job": job_json(job) if job else None,
                "dataset": str(found.dataset_id) if found.dataset_id else None,
                "run": str(found.run_id) if found.run_id else None,
            }
        )


ROUTES = system_api.ROUTES
PATHS = [path("demonstration/", DemonstrationView.as_view(), name="demonstration"), *system_api.PATHS]

"""Jobs over HTTP: list, look, read the events after a number, cancel, run again."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.jobs import discretion, services
from webapp.jobs.models import Job, JobState, Queue
from webapp.jobs.snapshots import job_json
from webapp.whole_numbers import whole_number

EVENTS_PER_ANSWER = 2000


class FailureSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField()


class JobSerializer(serializers.Serializer[Job]):
    """The shape of :func:`webapp.jobs.snapshots.job_json`, which writes it."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    queue = serializers.ChoiceField(choices=Queue.choices)
    state = serializers.ChoiceField(choices=JobState.choices)
    title = serializers.CharField()
    progress = serializers.FloatField(help_text="0 to 1")
    message = serializers.CharField()
    attempt = serializers.IntegerField(help_text="Attempts begun that count; 0 before the first")
    max_attempts = serializers.IntegerField()
    failure = FailureSerializer(allow_null=True)
    queue_position = serializers.IntegerField(allow_null=True, help_text="1 runs next; null unless queued")
    cancel_requested = serializers.BooleanField()
    created_by = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    last_seq = serializers.IntegerField()

    def to_representation(self, instance: Job) -> dict[str, Any]:
        return job_json(instance)


class JobEventSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField(help_text="From 1, without a gap, per job")
    attempt = serializers.IntegerField()
    kind = serializers.CharField()
    data = serializers.JSONField()  # type: ignore[assignment]  # a field, not the property
    at = serializers.DateTimeField()


class JobEventsSerializer(serializers.Serializer[Any]):
    events = JobEventSerializer(many=True)
    last_seq = serializers.IntegerField(help_text="Greater than the last of events: ask again with after=")
    state = serializers.ChoiceField(choices=JobState.choices)


class JobFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=JobState.choices)
    kind = django_filters.CharFilter()

    class Meta:
        model = Job
        fields = ["state", "kind", "queue"]


class JobViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Job]):
    """Long work: queued, running, or settled with its outcome."""

    resource = "jobs"
    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_class = JobFilter

    def get_queryset(self) -> QuerySet[Job]:
        if getattr(self, "swagger_fake_view", False):
            return Job.objects.none()
        return Job.objects.visible_to(self.request.user).with_queue_position()

    @extend_schema(
        parameters=[OpenApiParameter("after", OpenApiTypes.INT, description="Only events after this number")],
        responses=JobEventsSerializer,
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def events(self, request: Request, pk: str | None = None) -> Response:
        """The job's own log, oldest first."""
        job = self.get_object()
        rows = job.events.filter(seq__gt=_number(request)).order_by("seq")[:EVENTS_PER_ANSWER]
        told = discretion.told_to(request.user, job)
        return Response(
            {"events": [told(row.as_json()) for row in rows], "last_seq": job.last_seq, "state": job.state}
        )

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Cancel: at once when queued, within a batch or so when running."""
        return Response(job_json(services.request_cancel(job=self.get_object(), actor=request.user)))

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str | None = None) -> Response:
        """Queue a failed or cancelled job again; it goes on from its checkpoint."""
        return Response(job_json(services.retry(job=self.get_object(), actor=request.user)))


def _number(request: Request) -> int:
    number = whole_number(request.query_params.get("after", "0"))
    if number is None:
        raise serializers.ValidationError({"after": "Send a whole number, 0 or more."})
    return number


ROUTES = [("jobs", JobViewSet, "job")]

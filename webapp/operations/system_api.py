"""The system page's data, and storage checks, for administrators."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts.models import User
from webapp.health import condition_of_parts
from webapp.imaging import quotas
from webapp.jobs.api import JobSerializer
from webapp.jobs.models import Job, Queue
from webapp.operations import condition, holdings, storage_services
from webapp.operations.models import StorageCheck


class QueueConditionSerializer(serializers.Serializer[Any]):
    queue = serializers.ChoiceField(choices=Queue.choices)
    waiting = serializers.IntegerField()
    oldest_seconds = serializers.FloatField(help_text="How long the job that waits longest has waited")
    running = serializers.IntegerField()
    workers = serializers.IntegerField(help_text="Living processes that serve it")


class WorkerConditionSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="machine:process:random")
    queues = serializers.ListField(child=serializers.ChoiceField(choices=Queue.choices))
    started_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField()
    alive = serializers.BooleanField()
    job = JobSerializer(allow_null=True)


class DiskSerializer(serializers.Serializer[Any]):
    name = serializers.ChoiceField(choices=[("storage", "storage"), ("work", "work")])
    free = serializers.IntegerField(help_text="Bytes")
    total = serializers.IntegerField(help_text="Bytes")


class SiteUseSerializer(serializers.Serializer[Any]):
    site = serializers.CharField(source="site.code")
    used = serializers.IntegerField(help_text="Bytes that were sent and are kept")
    limit = serializers.IntegerField(help_text="Bytes; 0 for no limit")


class CountedSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField(help_text="When counting began")
    complete = serializers.BooleanField(help_text="False: time ran out, and there are more")
    files = serializers.IntegerField(help_text="Objects in the bucket, or files on the disk")
    bytes = serializers.IntegerField()
    unsent = serializers.IntegerField(
        allow_null=True, help_text="Files of this machine that the bucket lacks; null without a bucket"
    )
    cache_bytes = serializers.IntegerField(allow_null=True, help_text="What the cache of this machine holds")


class HoldingsSerializer(serializers.Serializer[Any]):
    bucket = serializers.BooleanField(help_text="Files are kept in a bucket")
    answers = serializers.BooleanField(allow_null=True, help_text="The bucket does; null: not known")
    counted = CountedSerializer(allow_null=True, help_text="At most 15 minutes old; null: not known yet")
    to_remove = serializers.IntegerField(help_text="Files that are to go and have not gone")
    cache_limit = serializers.IntegerField(allow_null=True, help_text="Bytes; null without a bucket")


class VersionsSerializer(serializers.Serializer[Any]):
    python = serializers.CharField()
    django = serializers.CharField()
    database = serializers.CharField()


class SystemSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok", "degraded", "failed"])
    database = serializers.ChoiceField(choices=["ok", "failed"])
    redis = serializers.ChoiceField(choices=["ok", "failed", "absent"])
    queues = QueueConditionSerializer(many=True)
    workers = WorkerConditionSerializer(many=True)
    disks = DiskSerializer(many=True)
    sites = SiteUseSerializer(many=True, help_text="What each site holds, the fullest first")
    holdings = HoldingsSerializer(help_text="How much is stored, and where")
    versions = VersionsSerializer()


class SystemView(APIView):
    """In what condition the house is."""

    resource = "system"

    @extend_schema(operation_id="system_retrieve", responses=SystemSerializer)
    def get(self, request: Request) -> Response:
        """Health, queues, workers and what each is at, disks."""
        found = {
            **condition_of_parts(),
            "queues": condition.queues(),
            "workers": condition.workers(),
            "disks": condition.disks(),
            "sites": quotas.use_of_sites(),
            "holdings": holdings.holdings(),
            "versions": condition.versions(),
        }
        return Response(SystemSerializer(found).data)


class StorageFindingSerializer(serializers.Serializer[Any]):
    trouble = serializers.ChoiceField(choices=["missing", "orphan", "changed"])
    path = serializers.CharField(help_text="Below HEPASTAGE_HOME")
    row = serializers.CharField(help_text="Model and key of the row; empty for a file without one")


class StorageCountsSerializer(serializers.Serializer[Any]):
    missing = serializers.IntegerField(help_text="Rows that name a file which is not there")
    orphan = serializers.IntegerField(help_text="Files that no row names")
    changed = serializers.IntegerField(help_text="Files whose content is not what was stored")


class StorageReportSerializer(serializers.Serializer[Any]):
    files = serializers.IntegerField()
    bytes = serializers.IntegerField()
    rows = serializers.IntegerField()
    hashed = serializers.BooleanField(help_text="Every byte was read")
    counts = StorageCountsSerializer()
    findings = StorageFindingSerializer(many=True, help_text="The first 200")
    moved = serializers.IntegerField(help_text="Files moved to the trash")
    removed = serializers.IntegerField(help_text="Files that had been in the trash for too long")
    fine = serializers.BooleanField()


class StorageCheckSerializer(serializers.ModelSerializer[StorageCheck]):
    job = JobSerializer()
    report = StorageReportSerializer(allow_null=True)

    class Meta:
        model = StorageCheck
        fields = ["id", "hashing", "repair", "job", "report", "created_by", "created_at"]
        read_only_fields = fields


class StorageCheckRequestSerializer(serializers.Serializer[Any]):
    hashing = serializers.BooleanField(default=True, help_text="Read every byte")
    repair = serializers.BooleanField(default=False, help_text="Move files without rows to the trash")


class StorageCheckViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[StorageCheck]
):
    """Comparisons of rows and files, both ways."""

    resource = "storage-checks"
    queryset = StorageCheck.objects.all()
    serializer_class = StorageCheckSerializer

    def get_queryset(self) -> QuerySet[StorageCheck]:
        jobs = Prefetch("job", Job.objects.with_queue_position())
        return super().get_queryset().prefetch_related(jobs)

    @extend_schema(request=StorageCheckRequestSerializer, responses={201: StorageCheckSerializer})
    def create(self, request: Request) -> Response:
        """Start one; it runs as a job."""
        wanted = StorageCheckRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        actor = request.user
        assert isinstance(actor, User)
        made = storage_services.request_check(**wanted.validated_data, actor=actor, request=request)
        return Response(StorageCheckSerializer(made).data, status=status.HTTP_201_CREATED)


ROUTES = [("storage-checks", StorageCheckViewSet, "storage-check")]
PATHS = [path("system/", SystemView.as_view(), name="system")]

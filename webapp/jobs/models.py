"""The job row is the truth about long work; Redis and sockets carry hints only (docs/decisions/002).

queued ──claim──▶ running ──▶ succeeded | failed | cancelled.  A running job whose lease ran out goes
back to queued while attempts are left. All transitions are compare-and-set updates in ``services``.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


SETTLED = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


class Queue(models.TextChoices):
    """By cost, so that staging a patient never waits behind a training."""

    GPU_TRAIN = "gpu.train"  # hours; one at a time per device
    GPU_INFER = "gpu.infer"  # under a second; model kept warm in the worker
    CPU = "cpu"  # minutes: freezing, importing, demonstrating


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Any) -> JobQuerySet:
        """One's own jobs, and those all of whose sites are one's own; administrators see all."""
        if user.is_administrator:
            return self
        sites = Job.sites.through.objects.filter(job_id=OuterRef("pk"))
        foreign = sites.exclude(site_id__in=user.site_ids())
        return self.filter(Q(created_by=user.pk) | (Exists(sites) & ~Exists(foreign)))

    def with_queue_position(self) -> JobQuerySet:
        """Annotate ``ahead``: how many queued jobs of the same queue came earlier."""
        earlier = (
            Job.objects.filter(queue=OuterRef("queue"), state=JobState.QUEUED)
            .filter(Q(queued_at__lt=OuterRef("queued_at")))
            .order_by()
            .values("queue")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(ahead=Coalesce(Subquery(earlier), Value(0)))


class Job(models.Model):
    """One piece of long work, written in the transaction of what it is for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    queue = models.CharField(max_length=20, choices=Queue.choices)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    title = models.CharField(max_length=200)
    payload = models.JSONField(default=dict, blank=True)
    progress = models.FloatField(default=0.0)
    message = models.CharField(max_length=300, blank=True, default="")
    # attempt counts claims and only grows: it is the fence that late writes are refused by.
    # An attempt handed back by a stopping worker is not counted against max_attempts.
    attempt = models.PositiveIntegerField(default=0)
    handed_back = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=3)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=120, blank=True, default="")
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    failure = models.JSONField(null=True, blank=True)  # {"code", "message", "remedy"}
    last_seq = models.PositiveIntegerField(default=0)
    idempotency_key = models.CharField(max_length=120, null=True, blank=True)
    sites = models.ManyToManyField("accounts.Site", blank=True, related_name="+")  # whose data it is about
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(auto_now_add=True)  # moves on requeue and retry
    dispatched_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "idempotency_key"], name="job_once_per_key"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(progress__gte=0) & Q(progress__lte=1), name="job_progress_0_1"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_expires_at__isnull=False),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(failure__isnull=False), name="job_failed_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="job_newest_first"),
            models.Index(fields=["queue", "queued_at"], condition=Q(state="queued"), name="job_waiting"),
            models.Index(fields=["lease_expires_at"], condition=Q(state="running"), name="job_leases"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} {self.state}"

    @property
    def site(self) -> Any:
        """The site it is about, where that is one; None for none and for several."""
        sites = list(self.sites.all()[:2])
        return sites[0] if len(sites) == 1 else None

    @property
    def attempts_counted(self) -> int:
        """Attempts that count against ``max_attempts``."""
        return self.attempt - self.handed_back

    @property
    def attempts_left(self) -> int:
        return max(0, self.max_attempts - self.attempts_counted)

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @property
    def queue_position(self) -> int | None:
        """1 for the job that runs next; None unless queued. Uses ``ahead`` where annotated."""
        if self.state != JobState.QUEUED:
            return None
        ahead = getattr(self, "ahead", None)
        if ahead is None:
            ahead = Job.objects.filter(
                queue=self.queue, state=JobState.QUEUED, queued_at__lt=self.queued_at
            ).count()
        return int(ahead) + 1


class JobEvent(models.Model):
    """One event of one job; ``seq`` counts from 1 without a gap. Never changed."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    attempt = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["job", "seq"]
        constraints = [models.UniqueConstraint(fields=["job", "seq"], name="job_event_once")]

    def __str__(self) -> str:
        return f"{self.job_id} #{self.seq} {self.kind}"

    def as_json(self) -> dict[str, Any]:
        """The shape of ``/events/`` and of the socket alike."""
        return {
            "seq": self.seq,
            "attempt": self.attempt,
            "kind": self.kind,
            "data": self.data,
            "at": self.at.isoformat(),
        }


class Worker(models.Model):
    """A worker process that has been heard of; stale rows are removed by the reconciler."""

    name = models.CharField(max_length=120, primary_key=True)  # host:pid:random
    queues = models.JSONField(default=list)
    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Tally(models.Model):
    """A number that only grows, over all processes of all hosts (:mod:`webapp.jobs.tallies`)."""

    metric = models.CharField(max_length=60)
    labels = models.CharField(max_length=200)  # JSON, keys in order
    value = models.FloatField(default=0.0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["metric", "labels"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.metric}{self.labels} {self.value:g}"

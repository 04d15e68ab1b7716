"""``/metrics`` for Prometheus: requests (measured here), jobs, workers, intake, stagings, disks (from rows).

What workers do is read from rows that they add to (:mod:`webapp.jobs.tallies`): it adds up over all workers
of all hosts, and outlives them.

For whoever sends ``Authorization: Bearer METRICS_TOKEN``, and for signed-in administrators. The reverse
proxy does not pass it on (``docker/nginx.conf``). With several web processes, set
``PROMETHEUS_MULTIPROC_DIR`` to an empty folder, and each answers for all.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from webapp import bucket
from webapp.accounts.models import User
from webapp.bucket import pending
from webapp.health import condition_of_parts
from webapp.imaging.models import UploadFile
from webapp.jobs import tallies
from webapp.jobs.models import Job
from webapp.operations import condition, holdings
from webapp.problems import problem_response
from webapp.staging.models import Staging

TALLIES = (
    (tallies.RUNS, "Attempts at jobs that ended, by how.", ["kind", "outcome"]),
    (tallies.RUN_SECONDS, "Seconds that they took.", ["kind", "outcome"]),
    ("workers_bucket_requests", "Requests of workers to the object storage.", ["operation", "outcome"]),
    ("workers_bucket_bytes", "Bytes between workers and the object storage.", ["direction"]),
    ("workers_cache_reads", "Files that workers asked for, by where they were found.", ["found"]),
)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything at once, in Prometheus' text format."""
    if not _may_read(request):
        return problem_response(
            403, "permission-denied", "Metrics are for administrators and for the monitor."
        )
    registry = CollectorRegistry()
    registry.register(FromRows())
    return HttpResponse(
        generate_latest(_of_requests()) + generate_latest(registry), content_type=CONTENT_TYPE_LATEST
    )


def _may_read(request: HttpRequest) -> bool:
    keyword, _, sent = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and keyword.lower() == "bearer":
        return secrets.compare_digest(sent.encode(), settings.METRICS_TOKEN.encode())
    user = request.user
    return isinstance(user, User) and user.may("system", "get")


def _of_requests() -> CollectorRegistry:
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


class FromRows(Collector):
    """What the database and the disks say at this moment; the same from every web process."""

    def collect(self) -> Iterator[Metric]:
        parts = condition_of_parts()
        up = GaugeMetricFamily("hepastage_up", "1 where the part works, 0 where not.", labels=["part"])
        for part in ("database", "redis"):
            up.add_metric([part], float(parts[part] != "failed"))
        if bucket.enabled():
            up.add_metric(["bucket"], float(self._bucket_answers()))
        yield up
        if parts["database"] != "failed":
            yield from self._jobs()
            yield from self._tallies()
            yield from self._queues()
            yield from self._work()
        free = GaugeMetricFamily("hepastage_disk_free_bytes", "Free bytes of the disk.", labels=["folder"])
        total = GaugeMetricFamily("hepastage_disk_bytes", "Size of the disk.", labels=["folder"])
        for disk in condition.disks():
            free.add_metric([disk.name], disk.free)
            total.add_metric([disk.name], disk.total)
        yield from (free, total)
        yield from self._kept()

    def _bucket_answers(self) -> bool:
        from webapp.bucket import client
        from webapp.bucket.errors import BucketTrouble

        try:
            client.reach()
        except BucketTrouble:
            return False
        return True

    def _jobs(self) -> Iterator[Metric]:
        family = GaugeMetricFamily("hepastage_jobs", "Jobs by kind and state.", labels=["kind", "state"])
        counts = Job.objects.order_by().values_list("kind", "state").annotate(number=Count("pk"))
        for kind, state, number in counts:
            family.add_metric([kind, state], number)
        yield family

    def _tallies(self) -> Iterator[Metric]:
        """What processes without a port did, over all of them."""
        for metric, says, labels in TALLIES:
            family = CounterMetricFamily(f"hepastage_{metric}", says, labels=labels)
            for found, value in tallies.read(metric):
                family.add_metric([found[label] for label in labels], value)
            yield family

    def _kept(self) -> Iterator[Metric]:
        """What the system page counted last: a scrape begins no count."""
        yield GaugeMetricFamily(
            "hepastage_files_to_remove", "Files that are to go and have not gone.", value=len(pending.names())
        )
        found = holdings.last_counted()
        if found is not None and found.complete:
            yield GaugeMetricFamily("hepastage_stored_files", "Files or objects stored.", value=found.files)
            yield GaugeMetricFamily("hepastage_stored_bytes", "Their bytes.", value=found.bytes)
            if found.unsent is not None:
                yield GaugeMetricFamily(
                    "hepastage_files_unsent", "Files here that the bucket lacks.", value=found.unsent
                )
            if found.cache_bytes is not None:
                yield GaugeMetricFamily(
                    "hepastage_cache_bytes", "Bytes in the cache of this machine.", value=found.cache_bytes
                )

    def _queues(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("hepastage_queue_waiting", "Jobs that wait.", labels=["queue"])
        oldest = GaugeMetricFamily(
            "hepastage_queue_oldest_seconds", "How long the oldest waiting job has waited.", labels=["queue"]
        )
        running = GaugeMetricFamily("hepastage_queue_running", "Jobs that run.", labels=["queue"])
        served = GaugeMetricFamily("hepastage_queue_workers", "Living workers.", labels=["queue"])
        for queue in condition.queues():
            waiting.add_metric([queue.queue], queue.waiting)
            oldest.add_metric([queue.queue], queue.oldest_seconds)
            running.add_metric([queue.queue], queue.running)
            served.add_metric([queue.queue], queue.workers)
        yield from (waiting, oldest, running, served)
        seen = GaugeMetricFamily(
            "hepastage_worker_seen_seconds", "Unix time of the worker's last report.", labels=["worker"]
        )
        for worker in condition.workers():
            seen.add_metric([worker.name], worker.seen_at.timestamp())
        yield seen

    def _work(self) -> Iterator[Metric]:
        files = CounterMetricFamily("hepastage_files_taken_in", "Files by outcome.", labels=["outcome"])
        for outcome, number in UploadFile.objects.order_by().values_list("outcome").annotate(n=Count("pk")):
            files.add_metric([outcome], number)
        yield files
        answered = Staging.objects.filter(seconds__isnull=False).aggregate(
            number=Count("pk"), seconds=Sum("seconds")
        )
        yield CounterMetricFamily(
            "hepastage_stagings", "Stagings that were answered.", value=answered["number"]
        )
        yield CounterMetricFamily(
            "hepastage_staging_seconds",
            "Seconds that their predictions took.",
            value=answered["seconds"] or 0.0,
        )

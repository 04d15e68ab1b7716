"""Numbers that only grow, of all processes on all hosts, as rows: what has no port is counted here.

Attempts at jobs are added in the transaction that ends them. What a worker, the reconciler or the DICOM
receiver counts of its bucket in its own memory is carried over every few seconds; a process that is killed
takes the last few seconds with it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

from django.db import DatabaseError
from django.db.models import F
from prometheus_client import REGISTRY

from webapp.jobs.models import Tally

log = logging.getLogger(__name__)

RUNS = "job_runs"
RUN_SECONDS = "job_run_seconds"
CARRIED = {
    "hepastage_bucket_requests": "workers_bucket_requests",
    "hepastage_bucket_bytes": "workers_bucket_bytes",
    "hepastage_cache_reads": "workers_cache_reads",
}
"""Counters of a process, and what they are called once they are added up over all."""


def add(metric: str, value: float, **labels: str) -> None:
    """Add ``value`` (not negative) to a number, in the transaction of the caller where there is one."""
    mine = Tally.objects.filter(metric=metric, labels=_written(labels))
    if not mine.update(value=F("value") + value):
        Tally.objects.bulk_create([Tally(metric=metric, labels=_written(labels))], ignore_conflicts=True)
        mine.update(value=F("value") + value)


def read(metric: str) -> Iterator[tuple[dict[str, str], float]]:
    """Labels and value of every number of a metric."""
    for labels, value in (
        Tally.objects.filter(metric=metric).order_by("labels").values_list("labels", "value")
    ):
        yield json.loads(labels), value


class Carrier:
    """Carries what this process has counted since the last time over into the rows; not for web processes."""

    def __init__(self) -> None:
        self._carried: dict[tuple[str, str], float] = {}

    def carry(self) -> None:
        """What the database does not take now goes with the next time."""
        try:
            self._carry()
        except DatabaseError as error:
            log.warning("the database does not answer (%s)", type(error).__name__)

    def _carry(self) -> None:
        for family in REGISTRY.collect():
            metric = CARRIED.get(family.name)
            if metric is None:
                continue
            for sample in family.samples:
                if not sample.name.endswith("_total"):
                    continue
                number = (metric, _written(sample.labels))
                new = sample.value - self._carried.get(number, 0.0)
                if new > 0:
                    add(metric, new, **sample.labels)
                    self._carried[number] = sample.value


def _written(labels: dict[str, str]) -> str:
    return json.dumps(labels, sort_keys=True)

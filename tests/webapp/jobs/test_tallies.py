"""Numbers of all workers: nothing is counted twice, nothing is lost, and old logs are counted once."""

from __future__ import annotations

import importlib
import threading

import pytest
from django.apps import apps
from django.db import connection
from prometheus_client import Counter

from webapp.bucket.client import BYTES
from webapp.jobs import services, tallies
from webapp.jobs.models import Job, JobState, Tally

THREADS, TIMES = 4, 25


@pytest.mark.django_db(transaction=True)
def test_many_at_once_add_up():
    gate = threading.Barrier(THREADS)

    def work() -> None:
        gate.wait(30)
        for _ in range(TIMES):
            tallies.add("tried", 0.5, outcome="well", kind="x")
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert list(tallies.read("tried")) == [({"kind": "x", "outcome": "well"}, THREADS * TIMES * 0.5)]


@pytest.mark.django_db
def test_a_process_carries_over_what_is_new():
    direction = "of-this-test"
    first, second = tallies.Carrier(), tallies.Carrier()
    BYTES.labels(direction).inc(100)
    first.carry()
    first.carry()
    BYTES.labels(direction).inc(11)
    first.carry()
    assert carried(direction) == 111
    second.carry()  # another process, which has counted as much in its own memory
    assert carried(direction) == 222


def carried(direction: str) -> float:
    return {labels["direction"]: value for labels, value in tallies.read("workers_bucket_bytes")}[direction]


@pytest.mark.django_db(transaction=True)
def test_what_the_database_did_not_take_goes_with_the_next_time():
    direction = "of-that-test"
    carrier = tallies.Carrier()
    BYTES.labels(direction).inc(7)
    with connection.execute_wrapper(_away):
        carrier.carry()
    carrier.carry()
    assert carried(direction) == 7


def _away(*_args: object, **_more: object) -> None:
    from django.db import OperationalError

    raise OperationalError("the database is away")


def test_what_is_carried_over_is_counted_somewhere():
    """A counter that is renamed would silently never be carried."""
    from webapp.bucket import client, files

    known = [one for module in (client, files) for one in vars(module).values() if isinstance(one, Counter)]
    assert {one.describe()[0].name for one in known} == set(tallies.CARRIED)


@pytest.mark.django_db
def test_logs_from_before_are_counted_as_if_they_had_been_when_they_were_written(enqueue):
    for state in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED, None):
        job = enqueue("probe.steps")
        first = services.claim(job_id=job.pk, worker="a")
        services.hand_back(job_id=job.pk, attempt=first.attempt)
        again = services.claim(job_id=job.pk, worker="b")
        if state is not None:
            failure = {"code": "x", "message": "x", "remedy": "x"} if state is JobState.FAILED else None
            services.settle(job_id=job.pk, attempt=again.attempt, state=state, failure=failure, hooks=False)
        if state is JobState.FAILED:
            services.retry(job=Job.objects.get(pk=job.pk), actor=None)
    then = {metric: list(tallies.read(metric)) for metric in (tallies.RUNS, tallies.RUN_SECONDS)}
    assert sum(value for _, value in then[tallies.RUNS]) == 7
    Tally.objects.all().delete()

    importlib.import_module("webapp.jobs.migrations.0003_tallies").count_what_was(apps, None)
    assert list(tallies.read(tallies.RUNS)) == then[tallies.RUNS]
    for (labels, found), (same, counted) in zip(
        tallies.read(tallies.RUN_SECONDS), then[tallies.RUN_SECONDS], strict=True
    ):
        assert labels == same
        assert found == pytest.approx(counted, abs=0.5)

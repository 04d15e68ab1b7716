"""Real workers, a real Redis, real kills: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest
import redis as redis_client

from tests.waiting import wait_until
from webapp.jobs import services, workers
from webapp.jobs.models import Job, JobState, Worker
from webapp.jobs.reconciler import Reconciler

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def effects(folder) -> list[str]:
    path = folder / "effects"
    return path.read_text().split() if path.exists() else []


def test_a_killed_workers_job_is_done_once_by_another(enqueue, start, with_redis, reload, tmp_path):
    start("reconcile", redis=with_redis)
    victim = start("work", "--queues", "cpu", redis=with_redis)
    job = enqueue("probe.steps", steps=40, seconds=0.1)
    wait_until(lambda: reload(job).progress > 0.1, seconds=40, why="the job runs")
    victim.kill()
    killed_at = time.monotonic()
    start("work", "--queues", "cpu", redis=with_redis)
    wait_until(lambda: reload(job).attempt == 2, seconds=30, why="requeued in seconds")
    assert time.monotonic() - killed_at < 25
    wait_until(lambda: reload(job).is_settled, seconds=40)
    job = reload(job)
    assert (job.state, job.attempts_counted) == (JobState.SUCCEEDED, 2), job.failure
    assert effects(tmp_path) == [str(job.pk)]


def test_a_killed_workers_job_does_not_wait_for_its_lease(
    enqueue, start, with_redis, reload, tmp_path, monkeypatch
):
    monkeypatch.setenv("JOB_LEASE_SECONDS", "600")
    start("reconcile", redis=with_redis)
    victim = start("work", "--queues", "cpu", redis=with_redis)
    living = start("work", "--queues", "gpu.infer", redis=with_redis)
    job = enqueue("probe.steps", steps=20, seconds=0.1)
    wait_until(lambda: reload(job).progress > 0.1, seconds=40, why="the job runs")
    wait_until(lambda: Worker.objects.count() == 2, seconds=40, why="both are there")
    victim.kill()
    victim.wait()
    wait_until(lambda: reload(job).state == JobState.QUEUED, seconds=15, why="its death is noticed")
    wait_until(lambda: Worker.objects.count() == 1, seconds=15, why="it is no more")
    assert Worker.objects.get().name.split(":")[1] == str(living.pid)
    start("work", "--queues", "cpu", redis=with_redis)
    wait_until(lambda: reload(job).is_settled, seconds=40)
    assert (reload(job).state, reload(job).attempts_counted) == (JobState.SUCCEEDED, 2)
    assert effects(tmp_path) == [str(job.pk)]


def test_a_worker_is_known_to_be_dead_only_when_its_process_has_ended(settings, tmp_path):
    settings.HOME = tmp_path
    with workers.presence(name := workers.new_name()):
        assert workers.dead_here() == []
    assert workers.dead_here() == []
    (tmp_path / "run" / "workers" / name).touch()  # as a killed process leaves it
    (tmp_path / "run" / "workers" / "elsewhere:1:abc").touch()
    assert workers.dead_here() == [name]
    workers.bury(name)
    assert workers.dead_here() == []


def test_sigterm_hands_the_job_back_uncounted(enqueue, start, with_redis, reload, tmp_path):
    worker = start("work", "--queues", "cpu", redis=with_redis)
    job = enqueue("probe.steps", steps=30, seconds=0.1)
    wait_until(lambda: reload(job).progress > 0.1, seconds=40)
    worker.terminate()
    assert worker.wait(timeout=10) == 0
    job = reload(job)
    assert (job.state, job.attempts_counted) == (JobState.QUEUED, 0)
    assert not Worker.objects.exists()
    start("work", "--queues", "cpu", redis=with_redis)
    wait_until(lambda: reload(job).is_settled, seconds=40)
    assert effects(tmp_path) == [str(job.pk)]


def test_a_worker_stopped_past_its_lease_is_fenced_off(enqueue, start, with_redis, reload, tmp_path):
    start("reconcile", redis=with_redis)
    sleeper = start("work", "--queues", "cpu", redis=with_redis)
    job = enqueue("probe.steps", steps=20, seconds=0.1)
    wait_until(lambda: reload(job).progress > 0.1, seconds=40)
    os.kill(sleeper.pid, signal.SIGSTOP)
    start("work", "--queues", "cpu", redis=with_redis)
    wait_until(lambda: reload(job).attempt == 2, seconds=30)
    os.kill(sleeper.pid, signal.SIGCONT)
    wait_until(lambda: reload(job).is_settled, seconds=40)
    time.sleep(1)
    job = reload(job)
    assert job.state == JobState.SUCCEEDED
    assert effects(tmp_path) == [str(job.pk)]
    rows = list(job.events.order_by("seq").values_list("seq", "attempt"))
    assert [seq for seq, _ in rows] == list(range(1, job.last_seq + 1))
    assert [attempt for _, attempt in rows] == sorted(attempt for _, attempt in rows)


def test_an_emptied_redis_loses_no_job(enqueue, start, with_redis, reload):
    jobs = [enqueue("probe.steps", steps=1) for _ in range(5)]
    redis_client.Redis.from_url(with_redis).flushall()
    Job.objects.update(dispatched_at="2020-01-01T00:00:00Z")
    start("reconcile", redis=with_redis)
    start("work", "--queues", "cpu", redis=with_redis)
    wait_until(lambda: all(reload(job).is_settled for job in jobs), seconds=60)
    assert {reload(job).state for job in jobs} == {JobState.SUCCEEDED}


def test_a_lost_hint_is_repeated_although_the_queue_never_empties(with_redis, enqueue):
    first, lost, last = (enqueue("probe.steps", steps=1) for _ in range(3))
    redis = redis_client.Redis.from_url(with_redis)
    mark = redis.lindex("hepastage:cpu", 1)
    redis.lrem("hepastage:cpu", 1, mark)
    redis.hdel("hepastage:cpu.msgs", mark)
    for _ in range(4):  # other jobs keep coming
        enqueue("probe.steps", steps=1)
    Job.objects.filter(pk__in=[first.pk, lost.pk, last.pk]).update(dispatched_at="2020-01-01T00:00:00Z")
    reconciler = Reconciler()
    assert reconciler.repeat_hints() == 1
    Job.objects.update(dispatched_at="2020-01-01T00:00:00Z")
    assert reconciler.repeat_hints() == Reconciler().repeat_hints() == 0  # none is repeated that is there
    waiting = [redis.hget("hepastage:cpu.msgs", one) for one in redis.lrange("hepastage:cpu", 0, -1)]
    told = [json.loads(message)["args"][0] for message in waiting]
    assert sorted(told) == sorted(str(pk) for pk in Job.objects.values_list("pk", flat=True))


def test_a_redis_that_dies_and_comes_back_empty_loses_no_job(
    enqueue, start, with_redis, redis_server, reload, tmp_path
):
    start("reconcile", redis=with_redis)
    start("work", "--queues", "cpu", redis=with_redis)
    running = enqueue("probe.steps", steps=30, seconds=0.1)
    wait_until(lambda: reload(running).progress > 0.1, seconds=40)
    redis_server.kill()
    lost = enqueue("probe.refuses")  # accepted while there is no Redis at all
    assert reload(lost).state == JobState.QUEUED
    time.sleep(1)
    redis_server.start()
    wait_until(lambda: reload(running).is_settled and reload(lost).is_settled, seconds=40)
    assert (reload(running).state, reload(running).attempts_counted) == (JobState.SUCCEEDED, 1)
    assert effects(tmp_path) == [str(running.pk)]


def test_workers_poll_where_there_is_no_redis_and_obey_a_cancel(enqueue, start, reload, tmp_path):
    first = enqueue("probe.steps", steps=200, seconds=0.05)
    start("work", "--queues", "cpu,gpu.infer")
    wait_until(lambda: reload(first).progress > 0, seconds=40)
    services.request_cancel(job=first, actor=None)
    asked_at = time.monotonic()
    wait_until(lambda: reload(first).is_settled, seconds=10)
    assert reload(first).state == JobState.CANCELLED
    assert time.monotonic() - asked_at < 3
    assert effects(tmp_path) == []

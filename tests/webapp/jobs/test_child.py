"""Work in a child process: what it says arrives, and it never outlives its reason to live."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tests.waiting import wait_until
from webapp.environment import SECRETS
from webapp.jobs import child, execution, services
from webapp.jobs.models import Job, JobState

pytestmark = pytest.mark.django_db


def child_pid(folder: Path) -> int | None:
    found = list(folder.glob("pid-*"))
    return int(found[0].name.removeprefix("pid-")) if found else None


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_events_of_a_child_become_rows(enqueue, run_job):
    job = run_job(enqueue("probe.child", how="succeeds"))
    assert job.state == JobState.SUCCEEDED, job.failure
    kinds = list(job.events.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["state", "state", "started", "progressed", "finished", "state"]


def test_a_child_knows_no_secrets(enqueue, run_job):
    job = run_job(enqueue("probe.child", how="succeeds"))
    environment = job.events.get(kind="finished").data["result"]["environment"]
    assert "SECRET_KEY" not in environment
    assert "MALLOC_TOP_PAD_" not in environment


def test_no_secret_is_handed_on_whichever_way_it_came(monkeypatch):
    """What came as NAME_FILE stands in our own environment as NAME."""
    for name in SECRETS:
        monkeypatch.setenv(name, "hidden")
        monkeypatch.setenv(f"{name}_FILE", "/run/secrets/hidden")
    monkeypatch.setenv("HEPASTAGE_KEPT", "as it is")
    handed = child._environment("train", None)
    assert {"METRICS_TOKEN", "OIDC_CLIENT_SECRET"} <= set(SECRETS)
    assert [name for name, value in handed.items() if "hidden" in value] == []
    assert handed["HEPASTAGE_KEPT"] == "as it is"


def test_only_trainings_get_the_allocator_settings():
    assert child._environment("train", None)["MALLOC_TOP_PAD_"] == "268435456"
    assert "MALLOC_TOP_PAD_" not in child._environment("simulate", None)


def test_a_failing_child_is_quoted(enqueue, run_job):
    job = run_job(enqueue("probe.child", how="fails"))
    assert job.failure == {
        "code": "cohort-too-small",
        "message": "Three patients are not enough.",
        "remedy": "Import more patients.",
    }


def test_a_killed_child_is_tried_again_and_then_explained(enqueue, run_job):
    job = run_job(enqueue("probe.child", how="killed"))
    assert (job.state, job.attempts_left) == (JobState.QUEUED, 1)
    job = run_job(job)
    assert (job.state, job.failure["code"]) == (JobState.FAILED, "child-killed")
    assert "memory" in job.failure["remedy"]


@pytest.mark.django_db(transaction=True)
def test_cancel_lets_the_child_save_its_checkpoint(enqueue, tmp_path):
    job = enqueue("probe.child", how="runs")
    runner = threading.Thread(target=execution.execute, args=(job.pk,), kwargs={"worker": "test"})
    runner.start()
    wait_until(lambda: Job.objects.get(pk=job.pk).progress > 0)
    services.request_cancel(job=job, actor=None)
    runner.join(timeout=10)
    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED
    assert (tmp_path / "checkpointed").exists()
    assert not alive(child_pid(tmp_path))


@pytest.mark.django_db(transaction=True)
def test_a_child_that_ignores_sigterm_is_killed_and_the_job_handed_back(enqueue, tmp_path, settings):
    settings.JOB_CHILD_GRACE_SECONDS = 0.5
    job = enqueue("probe.child", how="ignores")
    stopping = threading.Event()
    runner = threading.Thread(
        target=execution.execute, args=(job.pk,), kwargs={"worker": "test", "shutdown": stopping}
    )
    runner.start()
    wait_until(lambda: child_pid(tmp_path))
    time.sleep(0.3)
    stopping.set()
    runner.join(timeout=10)
    job = Job.objects.get(pk=job.pk)
    assert (job.state, job.attempts_counted) == (JobState.QUEUED, 0)
    assert not alive(child_pid(tmp_path))


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_the_child_dies_with_a_killed_worker(enqueue, start, tmp_path):
    job = enqueue("probe.child", how="runs")
    worker = start("work", "--queues", "gpu.train")
    wait_until(lambda: Job.objects.get(pk=job.pk).progress > 0, seconds=20)
    pid = child_pid(tmp_path)
    assert pid is not None
    assert alive(pid)
    os.kill(worker.pid, 9)
    wait_until(lambda: not alive(pid), seconds=5, why="the child ends")

"""The state machine, in one process: what each transition does, and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from webapp.jobs import registry, services
from webapp.jobs.errors import LeaseLost, NotAllowedNow, NotYours
from webapp.jobs.handle import JobHandle
from webapp.jobs.models import Job, JobState

pytestmark = pytest.mark.django_db


def lapse_now(job):
    Job.objects.filter(pk=job.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def states(job):
    return [row.data["state"] for row in job.events.filter(kind="state").order_by("seq")]


def test_a_job_runs_to_success_and_its_log_has_no_gap(enqueue, run_job):
    job = run_job(enqueue("probe.steps", steps=3))
    assert job.state == JobState.SUCCEEDED
    assert (job.progress, job.attempts_counted) == (1.0, 1)
    assert [row.seq for row in job.events.order_by("seq")] == list(range(1, job.last_seq + 1))
    assert states(job) == ["queued", "running", "succeeded"]


def test_only_one_of_two_workers_gets_the_job(enqueue):
    job = enqueue("probe.steps", steps=1)
    assert services.claim(job_id=job.pk, worker="one") is not None
    assert services.claim(job_id=job.pk, worker="two") is None


def test_a_reasoned_failure_is_stored_and_not_repeated(enqueue, run_job):
    job = run_job(enqueue("probe.refuses"))
    assert job.state == JobState.FAILED
    assert job.failure == {
        "code": "cohort-empty", "message": "The cohort is empty.", "remedy": "Import some patients."
    }  # fmt: skip


def test_a_crash_names_the_error(enqueue, run_job):
    job = run_job(enqueue("probe.crashes"))
    assert job.failure["code"] == "crashed"
    assert "ZeroDivisionError" in job.failure["message"]


def test_a_lapsed_lease_queues_the_job_again_and_fences_the_late_writer(enqueue, tmp_path):
    job = enqueue("probe.steps", steps=1)
    late = JobHandle(services.claim(job_id=job.pk, worker="one"))
    lapse_now(job)
    assert services.lapse(job_id=job.pk, attempt=late.attempt).state == JobState.QUEUED
    current = JobHandle(services.claim(job_id=job.pk, worker="two"))
    current.record({"kind": "note", "message": "mine"})
    with pytest.raises(LeaseLost):
        late.record({"kind": "note", "message": "too late"})
    with pytest.raises(LeaseLost), late.fenced():
        pytest.fail("a late attempt entered the fence")
    with pytest.raises(LeaseLost):
        services.settle(job_id=job.pk, attempt=late.attempt, state=JobState.SUCCEEDED)
    assert "too late" not in str(list(Job.objects.get(pk=job.pk).events.values_list("data", flat=True)))


def test_a_renewed_lease_does_not_lapse(enqueue):
    job = enqueue("probe.steps", steps=1)
    attempt = services.claim(job_id=job.pk, worker="one").attempt
    lapse_now(job)
    services.renew(job_id=job.pk, attempt=attempt)
    assert services.lapse(job_id=job.pk, attempt=attempt) is None


def test_attempts_end(enqueue):
    job = enqueue("probe.steps", steps=1)
    for _ in range(3):
        attempt = services.claim(job_id=job.pk, worker="one").attempt
        lapse_now(job)
        job = services.lapse(job_id=job.pk, attempt=attempt)
    assert job.state == JobState.FAILED
    assert job.failure["code"] == "worker-lost"
    assert "3 attempts" in job.failure["message"]


def test_a_handed_back_attempt_is_not_counted(enqueue):
    job = enqueue("probe.steps", steps=1)
    for _ in range(5):
        attempt = services.claim(job_id=job.pk, worker="one").attempt
        job = services.hand_back(job_id=job.pk, attempt=attempt)
    assert (job.state, job.attempt, job.attempts_counted) == (JobState.QUEUED, 5, 0)


def test_cancelling_a_queued_job_is_immediate(enqueue, clinician):
    job = enqueue("probe.steps", steps=1, created_by=clinician)
    assert services.request_cancel(job=job, actor=clinician).state == JobState.CANCELLED
    assert services.claim(job_id=job.pk, worker="one") is None
    with pytest.raises(NotAllowedNow):
        services.request_cancel(job=job, actor=clinician)


def test_a_lapsed_or_handed_back_job_that_was_cancelled_stays_cancelled(enqueue):
    for end in (services.lapse, services.hand_back):
        job = enqueue("probe.steps", steps=1)
        attempt = services.claim(job_id=job.pk, worker="one").attempt
        services.request_cancel(job=job, actor=None)
        lapse_now(job)
        assert end(job_id=job.pk, attempt=attempt).state == JobState.CANCELLED


def test_only_the_owner_or_an_administrator_cancels(enqueue, clinician, researcher, administrator):
    job = enqueue("probe.steps", steps=1, created_by=researcher)
    with pytest.raises(NotYours):
        services.request_cancel(job=job, actor=clinician)
    assert services.request_cancel(job=job, actor=administrator).state == JobState.CANCELLED


def test_retry_gives_all_attempts_and_goes_on_from_the_checkpoint(enqueue, run_job, tmp_path):
    job = run_job(enqueue("probe.refuses"))
    assert services.retry(job=job, actor=None).state == JobState.QUEUED
    assert (job.attempts_counted, job.failure) == (0, None)
    with pytest.raises(NotAllowedNow):
        services.retry(job=job, actor=None)


def test_the_same_key_is_the_same_job(db):
    def make():
        return services.enqueue(
            kind="probe.steps", title="x", payload={"steps": 1}, idempotency_key="upload-1"
        )

    assert make().pk == make().pk
    assert Job.objects.count() == 1


def test_a_job_of_a_rolled_back_transaction_never_was(enqueue):
    with transaction.atomic():
        enqueue("probe.steps", steps=1)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_hooks_run_in_the_settling_transaction(enqueue, run_job, monkeypatch):
    seen: list[str] = []
    monkeypatch.setitem(registry._settled, "probe.steps", [lambda job: seen.append(job.state)])
    run_job(enqueue("probe.steps", steps=1))
    assert seen == ["succeeded"]


def test_a_failing_hook_fails_the_job_instead_of_leaving_it_running(enqueue, run_job, monkeypatch):
    def broken(job):
        raise ValueError("no such run")

    monkeypatch.setitem(registry._settled, "probe.steps", [broken])
    job = run_job(enqueue("probe.steps", steps=1))
    assert (job.state, job.failure["code"]) == (JobState.FAILED, "settling-failed")


def test_the_database_refuses_a_running_job_without_a_lease(enqueue):
    job = enqueue("probe.steps", steps=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)


def test_effects_are_written_once_over_two_attempts(enqueue, run_job, tmp_path: Path):
    job = enqueue("probe.steps", steps=4)
    (tmp_path / "checkpoint").write_text("2")  # left by an attempt that died
    job = run_job(job)
    assert job.events.filter(kind="progressed").count() == 2
    assert (tmp_path / "effects").read_text().splitlines() == [str(job.pk)]

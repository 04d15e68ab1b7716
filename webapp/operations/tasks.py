"""Jobs of the demonstration and of the storage check: minutes long, in the ``cpu`` queue, safe to repeat."""

from __future__ import annotations

from webapp.jobs.handle import JobHandle
from webapp.jobs.models import Job, JobState
from webapp.jobs.registry import handler, on_settled
from webapp.operations.models import Demonstration


@handler("operations.demonstration", queue="cpu", max_attempts=5)
def fill(job: JobHandle) -> None:
    """Simulate patients and import them."""
    from webapp.operations import demonstration  # numpy and friends: only where the work is done

    demonstration.fill(job)


@handler("operations.demonstration-step", queue="cpu", max_attempts=5)
def step(job: JobHandle) -> None:
    """Freeze, train or promote."""
    from webapp.operations import demonstration

    demonstration.step(job)


@handler("operations.storage-check", queue="cpu", max_attempts=3)
def check_storage(job: JobHandle) -> None:
    """Compare rows and files."""
    from webapp.operations import storage_services

    storage_services.run_check(job)


@on_settled("datasets.freeze")
@on_settled("training.run")
def go_on(job: Job) -> None:
    """The demonstration's own dataset was frozen, or its run has ended: ask for the next step."""
    from webapp.operations.demonstration import enqueue_step

    found = Demonstration.objects.filter(id=1).select_related("dataset", "run").first()
    if found is None or job.state != JobState.SUCCEEDED:
        return
    own = {found.dataset.job_id if found.dataset else None, found.run.job_id if found.run else None}
    if job.pk in own:
        enqueue_step(found)

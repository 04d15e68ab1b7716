"""Jobs of datasets: one kind, minutes long, bound by the disk, safe to repeat."""

from __future__ import annotations

from webapp.datasets.models import DatasetState, DatasetVersion
from webapp.jobs.handle import JobHandle
from webapp.jobs.models import Job, JobState
from webapp.jobs.registry import handler, on_settled


@handler("datasets.freeze", queue="cpu", max_attempts=3)
def freeze(job: JobHandle) -> None:
    """Write the cache folder of a dataset version and freeze it."""
    from webapp.datasets.building import build_version  # pandas and numpy: only where the work is done

    build_version(job)


@on_settled("datasets.freeze")
def mirror(job: Job) -> None:
    """A version that was not frozen has failed, and says why; running the job again builds it anew."""
    if job.state == JobState.SUCCEEDED:
        return
    failure = job.failure or {
        "code": "cancelled",
        "message": "The freeze was cancelled.",
        "remedy": "Run the job again, or freeze a new version.",
    }
    DatasetVersion.objects.filter(job=job, state=DatasetState.BUILDING).update(
        state=DatasetState.FAILED, failure=failure
    )

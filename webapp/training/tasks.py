"""Jobs of training: runs (hours, one a device, resumable) and imports (minutes); safe to repeat."""

from __future__ import annotations

from webapp.jobs.handle import JobHandle
from webapp.jobs.models import Job
from webapp.jobs.registry import handler, on_settled


@handler("training.run", queue="gpu.train", max_attempts=3)
def train(job: JobHandle) -> None:
    """Train a run's model in a child process; after a worker's death, go on from the checkpoint."""
    from webapp.training.running import train_run  # the registry of kinds must not load what it runs

    train_run(job)


@handler("training.import", queue="gpu.infer", max_attempts=2)
def import_model(job: JobHandle) -> None:
    """Evaluate a model that came from elsewhere on a dataset of this house, then register it."""
    from webapp.training.exchange import evaluate_import

    evaluate_import(job)


@on_settled("training.import")
def clear(job: Job) -> None:
    """Remove what came; the registry has its own copy."""
    from webapp.training.exchange import clear_import

    clear_import(job)

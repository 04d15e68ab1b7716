"""Jobs of training: one kind, hours long, one at a time per device, resumable, safe to repeat."""

from __future__ import annotations

from webapp.jobs.handle import JobHandle
from webapp.jobs.registry import handler


@handler("training.run", queue="gpu.train", max_attempts=3)
def train(job: JobHandle) -> None:
    """Train a run's model in a child process; after a worker's death, go on from the checkpoint."""
    from webapp.training.running import train_run  # the registry of kinds must not load what it runs

    train_run(job)

"""Work that staging registers with jobs."""

from __future__ import annotations

from webapp.jobs.handle import JobHandle
from webapp.jobs.registry import handler
from webapp.staging import services
from webapp.staging.attention import compute_attention


@handler("staging.stage", queue="gpu.infer", max_attempts=3)
def stage(job: JobHandle) -> None:
    """Stage one exam. Idempotent; well under a second with a warm model; as much memory as the model."""
    services.run_staging(job)


@handler("staging.attention", queue="gpu.infer", max_attempts=3)
def attention(job: JobHandle) -> None:
    """Where the network looked. Idempotent; seconds on a processor; twice the memory of the model."""
    compute_attention(job)

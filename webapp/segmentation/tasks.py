"""Work that segmentation registers with jobs. Neither kind loads torch until it is done."""

from __future__ import annotations

from webapp.jobs.handle import JobHandle
from webapp.jobs.registry import handler


@handler("segmentation.train", queue="gpu.train", max_attempts=3)
def train(job: JobHandle) -> None:
    """Train a segmenter in a child process; after a worker's death, go on from its checkpoint. Minutes."""
    from webapp.segmentation.running import train_segmenter

    train_segmenter(job)


@handler("segmentation.propose", queue="gpu.infer", max_attempts=3)
def propose(job: JobHandle) -> None:
    """Outline the liver in one frame. Idempotent; well under a second with a warm segmenter."""
    from webapp.segmentation.proposing import propose_outline

    propose_outline(job)

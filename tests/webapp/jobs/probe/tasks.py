"""Kinds of jobs that exist in tests only; workers load them with EXTRA_APPS=tests.webapp.jobs.probe."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ml.spec import HepaStageError
from webapp.jobs.child import run_child
from webapp.jobs.handle import JobHandle
from webapp.jobs.registry import handler

CHILD = Path(__file__).with_name("child_program.py")


@handler("probe.steps", queue="cpu", max_attempts=3)
def steps(job: JobHandle) -> None:
    """Count to ``steps`` with a checkpoint file, as a training does; then write one line, fenced."""
    checkpoint = Path(job.payload["folder"]) / "checkpoint"
    done = int(checkpoint.read_text()) if checkpoint.exists() else 0
    total = int(job.payload["steps"])
    for step in range(done + 1, total + 1):
        time.sleep(float(job.payload.get("seconds", 0)))
        job.record(
            {"kind": "progressed", "phase": "count", "step": step},
            progress=step / total,
            message=f"step {step}",
        )
        draft = checkpoint.with_suffix(".draft")
        draft.write_text(str(step))
        draft.replace(checkpoint)  # a kill may come at any moment
    with job.fenced(), (Path(job.payload["folder"]) / "effects").open("a") as effects:
        effects.write(f"{job.id}\n")


@handler("probe.refuses", queue="cpu")
def refuses(job: JobHandle) -> None:
    raise HepaStageError("The cohort is empty.", code="cohort-empty", remedy="Import some patients.")


@handler("probe.crashes", queue="cpu")
def crashes(job: JobHandle) -> None:
    raise ZeroDivisionError("division by zero")


@handler("probe.child", queue="gpu.train", max_attempts=2)
def child(job: JobHandle) -> None:
    """Work in a child process that behaves as ``payload["how"]`` says."""
    argv = [sys.executable, str(CHILD), job.payload["how"], job.payload.get("folder", "")]
    run_child(job, argv, on_event=lambda event: job.record(event.model_dump(mode="json")) and None)

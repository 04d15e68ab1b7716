"""The work of a segmenter's job: outlines to a folder, a training in a child process, its model registered.

Minutes to an hour, resumable: the folders are written once and the child keeps a checkpoint of every epoch.
As with runs, :mod:`webapp.training.exclusive` lets only the newest attempt's process write there, and what
counts goes through the job's fence.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from webapp import bucket
from webapp.audit import services as audit
from webapp.bucket.kept import keep_folder, kept_folder
from webapp.jobs.child import TRAINING_ENVIRONMENT, run_child
from webapp.jobs.handle import JobHandle
from webapp.segmentation import material
from webapp.segmentation.errors import OutcomeIncomplete
from webapp.segmentation.models import Segmenter
from webapp.training.handover import Underway
from webapp.training.registry import StoredModel, store_model

PULSE_SECONDS = 0.5


def train_segmenter(job: JobHandle) -> None:
    """Train, or go on training, until the segmenter's model is in the registry."""
    segmenter = Segmenter.objects.get(pk=job.payload["segmenter"])
    if segmenter.sha256:
        return
    folders = _material(job, segmenter)
    underway = Underway(segmenter.folder)
    underway.fetch()

    def tell(event: Any) -> None:
        _record(job, segmenter, event)
        if event.kind == "checkpoint-saved":
            underway.saved()

    with underway.kept():
        command = _command(segmenter, folders, job.attempt)
        run_child(job, command, on_event=tell, environment=TRAINING_ENVIRONMENT)
    job.check()
    work = segmenter.folder / "work"
    try:
        metrics = json.loads((work / "metrics.json").read_text("utf-8"))["test"]
        info = json.loads((work / "model" / "model.json").read_text("utf-8"))
    except (OSError, ValueError, KeyError) as error:
        raise OutcomeIncomplete(f"The training left no usable result: {error!r}.") from error
    stored = store_model(work / "model")
    examples = _keep_examples(work / "examples", segmenter.folder / "examples")
    if examples:
        keep_folder(f"{segmenter.relative}/examples", segmenter.folder / "examples")
    underway.finish()
    with job.fenced():
        _register(job, segmenter, stored, metrics, bool(info["simulated"]), examples)
    underway.registered()


def _material(job: JobHandle, segmenter: Segmenter) -> list[Path]:
    told = time.monotonic()

    def pulse(message: str) -> None:
        nonlocal told
        job.check()
        if time.monotonic() - told >= PULSE_SECONDS:
            told = time.monotonic()
            job.record({"kind": "progressed", "phase": "outlines", "progress": 0.0}, message=message)

    folders = []
    root = segmenter.folder / "outlines"
    hand_over = bucket.enabled() and not root.is_dir()
    if hand_over:
        kept_folder(f"{segmenter.relative}/outlines")  # as another machine began with
        hand_over = not root.is_dir()
    if segmenter.material["archive"] and not (root / "archive").is_dir():
        _fetch_archive(segmenter)
    if segmenter.material["archive"]:
        material.unpack(segmenter.folder / material.ARCHIVE, root / "archive", pulse)
        folders.append(root / "archive")
    if segmenter.material["outlines"]:
        material.write_drawn(segmenter.sites.all(), root / "drawn", pulse)
        folders.append(root / "drawn")
    if hand_over:
        keep_folder(f"{segmenter.relative}/outlines", root)
    return folders


def _fetch_archive(segmenter: Segmenter) -> None:
    """What was sent lies where it was sent to; take it from the bucket where that was another machine."""
    archive = segmenter.folder / material.ARCHIVE
    if bucket.enabled() and not archive.is_file():
        sent = kept_folder(f"{segmenter.relative}/archive") / material.ARCHIVE
        if sent.is_file():
            sent.rename(archive)


def _command(segmenter: Segmenter, folders: list[Path], attempt: int) -> list[str]:
    python = [sys.executable, "-m"]
    options = {"--workdir": segmenter.folder / "work", "--events": "jsonl"} | {
        f"--{name}": value for name, value in segmenter.options.items()
    }
    return [
        *python,
        "webapp.training.exclusive",
        str(segmenter.folder / "lock"),
        str(attempt),
        "--",
        *python,
        "ml",
        "segment",
        "train",
        str(folders[0]),
        *(part for folder in folders[1:] for part in ("--extra", str(folder))),
        *(str(part) for option in options.items() for part in option),
    ]


def _record(job: JobHandle, segmenter: Segmenter, event: Any) -> None:
    row = event.model_dump(mode="json")
    if row["kind"] == "started":
        with job.fenced():
            Segmenter.objects.filter(pk=segmenter.pk).update(record=row["record"])
    message = {
        "started": "Resumed from the last checkpoint" if row.get("resumed") else "Started",
        "epoch-finished": f"epoch {row.get('epoch')} of {row.get('epochs')}",
        "progressed": row.get("message"),
        "finished": "Registering the model",
    }.get(row["kind"])
    job.record(row, message=message)


def _keep_examples(source: Path, target: Path) -> int:
    """Copy the overlays beside the work directory, which may be emptied; return how many there are."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    pictures = sorted(source.glob("*.png")) if source.is_dir() else []
    for number, picture in enumerate(pictures):
        shutil.copyfile(picture, target / f"{number}.png")
    return len(pictures)


def _register(
    job: JobHandle,
    segmenter: Segmenter,
    stored: StoredModel,
    metrics: dict[str, Any],
    simulated: bool,
    examples: int,
) -> None:
    changed = Segmenter.objects.filter(pk=segmenter.pk, sha256="").update(
        path=stored.path,
        digest=stored.digest,
        sha256=stored.sha256,
        card=stored.card,
        metrics=metrics,
        simulated=simulated,
        example_count=examples,
    )
    if changed:
        audit.record(
            actor=job.created_by,
            action="segmenter.registered",
            object=segmenter,
            detail={"sha256": stored.sha256},
        )

"""The work of a run's job: a training in a child process, its events on the job, its model registered.

Long (minutes to hours), one at a time per device, resumable: the child keeps checkpoints in the run's
work directory and goes on from the last one. The directory is shared by the attempts on purpose;
:mod:`webapp.training.exclusive` makes sure that only the newest attempt's process writes there. What
counts (metrics, the model's row) is written through the job's fence, so a late attempt changes nothing.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from ml.spec import HepaStageError
from webapp.audit import services as audit
from webapp.bucket.kept import holding
from webapp.jobs.child import TRAINING_ENVIRONMENT, run_child
from webapp.jobs.handle import JobHandle
from webapp.jobs.models import JobEvent
from webapp.training.divisions import cohort_folder, write_split
from webapp.training.handover import Underway
from webapp.training.models import ModelVersion, Run
from webapp.training.registry import StoredModel, store_model
from webapp.training.specs import sources_folder

# What a resumed training tells once more, and the fields that say which it is.
TOLD_AGAIN = {
    "epoch-finished": ("phase", "epoch"),
    "weights-transferred": ("source", "target"),
    "evaluated": ("split", "level"),
}


class OutcomeIncomplete(HepaStageError):
    """The training said that it was done, but did not leave what a run must leave."""

    code = "training-outcome-incomplete"
    remedy = "Resume the run: it continues from its last checkpoint. If it comes back, tell an administrator."


def train_run(job: JobHandle) -> None:
    """Train, or go on training, until the run's model is in the registry."""
    run = Run.objects.select_related("dataset", "external").get(pk=job.payload["run"])
    if ModelVersion.objects.filter(run=run).exists():
        return  # an earlier attempt registered it and died before it could say so
    spec = _write_spec(run)
    underway = Underway(run.folder)
    underway.fetch()
    run.workdir.mkdir(parents=True, exist_ok=True)
    heard = _heard(job)

    def tell(event: Any) -> None:
        _record(job, run, event, heard)
        if event.kind == "checkpoint-saved":
            underway.saved()

    with holding(run.dataset.folder), underway.kept():
        command = _command(run, spec, job.attempt)
        run_child(job, command, on_event=tell, environment=TRAINING_ENVIRONMENT)
    job.check()
    outcome = read_outcome(run.workdir)
    stored = store_model(run.workdir / "model")
    underway.finish()
    with job.fenced():
        _register(job, run, outcome, stored)
    underway.registered()


def _command(run: Run, spec: Path, attempt: int) -> list[str]:
    python = [sys.executable, "-m"]
    return [
        *python,
        "webapp.training.exclusive",
        str(run.folder / "lock"),
        str(attempt),
        "--",
        *python,
        "ml",
        "train",
        str(spec),
        "--cohort",
        str(cohort_folder(run)),
        "--workdir",
        str(run.workdir),
        "--sources",
        str(sources_folder()),
        "--events",
        "jsonl",
        *([] if run.division is None else ["--split", str(write_split(run))]),
    ]


def _write_spec(run: Run) -> Path:
    run.folder.mkdir(parents=True, exist_ok=True)
    path = run.folder / "spec.json"
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps(run.spec, indent=1, sort_keys=True) + "\n", "utf-8")
    draft.replace(path)
    return path


def _heard(job: JobHandle) -> set[tuple[Any, ...]]:
    """What earlier attempts have on the job. An attempt that is cancelled drops the last words of its
    training, whose checkpoint holds them: so they are taken when they are told again, and only then."""
    rows = JobEvent.objects.filter(job=job.id, kind__in=TOLD_AGAIN).values_list("kind", "data")
    return {_name({"kind": kind, **data}) for kind, data in rows.iterator()}


def _name(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["kind"], *(row.get(field) for field in TOLD_AGAIN[row["kind"]]))


def _record(job: JobHandle, run: Run, event: Any, heard: set[tuple[Any, ...]]) -> None:
    """Store and stream an event; the first one says what the run can be repeated with."""
    row = event.model_dump(mode="json")
    if row["kind"] in TOLD_AGAIN:
        if _name(row) in heard:
            job.check()
            return
        heard.add(_name(row))
    if row["kind"] == "started":
        with job.fenced():
            Run.objects.filter(pk=run.pk).update(record=row["record"])
    job.record(row, message=_message(row))


def _message(row: dict[str, Any]) -> str | None:
    """The one line beside the progress bar."""
    match row["kind"]:
        case "started":
            return "Resumed from the last checkpoint" if row["resumed"] else "Started"
        case "phase-started":
            return row["phase"]
        case "epoch-finished":
            return f"{row['phase']}: epoch {row['epoch']} of {row['epochs']}"
        case "progressed":
            return row["message"] or row["phase"]
        case "finished":
            return "Registering the model"
    return None


def read_outcome(workdir: Path) -> dict[str, Any]:
    """Metrics of the test part at both levels, the names of the figures, and the record as it ended."""
    try:
        metrics = json.loads((workdir / "metrics.json").read_text("utf-8"))
        if not (workdir / "predictions.csv").is_file():
            raise OutcomeIncomplete("The training left no predictions.csv.")
        return {
            "patient": metrics["patient"],
            "image": metrics["image"],
            "figures": sorted(path.stem for path in (workdir / "figures").glob("*.json")),
            "record": json.loads((workdir / "run.json").read_text("utf-8")),
        }
    except (OSError, ValueError, KeyError) as error:
        raise OutcomeIncomplete(f"metrics.json of the training cannot be used: {error!r}.") from error


def _register(job: JobHandle, run: Run, outcome: dict[str, Any], stored: StoredModel) -> None:
    """In the fence: the run's metrics and the one model that it may have."""
    Run.objects.filter(pk=run.pk).update(
        metrics=outcome["patient"],
        image_metrics=outcome["image"],
        figures=outcome["figures"],
        record=outcome["record"],
    )
    model, made = ModelVersion.objects.get_or_create(
        run=run,
        defaults={
            "name": run.name,
            "path": stored.path,
            "digest": stored.digest,
            "sha256": stored.sha256,
            "card": stored.card,
            "architecture": run.architecture,
            "protocol": run.protocol,
            "dataset_hash": outcome["record"].get("dataset_hash", run.dataset.hash),
            "metrics": outcome["patient"],
            "simulated": run.dataset.simulated or bool(run.external and run.external.simulated),
        },
    )
    if made:
        audit.record(
            actor=job.created_by,
            action="model.registered",
            object=model,
            site=job.site,
            detail={"run": run.pk, "sha256": stored.sha256},
        )

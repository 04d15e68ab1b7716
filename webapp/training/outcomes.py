"""Reading what runs left in their folders: files to download, and figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ml.evaluation import read_predictions
from ml.evaluation.figures import PAPER_PROTOCOL, SIMULATED, learning_curve_figure
from ml.spec import Protocol
from webapp.jobs.models import JobEvent, JobState
from webapp.training.errors import RunFileMissing, RunUnfinished
from webapp.training.handover import finished
from webapp.training.models import Run


def run_file(run: Run, name: str) -> Path:
    """``predictions.csv`` or ``metrics.json`` of a finished run."""
    if run.state != JobState.SUCCEEDED:
        raise RunUnfinished(f"{run.name} is {run.state} and has no {name} yet.")
    path = finished_folder(run) / name
    if not path.is_file():
        raise RunFileMissing(f"{name} of {run.name} is missing.")
    return path


def finished_folder(run: Run) -> Path:
    """What a finished run left, fetched first where only the bucket has it."""
    return finished(run.folder, "metrics.json")


def predictions_of(run: Run) -> pd.DataFrame:
    """The table of predictions of a finished run."""
    return read_predictions(run_file(run, "predictions.csv"))


def run_figures(run: Run) -> dict[str, Any]:
    """Figures by name, as Plotly JSON; an unfinished run has its learning curve so far."""
    figures = {}
    folder = finished_folder(run) if run.figures else run.workdir
    for name in run.figures:
        path = folder / "figures" / f"{name}.json"
        if not path.is_file():
            raise RunFileMissing(f"The figure {name} of {run.name} is missing.")
        figures[name] = json.loads(path.read_text("utf-8"))
    if "learning_curve" not in figures:
        figures["learning_curve"] = learning_curves([run])[0]
    return figures


def learning_curves(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """One curve a run, from the events of all in one query."""
    events: dict[Any, list[dict[str, Any]]] = {run.job_id: [] for run in runs}
    rows = JobEvent.objects.filter(job__in=events, kind="epoch-finished").order_by("job", "seq")
    for job, data in rows.values_list("job", "data"):
        events[job].append(data)
    return [plain(learning_curve_figure(events[run.job_id], watermark=watermark_of(run))) for run in runs]


def watermark_of(*runs: Run) -> list[str]:
    """What must be written on every figure that shows any of these runs."""
    words = []
    if any(run.dataset.simulated or (run.external and run.external.simulated) for run in runs):
        words.append(SIMULATED)
    if any(run.protocol == Protocol.PAPER for run in runs):
        words.append(PAPER_PROTOCOL)
    return words


def plain(figure: Any) -> dict[str, Any]:
    """Plotly's own JSON (plain lists), as data."""
    decoded: dict[str, Any] = json.loads(figure.to_json())
    return decoded

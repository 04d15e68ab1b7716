"""Experiments: starting one, stopping it, going on, and its table beside the paper's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ml.protocols.table import COLUMNS, PAPER, REPORTED, as_csv, as_html, as_tex, table_rows
from ml.spec import HepaStageError, TrainSpec
from webapp.audit import services as audit
from webapp.jobs.models import JobState
from webapp.training import services
from webapp.training.models import Experiment, ExperimentRow, Run

if TYPE_CHECKING:
    from webapp.accounts.models import User
    from webapp.datasets.models import DatasetVersion

MOST_ROWS = 24
TABLE_TYPES = {"csv": "text/csv", "html": "text/html", "tex": "application/x-tex", "json": "application/json"}


class ExperimentRefused(HepaStageError):
    """A set of rows that does not make an experiment."""

    code = "experiment-refused"


@dataclass(frozen=True)
class WantedRow:
    """A line to train: its title, the specification, and the preset that it came from, if any."""

    title: str
    spec: TrainSpec
    preset: str = ""


@transaction.atomic
def start(
    *,
    name: str,
    dataset: DatasetVersion,
    rows: Sequence[WantedRow],
    actor: User | None,
    runs: Sequence[Run] = (),
    note: str = "",
    request: Any = None,
) -> Experiment:
    """Queue every row as a run, in their order, and put existing runs beside them."""
    if not 1 <= len(rows) + len(runs) <= MOST_ROWS:
        raise ExperimentRefused(
            f"An experiment of {len(rows) + len(runs)} rows.", remedy=f"Give between 1 and {MOST_ROWS} rows."
        )
    foreign = [run.name for run in runs if run.dataset_id != dataset.pk]
    if foreign:
        raise ExperimentRefused(
            f"Not on {dataset}: {', '.join(foreign)}.",
            code="experiment-other-dataset",
            remedy="Choose runs on the experiment's dataset version, or train them on it.",
        )
    experiment = Experiment.objects.create(name=name, note=note, dataset=dataset, created_by=actor)
    lines = [(run.name, run) for run in runs]
    for row in rows:
        run = services.launch_run(
            dataset=dataset,
            spec=row.spec,
            actor=actor,
            name=f"{name}: {row.title}"[:120],
            preset=row.preset,
            request=request,
        )
        lines.append((row.title, run))
    ExperimentRow.objects.bulk_create(
        ExperimentRow(experiment=experiment, position=position, title=title, run=run)
        for position, (title, run) in enumerate(lines, start=1)
    )
    audit.record(
        actor=actor,
        action="experiment.started",
        object=experiment,
        request=request,
        detail={"name": name, "dataset": dataset.pk, "runs": [run.pk for _, run in lines]},
    )
    return experiment


@transaction.atomic
def cancel(*, experiment: Experiment, actor: User | None, request: Any = None) -> int:
    """Stop every run that is queued or running; what is finished stays. Returns how many."""
    return _each(experiment, {JobState.QUEUED, JobState.RUNNING}, services.cancel_run, actor, request)


@transaction.atomic
def resume(*, experiment: Experiment, actor: User | None, request: Any = None) -> int:
    """Queue every failed or cancelled run again; each goes on from its checkpoint. Returns how many."""
    return _each(experiment, {JobState.FAILED, JobState.CANCELLED}, services.resume_run, actor, request)


def _each(experiment: Experiment, states: set[JobState], verb: Any, actor: User | None, request: Any) -> int:
    runs = [row.run for row in experiment.rows.select_related("run__job") if row.run.job.state in states]
    for run in runs:
        verb(run=run, actor=actor, request=request)
    return len(runs)


def reported(experiment: Experiment) -> list[dict[str, Any]]:
    """The paper's own rows for the presets in this experiment: a reference on other data, by image."""
    return [
        {
            "key": row.run.preset,
            "title": row.title,
            "source": PAPER,
            "metrics": {
                name: {"value": value, "low": None, "high": None}
                for name, value in REPORTED[row.run.preset].items()
            },
        }
        for row in experiment.rows.all()
        if row.run.preset in REPORTED
    ]


def table(experiment: Experiment, kind: str) -> Any:
    """The finished rows as CSV, HTML, LaTeX (text) or JSON (data), the paper's beside them."""
    lines = _lines(experiment)
    caption = (
        f"{experiment.name}. {experiment.dataset}, {experiment.dataset.hash[:12]}, test part, by patient"
    )
    if experiment.dataset.simulated:
        caption += ". SIMULATED DATA: says nothing about patients"
    match kind:
        case "csv":
            return as_csv(lines)
        case "html":
            return as_html(lines, caption=caption)
        case "tex":
            return as_tex(lines, caption=caption)
    return {"caption": caption, "rows": lines}


def _lines(experiment: Experiment) -> list[dict[str, Any]]:
    """Rows with the same preset (say, several seeds) are all kept; the paper's row stands once."""
    finished = {
        str(row.run.pk): row
        for row in experiment.rows.all()
        if row.run.job.state == JobState.SUCCEEDED and all(name in row.run.metrics for name, _ in COLUMNS)
    }
    ours = {
        key: {"title": row.title, "seconds": _seconds(row.run), "patient": row.run.metrics}
        for key, row in finished.items()
    }
    presets = {row.run.preset: row for row in finished.values() if row.run.preset in REPORTED}
    papers = {
        preset: {"title": row.title, "seconds": 0.0, "patient": row.run.metrics}
        for preset, row in presets.items()
    }
    return table_rows(ours) + [line for line in table_rows(papers) if line["source"] == PAPER]


def _seconds(run: Run) -> float | None:
    if run.job.started_at is None or run.job.finished_at is None:
        return None
    return (run.job.finished_at - run.job.started_at).total_seconds()

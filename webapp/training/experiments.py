"""Experiments: starting one, stopping it, going on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ml.spec import HepaStageError, TrainSpec
from webapp.audit import services as audit
from webapp.jobs.models import JobState
from webapp.training import services
from webapp.training.models import Experiment, ExperimentRow, Run

if TYPE_CHECKING:
    from webapp.accounts.models import User
    from webapp.datasets.models import DatasetVersion

MOST_ROWS = 24


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

"""Experiments: starting one, stopping it, going on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ml.spec import HepaStageError, TrainSpec
from ml.spec.budget import quick_spec
from webapp.audit import services as audit
from webapp.jobs.models import JobState
from webapp.training import services
from webapp.training.divisions import Division
from webapp.training.models import Experiment, ExperimentRow, Run

if TYPE_CHECKING:
    from webapp.accounts.models import User
    from webapp.datasets.models import DatasetVersion

MOST_ROWS = 24
MOST_RUNS = 200


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
    folds: int = 1,
    repeats: int = 1,
    quick: bool = False,
    request: Any = None,
) -> Experiment:
    """Queue every row as a run, or as one run a fold, and put existing runs beside them.

    Runs are queued fold by fold, all rows of the first fold first, so that the table fills evenly.
    Existing runs were tested on the dataset's own split and do not mix with folds. ``quick`` trains a few
    epochs only.
    """
    if not 1 <= len(rows) + len(runs) <= MOST_ROWS:
        raise ExperimentRefused(
            f"An experiment of {len(rows) + len(runs)} rows.", remedy=f"Give between 1 and {MOST_ROWS} rows."
        )
    if folds * repeats * len(rows) > MOST_RUNS or (folds == 1 and repeats > 1) or (folds > 1 and runs):
        raise ExperimentRefused(
            f"{len(rows)} rows, {folds} folds, {repeats} repeats and {len(runs)} existing runs.",
            code="experiment-design-refused",
            remedy=f"Repeats need folds, existing runs are of a single split, {MOST_RUNS} runs are the most.",
        )
    foreign = [run.name for run in runs if run.dataset_id != dataset.pk]
    if foreign:
        raise ExperimentRefused(
            f"Not on {dataset}: {', '.join(foreign)}.",
            code="experiment-other-dataset",
            remedy="Choose runs on the experiment's dataset version, or train them on it.",
        )
    experiment = Experiment.objects.create(
        name=name, note=note, dataset=dataset, folds=folds, repeats=repeats, quick=quick, created_by=actor
    )
    made = [ExperimentRow(title=run.name, run=run, line=number) for number, run in enumerate(runs, start=1)]
    for repeat in range(repeats):
        for fold in range(folds):
            division = Division(folds, repeats, repeat, fold) if folds > 1 else None
            for number, row in enumerate(rows, start=len(runs) + 1):
                run = services.launch_run(
                    dataset=dataset,
                    spec=_spec_of(row, repeat, quick),
                    actor=actor,
                    name=_name_of(name, row, division),
                    preset=row.preset,
                    division=division,
                    request=request,
                )
                made.append(ExperimentRow(title=row.title, run=run, line=number, repeat=repeat, fold=fold))
    for position, made_row in enumerate(made, start=1):
        made_row.experiment, made_row.position = experiment, position
    ExperimentRow.objects.bulk_create(made)
    audit.record(
        actor=actor,
        action="experiment.started",
        object=experiment,
        request=request,
        detail={"name": name, "dataset": dataset.pk, "runs": [row.run_id for row in made]},
    )
    return experiment


def _spec_of(row: WantedRow, repeat: int, quick: bool) -> TrainSpec:
    """Each repeat starts from other weights, too."""
    spec = quick_spec(row.spec) if quick else row.spec
    return spec.model_copy(update={"seed": spec.seed + repeat})


def _name_of(name: str, row: WantedRow, division: Division | None) -> str:
    where = "" if division is None else f" ({division.repeat + 1}.{division.fold + 1})"
    return f"{name}: {row.title}"[: 120 - len(where)] + where


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

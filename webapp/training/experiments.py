"""Experiments: starting one, stopping it, going on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ml.spec import HepaStageError, Protocol, TrainSpec
from ml.spec.budget import quick_spec
from webapp.audit import services as audit
from webapp.jobs.models import Job, JobState
from webapp.training import services
from webapp.training.divisions import Division
from webapp.training.models import DesignKind, Experiment, ExperimentRow, Run

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
    leave_one_site_out: bool = False,
    external: DatasetVersion | None = None,
    protocol: str = Protocol.STRICT,
    beside: Experiment | None = None,
    quick: bool = False,
    request: Any = None,
) -> Experiment:
    """Queue every row as a run, or as one run a fold or site, and put existing runs beside them.

    Runs are queued fold by fold, all rows of the first fold first, so that the table fills evenly.
    Existing runs were tested on the dataset's own split and do not mix with other divisions. Of
    ``folds`` > 1, ``leave_one_site_out`` and ``external`` at most one may be asked for, and none under
    the protocol ``paper``, which is put on every row; repeats of it start from other seeds. ``beside`` is
    the experiment under the other protocol. ``quick`` trains a few epochs only.
    """
    if not 1 <= len(rows) + len(runs) <= MOST_ROWS:
        raise ExperimentRefused(
            f"An experiment of {len(rows) + len(runs)} rows.", remedy=f"Give between 1 and {MOST_ROWS} rows."
        )
    protocol = Protocol(protocol)
    kind = _kind(folds, repeats, leave_one_site_out, external, protocol)
    made_by = divisions_of(dataset, kind, folds, repeats)
    if len(made_by) * len(rows) > MOST_RUNS or (runs and kind != DesignKind.SPLIT):
        raise ExperimentRefused(
            f"{len(rows)} rows, {len(made_by)} divisions of the patients and {len(runs)} existing runs.",
            code="experiment-design-refused",
            remedy=f"Repeats need folds, existing runs are of a single split, {MOST_RUNS} runs are the most.",
        )
    if external is not None:
        _can_be_joined(dataset, external)
    if beside is not None:
        _can_stand_beside(beside, dataset, protocol, external)
    foreign = [run.name for run in runs if run.dataset_id != dataset.pk]
    if foreign:
        raise ExperimentRefused(
            f"Not on {dataset}: {', '.join(foreign)}.",
            code="experiment-other-dataset",
            remedy="Choose runs on the experiment's dataset version, or train them on it.",
        )
    experiment = Experiment.objects.create(
        name=name,
        note=note,
        dataset=dataset,
        kind=kind,
        protocol=protocol,
        external=external,
        beside=beside,
        folds=folds,
        repeats=repeats,
        quick=quick,
        created_by=actor,
    )
    made = [ExperimentRow(title=run.name, run=run, line=number) for number, run in enumerate(runs, start=1)]
    with audit.at_the_end():
        for repeat, fold, division in made_by:
            for number, row in enumerate(rows, start=len(runs) + 1):
                run = services.launch_run(
                    dataset=dataset,
                    spec=_spec_of(row, repeat, quick, protocol),
                    actor=actor,
                    name=_name_of(name, row, division, repeat if repeats > 1 else None),
                    preset=row.preset,
                    division=division,
                    external=external,
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


def divisions_of(
    dataset: DatasetVersion, kind: str, folds: int, repeats: int
) -> list[tuple[int, int, Division | None]]:
    """``(repeat, fold, division)`` of every run that a row needs, in the order of the runs."""
    if kind == DesignKind.FOLDS:
        return [
            (repeat, fold, Division(folds, repeats, repeat, fold))
            for repeat in range(repeats)
            for fold in range(folds)
        ]
    if kind == DesignKind.SITES:
        sites = sorted(set(dataset.members.values_list("site__code", flat=True)))
        if len(sites) < 2:
            raise ExperimentRefused(
                f"{dataset} has patients of {', '.join(sites) or 'no site'} only.",
                code="one-site-only",
                remedy="Choose a dataset of several sites, or folds.",
            )
        return [
            (0, place, Division(1, 1, 0, place, kind="sites", site=site)) for place, site in enumerate(sites)
        ]
    return [(repeat, 0, None) for repeat in range(repeats)]


def _kind(
    folds: int, repeats: int, sites: bool, external: DatasetVersion | None, protocol: Protocol
) -> DesignKind:
    """The design that was asked for; refused where the wishes contradict each other."""
    wishes = [
        kind
        for kind, wanted in (
            (DesignKind.FOLDS, folds > 1),
            (DesignKind.SITES, sites),
            (DesignKind.EXTERNAL, external is not None),
        )
        if wanted
    ]
    if len(wishes) > 1 or (wishes and protocol is Protocol.PAPER):
        raise ExperimentRefused(
            "Folds, leaving a site out and an external dataset exclude each other, and the paper's protocol, "
            "which divides images, excludes all three.",
            code="experiment-design-contradictory",
            remedy="Choose one of them.",
        )
    kind = wishes[0] if wishes else DesignKind.SPLIT
    if repeats > 1 and kind != DesignKind.FOLDS and protocol is Protocol.STRICT:
        raise ExperimentRefused(
            f"{repeats} repeats of one division.",
            code="experiment-design-refused",
            remedy="Repeats need folds, or the paper's protocol.",
        )
    return kind


def _can_be_joined(dataset: DatasetVersion, external: DatasetVersion) -> None:
    """An external test is of other people, on pictures that show the same part of a frame."""
    names = external.members.values_list("pseudonym", flat=True)
    shared = list(dataset.members.filter(pseudonym__in=names).values_list("pseudonym", flat=True)[:4])
    if shared or external.pk == dataset.pk:
        raise ExperimentRefused(
            f"{external} and {dataset} have patients in common: {', '.join(shared)}.",
            code="external-patients-shared",
            remedy="Choose a dataset of other patients, say, of another site.",
        )
    if external.counts.get("crop") != dataset.counts.get("crop"):
        raise ExperimentRefused(
            f"{external} and {dataset} show different parts of the frame.",
            code="external-crop-differs",
            remedy="Freeze both with the same segmenter, or both without one.",
        )


def _can_stand_beside(
    beside: Experiment, dataset: DatasetVersion, protocol: Protocol, external: DatasetVersion | None
) -> None:
    same = beside.dataset_id == dataset.pk and beside.external_id is None and external is None
    if not same or beside.protocol == protocol:
        raise ExperimentRefused(
            f"{beside.name} is not the other half of this experiment.",
            code="experiment-beside-refused",
            remedy="Choose an experiment on the same dataset under the other protocol, neither of both "
            "tested on an external dataset.",
        )


def _spec_of(row: WantedRow, repeat: int, quick: bool, protocol: Protocol) -> TrainSpec:
    """Each repeat starts from other weights, too."""
    spec = quick_spec(row.spec) if quick else row.spec
    if protocol is Protocol.PAPER:
        spec = spec.under(protocol)
    return spec.model_copy(update={"seed": spec.seed + repeat})


def _name_of(name: str, row: WantedRow, division: Division | None, repeat: int | None) -> str:
    where = "" if repeat is None else f" ({repeat + 1})"
    if division is not None:
        where = f" ({division.label})"
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
    """Jobs first and in one order, the log last: a worker that reports has its job and wants the log."""
    jobs = Job.objects.filter(pk__in=experiment.rows.values("run__job"))
    list(jobs.select_for_update().order_by("pk").values_list("pk", flat=True))
    runs = [row.run for row in experiment.rows.select_related("run__job") if row.run.job.state in states]
    with audit.at_the_end():
        for run in runs:
            verb(run=run, actor=actor, request=request)
    return len(runs)

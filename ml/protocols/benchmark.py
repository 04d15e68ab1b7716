"""Every row of the comparison on the same patients, divided in the same way, with one report at the end.

The work directory holds ``benchmark.json`` (what was asked for), ``rows/<key>/…`` (one training each)
and, once all are done, the results of :mod:`ml.protocols.benchmark_results`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ml.cohort import Cohort, assert_no_leak, join_external, shrunk
from ml.cohort.design import Design, Division, divisions
from ml.protocols.benchmark_results import Outcome, beside_of, write_benchmark
from ml.protocols.crew import Order, crew
from ml.protocols.planning import TrainingRefused, assert_enough
from ml.protocols.record import WorkdirTaken, git_commit, now, read_json, versions, write_json
from ml.protocols.rows import QUICK_SIZE, QUICK_WORDS, ROWS, VARIANTS, Row, row_of
from ml.spec import HepaStageError, Protocol
from ml.spec.events import (
    CheckpointSaved,
    EpochFinished,
    Evaluated,
    Event,
    Finished,
    Note,
    PhaseStarted,
    Progressed,
    Started,
    WeightsTransferred,
)
from ml.spec.training import MOST_SEED

CLAIM = "benchmark.json"
RESULTS = "results"
TRAINED = 0.98  # share of the progress that is training; the rest is the statistics


class BenchmarkRefused(HepaStageError):
    """A benchmark that cannot be run as asked."""

    code = "benchmark-refused"


@dataclass(frozen=True)
class Task:
    """One row on one division."""

    row: Row
    division: Division
    name: str
    workdir: Path
    folder: str  # the work directory, seen from the benchmark's


def benchmark(
    cohort: Cohort,
    *,
    workdir: Path | str,
    rows: Sequence[str] | None = None,
    protocol: Protocol = Protocol.STRICT,
    repeats: int = 1,
    folds: int | None = None,
    leave_one_site_out: bool = False,
    external: Cohort | None = None,
    seed: int = 0,
    quick: bool = False,
    jobs: int = 1,
    beside: Path | str | None = None,
    device: str = "auto",
) -> Iterator[Event]:
    """Train and evaluate the rows on every division and write tables, figures and a report.

    Resumable: a training that is done is not run again, one that was stopped goes on from its checkpoint,
    so that being killed costs at most an epoch. Rows may be added by calling again with more of them.
    Events carry the name of their training before the phase: ``hf/…`` or, of several divisions,
    ``hf/repeat 1, fold 2/…``. ``jobs`` trainings run at a time, each in its own process when more than one.
    ``beside`` is the finished work directory of a benchmark under the other protocol, to show the
    optimism of the paper's. Raises :class:`BenchmarkRefused`, :class:`DesignRefused`, :class:`WorkdirTaken`.
    """
    began, workdir = time.monotonic(), Path(workdir)
    design = Design.choose(
        protocol=protocol,
        repeats=repeats,
        folds=folds,
        leave_one_site_out=leave_one_site_out,
        external=external is not None,
        seed=seed,
    )
    _assert_seeds(design)
    chosen = chosen_rows(rows, protocol)
    other = beside_of(Path(beside), design, cohort, quick=quick) if beside is not None else None
    assert_no_leak(cohort)
    asked = _asked(design, cohort, external, quick)
    resumed = _is_held(workdir, asked)
    if external is not None:
        cohort = join_external(cohort, external, workdir / "cohort", seed=seed)
    made = divisions(design, cohort)
    tasks = [
        Task(row, division, *_place(workdir, row, division, single=len(made) == 1))
        for division in made
        for row in chosen
    ]
    _assert_enough(tasks, quick=quick, protocol=protocol)
    if not (workdir / CLAIM).exists():  # whatever may refuse the design has been asked
        write_json(workdir / CLAIM, asked)
    yield Started(
        title="Benchmark" + (" (quick)" if quick else ""),
        phases=[*(task.name for task in tasks), RESULTS],
        resumed=resumed,
        record={
            "rows": [row.key for row in chosen],
            **design.as_json(),
            "quick": quick,
            "dataset_hash": cohort.dataset_hash,
            "simulated": cohort.simulated,
            "versions": versions(),
            "git_commit": git_commit(),
            "started_at": now(),
        },
    )
    yield Note(message=design.words([division.parts() for division in made]))
    if quick:
        yield Note(level="warning", message=QUICK_WORDS)
    if other is not None and other.seed_words(design):
        yield Note(level="warning", message=other.seed_words(design))
    if jobs > 1 and len(tasks) > 1:
        yield from _side_by_side(tasks, jobs, device=device, quick=quick, protocol=protocol)
    else:
        yield from _in_turn(tasks, device=device, quick=quick, protocol=protocol)
    yield PhaseStarted(phase=RESULTS)
    outcomes = [
        Outcome(row, [(task.division, task.workdir) for task in tasks if task.row is row]) for row in chosen
    ]
    result = write_benchmark(
        workdir, cohort, design, made, outcomes, quick=quick, other=other, elapsed=time.monotonic() - began
    )
    yield Finished(seconds=time.monotonic() - began, result=result)


def chosen_rows(rows: Sequence[str] | None, protocol: Protocol = Protocol.STRICT) -> list[Row]:
    """The rows of these keys in the table's order, variants behind what they vary; the table's own rows
    where none is named."""
    found: dict[str, Row] = {}
    unknown = []
    for key in rows or ROWS:
        try:
            found[key] = row_of(key)
        except KeyError:
            unknown.append(key)
        except ValueError as error:
            raise BenchmarkRefused(
                f"There can be no row {key}: {'; '.join(_faults(error))}.",
                code="row-impossible",
                remedy="Leave the variant away; it applies to lf, hf and the fusion rows only.",
            ) from error
    if unknown:
        raise BenchmarkRefused(
            f"There is no row called {', '.join(sorted(unknown))}.",
            code="row-unknown",
            remedy=f"Choose from {', '.join(ROWS)}; a + adds a variant: {', '.join(VARIANTS)}.",
        )
    same = [key for key, row in found.items() if row.spec.under(protocol).pooling is not row.spec.pooling]
    if same:
        raise BenchmarkRefused(
            f"Under the protocol {protocol} there is no {', '.join(same)}.",
            code="row-impossible",
            remedy="Its parts are of copies of images: a patient's may lie in all of them.",
        )
    order = list(ROWS)
    return sorted(found.values(), key=lambda row: (order.index(row.key.split("+")[0]), row.key))


def _faults(error: ValueError) -> list[str]:
    return [fault["msg"] for fault in error.errors()] if isinstance(error, ValidationError) else [str(error)]


def _assert_seeds(design: Design) -> None:
    """Every repeat has a seed of its own, and a specification takes no larger one."""
    most = MOST_SEED - (design.repeats - 1)
    if not 0 <= design.seed <= most:
        raise BenchmarkRefused(
            f"The seed {design.seed} is not between 0 and {most}.",
            code="seed-out-of-range",
            remedy="Take a smaller seed: each repeat trains with the next one.",
        )


def _assert_enough(tasks: Sequence[Task], *, quick: bool, protocol: Protocol) -> None:
    """Refuse rows that cannot be trained or tested on these divisions, all at once and before the first."""
    lacking: dict[str, TrainingRefused] = {}
    for task in tasks:
        spec = task.row.spec_for(seed=task.division.seed, quick=quick, protocol=protocol)
        try:
            assert_enough(spec, task.division.cohort)
        except TrainingRefused as refused:
            place = f" ({task.division.name})" if task.division.name else ""
            refused.message = refused.message.removesuffix(".") + place + "."
            lacking.setdefault(task.row.key, refused)
    if lacking:
        first = next(iter(lacking.values()))
        raise BenchmarkRefused(
            f"Not possible with these patients: {', '.join(lacking)}. {first.message}",
            code=first.code,
            remedy=f"{first.remedy} Or leave these rows out (--rows).",
        )


def _asked(design: Design, cohort: Cohort, external: Cohort | None, quick: bool) -> dict[str, Any]:
    """What a work directory is for, as ``benchmark.json`` keeps it."""
    return {
        **design.as_json(),
        "dataset_hash": cohort.dataset_hash,
        "split_hash": cohort.split_hash,
        "external": external.dataset_hash if external is not None else None,
        "quick": quick,
    }


def _is_held(workdir: Path, asked: dict[str, Any]) -> bool:
    """True if this benchmark has begun in the directory; refuses one that is for something else."""
    path = workdir / CLAIM
    if not path.exists():
        return (workdir / "rows").exists()
    held = read_json(path)
    differing = sorted(key for key, value in asked.items() if held.get(key) != value)
    if differing:
        raise WorkdirTaken(f"{workdir} holds a benchmark with another {', '.join(differing)}.")
    return True


def _place(workdir: Path, row: Row, division: Division, *, single: bool) -> tuple[str, Path, str]:
    """Name, directory and directory within the benchmark's of a training."""
    name, folder = row.key, f"rows/{row.key}"
    if not single:
        name = f"{name}/{division.name}"
        folder = f"{folder}/repeat-{division.repeat}-fold-{division.fold}"
    return name, workdir / folder, folder


def _in_turn(tasks: Sequence[Task], *, device: str, quick: bool, protocol: Protocol) -> Iterator[Event]:
    for place, task in enumerate(tasks):
        yield PhaseStarted(phase=task.name)
        done = _is_done(task)
        cohort = shrunk(task.division.cohort, QUICK_SIZE) if quick else task.division.cohort
        events = task.row.run(
            cohort, task.workdir, seed=task.division.seed, device=device, quick=quick, protocol=protocol
        )
        for event in events:
            told = _of_task(event, task, lambda progress, place=place: (place + progress) / len(tasks))
            if told is not None and not (done and isinstance(told, TOLD_BEFORE)):
                yield told
        yield _took(task)


def _side_by_side(
    tasks: Sequence[Task], jobs: int, *, device: str, quick: bool, protocol: Protocol
) -> Iterator[Event]:
    orders = [
        Order(
            row=task.row.key,
            cohort=task.division.cohort.path,
            assignments=task.division.cohort.split,
            workdir=task.workdir,
            seed=task.division.seed,
            device=device,
            quick=quick,
            protocol=protocol,
        )
        for task in tasks
    ]
    far = [0.0] * len(tasks)
    done = [_is_done(task) for task in tasks]
    for place, event in crew(orders, jobs):
        task = tasks[place]
        if isinstance(event, Started):
            yield PhaseStarted(phase=task.name)
            continue

        def overall(progress: float, place: int = place) -> float:
            far[place] = max(far[place], progress)
            return sum(far) / len(far)

        told = _of_task(event, task, overall)
        if told is not None and not (done[place] and isinstance(told, TOLD_BEFORE)):
            yield told
        if isinstance(event, Finished):
            overall(1.0)
            yield _took(task)


TOLD_BEFORE = (EpochFinished, WeightsTransferred)
"""What a training tells again although it is done; a table that goes on has no use for it."""


def _is_done(task: Task) -> bool:
    record = task.workdir / "run.json"
    return record.is_file() and "result" in read_json(record)


def _took(task: Task) -> Note:
    seconds = read_json(task.workdir / "run.json")["seconds"]
    where = f", {task.division.name}" if "/" in task.name else ""
    return Note(message=f"{task.row.title}{where}: {seconds:.0f} s.")


def _of_task(event: Event, task: Task, overall: Any) -> Event | None:
    """A training's event as the benchmark tells it: phases named after it, progress over all."""
    match event:
        case Progressed() | EpochFinished():
            return event.model_copy(
                update={
                    "phase": f"{task.name}/{event.phase}",
                    "progress": TRAINED * min(1.0, overall(event.progress)),
                }
            )
        case PhaseStarted() | WeightsTransferred():
            return event.model_copy(update={"phase": f"{task.name}/{event.phase}"})
        case CheckpointSaved():
            return event.model_copy(
                update={"phase": f"{task.name}/{event.phase}", "path": f"{task.folder}/{event.path}"}
            )
        case Evaluated(split="test", level="patient") | Note():
            return event
    return None

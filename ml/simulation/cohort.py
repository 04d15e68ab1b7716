"""A whole simulated cohort on disk, as a resumable generator of events."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from multiprocessing import connection
from pathlib import Path
from typing import Any

import cv2

from ml import __version__
from ml.simulation.identity import patient_id
from ml.simulation.normals import normal_name, write_normal
from ml.simulation.patient import write_patient
from ml.simulation.severity import stage_sequence
from ml.spec import HepaStageError, Stage
from ml.spec.events import Event, Finished, Note, PhaseStarted, Progressed, Started

MODEL_VERSION = 1
"""Raised whenever the same seed would no longer give the same cohort."""
Task = Callable[[], int]
DISCLAIMER = "Simulated data: no result on it says anything about clinical performance."


class SimulationMismatch(HepaStageError):
    """The folder holds a cohort made from other parameters."""

    code = "simulation-mismatch"
    remedy = (
        "Choose another folder, or repeat the call with the seed, site and counts in its simulation.json."
    )


def simulate(
    out: str | Path,
    *,
    patients: int = 266,
    seed: int = 0,
    site: str = "DEMO",
    normals: int = 500,
    workers: int | None = None,
    counts: tuple[int, ...] | None = None,
) -> Iterator[Event]:
    """Write a cohort of paired HF/LF ultrasound under ``out`` and yield events while doing so.

    Patient ``i`` depends on ``seed``, ``site`` and ``i`` alone, so any number of ``workers`` gives the
    same files, a call that was cut short continues where it stopped, and a larger ``patients`` or
    ``normals`` enlarges what is there. ``counts`` (S0 … S4) replaces the paper's proportions.
    ``workers=1`` stays in this process; ``None`` uses every core.

    Layout: ``export/<patient>/<exam>/*.dcm``, ``stages.csv``, ``clinical.csv``, ``normals/``, and
    apart from them ``truth/`` (severity, masks), which no importer should ever see.
    """
    out = Path(out)
    stages = stage_sequence(patients, seed=seed, counts=counts)
    _claim(out, seed=seed, site=site, counts=counts)
    began = time.monotonic()
    tasks, frames = _patient_tasks(out, stages, seed=seed, site=site), 0
    outlined = _normal_tasks(out, normals, seed=seed, site=site)
    resumed = len(tasks) < patients or len(outlined) < normals
    yield Started(
        title=f"Simulated cohort: {patients} patients, {normals} normals",
        phases=["patients", "normals"],
        resumed=resumed,
        record={
            "seed": seed,
            "site": site,
            "patients": patients,
            "normals": normals,
            "simulated": True,
            "counts": {stage.label: stages.count(stage) for stage in Stage},
            "version": __version__,
            "model_version": MODEL_VERSION,
        },
    )
    yield Note(level="warning", message=DISCLAIMER)
    if resumed:
        yield Note(
            message=f"Already there: {patients - len(tasks)} of {patients} patients, "
            f"{normals - len(outlined)} of {normals} normals."
        )
    try:
        with _crew(workers) as run:
            for phase, work, whole in (("patients", tasks, patients), ("normals", outlined, normals)):
                yield PhaseStarted(phase=phase)
                for event, made in _work_through(run, phase, work, whole):
                    frames += made
                    if event is not None:
                        yield event
    finally:
        shutil.rmtree(out / ".unfinished", ignore_errors=True)
        _write_tables(out)
    yield Finished(
        seconds=round(time.monotonic() - began, 2),
        result={
            "export": "export",
            "stages": "stages.csv",
            "clinical": "clinical.csv",
            "normals": "normals",
            "truth": "truth",
            "patients": patients,
            "frames_made": frames,
            "simulated": True,
        },
    )


def _claim(out: Path, *, seed: int, site: str, counts: tuple[int, ...] | None) -> None:
    """Note the parameters in ``out``, or refuse a folder that was made with others."""
    wanted = {
        "model_version": MODEL_VERSION,
        "seed": seed,
        "site": site,
        "counts": list(counts) if counts else None,
        "simulated": True,
    }
    note = out / "simulation.json"
    if note.exists():
        try:
            found = dict(json.loads(note.read_text("utf-8")))
        except (ValueError, TypeError) as error:
            raise SimulationMismatch(f"{note} does not describe a simulated cohort: {error}.") from error
        if found != wanted:
            differing = ", ".join(key for key in wanted if found.get(key) != wanted[key])
            raise SimulationMismatch(
                f"{out} holds a simulated cohort with another {differing or 'description'}."
            )
        return
    out.mkdir(parents=True, exist_ok=True)
    aside = out / f".simulation-{os.getpid()}.json"
    aside.write_text(json.dumps(wanted, indent=1) + "\n")
    aside.rename(note)


def _patient_tasks(out: Path, stages: list[Stage], *, seed: int, site: str) -> list[Task]:
    return [
        partial(write_patient, out, seed=seed, site=site, index=i, stage=stage)
        for i, stage in enumerate(stages)
        if not (out / "export" / patient_id(seed, site, i)).exists()
    ]


def _normal_tasks(out: Path, normals: int, *, seed: int, site: str) -> list[Task]:
    return [
        partial(write_normal, out, seed=seed, site=site, index=i)
        for i in range(normals)
        if not (out / "normals" / f"{normal_name(i)}.json").exists()
    ]


def _work_through(
    run: Callable[[list[Task]], Iterator[int]],
    phase: str,
    tasks: list[Task],
    whole: int,
) -> Iterator[tuple[Progressed | None, int]]:
    """Run the tasks of a phase; yield the frames each made, with an event at most twice a second."""
    began = told = time.monotonic()
    done, frames = whole - len(tasks), 0
    for made in run(tasks):
        done, frames, now = done + 1, frames + made, time.monotonic()
        event = None
        if now - told >= 0.5 or done == whole:
            told = now
            event = Progressed(
                phase=phase,
                progress=done / whole,
                message=f"{done} of {whole} {phase}",
                images_per_second=round(frames / max(now - began, 1e-6), 2),
            )
        yield event, made


@contextmanager
def _crew(workers: int | None) -> Iterator[Callable[[list[Task]], Iterator[int]]]:
    """A function that runs tasks, here or in worker processes, and yields results as they come.

    Leaving the context, whatever the reason, drops what has not begun and waits for what has: no
    process outlives it and every patient on disk is complete.
    """
    count = workers or len(os.sched_getaffinity(0))
    if count == 1:
        yield lambda tasks: (task() for task in tasks)
        return
    # Spawned, not forked: the caller may hold threads (a web worker, torch) that a fork would break.
    pool = ProcessPoolExecutor(
        count, mp_context=multiprocessing.get_context("spawn"), initializer=_prepare_worker
    )
    try:
        yield partial(_results, pool, count)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _results(pool: ProcessPoolExecutor, count: int, tasks: list[Task]) -> Iterator[int]:
    """Keeps two tasks per worker in flight, so that closing never has much to wait for."""
    ahead = iter(tasks)
    running: set[Future[int]] = set()
    while True:
        for task in ahead:
            running.add(pool.submit(task))
            if len(running) >= 2 * count:
                break
        if not running:
            return
        finished, running = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            yield future.result()


def _prepare_worker() -> None:
    """One thread per worker, and no worker outlives its parent, not even one that was killed."""
    cv2.setNumThreads(1)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def leave_with_parent() -> None:
            connection.wait([parent.sentinel])
            os._exit(1)

        threading.Thread(target=leave_with_parent, daemon=True).start()


def _write_tables(out: Path) -> None:
    """``stages.csv``, ``clinical.csv`` and the tables of ``truth/`` from the patients that are complete."""
    records: list[dict[str, Any]] = [
        json.loads(path.read_text())
        for path in sorted((out / "truth").glob("*/record.json"))
        if (out / "export" / path.parent.name).exists()
    ]
    if not records:
        return
    stage_rows = [
        {key: record["patient"][key] for key in ("patient_id", "stage", "site")} for record in records
    ]
    _write_csv(out / "stages.csv", stage_rows)
    _write_csv(out / "clinical.csv", [record["clinical"] for record in records])
    _write_csv(out / "truth" / "severity.csv", [record["patient"] for record in records])
    _write_csv(
        out / "truth" / "images.csv",
        [
            {"patient_id": record["patient"]["patient_id"], **image}
            for record in records
            for image in record["images"]
        ],
    )


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    aside = path.with_name(f".{path.name}-{os.getpid()}")
    with aside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    aside.replace(path)

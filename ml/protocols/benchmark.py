"""Every registered model on the same cohort and split, with one table at the end."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ml.cohort import Cohort, assert_no_leak
from ml.evaluation import MetricValue, read_predictions, write_predictions
from ml.evaluation.figures import SIMULATED, confusion_grid, metric_bars, roc_overlay
from ml.evaluation.table import as_csv, as_html, as_tex, table_rows
from ml.models.folder import write_whole
from ml.protocols.record import git_commit, now, versions, write_json
from ml.protocols.results import write_figures
from ml.protocols.rows import ROWS, Row
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

REPORTED_NOTE = "Rows marked as reported are the paper's: other data, by image, augmented before the split."


class BenchmarkRefused(HepaStageError):
    """A benchmark that cannot be run as asked."""

    code = "benchmark-refused"


def benchmark(
    cohort: Cohort,
    *,
    workdir: Path | str,
    rows: Sequence[str] | None = None,
    protocol: Protocol = Protocol.STRICT,
    repeats: int = 1,
    seed: int = 0,
    quick: bool = False,
    device: str = "auto",
) -> Iterator[Event]:
    """Train and evaluate the rows one after the other and write the table of their test metrics.

    Resumable: a row that is done is not run again, one that was stopped goes on from its checkpoint.
    Each row works in ``workdir/rows/<key>``. Its events come with their phase named ``<key>/<phase>``.
    ``quick`` trains three epochs, to see that everything works; its numbers mean nothing.
    """
    began, workdir = time.monotonic(), Path(workdir)
    chosen = _chosen(rows, protocol, repeats)
    assert_no_leak(cohort)
    yield Started(
        title="Benchmark" + (" (quick)" if quick else ""),
        phases=[row.key for row in chosen],
        resumed=(workdir / "rows").exists(),
        record={
            "rows": [row.key for row in chosen],
            "protocol": str(protocol),
            "seed": seed,
            "quick": quick,
            "dataset_hash": cohort.dataset_hash,
            "simulated": cohort.simulated,
            "versions": versions(),
            "git_commit": git_commit(),
            "started_at": now(),
        },
    )
    for place, row in enumerate(chosen):
        yield PhaseStarted(phase=row.key)
        events = row.run(cohort, workdir / "rows" / row.key, seed=seed, device=device, quick=quick)
        for event in events:
            told = _of_row(event, row.key, place, len(chosen))
            if told is not None:
                yield told
        yield Note(message=f"{row.title}: {_outcome(workdir, row)['seconds']:.0f} s.")
    yield Finished(
        seconds=time.monotonic() - began, result=_write(workdir, cohort, chosen, protocol, seed, quick)
    )


def _chosen(rows: Sequence[str] | None, protocol: Protocol, repeats: int) -> list[Row]:
    if protocol is Protocol.PAPER:
        raise BenchmarkRefused(
            "The paper's protocol cannot be run by this version.",
            code="paper-protocol-unavailable",
            remedy="Use --protocol strict.",
        )
    if repeats != 1:
        raise BenchmarkRefused(
            "This version runs a single split only.",
            code="repeats-unavailable",
            remedy="Leave --repeats out.",
        )
    unknown = sorted(set(rows or ()) - ROWS.keys())
    if unknown:
        raise BenchmarkRefused(
            f"There is no row called {', '.join(unknown)}.",
            code="row-unknown",
            remedy=f"Choose from {', '.join(ROWS)}.",
        )
    return [row for key, row in ROWS.items() if not rows or key in rows]


def _of_row(event: Event, key: str, place: int, count: int) -> Event | None:
    """A row's event as the benchmark tells it: phases named after the row, progress over all rows."""
    match event:
        case Progressed() | EpochFinished():
            return event.model_copy(
                update={
                    "phase": f"{key}/{event.phase}",
                    "progress": (place + event.progress) / count,
                }
            )
        case PhaseStarted() | WeightsTransferred():
            return event.model_copy(update={"phase": f"{key}/{event.phase}"})
        case CheckpointSaved():
            return event.model_copy(
                update={"phase": f"{key}/{event.phase}", "path": f"rows/{key}/{event.path}"}
            )
        case Evaluated(split="test", level="patient") | Note():
            return event
    return None


def _outcome(workdir: Path, row: Row) -> dict[str, Any]:
    """Metrics of a finished row, with its title and how long it took over all attempts."""
    folder = workdir / "rows" / row.key
    metrics = json.loads((folder / "metrics.json").read_text("utf-8"))
    record = json.loads((folder / "run.json").read_text("utf-8"))
    return {
        "title": row.title,
        "seconds": record["seconds"],
        **{level: metrics[level] for level in ("patient", "image", "stages")},
    }


def _write(
    workdir: Path,
    cohort: Cohort,
    chosen: list[Row],
    protocol: Protocol,
    seed: int,
    quick: bool,
) -> dict[str, Any]:
    outcomes = {row.key: _outcome(workdir, row) for row in chosen}
    frames = {
        row.title: read_predictions(workdir / "rows" / row.key / "predictions.csv").assign(model=row.title)
        for row in chosen
    }
    write_predictions(workdir / "predictions.csv", pd.concat(list(frames.values()), ignore_index=True))
    write_json(
        workdir / "metrics.json",
        {
            "protocol": str(protocol),
            "simulated": cohort.simulated,
            "dataset_hash": cohort.dataset_hash,
            "seed": seed,
            "quick": quick,
            "versions": versions(),
            "git_commit": git_commit(),
            "split": "test",
            "rows": outcomes,
        },
    )
    lines = table_rows(outcomes)
    caption = _caption(cohort, protocol, frames, quick)
    write_json(workdir / "table1.json", {"caption": caption, "rows": lines})
    for name, text in (
        ("csv", as_csv(lines)),
        ("html", as_html(lines, caption=caption)),
        ("tex", as_tex(lines, caption=caption)),
    ):
        write_whole(workdir / f"table1.{name}", text.encode())
    watermark = SIMULATED if cohort.simulated else None
    metrics = {
        row["title"]: {name: MetricValue(**value) for name, value in row["patient"].items()}
        for row in outcomes.values()
    }
    figures = write_figures(
        workdir,
        {
            "roc": roc_overlay(frames, metrics=metrics, watermark=watermark),
            "confusion": confusion_grid(frames, watermark=watermark),
            "metrics": metric_bars(metrics, watermark=watermark),
        },
        pages=True,
    )
    return {
        "metrics": "metrics.json",
        "predictions": "predictions.csv",
        "figures": figures,
        "table": {kind: f"table1.{kind}" for kind in ("csv", "json", "html", "tex")},
    }


def _caption(cohort: Cohort, protocol: Protocol, frames: dict[str, pd.DataFrame], quick: bool) -> str:
    """What the numbers are and are not."""
    patients = max((frame["image"] == "").sum() for frame in frames.values())
    parts = [f"Test part of the {protocol} protocol: {patients} patients, 95 % intervals over patients."]
    if cohort.simulated:
        parts.append("Simulated data: not clinical performance.")
    if quick:
        parts.append("Quick run of a few epochs: the numbers mean nothing.")
    return " ".join([*parts, REPORTED_NOTE])

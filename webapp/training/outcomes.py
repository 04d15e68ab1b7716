"""Reading what finished runs left in their folders, and putting several beside each other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ml.evaluation import MetricValue, read_predictions
from ml.evaluation.figures import (
    PAPER_PROTOCOL,
    SIMULATED,
    comparison_table,
    confusion_figure,
    learning_curve_figure,
    metric_bars,
    roc_overlay,
)
from ml.spec import Protocol
from webapp.jobs.models import JobEvent, JobState
from webapp.training.errors import ComparisonRefused, RunFileMissing, RunUnfinished
from webapp.training.models import Run

MOST_RUNS = 24


def run_file(run: Run, name: str) -> Path:
    """``predictions.csv`` or ``metrics.json`` of a finished run."""
    if run.state != JobState.SUCCEEDED:
        raise RunUnfinished(f"{run.name} is {run.state} and has no {name} yet.")
    path = run.workdir / name
    if not path.is_file():
        raise RunFileMissing(f"{name} of {run.name} is missing.")
    return path


def run_figures(run: Run) -> dict[str, Any]:
    """Figures by name, as Plotly JSON; an unfinished run has its learning curve so far."""
    figures = {}
    for name in run.figures:
        path = run.workdir / "figures" / f"{name}.json"
        if not path.is_file():
            raise RunFileMissing(f"The figure {name} of {run.name} is missing.")
        figures[name] = json.loads(path.read_text("utf-8"))
    if "learning_curve" not in figures:
        figures["learning_curve"] = _learning_curves([run])[0]
    return figures


def compare(runs: Sequence[Run]) -> dict[str, Any]:
    """What differs between runs, in parameters, numbers and figures. Unfinished runs show what they have.

    Numbers come from the stored metrics; nothing is evaluated again.
    """
    if not 1 <= len(runs) <= MOST_RUNS:
        raise ComparisonRefused(
            f"{len(runs)} runs were asked for.",
            remedy=f"Choose between 1 and {MOST_RUNS} runs.",
        )
    finished = [run for run in runs if run.state == JobState.SUCCEEDED and run.metrics]
    labels = dict(zip([run.pk for run in runs], _labels(runs), strict=True))
    metrics = {labels[run.pk]: _metric_values(run.metrics) for run in finished}
    image_metrics = {labels[run.pk]: _metric_values(run.image_metrics) for run in finished}
    return {
        "labels": list(labels.values()),
        "warnings": list(_warnings(runs, finished)),
        "parameter_diff": parameter_diff(runs),
        "metrics": _table(metrics, list(labels.values())),
        "image_metrics": _table(image_metrics, list(labels.values())),
        "figures": _figures(runs, finished, labels, metrics),
    }


def parameter_diff(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Parameters (dotted paths) that are not the same in all runs, and the dataset where it differs."""
    flat = [
        {**dict(_flatten(run.spec)), "dataset": str(run.dataset), "dataset_hash": run.dataset.hash}
        for run in runs
    ]
    paths = dict.fromkeys(path for row in flat for path in row)
    rows = [{"path": path, "values": [row.get(path) for row in flat]} for path in paths]
    return [row for row in rows if any(value != row["values"][0] for value in row["values"])]


def _flatten(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        yield path, value
        return
    for key, inner in value.items():
        yield from _flatten(inner, f"{path}.{key}" if path else key)


def _labels(runs: Sequence[Run]) -> list[str]:
    """Names, made different where two runs share one."""
    names = [run.name for run in runs]
    return [
        name if names.count(name) == 1 else f"{name} ({str(run.pk)[:8]})"
        for name, run in zip(names, runs, strict=True)
    ]


def _warnings(runs: Sequence[Run], finished: Sequence[Run]) -> Iterator[dict[str, str]]:
    if len({run.dataset.hash for run in runs}) > 1:
        yield {
            "code": "different-datasets",
            "message": "These runs were tested on different dataset versions: differences between their numbers "
            "may come from the patients, not from the models.",
        }
    if len({run.protocol for run in runs}) > 1:
        yield {
            "code": "different-protocols",
            "message": "Numbers under 'paper' are optimistic: images related to the training images are in the "
            "test part. They cannot be set against 'strict'.",
        }
    if len({run.dataset.simulated for run in runs}) > 1:
        yield {
            "code": "simulated-and-real",
            "message": "Some of these runs are on simulated data, which says nothing about patients.",
        }
    waiting = [run.name for run in runs if run not in finished]
    if waiting:
        yield {"code": "runs-unfinished", "message": f"Without results yet: {', '.join(waiting)}."}


def _metric_values(metrics: dict[str, Any]) -> dict[str, MetricValue]:
    return {name: MetricValue(**value) for name, value in metrics.items()}


def _table(metrics: dict[str, dict[str, MetricValue]], labels: list[str]) -> list[dict[str, Any]]:
    """Rows over all runs; a run without results has null. ``best`` names columns."""
    if not metrics:
        return []
    columns = {label: index for index, label in enumerate(labels)}
    known = list(metrics)
    names = [name for name in metrics[known[0]] if all(name in values for values in metrics.values())]
    rows = comparison_table(metrics, names=names)
    for row in rows:
        values: list[Any] = [None] * len(labels)
        for label, value in zip(known, row["values"], strict=True):
            values[columns[label]] = value
        row["values"] = values
        row["best"] = [columns[known[index]] for index in row["best"]]
    return rows


def _figures(
    runs: Sequence[Run],
    finished: Sequence[Run],
    labels: dict[Any, str],
    metrics: dict[str, dict[str, MetricValue]],
) -> dict[str, Any]:
    figures: dict[str, Any] = {"learning_curves": _learning_curves(runs), "confusion": []}
    if not finished:
        return figures
    tables = {labels[run.pk]: _predictions(run) for run in finished}
    watermark = sorted({word for run in finished for word in watermark_of(run)})
    figures["roc"] = _plain(roc_overlay(tables, metrics=metrics, watermark=watermark))
    figures["roc_by_target"] = {
        target: _plain(roc_overlay(tables, target=target, metrics=metrics, watermark=watermark))
        for target in ("auc_ge_s2", "auc_ge_s3", "auc_ge_s4")
    }
    figures["metrics"] = _plain(metric_bars(metrics, watermark=watermark))
    by_run = {
        run.pk: _plain(confusion_figure(tables[labels[run.pk]], watermark=watermark_of(run)))
        for run in finished
    }
    figures["confusion"] = [by_run.get(run.pk) for run in runs]
    return figures


def watermark_of(run: Run) -> list[str]:
    """What must be written on every figure of this run."""
    words = []
    if run.dataset.simulated:
        words.append(SIMULATED)
    if run.protocol == Protocol.PAPER:
        words.append(PAPER_PROTOCOL)
    return words


def _predictions(run: Run) -> pd.DataFrame:
    return read_predictions(run_file(run, "predictions.csv"))


def _learning_curves(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """One curve a run, from the events of all in one query."""
    events: dict[Any, list[dict[str, Any]]] = {run.job_id: [] for run in runs}
    rows = JobEvent.objects.filter(job__in=events, kind="epoch-finished").order_by("job", "seq")
    for job, data in rows.values_list("job", "data"):
        events[job].append(data)
    return [_plain(learning_curve_figure(events[run.job_id], watermark=watermark_of(run))) for run in runs]


def _plain(figure: Any) -> dict[str, Any]:
    """Plotly's own JSON (plain lists), as data."""
    return json.loads(figure.to_json())

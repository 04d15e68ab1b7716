"""Several runs beside each other: what differs in parameters, numbers and figures, and what to beware of.

Numbers come from the stored metrics; nothing is evaluated again. Only the paired tests are computed here,
and only for runs that were tested on the same patients.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from ml.evaluation import MetricValue, PredictionsRefused, compare_models
from ml.evaluation.figures import (
    comparison_table,
    confusion_figure,
    metric_bars,
    reliability_figure,
    roc_overlay,
    significance_matrix,
)
from webapp.jobs.models import JobState
from webapp.training.errors import ComparisonRefused
from webapp.training.models import Run
from webapp.training.outcomes import learning_curves, plain, predictions_of, watermark_of

MOST_RUNS = 24
ROC_TARGETS = ("auc_s0", "auc_s1", "auc_s2", "auc_s3", "auc_s4", "auc_ge_s2", "auc_ge_s3", "auc_ge_s4")
SIGNIFICANCE = ("accuracy", "auc_macro")
Metrics = dict[str, MetricValue]


def compare(runs: Sequence[Run]) -> dict[str, Any]:
    """The comparison, without the runs themselves. Unfinished runs show what they have."""
    if not 1 <= len(runs) <= MOST_RUNS:
        raise ComparisonRefused(
            f"{len(runs)} runs were asked for.", remedy=f"Choose between 1 and {MOST_RUNS} runs."
        )
    labels = labels_of(runs)
    results = _results(tuple(run for run in runs if is_finished(run)))
    return {
        "labels": labels,
        "warnings": list(warnings(runs)),
        "parameter_diff": parameter_diff(runs),
        "metrics": metric_table(runs, level="metrics"),
        "image_metrics": metric_table(runs, level="image_metrics"),
        "tests": results["tests"],
        "figures": {
            **results["figures"],
            "confusion": [results["confusion"].get(run.pk) for run in runs],
            "calibration": [results["calibration"].get(run.pk) for run in runs],
            "learning_curves": learning_curves(runs),
        },
    }


def is_finished(run: Run) -> bool:
    return run.state == JobState.SUCCEEDED and bool(run.metrics)


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


def metric_table(runs: Sequence[Run], *, level: str) -> list[dict[str, Any]]:
    """Rows over all runs, null where a run has no result. ``best`` names columns."""
    columns = {run.pk: index for index, run in enumerate(runs)}
    metrics = {str(run.pk): _metric_values(getattr(run, level)) for run in runs if is_finished(run)}
    metrics = {key: values for key, values in metrics.items() if values}
    if not metrics:
        return []
    known = [columns[run.pk] for run in runs if str(run.pk) in metrics]
    first, *others = metrics.values()
    names = [name for name in first if all(name in values for values in others)]
    rows = comparison_table(metrics, names=names)
    for row in rows:
        found = dict(zip(known, row["values"], strict=True))
        row["values"] = [found.get(index) for index in range(len(runs))]
        row["best"] = [known[index] for index in row["best"]]
    return rows


def warnings(runs: Sequence[Run]) -> Iterator[dict[str, str]]:
    """What forbids to read the numbers as a contest between the models."""
    if len({run.tested_on.hash for run in runs}) > 1:
        yield {
            "code": "different-datasets",
            "message": "These runs were tested on different dataset versions: differences between their "
            "numbers may come from the patients, not from the models.",
        }
    if len({run.protocol for run in runs}) > 1:
        yield {
            "code": "different-protocols",
            "message": "Numbers under 'paper' are optimistic: images related to the training images are in "
            "the test part. They cannot be set against 'strict'.",
        }
    if len({run.tested_on.simulated for run in runs}) > 1:
        yield {
            "code": "simulated-and-real",
            "message": "Some of these runs are on simulated data, which says nothing about patients.",
        }
    if any(run.withheld for run in runs):
        yield {
            "code": "results-withheld",
            "message": "Results that count a patient whom you are to read blindly are left out until then.",
        }
    waiting = [
        label
        for label, run in zip(labels_of(runs), runs, strict=True)
        if not (is_finished(run) or run.withheld)
    ]
    if waiting:
        yield {"code": "runs-unfinished", "message": f"Without results yet: {', '.join(waiting)}."}


def labels_of(runs: Sequence[Run]) -> list[str]:
    """Names, made different where two runs share one."""
    names = [run.name for run in runs]
    return [
        name if names.count(name) == 1 else f"{name} ({str(run.pk)[:8]})"
        for name, run in zip(names, runs, strict=True)
    ]


def _metric_values(metrics: dict[str, Any]) -> Metrics:
    return {name: MetricValue(**value) for name, value in metrics.items()}


@lru_cache(maxsize=32)
def _results(finished: tuple[Run, ...]) -> dict[str, Any]:
    """What follows from finished runs alone. They never change, so neither does this."""
    if not finished:
        return {"tests": [], "figures": {}, "confusion": {}, "calibration": {}}
    labels = labels_of(finished)
    tables = {label: predictions_of(run) for label, run in zip(labels, finished, strict=True)}
    metrics = {label: _metric_values(run.metrics) for label, run in zip(labels, finished, strict=True)}
    marked = watermark_of(*finished)
    tests = _paired_tests(finished, tables)
    figures = {
        "roc": plain(roc_overlay(tables, metrics=metrics, watermark=marked)),
        "roc_by_target": {
            target: plain(roc_overlay(tables, target=target, metrics=metrics, watermark=marked))
            for target in ROC_TARGETS
        },
        "metrics": plain(metric_bars(metrics, watermark=marked)),
        "significance": {
            metric: plain(significance_matrix(tests, metric=metric, watermark=marked))
            for metric in SIGNIFICANCE
            if tests
        },
    }
    per_run = list(zip(finished, tables.values(), strict=True))
    return {
        "tests": [test.model_dump(mode="json") for test in tests],
        "figures": figures,
        "confusion": {
            run.pk: plain(confusion_figure(table, watermark=watermark_of(run))) for run, table in per_run
        },
        "calibration": {
            run.pk: plain(reliability_figure(table, watermark=watermark_of(run))) for run, table in per_run
        },
    }


def _paired_tests(finished: Sequence[Run], tables: dict[str, pd.DataFrame]) -> list[Any]:
    """DeLong, exact McNemar and paired bootstrap, Holm-adjusted; none unless the patients are the same."""
    if len(finished) < 2 or len({run.tested_on.hash for run in finished}) > 1:
        return []
    try:
        return compare_models(tables)
    except PredictionsRefused:  # the same dataset, but not the same patients of it
        return []

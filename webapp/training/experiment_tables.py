"""The table of an experiment beside the paper's own rows, as data and as files to keep or to print."""

from __future__ import annotations

from typing import Any

from ml.evaluation.table import COLUMNS, PAPER, REPORTED, as_csv, as_html, as_tex, table_rows
from webapp.jobs.models import JobState
from webapp.training.models import Experiment, Run


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

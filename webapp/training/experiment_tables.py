"""An experiment as files to keep or to print: tables beside the paper's own rows, predictions, a report."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd

from ml.evaluation.sheets import operating_sheet, paired_sheet, stage_sheet
from ml.evaluation.study_report import study_report
from ml.evaluation.table import PAPER, REPORTED, as_csv, as_html, as_tex, table_rows
from ml.spec import STAGE_LABELS
from ml.spec.budget import QUICK_EPOCHS
from webapp.training.divisions import design_of, parts_of
from webapp.training.errors import RunUnfinished
from webapp.training.experiment_results import Results, lines_of, results_of, tested_patients
from webapp.training.models import Experiment

NOTHING_YET = "No line of this experiment is complete yet."


def reported(experiment: Experiment) -> list[dict[str, Any]]:
    """The paper's own rows for the presets in this experiment: a reference on other data, by image."""
    return [
        {
            "key": line.preset,
            "title": line.title,
            "source": PAPER,
            "metrics": {
                name: {"value": value, "low": None, "high": None}
                for name, value in REPORTED[line.preset].items()
            },
        }
        for line in lines_of(experiment)
        if line.preset in REPORTED
    ]


def table(experiment: Experiment, kind: str) -> Any:
    """The complete lines as CSV, HTML, LaTeX (text) or JSON (data), the paper's beside them."""
    results = results_of(experiment)
    lines = _table_lines(results) if results is not None else []
    caption = _caption(experiment, results)
    match kind:
        case "csv":
            return as_csv(lines)
        case "html":
            return as_html(lines, caption=caption)
        case "tex":
            return as_tex(lines, caption=caption)
    return {"caption": caption, "rows": lines}


def experiment_file(experiment: Experiment, name: str) -> str:
    """One of :data:`FILES`; refused while no line is complete."""
    results = results_of(experiment)
    if results is None:
        raise RunUnfinished(NOTHING_YET)
    return FILES[name](experiment, results)


def _predictions(_: Experiment, results: Results) -> str:
    frame = pd.concat([model.test for model in results.findings.study.models], ignore_index=True)
    frame["truth"] = [STAGE_LABELS[stage] for stage in frame["truth"]]
    return frame.to_csv(index=False, lineterminator="\n")


def _metrics(experiment: Experiment, results: Results) -> str:
    return json.dumps(
        {
            "experiment": experiment.name,
            "dataset": str(experiment.dataset),
            "dataset_hash": experiment.dataset.hash,
            "simulated": experiment.dataset.simulated,
            "design": design_of(experiment).as_json(),
            "design_words": _design_words(experiment),
            "external": str(experiment.external) if experiment.external is not None else None,
            "quick": experiment.quick,
            **results.findings.as_json(),
        },
        indent=1,
        ensure_ascii=False,
    )


def _report(experiment: Experiment, results: Results) -> str:
    runs = [row.run for line in results.lines for row in line.rows]
    records = [run.record for run in runs if run.record]
    facts = {
        "title": experiment.name,
        "protocol": experiment.protocol,
        "design_words": _design_words(experiment),
        "simulated": experiment.dataset.simulated,
        "warnings": _warnings(experiment, results),
        "repeat": {
            "Dataset": str(experiment.dataset),
            "Dataset hash": experiment.dataset.hash,
            "Commit": records[0].get("git_commit") or "not from a checkout" if records else "–",
            "Versions": _versions(records),
            "Runs": ", ".join(str(run.pk) for run in runs),
        },
    }
    return study_report(results.findings, facts, _table_lines(results), marks=results.marks).as_html()


def _versions(records: list[dict[str, Any]]) -> str:
    known = records[0].get("versions", {}) if records else {}
    return ", ".join(f"{name} {version}" for name, version in known.items()) or "–"


FILES: dict[str, Callable[[Experiment, Results], str]] = {
    "table2.csv": lambda _, results: stage_sheet(results.findings.study).as_csv(),
    "table2.tex": lambda _, results: stage_sheet(results.findings.study).as_tex(),
    "operating_points.csv": lambda _, results: operating_sheet(results.findings.study).as_csv(),
    "significance.csv": lambda _, results: paired_sheet(results.findings.study).as_csv(),
    "predictions.csv": _predictions,
    "metrics.json": _metrics,
    "report.html": _report,
}


def _table_lines(results: Results) -> list[dict[str, Any]]:
    """Lines with the same preset (say, several learning rates) are all kept; the paper's row stands once."""
    ours = {model.key: model.as_json() for model in results.findings.study.models}
    presets = {
        line.preset: ours[model.key]
        for line, model in zip(results.lines, results.findings.study.models, strict=True)
        if line.preset in REPORTED
    }
    papers = [line for line in table_rows(presets) if line["source"] == PAPER]
    return [line for line in table_rows(ours) if line["source"] != PAPER] + papers


def _design_words(experiment: Experiment) -> str:
    """The design in the words of the command line's report, and on which datasets."""
    on = str(experiment.dataset)
    if experiment.external is not None:
        on += f", tested on {experiment.external}"
    return f"{on}. {design_of(experiment).words(parts_of(experiment))}"


def _warnings(experiment: Experiment, results: Results) -> list[str]:
    found = []
    if experiment.quick:
        found.append(f"Quick budget of at most {QUICK_EPOCHS} epochs: the numbers mean nothing.")
    waiting = len(lines_of(experiment)) - len(results.lines)
    if waiting:
        found.append(f"{waiting} lines are not complete yet and not in here.")
    return found


def _caption(experiment: Experiment, results: Results | None) -> str:
    parts = [
        f"{experiment.name}.",
        _design_words(experiment),
        f"Dataset hash {experiment.dataset.hash[:12]}.",
    ]
    if results is not None:
        parts.append(
            f"{tested_patients(results.findings.study.models)} tested patients, 95 % intervals over patients."
        )
        parts += _warnings(experiment, results)
    if experiment.dataset.simulated:
        parts.append("SIMULATED DATA: says nothing about patients.")
    return " ".join(parts)

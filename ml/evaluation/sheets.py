"""A small table as CSV, HTML and LaTeX: what the per-stage table and the tests are written with."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml.evaluation.metrics import MetricValue
from ml.evaluation.study import Study
from ml.evaluation.table import cell, tex


@dataclass(frozen=True)
class Several:
    """Numbers of one cell: all of them in CSV, the first three to read."""

    values: tuple[float, ...]


Cell = str | int | float | MetricValue | Several | None

STAGE_COLUMNS: tuple[tuple[str, str], ...] = (
    ("sensitivity", "Sensitivity"),
    ("specificity", "Specificity"),
    ("precision", "PPV"),
    ("auc", "AUC"),
)
POINT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("sensitivity", "Sensitivity"),
    ("specificity", "Specificity"),
    ("positive_predictive_value", "PPV"),
    ("negative_predictive_value", "NPV"),
    ("accuracy", "Accuracy"),
)
RULE_NAMES = {"youden": "Youden", "sensitivity_90": "Sensitivity 90 %"}


@dataclass(frozen=True)
class Sheet:
    """Named columns and rows of cells; a metric fills one column, or value, low and high in CSV."""

    caption: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]

    def as_csv(self) -> str:
        """Metrics as three columns: value, low, high."""
        sink = io.StringIO()
        writer = csv.writer(sink, lineterminator="\n")
        wide = [any(isinstance(row[k], MetricValue) for row in self.rows) for k in range(len(self.columns))]
        head: list[str] = []
        for name, is_metric in zip(self.columns, wide, strict=True):
            head += [name, f"{name} low", f"{name} high"] if is_metric else [name]
        writer.writerow(head)
        for row in self.rows:
            writer.writerow(
                [
                    part
                    for value, is_metric in zip(row, wide, strict=True)
                    for part in _parts(value, is_metric)
                ]
            )
        return sink.getvalue()

    def as_html(self) -> str:
        """A ``<table>``."""
        head = "".join(f"<th scope='col'>{html.escape(name)}</th>" for name in self.columns)
        body = "\n".join(
            "<tr>" + "".join(f"<td>{html.escape(shown(value))}</td>" for value in row) + "</tr>"
            for row in self.rows
        )
        return (
            f"<table><caption>{html.escape(self.caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
            f"<tbody>\n{body}\n</tbody></table>"
        )

    def as_tex(self) -> str:
        """A ``booktabs`` table."""
        head = " & ".join(tex(name) for name in self.columns) + r" \\"
        body = [" & ".join(tex(shown(value)) for value in row) + r" \\" for row in self.rows]
        aligned = "l" + "r" * (len(self.columns) - 1)
        return "\n".join(
            [
                r"\begin{table}",
                rf"\caption{{{tex(self.caption)}}}",
                rf"\begin{{tabular}}{{{aligned}}}",
                r"\toprule",
                head,
                r"\midrule",
                *body,
                r"\bottomrule",
                r"\end{tabular}",
                r"\end{table}",
                "",
            ]
        )


def shown(value: Cell) -> str:
    """``0.731 (0.577–0.885)`` for a metric, three decimals for a number, a dash for nothing."""
    if isinstance(value, MetricValue):
        return cell(value.model_dump())
    if isinstance(value, Several):
        first = ", ".join(f"{number:.2f}" for number in value.values[:3])
        return first + (" …" if len(value.values) > 3 else "")
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _parts(value: Cell, is_metric: bool) -> list[Any]:
    if isinstance(value, MetricValue):
        return ["" if n is None else f"{n:.6f}" for n in (value.value, value.low, value.high)]
    plain: Any = "" if value is None else value
    if isinstance(value, Several):
        plain = "; ".join(f"{number:.6g}" for number in value.values)
    elif isinstance(value, float):
        plain = f"{value:.6g}"
    return [plain, "", ""] if is_metric else [plain]


def stage_sheet(study: Study) -> Sheet:
    """The paper's Table 2 done right: every model and stage with its number of patients and intervals."""
    rows: list[tuple[Cell, ...]] = [
        (model.title, stage, model.stage_patients[stage], *(values[name] for name, _ in STAGE_COLUMNS))
        for model in study.models
        for stage, values in model.stages.items()
    ]
    return Sheet(
        "Each stage against the rest, by patient, with 95 % intervals. Sensitivity is what the paper's "
        "Table 2 calls the stage's accuracy.",
        ("Model", "Stage", "Patients", *(title for _, title in STAGE_COLUMNS)),
        rows,
    )


def operating_sheet(study: Study) -> Sheet:
    """What the thresholds chosen on validation patients do on the tested ones."""
    rows: list[tuple[Cell, ...]] = [
        (
            model.title,
            f"≥S{point.stage}" if point.stage < 4 else "S4",
            RULE_NAMES[point.rule],
            Several(tuple(point.thresholds)),
            point.folds_left_out,
            point.patients,
            *(getattr(point, name) for name, _ in POINT_COLUMNS),
        )
        for model in study.models
        for point in model.operating
    ]
    return Sheet(
        "Operating points, each chosen on the validation patients of its fold, applied to the tested ones. A "
        "fold is left out where its validation patients are all on one side of the finding.",
        (
            "Model",
            "Finding",
            "Rule",
            "Threshold",
            "Folds left out",
            "Patients",
            *(title for _, title in POINT_COLUMNS),
        ),
        rows,
    )


def paired_sheet(study: Study) -> Sheet:
    """Every pair of models on every tested metric."""
    rows: list[tuple[Cell, ...]] = [
        (
            test.metric,
            test.test,
            test.a,
            test.b,
            MetricValue(value=test.difference, low=test.low, high=test.high),
            test.p_value,
            test.p_adjusted,
            test.note,
        )
        for test in study.tests
    ]
    return Sheet(
        f"Paired tests over {study.paired_patients} patients: DeLong for an area, exact McNemar for "
        "accuracy, paired bootstrap for the macro area; p adjusted by Holm over the pairs of a metric.",
        ("Metric", "Test", "A", "B", "A minus B", "p", "p, Holm", "Note"),
        rows,
    )


def metric_sheet(
    metrics: Mapping[str, Mapping[str, MetricValue]], names: Sequence[tuple[str, str]], caption: str
) -> Sheet:
    """Models as rows, the chosen metrics as columns."""
    return Sheet(
        caption,
        ("Model", *(title for _, title in names)),
        [(title, *(values[name] for name, _ in names)) for title, values in metrics.items()],
    )

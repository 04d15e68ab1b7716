"""Table 1 of a benchmark as CSV, JSON, HTML and LaTeX, the paper's own rows beside ours as "reported"."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Mapping
from typing import Any

COLUMNS: tuple[tuple[str, str], ...] = (
    ("accuracy", "Accuracy"),
    ("macro_recall", "Recall, macro"),
    ("macro_precision", "Precision, macro"),
    ("macro_f1", "F1, macro"),
    ("harmonic_f1_paper", "Harmonic F1 (paper)"),
    ("mcc", "MCC"),
    ("auc_macro", "AUC, macro"),
    ("quadratic_weighted_kappa", "Weighted kappa"),
    ("auc_ge_s2", "AUC ≥ S2"),
    ("auc_ge_s3", "AUC ≥ S3"),
    ("auc_ge_s4", "AUC S4"),
)

REPORTED: dict[str, dict[str, float]] = {
    key: dict(
        zip(
            ("accuracy", "macro_recall", "macro_precision", "harmonic_f1_paper", "mcc", "auc_macro"),
            values,
            strict=True,
        )
    )
    for key, values in {
        "lf": (0.7164, 0.7511, 0.7810, 0.7658, 0.410, 0.80),
        "hf": (0.7910, 0.7866, 0.8282, 0.8069, 0.492, 0.83),
        "fusion_no_transfer": (0.8209, 0.8062, 0.8809, 0.8419, 0.518, 0.87),
        "dual_transfer": (0.8657, 0.8444, 0.8866, 0.8650, 0.569, 0.95),
        "vgg": (0.6567, 0.7042, 0.6522, 0.6772, 0.321, 0.75),
        "resnet": (0.8060, 0.7648, 0.8365, 0.7990, 0.485, 0.82),
        "googlenet": (0.7463, 0.7484, 0.7757, 0.7618, 0.402, 0.78),
        "svm": (0.6866, 0.7111, 0.6886, 0.6997, 0.345, 0.76),
    }.items()
}
"""The paper's Table 1 by row key. Its MCC column cannot be right (0.82–0.84 for 58 of 67 correct) and
its unit is the image after augmentation; it is a reference, not a bar to clear."""

OURS, PAPER = "this cohort", "reported in the paper"


def table_rows(rows: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines ``{"key", "model", "source", "seconds", "metrics": {name: {"value", "low", "high"}}}``."""
    lines = [
        {
            "key": key,
            "model": row["title"],
            "source": OURS,
            "seconds": row["seconds"],
            "metrics": {name: row["patient"][name] for name, _ in COLUMNS},
        }
        for key, row in rows.items()
    ]
    lines += [
        {
            "key": key,
            "model": rows[key]["title"],
            "source": PAPER,
            "seconds": None,
            "metrics": {
                name: {"value": REPORTED[key].get(name), "low": None, "high": None} for name, _ in COLUMNS
            },
        }
        for key in rows
        if key in REPORTED
    ]
    return lines


def as_csv(lines: list[dict[str, Any]]) -> str:
    """One line a model; each metric as three columns: value, low, high."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    names = [name for name, _ in COLUMNS]
    writer.writerow(
        ["model", "source", *[f"{name}{part}" for name in names for part in ("", "_low", "_high")], "seconds"]
    )
    for line in lines:
        numbers = [line["metrics"][name][part] for name in names for part in ("value", "low", "high")]
        writer.writerow(
            [
                line["model"],
                line["source"],
                *["" if n is None else f"{n:.6f}" for n in numbers],
                "" if line["seconds"] is None else f"{line['seconds']:.1f}",
            ]
        )
    return sink.getvalue()


def table_fragment(lines: list[dict[str, Any]], *, caption: str) -> str:
    """The ``<table>`` alone."""
    head = "".join(
        f"<th scope='col'>{html.escape(title)}</th>"
        for title in ("Model", *(t for _, t in COLUMNS), "Source")
    )
    body = "\n".join(
        f"<tr{'' if line['source'] == OURS else ' class=reported'}>"
        f"<th scope='row'>{html.escape(line['model'])}</th>"
        + "".join(f"<td>{cell(line['metrics'][name])}</td>" for name, _ in COLUMNS)
        + f"<td>{line['source']}</td></tr>"
        for line in lines
    )
    return (
        f"<table><caption>{html.escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table>"
    )


def as_html(lines: list[dict[str, Any]], *, caption: str) -> str:
    """A page that stands alone."""
    return (
        "<!doctype html>\n<html lang='en'><meta charset='utf-8'><title>Table 1</title>\n"
        "<style>body{font:14px system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}"
        "th,td{padding:.35rem .6rem;border-bottom:1px solid #ccc;text-align:right;white-space:nowrap}"
        "th[scope=row],td:last-child{text-align:left}caption{text-align:left;margin-bottom:1rem}</style>\n"
        f"{table_fragment(lines, caption=caption)}</html>\n"
    )


def as_tex(lines: list[dict[str, Any]], *, caption: str) -> str:
    """A ``booktabs`` table."""
    head = " & ".join(["Model", *(tex(title) for _, title in COLUMNS), "Source"])
    body = "\n".join(
        " & ".join(
            [tex(line["model"]), *(tex(cell(line["metrics"][name])) for name, _ in COLUMNS), line["source"]]
        )
        + r" \\"
        for line in lines
    )
    return "\n".join(
        [
            r"\begin{table}",
            rf"\caption{{{tex(caption)}}}",
            rf"\begin{{tabular}}{{l{'r' * len(COLUMNS)}l}}",
            r"\toprule",
            head + r" \\",
            r"\midrule",
            body,
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
            "",
        ]
    )


def cell(metric: Mapping[str, float | None]) -> str:
    """``0.731 (0.577–0.885)``, without the interval where there is none."""
    if metric["value"] is None:
        return "–"
    if metric["low"] is None or metric["high"] is None:
        return f"{metric['value']:.3f}"
    return f"{metric['value']:.3f} ({metric['low']:.3f}–{metric['high']:.3f})"


_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "&": r"\&",
        "%": r"\%",
        "_": r"\_",
        "#": r"\#",
        "$": r"\$",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "≥": r"$\geq$",
        "−": "$-$",
        "–": "--",
    }
)


def tex(text: str) -> str:
    """Text with what LaTeX would take for a command escaped."""
    return text.translate(_TEX)

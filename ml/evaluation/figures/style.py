"""The frame every figure shares: transparent paper, quiet axes, and the watermark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from ml.evaluation.metrics import MetricValue
from ml.evaluation.palette import AXIS, GRID, TEXT

SIMULATED = "SIMULATED DATA"
PAPER_PROTOCOL = "paper protocol"

Watermark = str | Sequence[str] | None
CLEAR = "rgba(0,0,0,0)"


def finish(
    figure: go.Figure, *, title: str, height: int, watermark: Watermark = None, **layout: Any
) -> go.Figure:
    """Apply the common look; ``watermark`` is :data:`SIMULATED`, :data:`PAPER_PROTOCOL`, both or text."""
    figure.update_layout(
        template=go.layout.Template(),
        title={"text": title, "x": 0, "xanchor": "left", "xref": "paper", "font": {"size": 15}},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        height=height,
        autosize=True,
        font={"family": "Inter, system-ui, sans-serif", "size": 12, "color": TEXT},
        margin={"l": 56, "r": 16, "t": 56, "b": 52},
        legend={"bgcolor": CLEAR, "font": {"size": 11}},
        hoverlabel={"font": {"size": 12}},
    )
    figure.update_layout(**layout)
    axis = {"gridcolor": GRID, "linecolor": AXIS, "zeroline": False, "showline": True, "ticks": "outside"}
    figure.update_xaxes(**axis, tickcolor=AXIS, title_font_size=12)
    figure.update_yaxes(**axis, tickcolor=AXIS, title_font_size=12)
    figure.for_each_annotation(lambda note: note.update(font={"size": min(note.font.size or 12, 13)}))
    return mark(figure, watermark)


# How a figure is written into a page: it is about patients, so no button sends it to anybody's cloud.
ON_SITE = {"showSendToCloud": False, "displaylogo": False}


def mark(figure: go.Figure, watermark: Watermark) -> go.Figure:
    """Write the watermark over the whole picture and once, legibly, in the top right corner."""
    words = [watermark] if isinstance(watermark, str) else list(watermark or ())
    if not words:
        return figure
    text = " · ".join(words)
    figure.add_annotation(
        text=text,
        xref="paper",
        yref="paper",
        x=0.5,
        y=0.5,
        showarrow=False,
        textangle=-20,
        font={"size": 40 if len(text) < 18 else 30, "color": "rgba(128,128,128,0.22)"},
        name="watermark",
    )
    figure.add_annotation(
        text=f"<b>{text}</b>",
        xref="paper",
        yref="paper",
        x=1,
        y=1,
        xanchor="right",
        yanchor="bottom",
        yshift=24,
        showarrow=False,
        font={"size": 11, "color": "#c2410c"},
        name="watermark-label",
    )
    return figure


def interval(metric: MetricValue, digits: int = 2) -> str:
    """``0.87 (0.71–0.97)``, ``0.87`` without an interval, ``–`` without a value."""
    if metric.value is None:
        return "–"
    if metric.low is None or metric.high is None:
        return f"{metric.value:.{digits}f}"
    return f"{metric.value:.{digits}f} ({metric.low:.{digits}f}–{metric.high:.{digits}f})"


def metric_label(name: str) -> str:
    """The name that people read."""
    return METRIC_LABELS.get(name, name.replace("_", " "))


METRIC_LABELS: dict[str, str] = {
    "accuracy": "Accuracy",
    "balanced_accuracy": "Balanced accuracy",
    "macro_precision": "Macro precision",
    "macro_recall": "Macro recall",
    "macro_f1": "Macro F1",
    "harmonic_f1_paper": "Harmonic F1 (paper)",
    "specificity": "Macro specificity",
    "mcc": "MCC",
    "quadratic_weighted_kappa": "Quadratic-weighted kappa",
    "mean_absolute_error": "Mean absolute error (stages)",
    "off_by_two_rate": "Off by two or more",
    "auc_macro": "AUC, macro",
    **{f"auc_s{k}": f"AUC, S{k}" for k in range(5)},
    **{f"auc_ge_s{k}": f"AUC, ≥S{k}" for k in range(1, 4)},
    "auc_ge_s4": "AUC, S4 against the rest",
    "brier": "Brier score (0–2)",
    "rps": "Ranked probability score",
    "ece": "Expected calibration error",
    "log_loss": "Log loss (nats)",
}
LOWER_IS_BETTER: frozenset[str] = frozenset(
    {"mean_absolute_error", "off_by_two_rate", "brier", "rps", "ece", "log_loss"}
)

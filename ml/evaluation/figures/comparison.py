"""Several models beside each other: bars with intervals, and the rows of a table."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from ml.evaluation.figures.style import LOWER_IS_BETTER, Watermark, finish, metric_label
from ml.evaluation.metrics import METRIC_NAMES, MetricValue
from ml.evaluation.palette import TEXT, model_colour

HEADLINE_METRICS: tuple[str, ...] = (
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "mcc",
    "quadratic_weighted_kappa",
    "auc_macro",
    "auc_ge_s2",
    "auc_ge_s3",
    "auc_ge_s4",
)


def metric_bars(
    metrics: Mapping[str, Mapping[str, MetricValue]],
    *,
    names: Sequence[str] = HEADLINE_METRICS,
    watermark: Watermark = None,
) -> go.Figure:
    """One group of bars a metric, one bar a model, with its 95 % interval."""
    figure = go.Figure()
    for position, (model, values) in enumerate(metrics.items()):
        chosen = [values[name] for name in names]
        figure.add_bar(
            name=model,
            x=[_wrapped(name) for name in names],
            y=[metric.value for metric in chosen],
            marker={"color": model_colour(position)},
            error_y={
                "type": "data",
                "symmetric": False,
                "thickness": 1.2,
                "width": 3,
                "color": TEXT,
                "array": [_reach(metric, metric.high) for metric in chosen],
                "arrayminus": [_reach(metric, metric.low) for metric in chosen],
            },
            hovertemplate="%{fullData.name}<br>%{x}: %{y:.3f}<extra></extra>",
        )
    figure.update_layout(barmode="group")
    figure.update_xaxes(tickangle=0)
    figure.update_yaxes(title_text="Value with 95 % interval")
    return finish(
        figure,
        title="Models compared",
        height=460,
        watermark=watermark,
        legend={"orientation": "h", "y": -0.2, "yanchor": "top"},
        margin={"l": 56, "r": 16, "t": 64, "b": 110},
    )


def comparison_table(
    metrics: Mapping[str, Mapping[str, MetricValue]], *, names: Sequence[str] = METRIC_NAMES
) -> list[dict[str, Any]]:
    """Rows ``{"name", "label", "lower_is_better", "values": [{"value", "low", "high"}], "best": [index…]}``.

    ``best`` names every model whose value equals the best one, as positions in ``metrics``.
    """
    rows: list[dict[str, Any]] = []
    for name in names:
        values = [model[name] for model in metrics.values()]
        known = [metric.value for metric in values if metric.value is not None]
        top = (min(known) if name in LOWER_IS_BETTER else max(known)) if known else None
        rows.append(
            {
                "name": name,
                "label": metric_label(name),
                "lower_is_better": name in LOWER_IS_BETTER,
                "values": [metric.model_dump() for metric in values],
                "best": [i for i, metric in enumerate(values) if top is not None and metric.value == top],
            }
        )
    return rows


def _wrapped(name: str) -> str:
    return "<br>".join(textwrap.wrap(metric_label(name), 12, break_on_hyphens=True))


def _reach(metric: MetricValue, bound: float | None) -> float:
    return 0.0 if metric.value is None or bound is None else abs(bound - metric.value)

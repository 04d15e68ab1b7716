"""The same models under both protocols, and the distance between."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from ml.evaluation.figures.style import PAPER_PROTOCOL, Watermark, finish, metric_label
from ml.evaluation.metrics import MetricValue
from ml.evaluation.optimism import Optimism
from ml.evaluation.palette import TEXT, model_colour


def optimism_figure(
    rows: Sequence[Optimism], *, metric: str = "accuracy", watermark: Watermark = None
) -> go.Figure:
    """For each model a line from its value under ``strict`` to the one under ``paper``, in points."""
    chosen = [row for row in rows if row.metric == metric and _known(row)]
    figure = go.Figure()
    for row in chosen:
        figure.add_scatter(
            x=[_points(row.strict), _points(row.paper)],
            y=[row.model, row.model],
            mode="lines",
            line={"color": TEXT, "width": 2},
            hoverinfo="skip",
            showlegend=False,
        )
    for name, place in (("strict", 0), ("paper", 1)):
        values = [getattr(row, name) for row in chosen]
        figure.add_scatter(
            x=[_points(value) for value in values],
            y=[row.model for row in chosen],
            mode="markers",
            name=f"{name} protocol",
            marker={"color": model_colour(place), "size": 11},
            error_x={
                "type": "data",
                "symmetric": False,
                "thickness": 1,
                "width": 3,
                "array": [_reach(value, value.high) for value in values],
                "arrayminus": [_reach(value, value.low) for value in values],
            },
            hovertemplate="%{y}, %{fullData.name}: %{x:.1f}<extra></extra>",
        )
    for row in chosen:
        figure.add_annotation(
            x=max(_points(row.strict), _points(row.paper)),
            y=row.model,
            text=f"{_points(row.difference):+.1f}",
            showarrow=False,
            yshift=14,
        )
    unit = chosen[0].unit if chosen else "image"
    figure.update_xaxes(title_text=f"{metric_label(metric)} by {unit}, points of 100, with 95 % interval")
    figure.update_yaxes(autorange="reversed", automargin=True)
    marks = [watermark] if isinstance(watermark, str) else list(watermark or ())
    return finish(
        figure,
        title=f"Optimism of the paper's protocol: {metric_label(metric).lower()} under both",
        height=170 + 46 * len(chosen),
        watermark=list(dict.fromkeys([*marks, PAPER_PROTOCOL])),
        margin={"l": 150, "r": 16, "t": 84, "b": 90},
        legend={"orientation": "h", "yref": "container", "y": 0.02, "yanchor": "bottom"},
    )


def _known(row: Optimism) -> bool:
    return row.strict.value is not None and row.paper.value is not None


def _points(value: MetricValue) -> float:
    return 100 * (math.nan if value.value is None else value.value)


def _reach(value: MetricValue, bound: float | None) -> float:
    return 0.0 if value.value is None or bound is None else 100 * abs(bound - value.value)

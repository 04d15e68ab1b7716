"""Learning curves from the events of a training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ml.evaluation.figures.style import Watermark, finish
from ml.evaluation.palette import AXIS, TRAIN_COLOUR, VALIDATION_COLOUR

SERIES: tuple[tuple[str, str, str, int], ...] = (
    ("train_loss", "training", TRAIN_COLOUR, 1),
    ("validation_loss", "validation", VALIDATION_COLOUR, 1),
    ("train_accuracy", "training", TRAIN_COLOUR, 2),
    ("validation_accuracy", "validation", VALIDATION_COLOUR, 2),
)


def learning_curve_figure(
    events: Iterable[Mapping[str, Any] | Any], *, watermark: Watermark = None
) -> go.Figure:
    """Loss above, accuracy below, the phases side by side along one axis of epochs.

    ``events`` are dictionaries or event objects, in order; only ``epoch-finished`` are read. Where a
    resumed run repeats an epoch the later one counts.
    """
    phases = _epochs_by_phase(events)
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.06)
    start = 0
    for phase, epochs in phases.items():
        for key, name, colour, row in SERIES:
            figure.add_trace(
                _line(phase, epochs, key, name, colour, start, first=start == 0 and row == 1), row=row, col=1
            )
        _divide(figure, phase, start, max(epochs))
        start += max(epochs)
    figure.update_yaxes(title_text="Loss (nats)", rangemode="tozero", row=1, col=1)
    figure.update_yaxes(title_text="Accuracy", range=[0, 1.02], row=2, col=1)
    figure.update_xaxes(title_text="Epoch, all phases in turn", row=2, col=1)
    if not phases:
        figure.add_annotation(
            text="No epoch has finished yet", x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False
        )
    return finish(
        figure,
        title="Learning curves",
        height=520,
        watermark=watermark,
        margin={"l": 56, "r": 16, "t": 84, "b": 52},
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": -0.1, "yanchor": "top"},
    )


def _epochs_by_phase(events: Iterable[Mapping[str, Any] | Any]) -> dict[str, dict[int, Mapping[str, Any]]]:
    phases: dict[str, dict[int, Mapping[str, Any]]] = {}
    for event in events:
        row = event if isinstance(event, Mapping) else event.model_dump()
        if row.get("kind") == "epoch-finished":
            phases.setdefault(row["phase"], {})[int(row["epoch"])] = row
    return phases


def _line(
    phase: str,
    epochs: Mapping[int, Mapping[str, Any]],
    key: str,
    name: str,
    colour: str,
    start: int,
    *,
    first: bool,
) -> go.Scatter:
    drawn = [epoch for epoch in sorted(epochs) if epochs[epoch].get(key) is not None]
    return go.Scatter(
        x=[start + epoch for epoch in drawn],
        y=[float(epochs[epoch][key]) for epoch in drawn],
        customdata=drawn,
        name=name,
        legendgroup=name,
        showlegend=first,
        mode="lines+markers" if len(drawn) <= 40 else "lines",
        line={"color": colour, "width": 2, "dash": "solid" if name == "training" else "dash"},
        marker={"size": 5},
        hovertemplate=f"{phase}, epoch %{{customdata}}<br>{name} %{{y:.4f}}<extra></extra>",
    )


def _divide(figure: go.Figure, phase: str, start: int, length: int) -> None:
    if start:
        figure.add_shape(
            type="line",
            xref="x",
            yref="paper",
            x0=start + 0.5,
            x1=start + 0.5,
            y0=0,
            y1=1,
            line={"color": AXIS, "width": 1, "dash": "dot"},
        )
    figure.add_annotation(
        text=phase,
        xref="x",
        yref="paper",
        x=start + (length + 1) / 2,
        y=1,
        yanchor="bottom",
        showarrow=False,
        font={"size": 11},
    )

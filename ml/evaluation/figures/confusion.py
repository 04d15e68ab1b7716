"""Confusion matrices: counts and the share of each true stage."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ml.evaluation.figures.style import Watermark, finish
from ml.evaluation.palette import HEAT
from ml.evaluation.predictions import PROBABILITY_COLUMNS, Level, select_level
from ml.evaluation.scores import weighted_confusions
from ml.spec import STAGE_LABELS


def confusion_counts(predictions: pd.DataFrame, *, level: Level = "patient") -> np.ndarray:
    """Counts (5, 5), rows the truth, columns the most probable stage; summed over repeats."""
    table = select_level(predictions, level)
    predicted = table[PROBABILITY_COLUMNS].to_numpy().argmax(axis=1)
    weights = np.ones((1, len(table)))
    return weighted_confusions(table["truth"].to_numpy(), predicted, weights)[0].astype(int)


def confusion_figure(
    predictions: pd.DataFrame, *, level: Level = "patient", watermark: Watermark = None
) -> go.Figure:
    """One model: each cell says how many and what share of its true stage."""
    counts = confusion_counts(predictions, level=level)
    figure = go.Figure(_heatmap(counts, size=13))
    _axes(figure)
    unit = "patients" if level == "patient" else "images"
    right = int(np.trace(counts))
    return finish(
        figure,
        title=f"Confusion matrix, {right} of {counts.sum()} {unit} right",
        height=460,
        watermark=watermark,
    )


def confusion_grid(
    predictions: Mapping[str, pd.DataFrame],
    *,
    level: Level = "patient",
    columns: int = 4,
    watermark: Watermark = None,
) -> go.Figure:
    """One small matrix a model, all on the same colour scale."""
    columns = min(columns, len(predictions))
    rows = math.ceil(len(predictions) / columns)
    figure = make_subplots(
        rows=rows,
        cols=columns,
        subplot_titles=list(predictions),
        horizontal_spacing=0.06,
        vertical_spacing=0.22 / rows,
    )
    for position, frame in enumerate(predictions.values()):
        row, column = position // columns + 1, position % columns + 1
        figure.add_trace(_heatmap(confusion_counts(frame, level=level), size=9), row=row, col=column)
        _axes(figure, row=row, col=column)
    figure.update_xaxes(title_text="")
    figure.update_yaxes(title_text="")
    return finish(
        figure,
        title="Confusion matrices (rows: pathology stage, columns: predicted stage)",
        height=130 + 250 * rows,
        watermark=watermark,
        margin={"l": 40, "r": 16, "t": 96, "b": 40},
    )


def _heatmap(counts: np.ndarray, size: int) -> go.Heatmap:
    totals = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0) * 100
    text = [
        [f"{count}<br>{percent:.0f}%" if total else "–" for count, percent in zip(row, shares, strict=True)]
        for row, shares, (total,) in zip(counts.tolist(), share.tolist(), totals.tolist(), strict=True)
    ]
    return go.Heatmap(
        z=share.tolist(),
        x=list(STAGE_LABELS),
        y=list(STAGE_LABELS),
        text=text,
        texttemplate="%{text}",
        textfont={"size": size},
        customdata=counts.tolist(),
        zmin=0,
        zmax=100,
        colorscale=[list(c) for c in HEAT],
        showscale=False,
        xgap=2,
        ygap=2,
        hovertemplate="pathology %{y}, predicted %{x}<br>%{customdata} (%{z:.1f} % of row)<extra></extra>",
    )


def _axes(figure: go.Figure, **place: int) -> None:
    figure.update_xaxes(title_text="Predicted stage", showgrid=False, constrain="domain", **place)
    figure.update_yaxes(
        title_text="Pathology stage", autorange="reversed", showgrid=False, constrain="domain", **place
    )

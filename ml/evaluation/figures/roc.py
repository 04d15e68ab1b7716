"""ROC curves: each stage against the rest, the clinical thresholds, and several models at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots
from sklearn.metrics import roc_curve

from ml.evaluation.figures.style import CLEAR, Watermark, finish, interval
from ml.evaluation.metrics import MetricValue, evaluate_predictions
from ml.evaluation.palette import AXIS, MACRO_COLOUR, STAGE_COLOURS, model_colour, model_dash
from ml.evaluation.predictions import PROBABILITY_COLUMNS, Level, select_level
from ml.evaluation.scores import STAGES, at_least
from ml.spec import STAGE_LABELS

Metrics = Mapping[str, MetricValue]
Curve = tuple[np.ndarray, np.ndarray]
THRESHOLD_LABELS: tuple[str, ...] = (
    "≥S1 any fibrosis",
    "≥S2 significant",
    "≥S3 advanced",
    "S4 early cirrhosis",
)


def roc_figure(
    predictions: pd.DataFrame,
    *,
    level: Level = "patient",
    metrics: Metrics | None = None,
    watermark: Watermark = None,
) -> go.Figure:
    """Left: each stage against the rest and their mean. Right: at least S1 … S4. AUC with 95 % interval.

    ``metrics`` (of :func:`evaluate_predictions`) saves computing them again.
    """
    metrics = metrics or evaluate_predictions(predictions, level=level)
    table = select_level(predictions, level)
    figure = make_subplots(
        cols=2, subplot_titles=["Each stage against the rest", "At least this stage"], horizontal_spacing=0.1
    )
    truth, probabilities = _arrays(table)
    for k, label in enumerate(STAGE_LABELS):
        curve = _curve(truth == k, probabilities[:, k])
        _add(figure, 1, curve, f"{label}  {_auc(metrics[f'auc_s{k}'], curve)}", STAGE_COLOURS[k], "solid", 2)
    macro = macro_curve(table)
    _add(figure, 1, macro, f"macro  {_auc(metrics['auc_macro'], macro)}", MACRO_COLOUR, "dash", 3)
    for k, label in enumerate(THRESHOLD_LABELS, start=1):
        curve = _curve(truth >= k, at_least(probabilities, k))
        _add(
            figure, 2, curve, f"{label}  {_auc(metrics[f'auc_ge_s{k}'], curve)}", STAGE_COLOURS[k], "solid", 2
        )
    for column in (1, 2):
        _chance(figure, column)
        _axes(figure, column)
    legend = {
        "y": -0.2,
        "yanchor": "top",
        "title": {"text": "AUC (95 % interval)"},
        "bgcolor": CLEAR,
        "font": {"size": 11},
    }
    return finish(
        figure,
        title=f"ROC, {_counted(table, level)}",
        height=560,
        watermark=watermark,
        margin={"l": 56, "r": 16, "t": 84, "b": 180},
        legend={"x": 0, **legend},
        legend2={"x": 0.55, **legend},
    )


def roc_overlay(
    predictions: Mapping[str, pd.DataFrame],
    *,
    target: str = "auc_macro",
    level: Level = "patient",
    metrics: Mapping[str, Metrics] | None = None,
    watermark: Watermark = None,
) -> go.Figure:
    """One curve a model for ``target``, any AUC metric: ``auc_macro``, ``auc_s0`` …, ``auc_ge_s4``."""
    figure = go.Figure()
    for position, (name, frame) in enumerate(predictions.items()):
        scores = metrics[name] if metrics else evaluate_predictions(frame, level=level)
        curve = target_curve(select_level(frame, level), target)
        figure.add_scatter(
            x=curve[0].tolist(),
            y=curve[1].tolist(),
            mode="lines",
            name=f"{name}  {_auc(scores[target], curve)}",
            line={"color": model_colour(position), "dash": model_dash(position), "width": 2.5},
            hovertemplate=_HOVER,
        )
    _chance(figure, None)
    _axes(figure, None)
    return finish(
        figure,
        title=f"ROC of {len(predictions)} models, {_target_words(target)}",
        height=520 + 18 * len(predictions),
        watermark=watermark,
        margin={"l": 56, "r": 16, "t": 64, "b": 90 + 18 * len(predictions)},
        legend={"x": 0, "y": -0.16, "yanchor": "top", "title": {"text": "AUC (95 % interval)"}},
    )


def target_curve(table: pd.DataFrame, target: str) -> Curve:
    """False- and true-positive rates of an AUC metric, by the metric's name."""
    truth, probabilities = _arrays(table)
    if target == "auc_macro":
        return macro_curve(table)
    stage = int(target[-1])
    if target.startswith("auc_ge_s"):
        return _curve(truth >= stage, at_least(probabilities, stage))
    return _curve(truth == stage, probabilities[:, stage])


def macro_curve(table: pd.DataFrame) -> Curve:
    """Mean true-positive rate of the stages that occur, at every false-positive rate."""
    truth, probabilities = _arrays(table)
    curves = [_curve(truth == k, probabilities[:, k]) for k in range(STAGES)]
    drawn = [curve for curve in curves if curve[0].size]
    if not drawn:
        return np.array([]), np.array([])
    grid = np.unique(np.concatenate([false for false, _ in drawn]))
    mean = np.mean([np.interp(grid, false, true) for false, true in drawn], axis=0)
    return np.r_[0.0, grid], np.r_[0.0, mean]


def _curve(positive: np.ndarray, score: np.ndarray) -> Curve:
    if positive.all() or not positive.any():
        return np.array([]), np.array([])
    false, true, _ = roc_curve(positive, score)
    return false, true


def _arrays(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return table["truth"].to_numpy(), table[PROBABILITY_COLUMNS].to_numpy(dtype=np.float64)


_HOVER = "%{fullData.name}<br>sensitivity %{y:.3f} at 1 − specificity %{x:.3f}<extra></extra>"


def _add(
    figure: go.Figure, column: int, curve: Curve, name: str, colour: str, dash: str, width: float
) -> None:
    false, true = (values.tolist() if values.size else [None] for values in curve)
    figure.add_scatter(
        x=false,
        y=true,
        mode="lines",
        name=name,
        legend="legend" if column == 1 else "legend2",
        line={"color": colour, "dash": dash, "width": width},
        hovertemplate=_HOVER,
        row=1,
        col=column,
    )


def _auc(metric: MetricValue, curve: Curve) -> str:
    return interval(metric) if curve[0].size else "no case or no control"


def _chance(figure: go.Figure, column: int | None) -> None:
    place = {} if column is None else {"row": 1, "col": column}
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        showlegend=False,
        hoverinfo="skip",
        name="chance",
        line={"color": AXIS, "dash": "dot", "width": 1},
        **place,
    )


def _axes(figure: go.Figure, column: int | None) -> None:
    place = {} if column is None else {"row": 1, "col": column}
    ticks = {"range": [-0.01, 1.01], "dtick": 0.2}
    figure.update_xaxes(title_text="1 − specificity", **ticks, **place)
    figure.update_yaxes(title_text="Sensitivity", **ticks, **place)


def _counted(table: pd.DataFrame, level: Level) -> str:
    patients = table["patient"].nunique()
    return f"{patients} patients" if level == "patient" else f"{len(table)} images of {patients} patients"


def _target_words(target: str) -> str:
    if target == "auc_macro":
        return "mean over the stages"
    stage = target[-1]
    return THRESHOLD_LABELS[int(stage) - 1] if target.startswith("auc_ge") else f"S{stage} against the rest"

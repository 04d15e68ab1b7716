"""Are the probabilities true: reliability curves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ml.evaluation.calibration import ReliabilityBin, reliability_curve
from ml.evaluation.figures.style import Watermark, finish
from ml.evaluation.metrics import evaluate_predictions
from ml.evaluation.palette import AXIS, MACRO_COLOUR, STAGE_COLOURS
from ml.evaluation.predictions import Level


def reliability_figure(
    predictions: pd.DataFrame, *, level: Level = "patient", watermark: Watermark = None
) -> go.Figure:
    """Observed against predicted probability, for the predicted stage and for ≥S2, ≥S3 and S4.

    The size of a marker is the number of cases; bars are 95 % Wilson intervals of the observed share.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name="perfect",
        hoverinfo="skip",
        line={"color": AXIS, "dash": "dot", "width": 1},
    )
    targets = [("top", "predicted stage", MACRO_COLOUR)] + [
        (f"ge_s{k}", label, STAGE_COLOURS[k]) for k, label in ((2, "≥S2"), (3, "≥S3"), (4, "S4"))
    ]
    for target, name, colour in targets:
        _add(
            figure,
            reliability_curve(predictions, target=target, level=level),
            name,
            colour,
            shown=target == "top",
        )
    figure.update_xaxes(title_text="Predicted probability", range=[-0.02, 1.02], dtick=0.2)
    figure.update_yaxes(title_text="Observed share", range=[-0.02, 1.02], dtick=0.2)
    ece = evaluate_predictions(predictions, level=level, resamples=0)["ece"].value
    return finish(
        figure,
        title=f"Reliability, expected calibration error {ece:.3f}",
        height=460,
        watermark=watermark,
        legend={"x": 0.02, "y": 0.98, "yanchor": "top"},
    )


def _add(figure: go.Figure, bins: list[ReliabilityBin], name: str, colour: str, *, shown: bool) -> None:
    counts = np.array([point.count for point in bins])
    figure.add_scatter(
        x=[point.predicted for point in bins],
        y=[point.observed for point in bins],
        customdata=counts.tolist(),
        mode="lines+markers",
        name=name,
        visible=True if shown else "legendonly",
        line={"color": colour, "width": 2},
        marker={"size": (6 + 3 * np.sqrt(counts)).clip(max=24).tolist()},
        error_y={
            "type": "data",
            "symmetric": False,
            "thickness": 1,
            "width": 0,
            "array": [point.high - point.observed for point in bins],
            "arrayminus": [point.observed - point.low for point in bins],
        },
        hovertemplate="predicted %{x:.2f}, observed %{y:.2f}, %{customdata} cases<extra></extra>",
    )

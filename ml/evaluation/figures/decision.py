"""Decision curves and the matrix of significance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ml.evaluation.decision import DecisionCurve, target_label
from ml.evaluation.figures.style import Watermark, finish, metric_label
from ml.evaluation.paired import PairedTest
from ml.evaluation.palette import AXIS, MACRO_COLOUR, model_colour, model_dash, translucent

REFERENCES: dict[str, str] = {"treat all": "dash", "treat none": "dot"}


def decision_figures(
    comparisons: Mapping[str, Sequence[DecisionCurve]], *, stage: int, watermark: Watermark = None
) -> dict[str, go.Figure]:
    """Figures of :func:`ml.evaluation.decision_comparisons`: ``ge-s2``, and ``ge-s2-apri-fib-4`` of those
    patients who have the serum scores."""
    return {
        "-".join([f"ge-s{stage}", *scores.lower().split(", ")]).rstrip("-"): decision_curve_figure(
            curves, stage=stage, scores=scores, watermark=watermark
        )
        for scores, curves in comparisons.items()
    }


def decision_curve_figure(
    curves: Sequence[DecisionCurve],
    *,
    stage: int | None = None,
    scores: str = "",
    watermark: Watermark = None,
) -> go.Figure:
    """Net benefit over the threshold probability; the band is the 95 % interval of the first curve.

    The title says over how many patients, and with ``scores`` that these are the ones who have them.
    """
    figure = go.Figure()
    models = [curve for curve in curves if curve.name not in REFERENCES]
    if models and models[0].low:
        _band(figure, models[0])
    for position, curve in enumerate(models):
        _line(figure, curve, model_colour(position), model_dash(position), 2.5)
    for curve in curves:
        if curve.name in REFERENCES:
            _line(figure, curve, MACRO_COLOUR, REFERENCES[curve.name], 1.5)
    peak = max((value for curve in curves for value in curve.net_benefit), default=0.1)
    figure.update_xaxes(title_text="Threshold probability", range=[0, 1], dtick=0.1, tickformat=".0%")
    figure.update_yaxes(title_text="Net benefit", range=[-0.1 * max(peak, 0.1), 1.1 * max(peak, 0.1)])
    parts = ["Decision curve", *([] if stage is None else [target_label(stage)])]
    if curves:
        parts.append(f"{curves[0].patients} patients" + (f" with {scores}" if scores else ""))
    return finish(
        figure,
        title=", ".join(parts),
        height=460,
        watermark=watermark,
        legend={"orientation": "h", "y": -0.18, "yanchor": "top"},
        margin={"l": 56, "r": 16, "t": 64, "b": 96},
    )


def _band(figure: go.Figure, curve: DecisionCurve) -> None:
    figure.add_scatter(
        x=curve.thresholds + curve.thresholds[::-1],
        y=curve.high + curve.low[::-1],
        fill="toself",
        fillcolor=translucent(model_colour(0), 0.15),
        line={"width": 0},
        hoverinfo="skip",
        mode="lines",
        name=f"{curve.name}, 95 % interval",
        showlegend=False,
    )


def _line(figure: go.Figure, curve: DecisionCurve, colour: str, dash: str, width: float) -> None:
    figure.add_scatter(
        x=curve.thresholds,
        y=curve.net_benefit,
        mode="lines",
        name=curve.name,
        line={"color": colour, "dash": dash, "width": width},
        hovertemplate="%{fullData.name}<br>at %{x:.0%}: net benefit %{y:.3f}<extra></extra>",
    )


def significance_matrix(
    tests: Sequence[PairedTest], *, metric: str, watermark: Watermark = None
) -> go.Figure:
    """Row minus column for ``metric``: each cell says the difference and Holm's p, coloured by the first."""
    chosen = [test for test in tests if test.metric == metric]
    names = list(dict.fromkeys(name for test in chosen for name in (test.a, test.b)))
    place = {name: i for i, name in enumerate(names)}
    gaps: list[list[float | None]] = [[None] * len(names) for _ in names]
    words = [["" for _ in names] for _ in names]
    for test in chosen:
        for row, column, sign in ((test.a, test.b, 1), (test.b, test.a, -1)):
            i, j = place[row], place[column]
            gaps[i][j] = None if test.difference is None else sign * test.difference
            words[i][j] = _cell(gaps[i][j], test.p_adjusted)
    reach = max((abs(gap) for row in gaps for gap in row if gap is not None), default=1.0) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=gaps,
            x=names,
            y=names,
            text=words,
            texttemplate="%{text}",
            textfont={"size": 11},
            zmin=-reach,
            zmax=reach,
            colorscale=[[0, "#d9701a"], [0.5, "#f4f4f4"], [1, "#2f6fd0"]],
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="%{y} minus %{x}: %{text}<extra></extra>",
        )
    )
    figure.update_xaxes(showgrid=False, side="bottom", linecolor=AXIS, tickangle=-35, automargin=True)
    figure.update_yaxes(showgrid=False, autorange="reversed")
    return finish(
        figure,
        title=f"{metric_label(metric)}: row minus column (p after Holm)",
        height=180 + 48 * len(names),
        watermark=watermark,
        margin={"l": 150, "r": 16, "t": 64, "b": 110},
    )


def _cell(gap: float | None, p_value: float | None) -> str:
    if gap is None:
        return "–"
    p_text = "p –" if p_value is None else ("p<0.001" if p_value < 0.001 else f"p={p_value:.3f}")
    starred = f"<b>{gap:+.3f}</b>" if p_value is not None and p_value < 0.05 else f"{gap:+.3f}"
    return f"{starred}<br>{p_text}"

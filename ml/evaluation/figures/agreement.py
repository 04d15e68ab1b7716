"""The table of two readers' answers."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from ml.evaluation.agreement import Agreement
from ml.evaluation.figures.style import Watermark, finish
from ml.evaluation.palette import HEAT


def agreement_figure(found: Agreement, *, watermark: Watermark = None) -> go.Figure:
    """Each cell counts the exams to which the first reader gave the row's and the second the column's
    answer.
    """
    counts = np.asarray(found.table)
    figure = go.Figure(
        go.Heatmap(
            z=counts.tolist(),
            x=found.categories,
            y=found.categories,
            text=[[str(count) for count in row] for row in counts.tolist()],
            texttemplate="%{text}",
            colorscale=HEAT,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    # The answers once more as texts of the ticks: a page puts them into its reader's language.
    ticks = {"type": "category", "tickvals": found.categories, "ticktext": found.categories}
    figure.update_xaxes(title_text="Second reader", side="bottom", **ticks)
    figure.update_yaxes(
        title_text="First reader", title_standoff=12, autorange="reversed", automargin=True, **ticks
    )
    return finish(figure, title="Answers of the two readers", height=420, watermark=watermark)

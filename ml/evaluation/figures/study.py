"""All figures of a study, by the name of their file."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from ml.evaluation.figures.calibration import reliability_figure
from ml.evaluation.figures.comparison import metric_bars
from ml.evaluation.figures.confusion import confusion_grid
from ml.evaluation.figures.decision import decision_figures, significance_matrix
from ml.evaluation.figures.roc import roc_overlay
from ml.evaluation.figures.style import Watermark
from ml.evaluation.study import Study

ROC_TARGETS = ("auc_macro", "auc_ge_s2", "auc_ge_s3", "auc_ge_s4")


def study_figures(study: Study, *, watermark: Watermark = None) -> dict[str, go.Figure]:
    """``roc``, ``roc-ge-s2`` …, ``confusion``, ``metrics``, ``reliability-<key>``, ``decision-ge-s2`` …
    (and ``decision-ge-s2-apri`` … where only some patients have the score), ``significance-<metric>``."""
    frames = study.by_title()
    metrics = {model.title: model.patient for model in study.models}
    figures = {
        _named("roc", target): roc_overlay(frames, target=target, metrics=metrics, watermark=watermark)
        for target in ROC_TARGETS
    }
    figures |= {
        "confusion": confusion_grid(frames, watermark=watermark),
        "metrics": metric_bars(metrics, watermark=watermark),
    }
    for model in study.models:
        figure = reliability_figure(model.test, watermark=watermark)
        title = figure.layout.title.text
        figure.update_layout(title_text=f"{model.title}: {title[0].lower()}{title[1:]}")
        figures[f"reliability-{model.key}"] = figure
    for stage, curves in study.decision.items():
        made = decision_figures({"": curves, **study.decision_serum[stage]}, stage=stage, watermark=watermark)
        figures |= {f"decision-{name}": figure for name, figure in made.items()}
    for metric in tested_metrics(study):
        figures[f"significance-{metric.replace('_', '-')}"] = significance_matrix(
            study.tests, metric=metric, watermark=watermark
        )
    return figures


def tested_metrics(study: Study) -> Sequence[str]:
    """Metrics with paired tests, in order."""
    return list(dict.fromkeys(test.metric for test in study.tests))


def _named(figure: str, target: str) -> str:
    return figure if target == "auc_macro" else f"{figure}-{target.removeprefix('auc_').replace('_', '-')}"

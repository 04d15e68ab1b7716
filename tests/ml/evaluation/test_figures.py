"""Figures are JSON that a browser reads: plain lists, no NaN, transparent, marked where told."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from ml.evaluation import compare_models, decision_curves, evaluate_predictions
from ml.evaluation import figures as f
from ml.evaluation.calibration import reliability_curve
from ml.evaluation.figures.confusion import confusion_counts
from ml.evaluation.palette import STAGE_COLOURS
from ml.evaluation.report import Report
from ml.spec.events import EpochFinished


def epochs(phase: str, count: int) -> list[dict]:
    return [
        EpochFinished(
            phase=phase, epoch=e, epochs=count, progress=e / count, train_loss=1 / e, train_accuracy=0.6,
            validation_loss=None if phase.startswith("first") else 1.2 / e, validation_accuracy=0.5,
            learning_rate=1e-4, images_per_second=10, seconds=1,
        ).model_dump(mode="json")
        for e in range(1, count + 1)
    ]  # fmt: skip


@pytest.fixture
def all_figures(predictions) -> dict:
    one = predictions(40, seed=1)
    two = {"A": one, "B": predictions(40, seed=2, skill=0.3)}
    metrics = {name: evaluate_predictions(frame, resamples=50) for name, frame in two.items()}
    marked = {"watermark": [f.SIMULATED, f.PAPER_PROTOCOL]}
    return {
        "roc": f.roc_figure(one, metrics=metrics["A"], **marked),
        "overlay": f.roc_overlay(two, metrics=metrics, **marked),
        "threshold overlay": f.roc_overlay(two, metrics=metrics, target="auc_ge_s3", **marked),
        "confusion": f.confusion_figure(one, **marked),
        "grid": f.confusion_grid(two, **marked),
        "learning": f.learning_curve_figure([*epochs("first-transfer:hf", 3), *epochs("hf", 5)], **marked),
        "bars": f.metric_bars(metrics, **marked),
        "reliability": f.reliability_figure(one, **marked),
        "decision": f.decision_curve_figure(decision_curves(two, stage=2, resamples=20), stage=2, **marked),
        "significance": f.significance_matrix(
            compare_models(two, metrics=("auc_ge_s2",), resamples=20), metric="auc_ge_s2", **marked
        ),
    }


def test_every_figure_is_plain_json_transparent_and_marked(all_figures) -> None:
    for name, figure in all_figures.items():
        text = figure.to_json()
        drawn = json.loads(text)
        json.dumps(drawn, allow_nan=False)  # raises on NaN, which no browser parses
        assert "bdata" not in text, name
        assert drawn["layout"]["paper_bgcolor"] == "rgba(0,0,0,0)", name
        marks = [a for a in drawn["layout"]["annotations"] if (a.get("name") or "").startswith("watermark")]
        assert len(marks) == 2, name
        assert all("SIMULATED DATA" in a["text"] and "paper protocol" in a["text"] for a in marks), name


def test_no_figure_of_a_report_offers_to_send_itself_to_a_cloud(all_figures) -> None:
    page = Report("One").figures(all_figures["roc"]).as_html()
    figure = page.rsplit("Plotly.newPlot(", 1)[-1]  # after the library itself
    assert '"showSendToCloud": false' in figure
    assert "plotlyServerURL" not in figure


def test_nothing_is_marked_unless_told(predictions) -> None:
    assert not f.confusion_figure(predictions(20)).layout.annotations


def test_roc_shows_every_stage_threshold_and_mean_with_its_interval(all_figures) -> None:
    drawn = [t for t in all_figures["roc"].data if t.name != "chance"]
    assert [t.name.split("  ")[0] for t in drawn] == [
        "S0", "S1", "S2", "S3", "S4", "macro", "≥S1 any fibrosis", "≥S2 significant", "≥S3 advanced",
        "S4 early cirrhosis",
    ]  # fmt: skip
    assert [t.line.color for t in drawn[:5]] == list(STAGE_COLOURS)
    assert all("(" in t.name and "–" in t.name for t in drawn)


def test_area_under_the_drawn_curve_is_the_auc_in_the_legend(predictions) -> None:
    frame = predictions(50, skill=0.4)
    metrics = evaluate_predictions(frame, resamples=0)
    stage2 = f.roc_figure(frame, metrics=metrics).data[2]
    assert np.trapezoid(stage2.y, stage2.x) == pytest.approx(metrics["auc_s2"].value)


def test_stage_without_a_case_is_named_not_drawn(predictions) -> None:
    frame = predictions(30)
    figure = f.roc_figure(frame[frame.truth != 0])
    assert figure.data[0].name == "S0  no case or no control"


def test_confusion_counts_and_row_shares(predictions) -> None:
    frame = predictions(30)
    counts = confusion_counts(frame)
    assert counts.sum(axis=1).tolist() == np.bincount(frame.truth, minlength=5).tolist()
    first = f.confusion_figure(frame).data[0]
    assert sum(first.z[0]) == pytest.approx(100)
    assert first.text[0][0].startswith(f"{counts[0, 0]}<br>")


def test_learning_curve_takes_the_later_of_repeated_epochs_and_objects() -> None:
    first, again = epochs("hf", 2)[0], {**epochs("hf", 2)[0], "train_loss": 9.0}
    figure = f.learning_curve_figure([{"kind": "note", "message": "x"}, first, EpochFinished(**again)])
    assert figure.data[0].y == (9.0,)
    assert "No epoch" in f.learning_curve_figure([]).layout.annotations[0].text


def test_comparison_table_marks_the_best_even_where_less_is_better(predictions) -> None:
    metrics = {
        n: evaluate_predictions(predictions(60, seed=1, skill=s), resamples=20)
        for n, s in (("w", 0), ("s", 1))
    }
    rows = {row["name"]: row for row in f.comparison_table(metrics)}
    assert rows["accuracy"]["best"] == [1]
    assert rows["mean_absolute_error"]["best"] == [1]
    assert rows["mean_absolute_error"]["lower_is_better"]
    assert rows["accuracy"]["values"][1].keys() == {"value", "low", "high"}


def test_reliability_bins_hold_all_cases(predictions) -> None:
    frame = predictions(50, skill=0.2)
    for target in ("top", "ge_s2", "ge_s4"):
        bins = reliability_curve(frame, target=target)
        assert sum(b.count for b in bins) == 50
        assert all(b.low <= b.observed <= b.high for b in bins)


@pytest.mark.parametrize("target", ["top", "ge_s2"])
def test_a_patient_counts_once_in_a_reliability_interval_however_many_repeats(predictions, target) -> None:
    frame = predictions(50, skill=0.2)
    repeated = pd.concat([frame.assign(repeat=repeat) for repeat in range(6)])
    for once, six in zip(
        reliability_curve(frame, target=target), reliability_curve(repeated, target=target), strict=True
    ):
        assert (six.low, six.high, six.count) == pytest.approx((once.low, once.high, once.count))
        assert (six.predicted, six.observed) == pytest.approx((once.predicted, once.observed))


def test_reliability_intervals_of_one_repeat_are_wilsons(predictions) -> None:
    for point in reliability_curve(predictions(50, skill=0.2)):
        happened = round(point.observed * point.count)
        bounds = binomtest(happened, point.count).proportion_ci(method="wilson")
        assert (point.low, point.high) == pytest.approx((bounds.low, bounds.high), abs=1e-12)

"""Intervals and operating points against scipy and scikit-learn, written independently of ours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import bootstrap
from sklearn.metrics import roc_auc_score, roc_curve

from ml.evaluation import choose_operating_point, evaluate_predictions
from ml.spec import STAGE_LABELS
from tests.bench.statistics import NAMES, patients, statistics


def test_every_metric_with_a_function_in_scikit_learn_has_its_value() -> None:
    frame = patients(150)
    ours = evaluate_predictions(frame, resamples=0)
    theirs = statistics(frame["truth"].to_numpy(), frame[list(STAGE_LABELS)].to_numpy())
    for name, value in zip(NAMES, theirs, strict=True):
        assert ours[name].value == pytest.approx(value, abs=1e-12), name


@pytest.mark.parametrize("name", ["accuracy", "auc_ge_s2"])
def test_intervals_are_those_of_scipys_percentile_bootstrap(name: str) -> None:
    frame = patients(90)
    truth, probabilities = frame["truth"].to_numpy(), frame[list(STAGE_LABELS)].to_numpy()
    right = probabilities.argmax(axis=1) == truth
    score = probabilities[:, 2:].sum(axis=1)

    def statistic(drawn: np.ndarray) -> float:
        if name == "accuracy":
            return float(right[drawn].mean())
        return float(roc_auc_score(truth[drawn] >= 2, score[drawn]))

    theirs = bootstrap(
        (np.arange(90),),
        statistic,
        n_resamples=3000,
        method="percentile",
        vectorized=False,
        rng=np.random.default_rng(3),
    ).confidence_interval
    ours = evaluate_predictions(frame, resamples=3000)[name]
    # Monte-Carlo error of a 2.5 % quantile at 3,000 draws, several times over
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.015)


def test_intervals_draw_patients_with_all_their_images() -> None:
    """Written out: draw patients, take all images of each as often as it was drawn."""
    rng = np.random.default_rng(1)
    frame = pd.concat([patients(40).assign(image=f"i{k}") for k in range(3)], ignore_index=True)
    noise = rng.random((len(frame), 5)) * 0.4 + frame[list(STAGE_LABELS)].to_numpy()
    frame[list(STAGE_LABELS)] = noise / noise.sum(axis=1, keepdims=True)
    right = noise.argmax(axis=1) == frame["truth"].to_numpy()
    by_patient = right.reshape(3, 40).sum(axis=0)
    draws = by_patient[rng.integers(0, 40, (20_000, 40))].sum(axis=1) / 120
    ours = evaluate_predictions(frame, level="image", resamples=5000)["accuracy"]
    assert ours.value == pytest.approx(right.mean())
    assert (ours.low, ours.high) == pytest.approx(tuple(np.percentile(draws, [2.5, 97.5])), abs=0.012)


@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_youdens_point_is_the_best_of_scikit_learns_roc_curve(stage: int) -> None:
    frame = patients(120)
    score = frame[list(STAGE_LABELS)].to_numpy()[:, stage:].sum(axis=1).round(12)
    false, true, _ = roc_curve(frame["truth"] >= stage, score, drop_intermediate=False)
    point = choose_operating_point(frame, stage=stage, rule="youden")
    assert point.validation_sensitivity + point.validation_specificity - 1 == pytest.approx(
        (true - false).max()
    )
    called = score >= point.threshold
    assert called[frame["truth"] >= stage].mean() == pytest.approx(point.validation_sensitivity)

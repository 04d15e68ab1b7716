"""Temperature and prediction sets do what they promise on data where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from ml.models import Calibration, conformal_threshold, fit_temperature
from ml.models.calibration import softmax
from ml.spec import Stage


def drawn(count: int, sharpness: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are ``sharpness`` times too confident, and truths drawn from the honest ones."""
    rng = np.random.default_rng(seed)
    honest = rng.normal(0, 1.5, (count, 5))
    truth = np.array([rng.choice(5, p=p) for p in softmax(honest)])
    return honest * sharpness, truth


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 4.0])
def test_temperature_undoes_over_and_underconfidence(sharpness: float) -> None:
    assert fit_temperature(*drawn(4000, sharpness, 0)) == pytest.approx(sharpness, rel=0.1)


def test_prediction_sets_cover_unseen_patients_as_stated() -> None:
    logits, truth = drawn(6000, 1.0, 1)
    probabilities = softmax(logits)
    fitted = Calibration(threshold=conformal_threshold(probabilities[:2000], truth[:2000], 0.9))
    sets = [fitted.prediction_set(p) for p in probabilities[2000:]]
    covered = np.mean([Stage(t) in s for t, s in zip(truth[2000:], sets, strict=True)])
    assert 0.88 < covered < 0.92
    assert np.mean([len(s) for s in sets]) < 4


def test_threshold_is_the_hand_computed_rank() -> None:
    probabilities = np.full((9, 5), 0.0)
    probabilities[:, 0] = np.arange(1, 10) / 10
    # n = 9 at 90 %: rank ⌈10 · 0.9⌉ = 9, the largest score, of p(truth) = 0.1.
    assert conformal_threshold(probabilities, np.zeros(9, int), 0.9) == pytest.approx(0.9)


def test_too_few_patients_for_the_coverage_give_every_stage() -> None:
    fitted = Calibration(threshold=conformal_threshold(np.eye(5), np.arange(5), 0.9))
    assert fitted.prediction_set(np.array([1.0, 0, 0, 0, 0])) == list(Stage)


def test_prediction_set_is_never_empty() -> None:
    assert Calibration(threshold=0.0).prediction_set(np.array([0.1, 0.2, 0.4, 0.2, 0.1])) == [Stage.S2]

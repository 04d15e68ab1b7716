"""Paired tests against published worked examples and against their definitions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.evaluation import PredictionsRefused, compare_models, delong, holm, mcnemar_exact

# The data of DeLong et al. 1988 as SAS/STAT gives them, PROC LOGISTIC, "Comparing Receiver Operating
# Characteristic Curves": albumin, total protein, K-G score, 1 = benefits from surgery.
OVARIAN = """
3.0 5.8 10 0  3.2 6.3 5 1  3.9 6.8 3 1  2.8 4.8 6 0  3.2 5.8 3 1  0.9 4.0 5 0  2.5 5.7 8 0  1.6 5.6 5 1
3.8 5.7 5 1  3.7 6.7 6 1  3.2 5.4 4 1  3.8 6.6 6 1  4.1 6.6 5 1  3.6 5.7 5 1  4.3 7.0 4 1  3.6 6.7 4 0
2.3 4.4 6 1  4.2 7.6 4 0  4.0 6.6 6 0  3.5 5.8 6 1  3.8 6.8 7 1  3.0 4.7 8 0  4.5 7.4 5 1  3.7 7.4 5 1
3.1 6.6 6 1  4.1 8.2 6 1  4.3 7.0 5 1  4.3 6.5 4 1  3.2 5.1 5 1  2.6 4.7 6 1  3.3 6.8 6 0  1.7 4.0 7 0
3.7 6.1 5 1  3.3 6.3 7 1  4.2 7.7 6 1  3.5 6.2 5 1  2.9 5.7 9 0  2.1 4.8 7 1  2.8 6.2 8 0  4.0 7.0 7 1
3.3 5.7 6 1  3.7 6.9 5 1  3.6 6.6 5 1
"""


def test_delong_on_the_ovarian_cancer_example() -> None:
    """Areas, standard errors, and the contrasts with the K-G score."""
    albumin, protein, score, benefit = np.array(OVARIAN.split(), dtype=float).reshape(-1, 4).T
    result = delong(benefit == 0, np.stack([-albumin, score, -protein]))
    assert result.areas == pytest.approx([0.7366, 0.7258, 0.6478], abs=5e-5)
    assert np.sqrt(np.diag(result.covariance)) == pytest.approx([0.0927, 0.1028, 0.1000], abs=5e-5)
    assert result.compare(0, 1) == pytest.approx((0.0108, 0.0953, 0.9102), abs=5e-5)
    assert result.compare(2, 1) == pytest.approx((-0.0780, 0.1046, 0.4561), abs=5e-5)


def delong_by_definition(event: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Structural components written out pair by pair, as in the 1988 paper."""
    ill, well = scores[:, event], scores[:, ~event]
    wins = (ill[:, :, None] > well[:, None, :]) + 0.5 * (ill[:, :, None] == well[:, None, :])
    v10, v01 = wins.mean(axis=2), wins.mean(axis=1)
    return wins.mean(axis=(1, 2)), np.cov(v10) / ill.shape[1] + np.cov(v01) / well.shape[1]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(4, 30))
def test_delong_by_midranks_equals_its_definition(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    event = np.r_[True, True, False, False, rng.random(n - 4) < 0.4]
    scores = rng.integers(0, 6, (3, n)).astype(float)  # many ties
    areas, covariance = delong_by_definition(event, scores)
    result = delong(event, scores)
    assert result.areas == pytest.approx(areas)
    assert result.covariance == pytest.approx(covariance, abs=1e-12)


def test_delong_says_when_there_is_nothing_to_test() -> None:
    event = np.array([True, True, False, False])
    perfect, reversed_ = np.array([4.0, 3, 2, 1]), np.array([1.0, 2, 3, 4])
    assert delong(event, np.stack([perfect, perfect])).compare() == (0.0, 0.0, 1.0)
    assert delong(event, np.stack([perfect, reversed_])).compare()[2] is None
    with pytest.raises(PredictionsRefused, match="at least two"):
        delong(np.array([True, False, False]), np.zeros((2, 3)))


@pytest.mark.parametrize(
    ("only_a", "only_b", "p_value"),
    [
        (2, 9, 0.06543),  # R exact2x2, vignette exactMcNemar: mcnemar.exact(matrix(c(21, 9, 2, 12), 2, 2))
        (11, 1, 0.006347656),  # mlxtend user guide, mcnemar, scenario A, exact=True
        (7, 6, 1.0),  # R inferr, ifr_mcnemar_test(matrix(c(172, 7, 6, 15), 2)): exact p
        (0, 0, 1.0),
    ],
)
def test_mcnemar_gives_the_documented_p(only_a: int, only_b: int, p_value: float) -> None:
    right_a = np.r_[np.ones(only_a + 5, bool), np.zeros(only_b, bool)]
    right_b = np.r_[np.zeros(only_a, bool), np.ones(5 + only_b, bool)]
    assert mcnemar_exact(right_a, right_b) == pytest.approx(p_value, abs=5e-6)


def test_holm_gives_the_textbook_adjustment() -> None:
    """p = .01, .04, .03, .005: R's p.adjust(..., "holm") gives .03, .06, .06, .02."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.01, None, 0.9]) == [pytest.approx(0.02), None, pytest.approx(0.9)]
    assert holm([]) == []


def test_every_pair_is_tested_and_adjusted_within_its_metric(predictions) -> None:
    models = {name: predictions(60, seed=i, skill=i / 2) for i, name in enumerate(("weak", "fair", "strong"))}
    tests = compare_models(models, metrics=("accuracy", "auc_macro", "auc_ge_s3"), resamples=400)
    assert [(t.metric, t.a, t.b) for t in tests] == [
        (metric, a, b)
        for metric in ("accuracy", "auc_macro", "auc_ge_s3")
        for a, b in itertools.combinations(models, 2)
    ]
    assert {t.metric: t.test for t in tests} == {
        "accuracy": "mcnemar", "auc_macro": "bootstrap", "auc_ge_s3": "delong",
    }  # fmt: skip
    weak_strong = next(t for t in tests if t.metric == "auc_macro" and (t.a, t.b) == ("weak", "strong"))
    assert weak_strong.high < 0
    assert weak_strong.p_value < 0.05
    assert all(t.p_value <= t.p_adjusted for t in tests)


def test_a_model_does_not_differ_from_itself(predictions) -> None:
    frame = predictions(30)
    for test in compare_models({"a": frame, "b": frame.copy()}, resamples=200):
        assert test.difference == 0
        assert test.p_value == 1


def test_models_tested_on_different_patients_are_not_compared(predictions) -> None:
    with pytest.raises(PredictionsRefused, match="same patients"):
        compare_models({"a": predictions(30), "b": predictions(31)})

"""Decision curves, serum scores and operating points."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from ml.evaluation import (
    MarkerRisk,
    PredictionsRefused,
    SerumRefused,
    apply_operating_point,
    apri,
    choose_operating_point,
    decision_comparisons,
    decision_curves,
    fib4,
    net_benefit,
)
from ml.evaluation.decision import net_benefit_of_all
from ml.evaluation.operating import proportion


def test_net_benefit_of_a_case_worked_by_hand() -> None:
    """65 true and 225 false positives of 902 at 10 %: 65/902 − 225/902 · 0.1/0.9."""
    event = np.r_[np.ones(65, bool), np.zeros(225, bool), np.ones(5, bool), np.zeros(607, bool)]
    risk = np.r_[np.full(290, 0.1), np.full(612, 0.05)]
    assert net_benefit(event, risk, np.array([0.1]))[0] == pytest.approx(65 / 902 - 225 / 902 / 9)


def test_net_benefit_equals_the_package_of_the_method_s_authors() -> None:
    """dca() of the Python package dcurves (MSKCC) on these 300 cases."""
    rng = np.random.default_rng(0)
    event = rng.random(300) < 0.3
    risk = np.clip(0.3 + 0.25 * (event - 0.3) + rng.normal(0, 0.15, 300), 0.01, 0.99)
    at = np.array([0.05, 0.1, 0.15, 0.2, 0.3, 0.35, 0.6])
    of_dcurves = [0.217719, 0.185926, 0.159804, 0.140833, 0.119048, 0.127692, 0.053333]
    of_all = [0.214035, 0.170370, 0.121569, 0.066667, -0.066667, -0.148718, -0.866667]
    assert net_benefit(event, risk, at) == pytest.approx(of_dcurves, abs=1e-6)
    assert net_benefit_of_all(event, at) == pytest.approx(of_all, abs=1e-6)


def test_treating_all_gains_nothing_when_the_threshold_is_the_prevalence() -> None:
    event = np.r_[np.ones(30, bool), np.zeros(70, bool)]
    gains = net_benefit_of_all(event, np.array([0.1, 0.3, 0.5]))
    assert gains == pytest.approx([0.3 - 0.7 / 9, 0, 0.3 - 0.7])


def test_curves_share_their_patients_and_reference_strategies(predictions) -> None:
    frame = predictions(60)
    serum = {"APRI": dict(zip(frame.patient[:50], np.linspace(0, 1, 50), strict=True))}
    curves = {c.name: c for c in decision_curves({"net": frame}, stage=2, serum=serum, resamples=100)}
    assert list(curves) == ["net", "APRI", "treat all", "treat none"]
    prevalence = (frame.truth[:50] >= 2).mean()
    assert curves["treat all"].net_benefit[0] == pytest.approx(prevalence - (1 - prevalence) / 99)
    assert set(curves["treat none"].net_benefit) == {0.0}
    assert all(low <= high for low, high in zip(curves["net"].low, curves["net"].high, strict=True))


def test_who_lacks_a_serum_score_stays_in_the_curves_of_the_models(predictions) -> None:
    """Of 60 tested patients 7 have APRI and all have FIB-4: the models' curves are over 60."""
    frame = predictions(60)
    known = dict.fromkeys(frame.patient, 0.5)
    serum = {"APRI": dict(list(known.items())[:7]), "FIB-4": known, "ELF": {"stranger": 0.5}}
    found = decision_comparisons({"net": frame}, stage=2, serum=serum, resamples=20)
    assert {key: {curve.patients for curve in curves} for key, curves in found.items()} == {
        "": {60},
        "APRI": {7},
    }
    assert [curve.name for curve in found[""]] == ["net", "FIB-4", "treat all", "treat none"]
    assert [curve.name for curve in found["APRI"]] == ["net", "APRI", "treat all", "treat none"]
    alone = decision_curves({"net": frame}, stage=2, resamples=20)
    assert found[""][0] == alone[0]


def test_marker_risk_equals_unpenalised_logistic_regression() -> None:
    rng = np.random.default_rng(0)
    marker, event = rng.lognormal(0, 1, 80), rng.random(80) < 0.5
    risk = MarkerRisk.fit(np.r_[marker, np.nan], np.r_[event, True])
    twin = LogisticRegression(C=np.inf).fit(np.log(marker)[:, None], event)
    assert risk.predict(marker) == pytest.approx(twin.predict_proba(np.log(marker)[:, None])[:, 1])
    assert np.isnan(risk.predict([np.nan, 0.0])).all()


def test_serum_scores_follow_their_published_formulas() -> None:
    """APRI: AST 80 U/L at a limit of 40, platelets 100. FIB-4: 50 years, AST 60, ALT 49, platelets 150."""
    assert apri(80, 100) == pytest.approx(2.0)
    assert apri([80, np.nan], [100, 100])[0] == pytest.approx(2.0)
    assert np.isnan(apri(80, np.nan))
    assert fib4(50, 60, 49, 150) == pytest.approx(50 * 60 / (150 * 7))


def test_serum_units_are_converted_when_named() -> None:
    assert apri(80 / 60, 100_000, enzyme_unit="µkat/L", platelet_unit="/µL") == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: apri(80, 150_000), "platelets of 150000"),  # per µL given as 10^9/L
        (lambda: apri(1.3, 150), "AST of 1.3"),  # µkat/L given as U/L
        (lambda: fib4(1968, 60, 49, 150), "age of 1968"),  # a year of birth
        (lambda: fib4(50, 60, 0, 150), "ALT of 0"),
        (lambda: apri(80, 150, platelet_unit="per field"), "not known"),
    ],
)
def test_values_in_the_wrong_unit_are_refused(call, words: str) -> None:
    with pytest.raises(SerumRefused, match=words):
        call()


def test_operating_point_is_chosen_on_validation_and_only_applied_to_test(predictions) -> None:
    validation, test = predictions(60, seed=1, skill=0.6), predictions(90, seed=2, skill=0.6)
    point = choose_operating_point(validation, stage=2, rule="sensitivity_90")
    assert point.validation_sensitivity >= 0.9
    score = test[["S2", "S3", "S4"]].sum(axis=1).to_numpy()
    ill = test.truth.to_numpy() >= 2
    result = apply_operating_point(point, test)
    assert result.sensitivity.value == pytest.approx((score[ill] >= point.threshold).mean())
    assert result.specificity.value == pytest.approx((score[~ill] < point.threshold).mean())
    assert result.patients == 90


def test_youden_point_is_the_best_of_all_thresholds(predictions) -> None:
    frame = predictions(60, skill=0.4)
    point = choose_operating_point(frame, stage=3, rule="youden")
    score, ill = frame[["S3", "S4"]].sum(axis=1).to_numpy(), frame.truth.to_numpy() >= 3
    best = max((score[ill] >= t).mean() + (score[~ill] < t).mean() for t in score)
    assert point.validation_sensitivity + point.validation_specificity == pytest.approx(best)


def test_highest_threshold_that_keeps_ninety_percent_is_taken(predictions) -> None:
    frame = predictions(60, skill=0.4)
    point = choose_operating_point(frame, stage=2, rule="sensitivity_90")
    score, ill = frame[["S2", "S3", "S4"]].sum(axis=1).to_numpy(), frame.truth.to_numpy() >= 2
    higher = score[score > point.threshold + 1e-9]
    assert all((score[ill] >= t).mean() < 0.9 for t in higher)


def test_no_operating_point_without_patients_on_both_sides(predictions) -> None:
    frame = predictions(30)
    with pytest.raises(PredictionsRefused, match="one side"):
        choose_operating_point(frame[frame.truth >= 2], stage=2, rule="youden")


def test_wilson_interval_of_a_published_example() -> None:
    """Newcombe, Stat Med 1998;17:857, method 3: 81/263 gives 0.2553–0.3662; 0/20 gives 0–0.1611."""
    some, none = proportion(81, 263), proportion(0, 20)
    assert (some.low, some.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert (none.low, none.high) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert proportion(0, 0).value is None

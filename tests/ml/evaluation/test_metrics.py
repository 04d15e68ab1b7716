"""Values equal scikit-learn's; intervals are patient-clustered, reproducible and fast."""

from __future__ import annotations

import json
import time
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from ml.evaluation import METRIC_NAMES, MetricValue, PredictionsRefused, evaluate_predictions, evaluate_stages
from ml.evaluation.scores import score_predictions, weighted_auc
from ml.spec import STAGE_LABELS


@st.composite
def truth_and_probabilities(draw) -> tuple[np.ndarray, np.ndarray]:
    n = draw(st.integers(2, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    stages = draw(st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True))
    truth = rng.choice(stages, n)
    # rounding to eighths makes ties, which midranks and argmax must treat as scikit-learn does
    parts = rng.multinomial(8, rng.dirichlet(np.ones(5)), n) / 8
    return truth, parts


def by_scikit_learn(truth: np.ndarray, p: np.ndarray) -> dict[str, float]:
    said, present = p.argmax(axis=1), np.unique(truth)
    macro = {"labels": present, "average": "macro", "zero_division": 0}
    others = oracle.multilabel_confusion_matrix(truth, said, labels=present)
    values = {
        "accuracy": oracle.accuracy_score(truth, said),
        "balanced_accuracy": oracle.recall_score(truth, said, **macro),
        "macro_precision": oracle.precision_score(truth, said, **macro),
        "macro_recall": oracle.recall_score(truth, said, **macro),
        "macro_f1": oracle.f1_score(truth, said, **macro),
        "mcc": oracle.matthews_corrcoef(truth, said),
        "mean_absolute_error": oracle.mean_absolute_error(truth, said),
        "off_by_two_rate": float(np.mean(np.abs(truth - said) >= 2)),
        "log_loss": oracle.log_loss(truth, p, labels=range(5)),
        "brier": oracle.brier_score_loss(truth, p, labels=range(5), scale_by_half=False),
    }
    negatives = others[:, 0].sum(axis=1)
    if (negatives > 0).all():
        values["specificity"] = float(np.mean(others[:, 0, 0] / negatives))
    if len(set(truth) | set(said)) > 1:
        values["quadratic_weighted_kappa"] = oracle.cohen_kappa_score(
            truth, said, labels=range(5), weights="quadratic"
        )
    for k in range(5):
        if 0 < (truth == k).sum() < len(truth):
            values[f"auc_s{k}"] = oracle.roc_auc_score(truth == k, p[:, k])
        if k and 0 < (truth >= k).sum() < len(truth):
            values[f"auc_ge_s{k}"] = oracle.roc_auc_score(truth >= k, p[:, k:].sum(axis=1).round(12))
    return values


@settings(max_examples=150, deadline=None)
@given(truth_and_probabilities())
def test_point_values_equal_scikit_learn(case: tuple[np.ndarray, np.ndarray]) -> None:
    truth, p = case
    ours = score_predictions(truth, p, np.ones((1, len(truth))))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = by_scikit_learn(truth, p)
    for name, value in expected.items():
        assert ours[name][0] == pytest.approx(value, abs=1e-9), name


@settings(max_examples=60, deadline=None)
@given(truth_and_probabilities(), st.integers(0, 2**32 - 1))
def test_integer_weights_equal_repeated_rows(case: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    truth, p = case
    weights = np.random.default_rng(seed).multinomial(len(truth), np.full(len(truth), 1 / len(truth)))
    rows = np.repeat(np.arange(len(truth)), weights)
    weighted = score_predictions(truth, p, weights[None].astype(float))
    repeated = score_predictions(truth[rows], p[rows], np.ones((1, len(rows))))
    for name in METRIC_NAMES:
        assert weighted[name] == pytest.approx(repeated[name], abs=1e-9, nan_ok=True), name


@settings(max_examples=60, deadline=None)
@given(truth_and_probabilities())
def test_metrics_stay_in_their_range(case: tuple[np.ndarray, np.ndarray]) -> None:
    truth, p = case
    scores = {
        name: values[0] for name, values in score_predictions(truth, p, np.ones((1, len(truth)))).items()
    }
    signed, larger = (
        {"mcc", "quadratic_weighted_kappa"},
        {"mean_absolute_error": 4, "brier": 2, "log_loss": 37},
    )
    for name, value in scores.items():
        if np.isfinite(value):
            assert (-1 if name in signed else 0) - 1e-9 <= value <= larger.get(name, 1) + 1e-9, name


def test_macro_auc_equals_scikit_learn(predictions) -> None:
    frame = predictions(60, skill=0.4)
    p = frame[list(STAGE_LABELS)].to_numpy()
    expected = oracle.roc_auc_score(frame.truth, p, multi_class="ovr", average="macro")
    assert evaluate_predictions(frame, resamples=0)["auc_macro"].value == pytest.approx(expected)


def test_rps_matches_the_worked_example_of_wilks() -> None:
    """R package verification, rps(): obs = 1, pred = (0.2, 0.5, 0.3); Wilks gives a sum of 0.73."""
    scores = score_predictions(np.array([0]), np.array([[0.2, 0.5, 0.3, 0, 0]]), np.ones((1, 1)))
    assert scores["rps"][0] * 4 == pytest.approx(0.73)


def test_ece_of_a_case_worked_by_hand() -> None:
    """Two cases at 0.9 of which one is right, two at 0.6 both right: (|0.5−0.9| + |1−0.6|) / 2 = 0.4."""
    sure, unsure = [0.9, 0.1, 0, 0, 0], [0.6, 0.4, 0, 0, 0]
    scores = score_predictions(
        np.array([0, 1, 0, 0]), np.array([sure, sure, unsure, unsure]), np.ones((1, 4))
    )
    assert scores["ece"][0] == pytest.approx(0.4)


def test_paper_row_has_an_mcc_its_table_does_not_report() -> None:
    """58 of 67 right with Table 2's margins gives MCC 0.82, not 0.569 (science.md §6)."""
    per_stage = [(5, 3), (10, 10), (19, 17), (22, 18), (11, 10)]
    truth = np.concatenate([np.full(n, k) for k, (n, _) in enumerate(per_stage)])
    said = np.concatenate(
        [np.r_[np.full(r, k), np.full(n - r, (k + 1) % 5)] for k, (n, r) in enumerate(per_stage)]
    )
    scores = score_predictions(truth, np.eye(5)[said], np.ones((1, 67)))
    assert scores["accuracy"][0] == pytest.approx(0.8657, abs=1e-4)
    assert 0.81 < scores["mcc"][0] < 0.85


def test_every_metric_has_a_value_inside_its_interval(predictions) -> None:
    metrics = evaluate_predictions(predictions(80, skill=0.5), resamples=500)
    assert tuple(metrics) == METRIC_NAMES
    for name, metric in metrics.items():
        assert metric.low <= metric.high, name
        if name != "ece":  # the ECE of a resample is biased upwards: its interval may lie above the value
            assert metric.low <= metric.value <= metric.high, name


def test_same_seed_same_intervals_whatever_the_order_of_rows(predictions) -> None:
    frame = predictions(30)
    shuffled = frame.sample(frac=1, random_state=3)
    first, second = (evaluate_predictions(f, resamples=200, seed=5) for f in (frame, shuffled))
    for name in METRIC_NAMES:
        assert first[name].low == pytest.approx(second[name].low, abs=1e-12), name
    assert evaluate_predictions(frame, resamples=200, seed=6)["accuracy"] != first["accuracy"]


def test_images_of_one_patient_do_not_narrow_the_interval(predictions) -> None:
    """Copies of a patient's image add no information."""
    patients = predictions(30, skill=0.3)
    copies = pd.concat([patients.assign(image=f"i{k}") for k in range(10)])
    once = evaluate_predictions(patients, resamples=800)["accuracy"]
    tenfold = evaluate_predictions(copies, level="image", resamples=800)["accuracy"]
    assert (tenfold.low, tenfold.high) == pytest.approx((once.low, once.high))


def test_repeats_are_averaged_not_pooled(predictions) -> None:
    frames = [predictions(30, seed=s, skill=s / 3).assign(repeat=s) for s in range(3)]
    singly = [evaluate_predictions(f, resamples=0)["mcc"].value for f in frames]
    together = evaluate_predictions(pd.concat(frames), resamples=0)["mcc"].value
    assert together == pytest.approx(np.mean(singly))


def test_missing_stage_gives_null_and_a_note_never_nan(predictions) -> None:
    frame = predictions(30)
    frame = frame[frame.truth != 0]
    metrics = evaluate_predictions(frame, resamples=100)
    assert metrics["auc_s0"] == MetricValue(
        value=None, low=None, high=None, note="no case of S0 in the truth"
    )
    assert metrics["auc_macro"].value is not None
    assert "S0" in metrics["macro_recall"].note
    text = json.dumps({name: metric.model_dump() for name, metric in metrics.items()}, allow_nan=False)
    assert set(json.loads(text)["auc_s0"]) == {"value", "low", "high"}
    assert evaluate_stages(frame, resamples=50)["S0"]["sensitivity"].value is None


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_patients_are_evaluated_without_a_crash(predictions, count: int) -> None:
    metrics = evaluate_predictions(predictions(count), resamples=50)
    assert metrics["accuracy"].value is not None
    if count == 1:
        assert metrics["accuracy"].low is None
        assert metrics["auc_macro"].value is None


def test_per_stage_table_equals_scikit_learn(predictions) -> None:
    frame = predictions(60, skill=0.4)
    said = frame[list(STAGE_LABELS)].to_numpy().argmax(axis=1)
    precision, recall, f1, _ = oracle.precision_recall_fscore_support(
        frame.truth, said, labels=range(5), zero_division=0
    )
    table = evaluate_stages(frame, resamples=50)
    for k, label in enumerate(STAGE_LABELS):
        row = [table[label][name].value for name in ("precision", "sensitivity", "f1")]
        assert row == pytest.approx([precision[k], recall[k], f1[k]])


def test_several_models_in_one_table_are_refused(predictions) -> None:
    both = pd.concat([predictions(10, model="a"), predictions(10, model="b")])
    with pytest.raises(PredictionsRefused, match="several models"):
        evaluate_predictions(both)


def test_weighted_auc_is_nan_without_a_case_or_a_control() -> None:
    assert np.isnan(weighted_auc(np.array([True, True]), np.array([0.1, 0.2]), np.ones((1, 2)))[0])


def test_two_thousand_resamples_of_266_patients_take_seconds(predictions) -> None:
    frame = predictions(266, images=6)
    start = time.perf_counter()
    evaluate_predictions(frame, level="image")
    assert time.perf_counter() - start < 15


def test_specificity_of_one_stage_alone_is_null_not_zero() -> None:
    """Nobody of another stage could be called it falsely: there is nothing to divide by."""
    frame = pd.DataFrame(np.tile(np.eye(5)[2], (8, 1)), columns=list(STAGE_LABELS)).assign(
        patient=[f"P{n}" for n in range(8)], truth=2
    )
    metrics = evaluate_predictions(frame, resamples=50)
    assert metrics["specificity"].value is None
    assert "S0" in metrics["specificity"].note
    assert metrics["macro_recall"].value == 1


def test_a_resample_that_lost_a_stage_is_averaged_over_the_others_as_scikit_learn_does(predictions) -> None:
    """Were such resamples left out, the interval would be too narrow (docs/statistics.md)."""
    frame = predictions(12, skill=0.2)
    truth, p = frame.truth.to_numpy(), frame[list(STAGE_LABELS)].to_numpy()
    weights = np.random.default_rng(0).multinomial(12, np.full(12, 1 / 12), size=60).astype(float)
    ours = score_predictions(truth, p, weights)
    lost = 0
    for draw, weight in enumerate(weights):
        rows = np.repeat(np.arange(12), weight.astype(int))
        present = np.unique(truth[rows])
        lost += len(present) < 5
        said = p[rows].argmax(axis=1)
        recall = oracle.recall_score(truth[rows], said, labels=present, average="macro", zero_division=0)
        assert ours["macro_recall"][draw] == pytest.approx(recall)
        if len(present) > 1:
            areas = [oracle.roc_auc_score(truth[rows] == k, p[rows, k]) for k in present]
            assert ours["auc_macro"][draw] == pytest.approx(np.mean(areas))
    assert lost > 10


def test_a_resample_without_any_case_has_no_metric_at_all() -> None:
    scores = score_predictions(np.array([0, 1]), np.eye(5)[:2], np.zeros((1, 2)))
    assert all(np.isnan(values[0]) for values in scores.values())

"""Every metric of one set of predictions under many sets of weights at once, in plain NumPy.

Each function takes weights of shape (R, n), one row per bootstrap resample, and returns arrays of
shape (R,). With all weights 1 the values equal scikit-learn's; a resample costs matrix products
instead of a Python call. Undefined values are NaN in here and become null at the edge.

*Present* stages are those with weight in the truth. Macro averages run over them only, so that a
resample that lost the rarest stage is not counted as a zero for it. Such resamples are not left out: the
interval would be too narrow (docs/statistics.md, "Intervals").
"""

from __future__ import annotations

import numpy as np

from ml.spec import STAGE_LABELS

STAGES = len(STAGE_LABELS)
ECE_BINS = 10
Samples = dict[str, np.ndarray]

_DISTANCE = np.abs(np.subtract.outer(np.arange(STAGES), np.arange(STAGES))).astype(np.float64)


def score_predictions(truth: np.ndarray, probabilities: np.ndarray, weights: np.ndarray) -> Samples:
    """All metrics. ``truth`` (n,) integers 0–4, ``probabilities`` (n, 5), ``weights`` (R, n) ≥ 0."""
    confusions = weighted_confusions(truth, probabilities.argmax(axis=1), weights)
    return (
        confusion_scores(confusions)
        | ranking_scores(truth, probabilities, weights)
        | probability_scores(truth, probabilities, weights)
    )


def weighted_confusions(truth: np.ndarray, predicted: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Confusion matrices (R, 5, 5), rows the truth, columns the prediction."""
    cells = np.zeros((len(truth), STAGES * STAGES))
    cells[np.arange(len(truth)), truth * STAGES + predicted] = 1
    return (weights @ cells).reshape(-1, STAGES, STAGES)


def ratio(numerator: np.ndarray, denominator: np.ndarray, otherwise: float = np.nan) -> np.ndarray:
    """Quotient, ``otherwise`` where the denominator is 0."""
    result = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), otherwise)
    return np.divide(numerator, denominator, out=result, where=denominator != 0)


def stage_scores(confusions: np.ndarray) -> dict[str, np.ndarray]:
    """Sensitivity, specificity, precision and F1 of each stage against the rest, each (R, 5).

    Sensitivity and F1 of a stage absent from the truth are NaN; precision of a stage that is never
    predicted is 0, as scikit-learn's ``zero_division=0``.
    """
    total = confusions.sum(axis=(1, 2))[:, None]
    right = np.diagonal(confusions, axis1=1, axis2=2)
    actual, claimed = confusions.sum(axis=2), confusions.sum(axis=1)
    return {
        "sensitivity": ratio(right, actual),
        "specificity": ratio(total - actual - claimed + right, total - actual),
        "precision": ratio(right, claimed, 0.0),
        "f1": np.where(actual > 0, ratio(2 * right, actual + claimed), np.nan),
    }


def confusion_scores(confusions: np.ndarray) -> Samples:
    """Metrics of the predicted stage (the most probable one)."""
    total = confusions.sum(axis=(1, 2))
    right = np.trace(confusions, axis1=1, axis2=2)
    actual, claimed = confusions.sum(axis=2), confusions.sum(axis=1)
    macro = {name: _mean_over(actual > 0, values) for name, values in stage_scores(confusions).items()}
    precision, recall = macro["precision"], macro["sensitivity"]
    chance = (actual[:, :, None] * claimed[:, None, :]) / np.where(total > 0, total, 1)[:, None, None]
    squared = _DISTANCE**2
    return {
        "accuracy": ratio(right, total),
        "balanced_accuracy": recall,
        "macro_precision": precision,
        "macro_recall": recall,
        "macro_f1": macro["f1"],
        "harmonic_f1_paper": ratio(2 * precision * recall, precision + recall, 0.0),
        "specificity": macro["specificity"],
        "mcc": _mcc(right, total, actual, claimed),
        "quadratic_weighted_kappa": 1
        - ratio((squared * confusions).sum((1, 2)), (squared * chance).sum((1, 2))),
        "mean_absolute_error": ratio((_DISTANCE * confusions).sum((1, 2)), total),
        "off_by_two_rate": ratio(((_DISTANCE >= 2) * confusions).sum((1, 2)), total),
    }


def _mean_over(present: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mean (R,) of the stages (R, 5) that are ``present``; NaN where none of them has the value.

    The specificity of a stage is undefined where the truth holds no other.
    """
    defined = present & np.isfinite(values)
    return ratio(np.where(defined, values, 0).sum(axis=1), defined.sum(axis=1))


def _mcc(right: np.ndarray, total: np.ndarray, actual: np.ndarray, claimed: np.ndarray) -> np.ndarray:
    """Gorodkin's multi-class correlation; 0 where one side is constant, as scikit-learn has it.

    NaN where a resample holds no case at all.
    """
    cross = right * total - (actual * claimed).sum(axis=1)
    spread = (total**2 - (actual**2).sum(axis=1)) * (total**2 - (claimed**2).sum(axis=1))
    return np.where(total > 0, ratio(cross, np.sqrt(np.maximum(spread, 0)), 0.0), np.nan)


def weighted_auc(positive: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Area under the ROC curve by weighted midranks; ties count half. NaN with one class only."""
    order = np.argsort(score, kind="stable")
    ordered, sorted_score = positive[order], score[order]
    starts = np.flatnonzero(np.r_[True, sorted_score[1:] != sorted_score[:-1]])
    arranged = weights[:, order]
    ill = np.add.reduceat(arranged * ordered, starts, axis=1)
    well = np.add.reduceat(arranged * ~ordered, starts, axis=1)
    below = np.cumsum(well, axis=1) - well / 2
    return ratio((ill * below).sum(axis=1), ill.sum(axis=1) * well.sum(axis=1))


def ranking_scores(truth: np.ndarray, probabilities: np.ndarray, weights: np.ndarray) -> Samples:
    """AUC of each stage against the rest, their mean, and AUC of ≥S1 … ≥S4 (summed probability)."""
    stages = np.stack([weighted_auc(truth == k, probabilities[:, k], weights) for k in range(STAGES)], axis=1)
    defined = np.isfinite(stages)
    scores = {"auc_macro": ratio(np.where(defined, stages, 0).sum(axis=1), defined.sum(axis=1))}
    scores |= {f"auc_s{k}": stages[:, k] for k in range(STAGES)}
    for k in range(1, STAGES):
        scores[f"auc_ge_s{k}"] = weighted_auc(truth >= k, at_least(probabilities, k), weights)
    return scores


def at_least(probabilities: np.ndarray, stage: int) -> np.ndarray:
    """P(stage ≥ ``stage``) (n,), rounded at 1e-12 so that equal sums stay tied."""
    return probabilities[:, stage:].sum(axis=1).round(12)


def confidence_bins(probabilities: np.ndarray, bins: int = ECE_BINS) -> np.ndarray:
    """Index of the equal-width bin (lower, upper] that holds the top probability."""
    return np.clip(np.ceil(probabilities.max(axis=1) * bins).astype(int) - 1, 0, bins - 1)


def probability_scores(truth: np.ndarray, probabilities: np.ndarray, weights: np.ndarray) -> Samples:
    """Brier (sum over stages, 0–2), ranked probability score (0–1), ECE (top stage), log loss (nats)."""
    n, total = len(truth), weights.sum(axis=1)
    hit = np.eye(STAGES)[truth]
    cumulative = np.cumsum(probabilities - hit, axis=1)[:, :-1]
    true_probability = np.clip(probabilities[np.arange(n), truth], np.finfo(np.float64).eps, 1.0)
    gap = np.zeros((n, ECE_BINS))
    correct = probabilities.argmax(axis=1) == truth
    gap[np.arange(n), confidence_bins(probabilities)] = correct - probabilities.max(axis=1)
    return {
        "brier": ratio(weights @ ((probabilities - hit) ** 2).sum(axis=1), total),
        "rps": ratio(weights @ (cumulative**2).mean(axis=1), total),
        "ece": ratio(np.abs(weights @ gap).sum(axis=1), total),
        "log_loss": ratio(-(weights @ np.log(true_probability)), total),
    }

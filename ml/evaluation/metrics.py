"""Metrics of a model with patient-clustered bootstrap 95 % intervals.

Patients are drawn with replacement, never images: images of one patient are alike, and an interval
over images would be too narrow. With several repeats of a cross-validation each metric is computed
within a repeat (over all its folds) and averaged over the repeats; one draw of patients serves all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from ml.evaluation.predictions import PROBABILITY_COLUMNS, Level, PredictionsRefused, select_level
from ml.evaluation.scores import (
    STAGES,
    Samples,
    score_predictions,
    stage_scores,
    weighted_auc,
    weighted_confusions,
)
from ml.spec import STAGE_LABELS

CHUNK = 250  # resamples weighted at a time: keeps the largest array in cache

METRIC_NAMES: tuple[str, ...] = (
    "accuracy",
    "balanced_accuracy",
    "macro_precision",
    "macro_recall",
    "macro_f1",
    "harmonic_f1_paper",
    "specificity",
    "mcc",
    "quadratic_weighted_kappa",
    "mean_absolute_error",
    "off_by_two_rate",
    "auc_macro",
    "auc_s0",
    "auc_s1",
    "auc_s2",
    "auc_s3",
    "auc_s4",
    "auc_ge_s1",
    "auc_ge_s2",
    "auc_ge_s3",
    "auc_ge_s4",
    "brier",
    "rps",
    "ece",
    "log_loss",
)

Scorer = Callable[[np.ndarray, np.ndarray, np.ndarray], Samples]


class MetricValue(BaseModel):
    """A metric with its 95 % interval; all three are null where the data cannot give it.

    ``note`` says why in words; it stays out of the JSON, whose shape is ``{"value", "low", "high"}``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float | None
    low: float | None
    high: float | None
    note: str | None = Field(None, exclude=True)


def evaluate_predictions(
    frame: pd.DataFrame, *, level: Level = "patient", resamples: int = 2000, seed: int = 0
) -> dict[str, MetricValue]:
    """Every metric of :data:`METRIC_NAMES` for one model's predictions at one level."""
    samples, patients = bootstrap(frame, score_predictions, level=level, resamples=resamples, seed=seed)
    absent = _absent_stages(frame, level)
    return {name: summarise(samples[name], patients, _note(name, absent)) for name in METRIC_NAMES}


def evaluate_stages(
    frame: pd.DataFrame, *, level: Level = "patient", resamples: int = 2000, seed: int = 0
) -> dict[str, dict[str, MetricValue]]:
    """The per-stage table (the paper's Table 2 done right): ``{"S0": {"sensitivity": …}, …}``.

    Columns: sensitivity (what the paper calls the stage's accuracy), specificity, precision, f1, auc.
    """
    samples, patients = bootstrap(frame, _score_stages, level=level, resamples=resamples, seed=seed)
    absent = _absent_stages(frame, level)
    table: dict[str, dict[str, MetricValue]] = {}
    for k, label in enumerate(STAGE_LABELS):
        note = f"no case of {label} in the truth" if label in absent else None
        table[label] = {name: summarise(values[:, k], patients, note) for name, values in samples.items()}
    return table


def _score_stages(truth: np.ndarray, probabilities: np.ndarray, weights: np.ndarray) -> Samples:
    scores = stage_scores(weighted_confusions(truth, probabilities.argmax(axis=1), weights))
    areas = [weighted_auc(truth == k, probabilities[:, k], weights) for k in range(STAGES)]
    return scores | {"auc": np.stack(areas, axis=1)}


def bootstrap(
    frame: pd.DataFrame,
    scorer: Scorer,
    *,
    level: Level = "patient",
    resamples: int = 2000,
    seed: int = 0,
    among: Collection[str] = (),
) -> tuple[Samples, int]:
    """Point values (row 0) and resampled values (the other rows) of ``scorer``; and the patient count.

    ``among`` are patients who are drawn as well although the predictions have nothing of them: two tables
    of different patients, each drawn among all of both with one seed, are drawn together.
    """
    table = select_level(frame, level)
    if table["model"].nunique() > 1:
        raise PredictionsRefused(
            "the predictions of several models were given as one",
            code="predictions-several-models",
            remedy="Evaluate one model at a time: frame[frame.model == name].",
        )
    theirs = table["patient"].to_numpy(dtype=str)
    patients = np.unique(theirs)
    drawn = np.union1d(patients, np.asarray(list(among), dtype=str))
    member = np.searchsorted(drawn, theirs)
    weights = patient_weights(len(drawn), resamples, seed)
    repeats = table["repeat"].to_numpy()
    truth = table["truth"].to_numpy()
    probabilities = table[PROBABILITY_COLUMNS].to_numpy(dtype=np.float64)
    runs: list[Samples] = []
    for repeat in np.unique(repeats):
        rows = np.flatnonzero(repeats == repeat)
        runs.append(_score_in_chunks(scorer, truth[rows], probabilities[rows], weights, member[rows]))
    return {name: mean_over_repeats([run[name] for run in runs]) for name in runs[0]}, len(patients)


def patient_weights(patients: int, resamples: int, seed: int) -> np.ndarray:
    """Weights (1 + resamples, patients): first all ones, then multinomial draws of as many patients."""
    draws = np.random.default_rng([seed, patients]).multinomial(
        patients, np.full(patients, 1 / patients), size=resamples
    )
    return np.concatenate([np.ones((1, patients)), draws.astype(np.float64)])


def _score_in_chunks(
    scorer: Scorer, truth: np.ndarray, probabilities: np.ndarray, weights: np.ndarray, member: np.ndarray
) -> Samples:
    parts = [
        scorer(truth, probabilities, weights[start : start + CHUNK][:, member])
        for start in range(0, len(weights), CHUNK)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def mean_over_repeats(values: list[np.ndarray]) -> np.ndarray:
    """Mean of several (1 + resamples,) arrays of a metric over the repeats in which it is defined."""
    stacked = np.stack(values)
    defined = np.isfinite(stacked)
    count = defined.sum(axis=0)
    total = np.where(defined, stacked, 0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def summarise(samples: np.ndarray, patients: int, note: str | None = None) -> MetricValue:
    """Point value and percentile interval; resamples in which the metric is undefined are left out."""
    value, resampled = float(samples[0]), samples[1:][np.isfinite(samples[1:])]
    if not np.isfinite(value):
        return MetricValue(value=None, low=None, high=None, note=note or "not defined on these data")
    if patients < 2 or resampled.size == 0:
        return MetricValue(value=value, low=None, high=None, note=note or "one patient gives no interval")
    low, high = np.percentile(resampled, [2.5, 97.5])
    return MetricValue(value=value, low=float(low), high=float(high), note=note)


def _absent_stages(frame: pd.DataFrame, level: Level) -> list[str]:
    seen = set(select_level(frame, level)["truth"].tolist())
    return [label for k, label in enumerate(STAGE_LABELS) if k not in seen]


def _note(name: str, absent: list[str]) -> str | None:
    if not absent:
        return None
    stages = ", ".join(absent)
    if name.startswith("auc_") or name in {
        "balanced_accuracy",
        "macro_precision",
        "macro_recall",
        "macro_f1",
        "harmonic_f1_paper",
        "specificity",
    }:
        return f"no case of {stages} in the truth"
    return None

"""Two models on the same patients: DeLong for AUC, exact McNemar for accuracy, Holm over the pairs.

The unit is the patient. Of several repeats of a cross-validation a patient's mean probabilities are
tested, so that every patient counts once. There is no asymptotic test for the remaining metrics:
:func:`paired_bootstrap` draws patients for both models at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict
from scipy.stats import binomtest, norm, rankdata

from ml.evaluation.metrics import bootstrap
from ml.evaluation.predictions import PROBABILITY_COLUMNS, PredictionsRefused, select_level
from ml.evaluation.scores import Samples, at_least, score_predictions

Z_95 = float(norm.ppf(0.975))
TESTED_METRICS: tuple[str, ...] = ("accuracy", "auc_macro", "auc_ge_s2", "auc_ge_s3", "auc_ge_s4")


class PairedTest(BaseModel):
    """``difference`` is ``a`` minus ``b`` with its 95 % interval; p-values are two-sided.

    ``p_adjusted`` is Holm's, over all pairs of the same metric. Null where the data give no answer;
    ``note`` says why.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: str
    test: Literal["delong", "mcnemar", "bootstrap"]
    a: str
    b: str
    patients: int
    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    p_adjusted: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Delong:
    """Areas (k,) under k correlated ROC curves and their covariance (k, k)."""

    areas: np.ndarray
    covariance: np.ndarray

    def compare(self, first: int = 0, second: int = 1) -> tuple[float, float, float | None]:
        """Difference, its standard error, two-sided p (None if the error is 0 and the areas differ)."""
        difference = float(self.areas[first] - self.areas[second])
        cov = self.covariance
        variance = float(cov[first, first] + cov[second, second] - 2 * cov[first, second])
        error = float(np.sqrt(max(variance, 0.0)))
        if error < 1e-12:
            return difference, 0.0, 1.0 if abs(difference) < 1e-12 else None
        return difference, error, float(2 * norm.sf(abs(difference) / error))


def delong(event: np.ndarray, scores: np.ndarray) -> Delong:
    """DeLong, DeLong and Clarke-Pearson (1988) by midranks (Sun and Xu 2014).

    ``event`` (n,) booleans, at least two of each; ``scores`` (k, n), larger means more likely.
    """
    ill, well = scores[:, event], scores[:, ~event]
    m, n = ill.shape[1], well.shape[1]
    if m < 2 or n < 2:
        raise PredictionsRefused("DeLong's test needs at least two patients with and two without the finding")
    pooled = rankdata(np.concatenate([ill, well], axis=1), axis=1)
    of_ill = (pooled[:, :m] - rankdata(ill, axis=1)) / n
    of_well = 1 - (pooled[:, m:] - rankdata(well, axis=1)) / m
    covariance = np.cov(of_ill).reshape(len(scores), -1) / m + np.cov(of_well).reshape(len(scores), -1) / n
    return Delong(areas=of_ill.mean(axis=1), covariance=covariance)


def mcnemar_exact(right_a: np.ndarray, right_b: np.ndarray) -> float:
    """Two-sided exact p that two models are right equally often (1 if they never differ)."""
    only_a, only_b = int((right_a & ~right_b).sum()), int((~right_a & right_b).sum())
    return 1.0 if only_a + only_b == 0 else float(binomtest(only_a, only_a + only_b, 0.5).pvalue)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Holm (1979) step-down adjustment; nulls stay null and do not count into the family."""
    known = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    running = 0.0
    for rank, (p, i) in enumerate(known):
        running = max(running, min(1.0, (len(known) - rank) * p))
        adjusted[i] = running
    return adjusted


def paired_bootstrap(
    a: Samples, b: Samples, metric: str
) -> tuple[float | None, float | None, float | None, float | None]:
    """Difference, low, high and two-sided p of a metric from samples over the same draws of patients."""
    gap = a[metric] - b[metric]
    draws = gap[1:][np.isfinite(gap[1:])]
    if not np.isfinite(gap[0]) or draws.size == 0:
        return None, None, None, None
    low, high = np.percentile(draws, [2.5, 97.5])
    tail = min((draws <= 0).sum(), (draws >= 0).sum()) + 1
    return float(gap[0]), float(low), float(high), float(min(1.0, 2 * tail / (draws.size + 1)))


def compare_models(
    predictions: Mapping[str, pd.DataFrame],
    *,
    metrics: Sequence[str] = TESTED_METRICS,
    resamples: int = 2000,
    seed: int = 0,
) -> list[PairedTest]:
    """Every pair of models on every metric, Holm-adjusted within a metric.

    ``accuracy`` by exact McNemar, AUCs of one curve by DeLong, all else (``auc_macro`` too, a mean
    over several curves) by the paired bootstrap.
    """
    tables = {name: _one_row_a_patient(frame) for name, frame in predictions.items()}
    _check_same_patients(tables)
    samples = {
        name: bootstrap(table, score_predictions, resamples=resamples, seed=seed)[0]
        for name, table in tables.items()
    }
    tests: list[PairedTest] = []
    for metric in metrics:
        family = [
            _delong_test(metric, a, b, tables)
            if metric.startswith("auc_") and metric != "auc_macro"
            else _bootstrap_test(metric, a, b, tables, samples)
            for a, b in itertools.combinations(tables, 2)
        ]
        adjusted = holm([test.p_value for test in family])
        tests += [t.model_copy(update={"p_adjusted": p}) for t, p in zip(family, adjusted, strict=True)]
    return tests


def _one_row_a_patient(frame: pd.DataFrame) -> pd.DataFrame:
    table = select_level(frame, "patient")
    pooled = table.groupby("patient", sort=True).agg(
        {"truth": "first", **dict.fromkeys(PROBABILITY_COLUMNS, "mean")}
    )
    return pooled.reset_index()


def _check_same_patients(tables: Mapping[str, pd.DataFrame]) -> None:
    names = list(tables)
    for name in names[1:]:
        if not tables[name][["patient", "truth"]].equals(tables[names[0]][["patient", "truth"]]):
            raise PredictionsRefused(
                f"{names[0]} and {name} were not tested on the same patients",
                code="predictions-not-paired",
                remedy="Compare models of the same dataset version and split.",
            )


def _bootstrap_test(
    metric: str, a: str, b: str, tables: Mapping[str, pd.DataFrame], samples: Mapping[str, Samples]
) -> PairedTest:
    difference, low, high, p_value = paired_bootstrap(samples[a], samples[b], metric)
    test: Literal["mcnemar", "bootstrap"] = "bootstrap"
    if metric == "accuracy":
        test, p_value = "mcnemar", mcnemar_exact(_right(tables[a]), _right(tables[b]))
    return PairedTest(
        metric=metric,
        test=test,
        a=a,
        b=b,
        patients=len(tables[a]),
        difference=difference,
        low=low,
        high=high,
        p_value=p_value,
    )


def _right(table: pd.DataFrame) -> np.ndarray:
    return table[PROBABILITY_COLUMNS].to_numpy().argmax(axis=1) == table["truth"].to_numpy()


def _delong_test(metric: str, a: str, b: str, tables: Mapping[str, pd.DataFrame]) -> PairedTest:
    event = _event(metric, tables[a])
    difference = low = high = p_value = None
    note = ""
    if min(event.sum(), (~event).sum()) < 2:
        note = "fewer than two patients with or without the finding"
    else:
        scores = np.stack([_score(metric, tables[a]), _score(metric, tables[b])])
        difference, error, p_value = delong(event, scores).compare()
        low, high = difference - Z_95 * error, difference + Z_95 * error
        if p_value is None:
            note = "no variance: one of the two separates the patients perfectly"
    return PairedTest(
        metric=metric,
        test="delong",
        a=a,
        b=b,
        patients=len(event),
        difference=difference,
        low=low,
        high=high,
        p_value=p_value,
        note=note,
    )


def _event(metric: str, table: pd.DataFrame) -> np.ndarray:
    truth, stage = table["truth"].to_numpy(), int(metric[-1])
    return truth >= stage if metric.startswith("auc_ge_s") else truth == stage


def _score(metric: str, table: pd.DataFrame) -> np.ndarray:
    probabilities, stage = table[PROBABILITY_COLUMNS].to_numpy(dtype=np.float64), int(metric[-1])
    return at_least(probabilities, stage) if metric.startswith("auc_ge_s") else probabilities[:, stage]

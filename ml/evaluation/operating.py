"""Operating points: the probability above which one acts, chosen on validation patients only.

Chosen on the test patients they would flatter the model; so choosing and applying are two functions
that take two tables.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict
from scipy.stats import binomtest

from ml.evaluation.metrics import MetricValue, mean_over_repeats, patient_weights, summarise
from ml.evaluation.predictions import PROBABILITY_COLUMNS, PredictionsRefused, select_level
from ml.evaluation.scores import at_least, ratio

Rule = Literal["youden", "sensitivity_90"]
RULES: tuple[Rule, ...] = ("youden", "sensitivity_90")
FIXED_SENSITIVITY = 0.90


class OperatingPoint(BaseModel):
    """Call a patient "at least ``stage``" when that probability is ``threshold`` or more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stage: int
    rule: Rule
    threshold: float
    validation_sensitivity: float
    validation_specificity: float
    validation_patients: int


class OperatingResult(BaseModel):
    """What an operating point does on other patients, with 95 % Wilson intervals."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    point: OperatingPoint
    patients: int
    sensitivity: MetricValue
    specificity: MetricValue
    positive_predictive_value: MetricValue
    negative_predictive_value: MetricValue
    accuracy: MetricValue


def choose_operating_point(validation: pd.DataFrame, *, stage: int, rule: Rule) -> OperatingPoint:
    """Choose the threshold for "at least ``stage``" on validation patients.

    ``youden``: the largest sensitivity + specificity − 1; of equals the lowest threshold, since a
    missed fibrosis costs more than a second look. ``sensitivity_90``: the highest threshold that still
    finds 90 % of them.
    """
    event, score = _event_and_score(validation, stage)
    if event.all() or not event.any():
        raise PredictionsRefused(
            f"the validation patients are all on one side of S{stage}: no operating point can be chosen",
            code="operating-point-undefined",
            remedy="Use a validation part that holds patients on both sides.",
        )
    candidates = np.unique(score)
    called = score[None, :] >= candidates[:, None]
    sensitivity = (called & event).sum(axis=1) / event.sum()
    specificity = (~called & ~event).sum(axis=1) / (~event).sum()
    if rule == "youden":
        chosen = int(np.round(sensitivity + specificity, 12).argmax())
    else:
        chosen = int(np.flatnonzero(sensitivity >= FIXED_SENSITIVITY - 1e-12).max())
    return OperatingPoint(
        stage=stage,
        rule=rule,
        threshold=float(candidates[chosen]),
        validation_sensitivity=float(sensitivity[chosen]),
        validation_specificity=float(specificity[chosen]),
        validation_patients=len(event),
    )


def apply_operating_point(point: OperatingPoint, test: pd.DataFrame) -> OperatingResult:
    """Sensitivity, specificity, predictive values and accuracy on test patients."""
    event, score = _event_and_score(test, point.stage)
    called = score >= point.threshold
    hits, rejections = int((called & event).sum()), int((~called & ~event).sum())
    return OperatingResult(
        point=point,
        patients=len(event),
        sensitivity=proportion(hits, int(event.sum())),
        specificity=proportion(rejections, int((~event).sum())),
        positive_predictive_value=proportion(hits, int(called.sum())),
        negative_predictive_value=proportion(rejections, int((~called).sum())),
        accuracy=proportion(hits + rejections, len(event)),
    )


class PooledOperatingResult(BaseModel):
    """An operating rule over all folds: each fold's own validation part chose its threshold.

    Of one repeat (each patient once) the intervals are Wilson's; of several they are a bootstrap over
    patients of the mean over repeats. ``folds_left_out`` had validation patients on one side only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    stage: int
    rule: Rule
    thresholds: list[float]
    folds_left_out: int
    patients: int
    sensitivity: MetricValue
    specificity: MetricValue
    positive_predictive_value: MetricValue
    negative_predictive_value: MetricValue
    accuracy: MetricValue


def operate_over_folds(
    validation: pd.DataFrame,
    test: pd.DataFrame,
    *,
    stage: int,
    rule: Rule,
    resamples: int = 2000,
    seed: int = 0,
) -> PooledOperatingResult:
    """Choose on the validation part of every (repeat, fold), apply to its test part, pool the calls."""
    called, thresholds, left_out = [], [], 0
    chosen = dict(iter(select_level(validation, "patient").groupby(["repeat", "fold"])))
    for key, part in select_level(test, "patient").groupby(["repeat", "fold"], sort=True):
        if key not in chosen:
            raise PredictionsRefused(f"fold {key} has no validation predictions")
        try:
            point = choose_operating_point(chosen[key], stage=stage, rule=rule)
        except PredictionsRefused as refused:
            if refused.code != "operating-point-undefined":
                raise
            left_out += 1
            continue
        thresholds.append(point.threshold)
        score = at_least(part[PROBABILITY_COLUMNS].to_numpy(dtype=np.float64), stage)
        called.append(
            pd.DataFrame(
                {
                    "repeat": part["repeat"].to_numpy(),
                    "patient": part["patient"].to_numpy(),
                    "event": (part["truth"] >= stage).to_numpy(),
                    "called": score >= point.threshold,
                }
            )
        )
    if not called:
        raise PredictionsRefused(
            f"in every fold the validation patients are all on one side of S{stage}",
            code="operating-point-undefined",
            remedy="Use a cohort with more validation patients.",
        )
    calls = pd.concat(called, ignore_index=True)
    return PooledOperatingResult(
        stage=stage,
        rule=rule,
        thresholds=thresholds,
        folds_left_out=left_out,
        patients=int(calls["patient"].nunique()),
        **_shares(calls, resamples, seed),
    )


def _shares(calls: pd.DataFrame, resamples: int, seed: int) -> dict[str, MetricValue]:
    event, called = calls["event"].to_numpy(dtype=bool), calls["called"].to_numpy(dtype=bool)
    of_whom = {
        "sensitivity": (called, event),
        "specificity": (~called, ~event),
        "positive_predictive_value": (event, called),
        "negative_predictive_value": (~event, ~called),
        "accuracy": (called == event, np.ones(len(calls), dtype=bool)),
    }
    repeats = calls["repeat"].to_numpy()
    if len(np.unique(repeats)) == 1:
        return {
            name: proportion(int((hit & base).sum()), int(base.sum()))
            for name, (hit, base) in of_whom.items()
        }
    patients, member = np.unique(calls["patient"].to_numpy(dtype=str), return_inverse=True)
    weights = patient_weights(len(patients), resamples, seed)[:, member]
    shares = {}
    for name, (hit, base) in of_whom.items():
        each = [
            ratio(weights[:, rows] @ (hit & base)[rows], weights[:, rows] @ base[rows])
            for rows in (repeats == repeat for repeat in np.unique(repeats))
        ]
        shares[name] = summarise(mean_over_repeats(each), len(patients))
    return shares


def proportion(count: int, total: int) -> MetricValue:
    """A share with its 95 % Wilson interval; nulls when there is nothing to divide by."""
    if total == 0:
        return MetricValue(value=None, low=None, high=None, note="no patient to divide by")
    bounds = binomtest(count, total).proportion_ci(method="wilson")
    return MetricValue(value=count / total, low=float(bounds.low), high=float(bounds.high))


def _event_and_score(frame: pd.DataFrame, stage: int) -> tuple[np.ndarray, np.ndarray]:
    table = select_level(frame, "patient")
    pooled = table.groupby("patient", sort=True)[["truth", *PROBABILITY_COLUMNS]].mean()
    score = at_least(pooled[PROBABILITY_COLUMNS].to_numpy(dtype=np.float64), stage)
    return (pooled["truth"] >= stage).to_numpy(), score

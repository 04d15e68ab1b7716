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

from ml.evaluation.metrics import MetricValue
from ml.evaluation.predictions import PROBABILITY_COLUMNS, PredictionsRefused, select_level
from ml.evaluation.scores import at_least

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

"""Reliability curves: does what is called 70 % happen 70 times in 100."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from ml.evaluation.predictions import PROBABILITY_COLUMNS, Level, select_level
from ml.evaluation.scores import ECE_BINS, at_least


@dataclass(frozen=True)
class ReliabilityBin:
    """Mean predicted probability, observed share with 95 % Wilson interval, and number of cases."""

    predicted: float
    observed: float
    low: float
    high: float
    count: int


def reliability_curve(
    predictions: pd.DataFrame, *, target: str = "top", level: Level = "patient", bins: int = ECE_BINS
) -> list[ReliabilityBin]:
    """Equal-width bins that hold cases, in order.

    ``target``: ``top`` (is the most probable stage the true one) or ``ge_s1`` … ``ge_s4``.
    """
    table = select_level(predictions, level)
    truth = table["truth"].to_numpy()
    probabilities = table[PROBABILITY_COLUMNS].to_numpy(dtype=np.float64)
    if target == "top":
        score, event = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    else:
        stage = int(target.removeprefix("ge_s"))
        score, event = at_least(probabilities, stage), truth >= stage
    place = np.clip(np.ceil(score * bins).astype(int) - 1, 0, bins - 1)
    return [_bin(score[place == index], event[place == index]) for index in np.unique(place)]


def _bin(score: np.ndarray, event: np.ndarray) -> ReliabilityBin:
    happened, count = int(event.sum()), len(event)
    bounds = binomtest(happened, count).proportion_ci(method="wilson")
    observed = happened / count
    return ReliabilityBin(
        predicted=float(score.mean()),
        observed=observed,
        low=min(float(bounds.low), observed),
        high=max(float(bounds.high), observed),
        count=count,
    )

"""Reliability curves: does what is called 70 % happen 70 times in 100.

A patient counts once however many predictions there are of the patient. The rows of a patient (repeats of a
cross-validation, images) tell nearly the same, so the Wilson interval of a bin has Kish's effective size
(Survey Sampling, 1965): (Σ w)² / Σ w² with w the rows that each patient has in the bin. It is the number of
patients where each has as many rows, and so Wilson's own interval where each has one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.evaluation.paired import Z_95
from ml.evaluation.predictions import PROBABILITY_COLUMNS, Level, select_level
from ml.evaluation.scores import ECE_BINS, at_least


@dataclass(frozen=True)
class ReliabilityBin:
    """Mean predicted probability, observed share with 95 % interval over patients, and number of cases.

    A case is a patient, or an image at that level; in several bins where the repeats differ.
    """

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
    return [
        _bin(score[place == index], event[place == index], table[place == index])
        for index in np.unique(place)
    ]


def _bin(score: np.ndarray, event: np.ndarray, rows: pd.DataFrame) -> ReliabilityBin:
    each = rows["patient"].value_counts().to_numpy(dtype=np.float64)
    observed = float(event.mean())
    low, high = _wilson(observed, float(each.sum() ** 2 / (each**2).sum()))
    return ReliabilityBin(
        predicted=float(score.mean()),
        observed=observed,
        low=min(low, observed),
        high=max(high, observed),
        count=len(rows.drop_duplicates(["patient", "image"])),
    )


def _wilson(share: float, size: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of ``size`` patients, which need not be a whole number."""
    middle = (share + Z_95**2 / (2 * size)) / (1 + Z_95**2 / size)
    reach = math.sqrt(share * (1 - share) / size + Z_95**2 / (4 * size**2)) * Z_95 / (1 + Z_95**2 / size)
    return max(0.0, middle - reach), min(1.0, middle + reach)

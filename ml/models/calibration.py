"""Honest probabilities: a temperature and a conformal threshold, both fitted on validation data."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.optimize import minimize_scalar

from ml.spec import Stage

COVERAGE = 0.9


class Calibration(BaseModel):
    """How logits become probabilities and prediction sets; stored in ``model.json``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: float = Field(1.0, gt=0)
    coverage: float = Field(COVERAGE, gt=0, lt=1, description="Share of patients whose set holds the truth.")
    threshold: float = Field(1.0, ge=0, le=1, description="A stage is in the set if 1 − p is at most this.")
    patients: int = Field(0, ge=0, description="Validation patients that it rests on.")

    def probabilities(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        """``(N, 5)`` logits → ``(N, 5)`` probabilities, softmax at the fitted temperature."""
        return softmax(np.asarray(logits, dtype=np.float64) / self.temperature)

    def prediction_set(self, probabilities: NDArray[np.floating]) -> list[Stage]:
        """Stages that cannot be ruled out at the stated coverage; never empty."""
        inside = [Stage(k) for k in range(len(Stage)) if 1 - probabilities[k] <= self.threshold + 1e-12]
        return inside or [Stage(int(np.argmax(probabilities)))]


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def fit_temperature(logits: NDArray[np.floating], truth: NDArray[np.integer]) -> float:
    """Temperature of least cross-entropy on validation images (Guo et al. 2017), between 0.2 and 20."""
    wide = np.asarray(logits, dtype=np.float64)

    def cross_entropy(log_temperature: float) -> float:
        chosen = softmax(wide / math.exp(log_temperature))[np.arange(len(truth)), truth]
        return float(-np.log(np.clip(chosen, 1e-12, None)).mean())

    return float(
        math.exp(minimize_scalar(cross_entropy, bounds=(math.log(0.2), math.log(20)), method="bounded").x)
    )


def conformal_threshold(
    probabilities: NDArray[np.floating],
    truth: NDArray[np.integer],
    coverage: float = COVERAGE,
) -> float:
    """Least ambiguous set-valued classifier: the ⌈(n+1)·coverage⌉-th smallest score ``1 − p(truth)``.

    With too few patients for the asked-for coverage the answer is 1: every stage is in the set.
    """
    scores = np.sort(1 - np.asarray(probabilities)[np.arange(len(truth)), truth])
    rank = math.ceil((len(scores) + 1) * coverage)
    return float(np.clip(scores[rank - 1], 0, 1)) if rank <= len(scores) else 1.0

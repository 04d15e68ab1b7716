"""Predictions for tests, of any size and skill, made from a seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from ml.spec import STAGE_LABELS

PAPER_COUNTS = np.array([16, 49, 85, 66, 50])

MakePredictions = Callable[..., pd.DataFrame]


def make_predictions(
    patients: int = 40, *, seed: int = 0, skill: float = 1.0, images: int = 0, model: str = "m"
):
    """Patient rows, or image rows when ``images`` per patient is given; truths depend on no seed."""
    rng = np.random.default_rng([seed, patients])
    truth = np.random.default_rng(patients).choice(5, patients, p=PAPER_COUNTS / PAPER_COUNTS.sum())
    truth[: min(5, patients)] = np.arange(5)[: min(5, patients)]
    each = max(images, 1)
    centre = truth[:, None] + rng.normal(0, 1.5 - skill, (patients, 1)) + rng.normal(0, 0.3, (patients, each))
    logits = -((np.arange(5) - centre[..., None]) ** 2)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    frame = pd.DataFrame(probabilities.reshape(-1, 5), columns=list(STAGE_LABELS))
    names = [f"P{i:03}" for i in range(patients)]
    frame["patient"] = np.repeat(names, each)
    frame["image"] = [f"{name}-{k}" if images else "" for name in names for k in range(each)]
    frame["truth"] = np.repeat(truth, each)
    frame["model"] = model
    return frame


@pytest.fixture
def predictions() -> MakePredictions:
    return make_predictions

"""How much better the same models look under the paper's protocol than under the strict one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict

from ml.evaluation.metrics import MetricValue, bootstrap, summarise
from ml.evaluation.predictions import PredictionsRefused
from ml.evaluation.scores import score_predictions

OPTIMISM_METRICS = ("accuracy", "macro_f1", "mcc", "auc_macro")
Level = Literal["patient", "image"]


class Optimism(BaseModel):
    """One model and metric: its value under both protocols and the difference, each with a 95 % interval.

    ``unit`` says what was counted: the paper's table counts images, ours patients. The two test parts
    are different cases, so the interval of the difference is of independent draws of patients.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    metric: str
    unit: Level
    strict: MetricValue
    paper: MetricValue
    difference: MetricValue


def optimism(
    strict: Mapping[str, pd.DataFrame],
    paper: Mapping[str, pd.DataFrame],
    *,
    unit: Level = "image",
    resamples: int = 2000,
) -> list[Optimism]:
    """Paper minus strict for the models that both have, at one level."""
    shared = [name for name in paper if name in strict]
    if not shared:
        raise PredictionsRefused(
            "the two benchmarks have no model in common",
            code="optimism-nothing-shared",
            remedy="Run the same rows under both protocols.",
        )
    found: list[Optimism] = []
    for name in shared:
        ours, of_ours = bootstrap(strict[name], score_predictions, level=unit, resamples=resamples, seed=0)
        theirs, of_theirs = bootstrap(paper[name], score_predictions, level=unit, resamples=resamples, seed=1)
        found += [
            Optimism(
                model=name,
                metric=metric,
                unit=unit,
                strict=summarise(ours[metric], of_ours),
                paper=summarise(theirs[metric], of_theirs),
                difference=summarise(theirs[metric] - ours[metric], min(of_ours, of_theirs)),
            )
            for metric in OPTIMISM_METRICS
        ]
    return found

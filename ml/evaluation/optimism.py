"""How much better the same models look under the paper's protocol than under the strict one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict

from ml.evaluation.metrics import MetricValue, bootstrap, evaluate_predictions, summarise
from ml.evaluation.predictions import PredictionsRefused, select_level
from ml.evaluation.scores import score_predictions

OPTIMISM_METRICS = ("accuracy", "macro_f1", "mcc", "auc_macro")
Level = Literal["patient", "image"]


class Optimism(BaseModel):
    """One model and metric: its value under both protocols and the difference, each with a 95 % interval.

    ``unit`` says what was counted: the paper's table counts images, ours patients. Most patients of the
    strict test part have copies in the paper's, too: for the interval of the difference the patients of
    both are drawn together, so that one who is in both is drawn in both.
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
        ours, theirs = (
            evaluate_predictions(frame, level=unit, resamples=resamples)
            for frame in (strict[name], paper[name])
        )
        all_patients = {
            patient
            for frame in (strict[name], paper[name])
            for patient in select_level(frame, unit)["patient"]
        }
        together = [
            bootstrap(frame, score_predictions, level=unit, resamples=resamples, among=all_patients)[0]
            for frame in (strict[name], paper[name])
        ]
        found += [
            Optimism(
                model=name,
                metric=metric,
                unit=unit,
                strict=ours[metric],
                paper=theirs[metric],
                difference=summarise(together[1][metric] - together[0][metric], len(all_patients)),
            )
            for metric in OPTIMISM_METRICS
        ]
    return found

"""Decision curves: would acting on the model help more than treating all, none, or by a serum score.

Net benefit = TP/n − FP/n · t/(1 − t) at threshold probability t (Vickers and Elkin, Med Decis Making
2006;26:565). A patient is treated when the probability is at least t.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from pydantic import BaseModel, ConfigDict

from ml.evaluation.metrics import patient_weights
from ml.evaluation.predictions import PROBABILITY_COLUMNS, PredictionsRefused, select_level
from ml.evaluation.scores import at_least

THRESHOLDS: np.ndarray = np.round(np.arange(0.01, 1.0, 0.01), 2)


def net_benefit(
    event: np.ndarray, probability: np.ndarray, thresholds: np.ndarray = THRESHOLDS
) -> np.ndarray:
    """Net benefit (t,) of treating whoever has ``probability`` ≥ threshold; treating none gives 0."""
    return _weighted_net_benefit(event, probability, np.ones((1, len(event))), thresholds)[0]


def net_benefit_of_all(event: np.ndarray, thresholds: np.ndarray = THRESHOLDS) -> np.ndarray:
    """Net benefit (t,) of treating everyone."""
    return net_benefit(event, np.ones(len(event)), thresholds)


def _weighted_net_benefit(
    event: np.ndarray, probability: np.ndarray, weights: np.ndarray, thresholds: np.ndarray
) -> np.ndarray:
    treated = probability[:, None] >= thresholds[None, :] - 1e-12
    total = weights.sum(axis=1, keepdims=True)
    odds = thresholds / (1 - thresholds)
    right, wrong = weights @ (treated & event[:, None]), weights @ (treated & ~event[:, None])
    return right / total - wrong / total * odds


@dataclass(frozen=True)
class MarkerRisk:
    """A serum score turned into a probability by logistic regression on its logarithm."""

    intercept: float
    slope: float

    @classmethod
    def fit(cls, marker: ArrayLike, event: ArrayLike) -> MarkerRisk:
        """Fit on patients that are not tested (training and validation); missing markers are left out."""
        from sklearn.linear_model import LogisticRegression

        values, happened = np.asarray(marker, dtype=np.float64), np.asarray(event, dtype=bool)
        known = np.isfinite(values) & (values > 0)
        if known.sum() < 10 or happened[known].all() or not happened[known].any():
            raise PredictionsRefused("too few patients with the serum score to turn it into a probability")
        model = LogisticRegression(C=np.inf).fit(np.log(values[known])[:, None], happened[known])
        return cls(intercept=float(model.intercept_[0]), slope=float(model.coef_[0, 0]))

    def predict(self, marker: ArrayLike) -> np.ndarray:
        """Probability (n,); NaN where the marker is missing or not positive."""
        values = np.asarray(marker, dtype=np.float64)
        log = np.log(np.where(values > 0, values, np.nan))
        return 1 / (1 + np.exp(-(self.intercept + self.slope * log)))


class DecisionCurve(BaseModel):
    """Net benefit over the thresholds, on ``patients`` patients.

    ``low`` and ``high`` (95 %) are empty for the reference strategies.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    patients: int
    thresholds: list[float]
    net_benefit: list[float]
    low: list[float]
    high: list[float]


def decision_curves(
    predictions: Mapping[str, pd.DataFrame],
    *,
    stage: int,
    serum: Mapping[str, Mapping[str, float]] | None = None,
    thresholds: np.ndarray = THRESHOLDS,
    resamples: int = 1000,
    seed: int = 0,
) -> list[DecisionCurve]:
    """Curves of the models and serum scores for "at least ``stage``", and of treating all and none.

    ``serum`` maps a name (``"APRI"``) to a probability per patient, e.g. of :class:`MarkerRisk`. All
    curves use the same patients: those whom every model predicts and every serum score knows, each curve
    says how many (:func:`decision_comparisons` keeps the others). Raises :class:`PredictionsRefused` where
    there is nobody.
    """
    tables = {name: _risk(frame, stage) for name, frame in predictions.items()}
    truth = next(iter(tables.values()))["event"]
    risks = {name: table["risk"] for name, table in tables.items()}
    risks |= {name: pd.Series(dict(values), dtype=np.float64) for name, values in (serum or {}).items()}
    shared = pd.DataFrame(risks).reindex(truth.index).dropna()
    if shared.empty:
        raise PredictionsRefused("no patient has all the predictions and serum scores of this decision curve")
    event = truth.loc[shared.index].to_numpy(dtype=bool)
    weights = patient_weights(len(shared), resamples, seed)
    curves = []
    for name in risks:
        values = _weighted_net_benefit(event, shared[name].to_numpy(), weights, thresholds)
        low, high = np.percentile(values[1:], [2.5, 97.5], axis=0)
        curves.append(_curve(name, len(event), thresholds, values[0], low, high))
    for name, gained in (
        ("treat all", net_benefit_of_all(event, thresholds)),
        ("treat none", np.zeros(len(thresholds))),
    ):
        curves.append(_curve(name, len(event), thresholds, gained, np.array([]), np.array([])))
    return curves


def decision_comparisons(
    predictions: Mapping[str, pd.DataFrame],
    *,
    stage: int,
    serum: Mapping[str, Mapping[str, float]] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> dict[str, list[DecisionCurve]]:
    """Decision curves of the models on everybody, and beside serum scores on those who have them.

    Under ``""`` stand the models on all patients whom every one of them predicts, with the serum scores that
    all of these have. A score that only some have takes nobody away from there: it stands in a comparison of
    its own, the models' curves over the same patients beside it, under its name (``"APRI, FIB-4"`` where the
    same patients have both). A score that none of them has is left out. Raises as :func:`decision_curves`.
    """
    everybody = frozenset.intersection(
        *(frozenset(select_level(frame, "patient")["patient"]) for frame in predictions.values())
    )
    groups: dict[frozenset[str], dict[str, Mapping[str, float]]] = {}
    for name, values in (serum or {}).items():
        known = frozenset(patient for patient in everybody if np.isfinite(values.get(patient, np.nan)))
        groups.setdefault(known, {})[name] = values
    groups.pop(frozenset(), None)
    comparisons = {"": groups.pop(everybody, {})}
    comparisons |= {", ".join(scores): scores for scores in groups.values()}
    return {
        key: decision_curves(predictions, stage=stage, serum=scores, resamples=resamples, seed=seed)
        for key, scores in comparisons.items()
    }


def target_label(stage: int) -> str:
    """What "at least ``stage``" is called: ``≥S2``; of the last stage ``S4``."""
    return "S4" if stage == 4 else f"≥S{stage}"


def _risk(frame: pd.DataFrame, stage: int) -> pd.DataFrame:
    table = select_level(frame, "patient")
    pooled = table.groupby("patient", sort=True)[["truth", *PROBABILITY_COLUMNS]].mean()
    risk = at_least(pooled[PROBABILITY_COLUMNS].to_numpy(dtype=np.float64), stage)
    return pd.DataFrame({"event": pooled["truth"] >= stage, "risk": risk}, index=pooled.index)


def _curve(
    name: str, patients: int, at: np.ndarray, value: np.ndarray, low: np.ndarray, high: np.ndarray
) -> DecisionCurve:
    return DecisionCurve(
        name=name,
        patients=patients,
        thresholds=at.tolist(),
        net_benefit=value.tolist(),
        low=low.tolist(),
        high=high.tolist(),
    )

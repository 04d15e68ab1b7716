"""APRI and FIB-4 as comparators: areas under the ROC curve, and probabilities for decision curves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from ml.evaluation.decision import MarkerRisk, target_label
from ml.evaluation.metrics import MetricValue, patient_weights, summarise
from ml.evaluation.predictions import PredictionsRefused
from ml.evaluation.scores import weighted_auc
from ml.evaluation.serum import PLAUSIBLE, apri, fib4

SERUM_SCORES = ("APRI", "FIB-4")
NAMED = 5  # divisions that a note counts out
Division = tuple[Collection[str], Collection[str]]
"""(patients that are fitted on, patients that are tested)."""


def serum_scores(clinical: pd.DataFrame) -> pd.DataFrame:
    """APRI and FIB-4 by patient from ``age, ast, alt, platelets`` in years, U/L and 10⁹/L.

    A patient with a value missing or outside what is possible has no score (NaN).
    """
    values = {}
    for column, name in (("age", "age"), ("ast", "AST"), ("alt", "ALT"), ("platelets", "platelets")):
        low, high, _ = PLAUSIBLE[name]
        numbers = pd.to_numeric(clinical.get(column, pd.Series(np.nan, clinical.index)), errors="coerce")
        values[column] = numbers.where(numbers.between(low, high)).to_numpy(dtype=np.float64)
    scores = {
        "APRI": apri(values["ast"], values["platelets"]),
        "FIB-4": fib4(values["age"], values["ast"], values["alt"], values["platelets"]),
    }
    return pd.DataFrame(scores, index=clinical.index.astype(str))


def serum_risks(
    scores: pd.DataFrame,
    stages: Mapping[str, int],
    divisions: Sequence[Division],
    *,
    stage: int,
    notes: list[str] | None = None,
) -> dict[str, dict[str, float]]:
    """Probability of "at least ``stage``" per tested patient and score, fitted on the others of each fold.

    Of several repeats a patient's mean is given, over those in which there is one. A division in which too
    few patients have a score to fit it gives none to its tested patients and takes none away from others';
    ``notes`` are told which. A score that can be fitted nowhere is left out.
    """
    found: dict[str, dict[str, float]] = {}
    for name in scores.columns:
        marker = scores[name].dropna()
        if marker.empty:
            continue
        told: dict[str, list[float]] = {}
        without: list[int] = []
        for number, (fitted, tested) in enumerate(divisions, start=1):
            known = [patient for patient in fitted if patient in marker.index]
            try:
                risk = MarkerRisk.fit(
                    marker.loc[known].to_numpy(), np.array([stages[patient] >= stage for patient in known])
                )
            except PredictionsRefused:
                without.append(number)
                continue
            asked = [patient for patient in tested if patient in marker.index]
            for patient, value in zip(asked, risk.predict(marker.loc[asked].to_numpy()), strict=True):
                told.setdefault(patient, []).append(float(value))
        if without and notes is not None:
            named = ", ".join(map(str, without[:NAMED])) + (", …" if len(without) > NAMED else "")
            notes.append(
                f"{name}: no probability of {target_label(stage)} in division {named} of {len(divisions)}. "
                "Of the patients who are not tested there fewer than ten have it, or all are on one side."
            )
        if len(without) < len(divisions):
            found[name] = {patient: float(np.mean(values)) for patient, values in told.items()}
    return found


def serum_areas(
    scores: pd.DataFrame,
    stages: Mapping[str, int],
    tested: Collection[str],
    *,
    resamples: int = 2000,
    seed: int = 0,
) -> dict[str, dict[str, MetricValue]]:
    """AUC of each score for ≥S1 … ≥S4 on the tested patients who have it: ``{"APRI": {"auc_ge_s1": …}}``."""
    areas: dict[str, dict[str, MetricValue]] = {}
    for name in scores.columns:
        known = scores[name].reindex(sorted(tested)).dropna()
        if known.empty:
            continue
        truth = np.array([stages[str(patient)] for patient in known.index])
        weights = patient_weights(len(known), resamples, seed)
        areas[name] = {
            f"auc_ge_s{stage}": summarise(weighted_auc(truth >= stage, known.to_numpy(), weights), len(known))
            for stage in range(1, 5)
        }
    return areas

"""Agreement of two readers beyond chance: percent agreement, Cohen's kappa, quadratic-weighted kappa.

Kappa is 1 − Σ w·O / Σ w·E with O the observed table of both readers' answers, E the one expected from its
margins, and w the disagreement weights: 1 off the diagonal (Cohen 1960), or the squared distance of the
categories (Cohen 1968). Intervals are percentile bootstraps over patients, whose exams are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ml.evaluation.metrics import MetricValue, patient_weights, summarise

Weighting = Literal["none", "quadratic"]


class Agreement(BaseModel):
    """What two readers have in common over ``exams`` exams of ``patients`` patients.

    ``table`` (K, K) counts exams, rows the first reader's answer and columns the second's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    categories: list[str]
    table: list[list[int]]
    exams: int
    patients: int
    agreement: MetricValue
    kappa: MetricValue
    weighting: Weighting


def agreement(
    first: Sequence[int],
    second: Sequence[int],
    patients: Sequence[str],
    *,
    categories: Sequence[str],
    weighting: Weighting,
    resamples: int = 2000,
    seed: int = 0,
) -> Agreement:
    """Compare answers (indices into ``categories``) given exam by exam; ``patients`` names each
    exam's patient.
    """
    if not len(first) == len(second) == len(patients):
        raise ValueError("one answer of each reader and one patient an exam")
    size = len(categories)
    names, member = np.unique(np.asarray(patients, dtype=str), return_inverse=True)
    tables = np.zeros((len(names), size, size))
    np.add.at(tables, (member, np.asarray(first, dtype=int), np.asarray(second, dtype=int)), 1.0)
    if len(names):
        weights = patient_weights(len(names), resamples, seed)
    else:
        weights = np.ones((1, 0))
    drawn = np.einsum("rp,pij->rij", weights, tables)
    total = drawn.sum(axis=(1, 2))
    same = np.divide(
        np.trace(drawn, axis1=1, axis2=2), total, out=np.full(len(total), np.nan), where=total > 0
    )
    return Agreement(
        categories=list(categories),
        table=tables.sum(axis=0).astype(int).tolist(),
        exams=len(first),
        patients=len(names),
        agreement=summarise(same, len(names)),
        kappa=summarise(kappas(drawn, weighting), len(names)),
        weighting=weighting,
    )


def kappas(tables: NDArray[np.float64], weighting: Weighting) -> NDArray[np.float64]:
    """Kappa (R,) of tables (R, K, K); nan where it is undefined: nothing read, or one answer throughout."""
    size = tables.shape[-1]
    distance = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(np.float64)
    weights = distance**2 if weighting == "quadratic" else (distance > 0).astype(np.float64)
    total = tables.sum(axis=(1, 2), keepdims=True)
    expected = tables.sum(axis=2, keepdims=True) * tables.sum(axis=1, keepdims=True)
    seen = (weights * tables).sum(axis=(1, 2)) * total[:, 0, 0]
    by_chance = (weights * expected).sum(axis=(1, 2))
    return 1 - np.divide(seen, by_chance, out=np.full(len(tables), np.nan), where=by_chance > 0)

"""The SVM comparator: texture features, a radial-basis SVM, calibrated scores, no pickle.

It is a module like the other networks: uint8-valued pictures in, logits out, everything that was fitted
in its state. Fitting chooses C on the validation part, as the networks choose their epoch. A multinomial
logistic regression turns the ten pairwise decision values into five logits; it is fitted on decisions
about training patients that the machine was not fitted on, because decisions about its own are too sure
(scikit-learn's ``probability=True`` is 5.5 times slower and ignores patients).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.svm import SVC
from torch import Tensor, nn

from ml.models.comparators.texture import extract_features, texture_names
from ml.spec import HepaStageError, Stage

COSTS: tuple[float, ...] = (1.0, 10.0, 100.0)
FOLDS = 5
IMPOSSIBLE = -1e4
"""Logit of a stage that the training part lacks."""


class SvmUnusable(HepaStageError):
    """An SVM that cannot be fitted, or was not."""

    code = "svm-unusable"
    remedy = "Train on two stages or more, with at least two patients of one of them."


@dataclass(frozen=True)
class Machine:
    """A fitted SVC in arrays: one-against-one, radial kernel on standardised features."""

    mean: np.ndarray
    scale: np.ndarray
    vectors: np.ndarray
    coefficients: np.ndarray
    intercepts: np.ndarray
    counts: np.ndarray
    classes: np.ndarray
    gamma: float

    def decide(self, features: np.ndarray) -> np.ndarray:
        """Pairwise decision values (n, k(k−1)/2); equal to ``SVC.decision_function`` of shape "ovo"."""
        x = (features - self.mean) / self.scale
        squared = (x**2).sum(1)[:, None] + (self.vectors**2).sum(1)[None] - 2 * x @ self.vectors.T
        kernel = np.exp(-self.gamma * np.maximum(squared, 0))
        edges = np.concatenate([[0], np.cumsum(self.counts)])
        block = [slice(edges[k], edges[k + 1]) for k in range(len(self.classes))]
        columns = [
            kernel[:, block[i]] @ self.coefficients[j - 1, block[i]]
            + kernel[:, block[j]] @ self.coefficients[i, block[j]]
            for i in range(len(self.classes))
            for j in range(i + 1, len(self.classes))
        ]
        return np.stack(columns, axis=1) + self.intercepts


STATE = (
    "mean", "scale", "vectors", "coefficients", "intercepts", "counts", "classes", "gamma",
    "weights", "biases", "cost",
)  # fmt: skip
"""Tensors of a fitted SVM; their shapes follow the training data."""


class TextureSvm(nn.Module):
    """Pictures ``(B, C, H, W)`` in [0, 1] → logits ``(B, 5)`` float32; C is 1, or 2 with HF first.

    Nothing is learned by gradients and nothing runs on a GPU: the pictures come to the CPU. Before
    :meth:`fit_features` the state is empty and :meth:`forward` raises :class:`SvmUnusable`.
    """

    mean: Tensor
    vectors: Tensor
    cost: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels
        for name in STATE:
            self.register_buffer(name, torch.empty(0, dtype=torch.float64))

    @property
    def features(self) -> int:
        """Features of one sample."""
        return self.channels * len(texture_names())

    def forward(self, planes: Tensor) -> Tensor:
        pictures = (planes.detach().float().cpu() * 255).round().to(torch.uint8).numpy()
        logits = self.logits_of_features(extract_features(pictures))
        return torch.from_numpy(logits).to(planes.device, torch.float32)

    def logits_of_features(self, features: np.ndarray) -> np.ndarray:
        """``(N, features)`` → logits ``(N, 5)`` float64; :data:`IMPOSSIBLE` for stages never seen."""
        held = self._arrays()
        machine = _machine(held)
        logits = np.full((len(features), len(Stage)), IMPOSSIBLE)
        logits[:, machine.classes] = machine.decide(features) @ held["weights"].T + held["biases"]
        return logits

    def fit_features(
        self,
        features: np.ndarray,
        stages: np.ndarray,
        patients: np.ndarray,
        validation: np.ndarray,
        validation_stages: np.ndarray,
        *,
        seed: int,
    ) -> dict[float, float]:
        """Fit to features (N, F) with stages (N,) and patients (N,).

        Returns the balanced accuracy on the validation part for each C; the least C of the best is kept.
        """
        stages = np.asarray(stages, dtype=np.int64)
        folds = deal_patients(stages, np.asarray(patients).astype(str), seed=seed)
        machines = {cost: _train(features, stages, cost) for cost in COSTS}
        skill = {
            cost: round(_balanced_accuracy(machine, validation, validation_stages), 9)
            for cost, machine in machines.items()
        }
        cost = max(COSTS, key=lambda one: (skill[one], -one))
        unseen = _out_of_fold(features, stages, folds, cost)
        calibration = LogisticRegression(C=1.0, max_iter=1000).fit(unseen, stages)
        fitted: dict[str, Any] = {
            **machines[cost].__dict__,
            "weights": _each_class(calibration.coef_),
            "biases": _each_class(calibration.intercept_),
            "cost": cost,
        }
        for name in STATE:
            setattr(self, name, torch.from_numpy(np.array(fitted[name])))  # a copy, in C order
        return skill

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> Any:
        """As of any module, but the tensors bring their shapes with them."""
        for name, tensor in state_dict.items():
            if name in STATE:
                setattr(self, name, torch.empty_like(tensor))
        answer = super().load_state_dict(state_dict, strict, assign)
        if self.mean.numel() not in {0, self.features}:
            raise RuntimeError(f"the SVM has {self.mean.numel()} features, its input gives {self.features}")
        return answer

    def _arrays(self) -> dict[str, np.ndarray]:
        held = {name: getattr(self, name).cpu().numpy() for name in STATE}
        if not held["mean"].size:
            raise SvmUnusable("The SVM has not been fitted yet.")
        return held


def deal_patients(stages: np.ndarray, patients: np.ndarray, *, seed: int) -> np.ndarray:
    """Fold (N,) of each picture: patients of each stage are shuffled and dealt out in turn.

    A patient is in one fold, and every stage stays in the training part of every fold. The only patient
    of a stage is therefore in no fold (−1).
    """
    names, first = np.unique(patients, return_index=True)
    stage_of = stages[first]
    counts = np.bincount(stage_of, minlength=len(Stage))
    if (counts > 0).sum() < 2 or counts.max() < 2:
        raise SvmUnusable("The SVM needs two stages or more, with two patients of one of them.")
    rng = np.random.default_rng(seed)
    folds = min(FOLDS, int(counts[counts > 1].min()))
    fold_of: dict[str, int] = {}
    for stage in np.unique(stage_of):
        for position, name in enumerate(rng.permutation(names[stage_of == stage])):
            fold_of[str(name)] = position % folds if counts[stage] > 1 else -1
    return np.array([fold_of[name] for name in patients])


def _machine(held: Mapping[str, np.ndarray]) -> Machine:
    arrays = {name: held[name] for name in Machine.__annotations__ if name != "gamma"}
    return Machine(**arrays, gamma=float(held["gamma"]))


def _train(features: np.ndarray, stages: np.ndarray, cost: float) -> Machine:
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale[scale < 1e-12] = 1.0  # a feature that never varies says nothing, whatever it is divided by
    scaled = (features - mean) / scale
    gamma = 1.0 / features.shape[1]
    svc = SVC(C=cost, kernel="rbf", gamma=gamma, class_weight="balanced", decision_function_shape="ovo")
    svc.fit(scaled, stages)
    sign = -1.0 if len(svc.classes_) == 2 else 1.0  # of two classes scikit-learn's speaks for the second
    return Machine(
        mean=mean, scale=scale, vectors=svc.support_vectors_, coefficients=sign * svc.dual_coef_,
        intercepts=sign * svc.intercept_, counts=svc.n_support_.astype(np.int64), classes=svc.classes_,
        gamma=gamma,
    )  # fmt: skip


def _each_class(values: np.ndarray) -> np.ndarray:
    """Of two classes scikit-learn keeps the second one's values alone; the first one's are 0."""
    return np.concatenate([np.zeros_like(values), values]) if len(values) == 1 else values


def _balanced_accuracy(machine: Machine, features: np.ndarray, stages: np.ndarray) -> float:
    chosen = machine.classes[_votes(machine.decide(features), len(machine.classes))]
    known = np.isin(stages, machine.classes)  # a stage that was never trained cannot be chosen
    return float(balanced_accuracy_score(stages[known], chosen[known])) if known.any() else 0.0


def _out_of_fold(features: np.ndarray, stages: np.ndarray, folds: np.ndarray, cost: float) -> np.ndarray:
    """Decisions about each sample by a machine that did not see its patient; in no fold, by the whole one."""
    classes = len(np.unique(stages))
    decisions = np.empty((len(stages), classes * (classes - 1) // 2))
    alone = folds < 0
    if alone.any():
        decisions[alone] = _train(features, stages, cost).decide(features[alone])
    for fold in np.unique(folds[~alone]):
        held_out = folds == fold
        decisions[held_out] = _train(features[~held_out], stages[~held_out], cost).decide(features[held_out])
    return decisions


def _votes(decisions: np.ndarray, classes: int) -> np.ndarray:
    """Class with the most pairwise wins; of equals the one with the larger summed decision."""
    wins, margins = np.zeros((len(decisions), classes)), np.zeros((len(decisions), classes))
    column = 0
    for i in range(classes):
        for j in range(i + 1, classes):
            value = decisions[:, column]
            wins[:, i] += value > 0
            wins[:, j] += value <= 0
            margins[:, i] += value
            margins[:, j] -= value
            column += 1
    return (wins + 1e-3 * np.tanh(margins)).argmax(axis=1)

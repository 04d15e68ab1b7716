"""The SVM comparator: texture features, a radial-basis SVM, calibrated probabilities, no pickle.

Training chooses C by patient-wise cross-validation on the training data and calibrates on the same
out-of-fold decisions: a multinomial logistic regression turns the ten pairwise decision values into
five probabilities (scikit-learn's own ``probability=True`` is 5.5 times slower and ignores patients).
On disk it is arrays and JSON; the decision function is evaluated here in NumPy.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.svm import SVC

from ml.models.comparators.texture import extract_features
from ml.models.folder import write_whole
from ml.spec import HepaStageError, Stage

COSTS: tuple[float, ...] = (1.0, 10.0, 100.0)
FOLDS = 5
ARRAYS_FILE, SETTINGS_FILE = "svm.safetensors", "svm.json"
FORMAT = 1


class SvmUnusable(HepaStageError):
    """An SVM that cannot be trained or read."""

    code = "svm-unusable"
    remedy = "Train on at least two patients of each of three stages, or give the folder that save() wrote."


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


class SvmClassifier:
    """``fit`` / ``predict_proba`` / ``save`` / ``load`` on pictures ``(N, C, 256, 256)`` uint8.

    C is 1 for one band alone, 2 for HF and LF (HF first). Stages that the training data lack get
    probability 0.
    """

    def __init__(self, *, seed: int = 0) -> None:
        self.seed = seed
        self.cost = float("nan")
        self.machine: Machine | None = None
        self.weights = np.empty((0, 0))
        self.biases = np.empty(0)

    def fit(self, images: np.ndarray, stages: np.ndarray, patients: np.ndarray) -> SvmClassifier:
        """Train on pictures with their stages (N,) and patients (N,)."""
        return self.fit_features(extract_features(images), stages, patients)

    def fit_features(self, features: np.ndarray, stages: np.ndarray, patients: np.ndarray) -> SvmClassifier:
        """As :meth:`fit`, from features that :func:`extract_features` gave."""
        stages = np.asarray(stages, dtype=np.int64)
        folds = deal_patients(stages, np.asarray(patients).astype(str), seed=self.seed)
        decisions = {cost: _out_of_fold(features, stages, folds, cost) for cost in COSTS}
        classes = np.unique(stages)

        def skill(cost: float) -> float:
            return balanced_accuracy_score(stages, classes[_votes(decisions[cost], len(classes))])

        self.cost = max(COSTS, key=lambda cost: (round(skill(cost), 9), -cost))
        calibration = LogisticRegression(C=1.0, max_iter=1000).fit(decisions[self.cost], stages)
        self.weights, self.biases = calibration.coef_, calibration.intercept_
        self.machine = _train(features, stages, self.cost)
        return self

    def predict_proba(self, images: np.ndarray) -> np.ndarray:
        """Probabilities (N, 5) of S0 … S4."""
        return self.predict_features(extract_features(images))

    def predict_features(self, features: np.ndarray) -> np.ndarray:
        """As :meth:`predict_proba`, from features."""
        if self.machine is None:
            raise SvmUnusable("the SVM has not been trained yet")
        scores = self.machine.decide(np.asarray(features, dtype=np.float64)) @ self.weights.T + self.biases
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities = np.zeros((len(features), len(Stage)))
        probabilities[:, self.machine.classes] = likely / likely.sum(axis=1, keepdims=True)
        return probabilities

    def save(self, folder: Path | str) -> Path:
        """Write ``svm.safetensors`` and ``svm.json``."""
        if self.machine is None:
            raise SvmUnusable("the SVM has not been trained yet")
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        machine = self.machine
        arrays = {
            "mean": machine.mean, "scale": machine.scale, "vectors": machine.vectors,
            "coefficients": machine.coefficients, "intercepts": machine.intercepts, "counts": machine.counts,
            "classes": machine.classes, "weights": self.weights, "biases": self.biases,
        }  # fmt: skip
        write_whole(folder / ARRAYS_FILE, save({name: np.ascontiguousarray(a) for name, a in arrays.items()}))
        settings = {
            "format": FORMAT, "gamma": machine.gamma, "cost": self.cost, "seed": self.seed,
            "features": int(machine.mean.size),
        }  # fmt: skip
        write_whole(folder / SETTINGS_FILE, json.dumps(settings, indent=1).encode())
        return folder

    @classmethod
    def load(cls, folder: Path | str) -> SvmClassifier:
        """Read what :meth:`save` wrote."""
        folder = Path(folder)
        try:
            settings = json.loads((folder / SETTINGS_FILE).read_bytes())
            arrays = load_file(folder / ARRAYS_FILE)
            if settings["format"] != FORMAT:
                raise SvmUnusable(
                    f"{folder.name} has format {settings['format']}, this version reads {FORMAT}"
                )
            model = cls(seed=int(settings["seed"]))
            model.cost = float(settings["cost"])
            model.weights, model.biases = arrays.pop("weights"), arrays.pop("biases")
            model.machine = Machine(gamma=float(settings["gamma"]), **arrays)
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise SvmUnusable(f"{folder.name} cannot be read as an SVM: {error}") from error
        return model


def deal_patients(stages: np.ndarray, patients: np.ndarray, *, seed: int) -> np.ndarray:
    """Fold (N,) of each picture: patients of each stage are shuffled and dealt out in turn.

    A patient is in one fold, and every stage stays in the training part of every fold.
    """
    names, first = np.unique(patients, return_index=True)
    stage_of = stages[first]
    counts = np.bincount(stage_of, minlength=len(Stage))
    if (counts > 0).sum() < 3 or counts[counts > 0].min() < 2:
        raise SvmUnusable("the SVM needs at least two patients of each of three stages or more")
    rng = np.random.default_rng(seed)
    folds = min(FOLDS, int(counts[counts > 0].min()))
    fold_of: dict[str, int] = {}
    for stage in np.unique(stage_of):
        for position, name in enumerate(rng.permutation(names[stage_of == stage])):
            fold_of[str(name)] = position % folds
    return np.array([fold_of[name] for name in patients])


def _train(features: np.ndarray, stages: np.ndarray, cost: float) -> Machine:
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale[scale < 1e-12] = 1.0  # a feature that never varies says nothing, whatever it is divided by
    scaled = (features - mean) / scale
    gamma = 1.0 / features.shape[1]
    svc = SVC(C=cost, kernel="rbf", gamma=gamma, class_weight="balanced", decision_function_shape="ovo")
    svc.fit(scaled, stages)
    return Machine(
        mean=mean, scale=scale, vectors=svc.support_vectors_, coefficients=svc.dual_coef_,
        intercepts=svc.intercept_, counts=svc.n_support_.astype(np.int64), classes=svc.classes_, gamma=gamma,
    )  # fmt: skip


def _out_of_fold(features: np.ndarray, stages: np.ndarray, folds: np.ndarray, cost: float) -> np.ndarray:
    classes = len(np.unique(stages))
    decisions = np.empty((len(stages), classes * (classes - 1) // 2))
    for fold in np.unique(folds):
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

"""Whole patients as samples: what a network that pools a patient's pictures is shown, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray

from ml.augmentation import Augmenter
from ml.cohort import Cohort
from ml.models import PatientNetwork
from ml.protocols.feeding import Batch, Samples, TrainingFeed, sample_outputs
from ml.protocols.predict import Reading

AT_ONCE = 256  # patients pooled at a time: their weights are a matrix of patients by pictures


@dataclass(frozen=True)
class Patients:
    """``members[n]`` are the numbers of the ``samples`` (pictures or pairs) of patient ``names[n]``."""

    samples: Samples
    names: list[str]
    members: list[NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """``(patients,)`` stages."""
        return self.samples.labels[[own[0] for own in self.members]]


def patients_of(cohort: Cohort, samples: Samples) -> Patients:
    """The patients of these samples, in the order of their names."""
    rows = samples.rows(np.arange(len(samples)))
    whose = cohort.index["patient"].to_numpy()[rows[:, 0]]
    names = sorted(set(whose.tolist()))
    return Patients(samples, names, [np.flatnonzero(whose == name) for name in names])


class PatientFeed(TrainingFeed):
    """Batches of whole patients with all their pictures, each augmented by itself.

    A batch holds as many patients as make about ``batch_size`` pictures. The policy balances patients.
    """

    def __init__(
        self, patients: Patients, augmenter: Augmenter, *, batch_size: int, device: torch.device
    ) -> None:
        self.members = patients.members
        self.pictures_per_sample = len(patients.samples) / len(patients)
        few = max(2, round(batch_size / self.pictures_per_sample))
        super().__init__(patients.samples, augmenter, batch_size=few, device=device)
        self.labels = patients.labels

    def _make(self, which: np.ndarray, copies: np.ndarray, epoch: int) -> Batch:
        counts = [len(self.members[patient]) for patient in which]
        pictures = np.concatenate([self.members[patient] for patient in which])
        made = super()._make(pictures, copies.repeat(counts), epoch)
        return replace(
            made,
            labels=torch.from_numpy(self.labels[which]).to(self.device),
            which=which,
            whose=torch.from_numpy(np.arange(len(which)).repeat(counts)).to(self.device),
        )


@torch.no_grad()
def pool(
    network: PatientNetwork, vectors: NDArray[np.float32], members: Sequence[NDArray[np.int64]]
) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
    """Logits ``(patients, 5)`` from the pictures' ``vectors`` (N, F), and the weights of each patient's
    ``members`` in their order, which sum to 1."""
    device = next(network.parameters()).device
    logits: list[NDArray[np.float32]] = []
    weights: list[NDArray[np.float32]] = []
    for start in range(0, len(members), AT_ONCE):
        part = members[start : start + AT_ONCE]
        whose = torch.from_numpy(np.arange(len(part)).repeat([len(own) for own in part])).to(device)
        given = torch.from_numpy(vectors[np.concatenate(part)]).to(device)
        answer, attention = network.pooled(given, whose)
        logits.append(answer.float().cpu().numpy())
        weights += [attention[patient][whose == patient].cpu().numpy() for patient in range(len(part))]
    return np.concatenate(logits), weights


def patient_logits(network: PatientNetwork, patients: Patients, reading: Reading) -> NDArray[np.float32]:
    """``(patients, 5)``; nothing is augmented, and the network is left in the mode that it was in."""
    vectors = sample_outputs(network, patients.samples, reading, ask=network.picture.vectors)
    return pool(network, vectors, patients.members)[0]

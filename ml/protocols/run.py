"""The state that the phases of one training share: where it runs, how far it is, what it has seen."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from ml.models import Precision
from ml.protocols.feeding import Samples, TrainingFeed
from ml.protocols.paper import ALREADY_AUGMENTED
from ml.protocols.patients import Patients
from ml.protocols.predict import Reading
from ml.spec import AugmentationSpec, Protocol, TrainSpec
from ml.spec.events import EpochFinished

PULSE_SECONDS = 0.5  # a listener hears from a run, and can stop it, at least this often or each batch


@dataclass(frozen=True)
class Phase:
    """One fit: its name in the events, what it is fed, and for how long."""

    name: str
    feed: TrainingFeed
    validation: Samples | Patients
    epochs: int
    learning_rate: float
    patience: int
    augmentation: AugmentationSpec

    @property
    def cost(self) -> float:
        """Work in arbitrary units, for the progress over the whole job."""
        picture = self.feed.samples.images.shape[-1] ** 2
        planes = len(self.feed.samples.choices[0][0])
        pictures = self.feed.epoch_size * self.feed.pictures_per_sample
        return float(self.epochs * pictures * picture * planes)


@dataclass
class Run:
    """A training in its work directory."""

    spec: TrainSpec
    workdir: Path
    device: torch.device
    precision: Precision
    record: dict[str, Any]
    history: list[EpochFinished] = field(default_factory=list)
    fitting_seconds: float = 0.0  # of fits that have no epochs
    transfers: list[dict[str, Any]] = field(default_factory=list)
    costs: Mapping[str, float] = field(default_factory=dict)
    _pulse: float = field(default_factory=time.monotonic)

    def checkpoint_path(self, phase: str) -> Path:
        return self.workdir / "checkpoints" / f"{phase.replace(':', '-')}.safetensors"

    @property
    def augmentation(self) -> AugmentationSpec:
        """What is done to the training pictures as they are fed: nothing, where they are copies that were
        augmented before the split."""
        return ALREADY_AUGMENTED if self.spec.protocol is Protocol.PAPER else self.spec.augmentation

    def reading(self, augmentation: AugmentationSpec | None = None) -> Reading:
        """How pictures are read outside training, by a network that was trained with ``augmentation``
        (that of the cohort's pictures where not given)."""
        return Reading(self.device, self.precision, augmentation or self.augmentation)

    def progress(self, phase: str, share: float) -> float:
        """Progress over all phases, 0 to 1, when ``phase`` is done to ``share``."""
        names = list(self.costs)
        before = sum(self.costs[name] for name in names[: names.index(phase)])
        return min(1.0, (before + share * self.costs[phase]) / max(sum(self.costs.values()), 1e-9))

    def pulse_due(self) -> bool:
        """True at most twice a second."""
        if time.monotonic() - self._pulse < PULSE_SECONDS:
            return False
        self._pulse = time.monotonic()
        return True


def keyed_seed(*parts: object) -> int:
    """A 63-bit seed from names and numbers, so that no generator state has to be saved."""
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()[:8], "big") >> 1

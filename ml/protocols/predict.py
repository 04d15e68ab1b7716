"""From uint8 pictures to calibrated probabilities: the same road in training, evaluation and staging."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ml.augmentation import standard_pictures
from ml.models import Model, Precision, as_input, autocast
from ml.spec import AugmentationSpec

BATCH = 64


@dataclass(frozen=True)
class Reading:
    """How pictures are read outside training. ``augmentation`` is what the network was trained with:
    it decides the standard view."""

    device: torch.device
    precision: Precision
    augmentation: AugmentationSpec

    @classmethod
    def of(cls, model: Model) -> Reading:
        """How this model's networks read."""
        return cls(model.device, model.info.precision, model.info.spec.augmentation)


@torch.no_grad()
def logits_of(
    network: nn.Module,
    planes: NDArray[np.uint8],
    reading: Reading,
    *,
    ask: Callable[[torch.Tensor], torch.Tensor] | None = None,
) -> NDArray[np.float32]:
    """``(N, P, size, size)`` uint8 → logits ``(N, classes)``; nothing is augmented.

    The network runs in eval mode and is left in the mode that it was in. ``ask`` is another question to it
    than its logits: its feature vectors.
    """
    training = network.training
    network.eval()
    answers = []
    for start in range(0, len(planes), BATCH):
        part = planes[start : start + BATCH]
        seen = standard_pictures(reading.augmentation, part.reshape(-1, *part.shape[2:])).reshape(part.shape)
        with autocast(reading.device, reading.precision):
            answers.append((ask or network)(as_input(torch.from_numpy(seen), reading.device)).float().cpu())
    network.train(training)
    return torch.cat(answers).numpy()


def probabilities_of(model: Model, network: str, planes: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Calibrated probabilities ``(N, 5)`` from one of the model's networks."""
    logits = logits_of(model.networks[network], planes, Reading.of(model))
    return model.info.calibration[network].probabilities(logits)

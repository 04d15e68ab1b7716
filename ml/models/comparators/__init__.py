"""The models that the paper compares with (Table 1): VGG, ResNet, GoogLeNet and an SVM.

They take one picture, the fusion takes two. What that one picture is, is a stated choice: HF alone, LF
alone, or HF and LF as the two channels of one 256×256 picture. ``both`` is the default, because it
gives the comparators the same data as the fusion.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from ml.models.comparators.googlenet import GoogLeNet
from ml.models.comparators.network import Comparator
from ml.models.comparators.published import WeightsRefused, load_published_weights, read_published_weights
from ml.models.comparators.resnet import ResNet18
from ml.models.comparators.svm import SvmClassifier, SvmUnusable
from ml.models.comparators.texture import extract_features, texture_names
from ml.models.comparators.vgg import BLOCKS, Vgg
from ml.spec import Band, HepaStageError, Stage

__all__ = [
    "COMPARATORS", "Comparator", "ComparatorInput", "SvmClassifier", "SvmUnusable", "UnknownComparator",
    "WeightsRefused", "build_comparator", "extract_features", "load_published_weights",
    "read_published_weights", "stack_bands", "texture_names",
]  # fmt: skip


class ComparatorInput(StrEnum):
    """What a single-input comparator sees."""

    HF = "hf"
    LF = "lf"
    BOTH = "both"

    @property
    def bands(self) -> tuple[Band, ...]:
        """Bands in the order of the channels."""
        return (Band.HF, Band.LF) if self is ComparatorInput.BOTH else (Band(self.value.upper()),)


class UnknownComparator(HepaStageError):
    """A name that no comparator has."""

    code = "comparator-unknown"


COMPARATORS: dict[str, Callable[[int, int], Comparator]] = {
    "vgg11": lambda channels, classes: Vgg(channels, classes, BLOCKS["vgg11"]),
    "vgg16": lambda channels, classes: Vgg(channels, classes, BLOCKS["vgg16"]),
    "resnet18": ResNet18,
    "googlenet": GoogLeNet,
}
"""Networks by name; the SVM is :class:`SvmClassifier`, which is trained differently."""


def build_comparator(name: str, in_channels: int = 2, classes: int = len(Stage)) -> Comparator:
    """A network with fresh weights: pictures ``(B, in_channels, 256, 256)`` in [0, 1] → ``(B, classes)``."""
    if name not in COMPARATORS:
        known = ", ".join(COMPARATORS)
        raise UnknownComparator(f"there is no comparator called {name!r}", remedy=f"Use one of {known}.")
    return COMPARATORS[name](in_channels, classes)


def stack_bands(pictures: dict[Band, np.ndarray], what: ComparatorInput) -> np.ndarray:
    """Pictures ``(N, H, W)`` of each band → ``(N, C, H, W)``, the channels in the order of ``what.bands``."""
    return np.stack([pictures[band] for band in what.bands], axis=1)

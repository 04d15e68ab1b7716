"""The models that the paper compares with (Table 1): VGG, ResNet, GoogLeNet and an SVM.

They take one picture, the fusion takes two; :class:`ml.spec.ComparatorInput` says what that picture is.
"""

from __future__ import annotations

from collections.abc import Callable

from ml.models.comparators.googlenet import GoogLeNet
from ml.models.comparators.network import Comparator
from ml.models.comparators.published import WeightsRefused, load_published_weights, read_published_weights
from ml.models.comparators.resnet import ResNet18
from ml.models.comparators.svm import SvmUnusable, TextureSvm
from ml.models.comparators.texture import extract_features, texture_names
from ml.models.comparators.vgg import BLOCKS, OWN_HIDDEN, Vgg
from ml.spec import HepaStageError, Stage

__all__ = [
    "COMPARATORS", "OWN_HIDDEN", "Comparator", "SvmUnusable", "TextureSvm", "UnknownComparator",
    "WeightsRefused", "build_comparator", "extract_features", "load_published_weights",
    "read_published_weights", "texture_names",
]  # fmt: skip


class UnknownComparator(HepaStageError):
    """A name that no comparator has."""

    code = "comparator-unknown"


COMPARATORS: dict[str, Callable[..., Comparator]] = {
    "vgg11_bn": lambda channels, classes, **options: Vgg(channels, classes, BLOCKS["vgg11_bn"], **options),
    "vgg16_bn": lambda channels, classes, **options: Vgg(channels, classes, BLOCKS["vgg16_bn"], **options),
    "resnet18": ResNet18,
    "googlenet": GoogLeNet,
}
"""Networks by the name that torchvision gives them; the SVM is :class:`TextureSvm`, which is fitted."""


def build_comparator(
    name: str, in_channels: int = 2, classes: int = len(Stage), **options: int
) -> Comparator:
    """A network with fresh weights: pictures ``(B, in_channels, 256, 256)`` in [0, 1] → ``(B, classes)``.

    ``options`` are the network's own (``hidden`` of VGG); without them it is as published.
    """
    if name not in COMPARATORS:
        known = ", ".join(COMPARATORS)
        raise UnknownComparator(f"there is no comparator called {name!r}", remedy=f"Use one of {known}.")
    return COMPARATORS[name](in_channels, classes, **options)

"""The networks of a run by name: what is built for a specification, in training and from disk alike."""

from __future__ import annotations

from torch import nn

from ml.models.band import BandClassifier
from ml.models.comparators import OWN_HIDDEN, TextureSvm, build_comparator
from ml.models.fusion import FusionNetwork
from ml.models.pooling import PATIENT, PatientNetwork
from ml.spec import Architecture, Pooling, TrainSpec
from ml.spec.training import NO_WEIGHTS

PUBLISHED_NAMES: dict[str, str] = {
    Architecture.VGG: "vgg11_bn",
    Architecture.RESNET: "resnet18",
    Architecture.GOOGLENET: "googlenet",
}
"""Under which name torchvision publishes weights for a network. The paper names families only; these are
the smallest of each, because the cohort is small."""


def build_network(name: str, spec: TrainSpec) -> nn.Module:
    """The network called ``name`` with fresh weights: ``(B, bands, H, W)`` in [0, 1] → logits ``(B, 5)``.

    ``patient`` takes several pictures of each patient (:class:`PatientNetwork`). Raises ``KeyError`` for
    a name that no network of the specification has.
    """
    if name == PATIENT and spec.pooling is Pooling.ATTENTION:
        picture = build_network(str(spec.architecture), spec)
        assert isinstance(picture, BandClassifier | FusionNetwork)  # the specification allows no others
        return PatientNetwork(picture)
    if name in {Architecture.HF, Architecture.LF}:
        return BandClassifier(head=spec.head)
    if name == Architecture.FUSION:
        return FusionNetwork(head=spec.head)
    channels = len(spec.bands_of(name))
    if name == Architecture.SVM:
        return TextureSvm(channels)
    narrow = name == Architecture.VGG and spec.pretrained == NO_WEIGHTS
    return build_comparator(PUBLISHED_NAMES[name], channels, **({"hidden": OWN_HIDDEN} if narrow else {}))

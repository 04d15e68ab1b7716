"""The two transfers (paper §4.2) and the step from pictures to patients: which tensors move, by name."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from ml.models.band import BandClassifier, BandEncoder
from ml.models.fusion import FusionNetwork
from ml.models.pooling import PatientNetwork

SHALLOW_LAYERS = ("stem", "stem_norm", "residual")
"""What the first transfer moves: the layers of general edges and textures, before the last two
convolutions. The paper says "shallow feature extraction structure" without drawing the line."""


@dataclass(frozen=True)
class Moved:
    """Names of the target's tensors, buffers included: those overwritten and those left alone."""

    moved: list[str]
    kept: list[str]


def move_shallow_layers(source: BandClassifier, target: nn.Module, *, encoder: str = "encoder") -> Moved:
    """First transfer: copy the shallow layers of ``source`` into the target's encoder.

    ``encoder`` is the attribute of the target that holds its :class:`BandEncoder`.
    """
    layers = tuple(f"{layer}." for layer in SHALLOW_LAYERS)
    tensors = {name: value for name, value in source.encoder.state_dict().items() if name.startswith(layers)}
    return _overwrite(target, {f"{encoder}.{name}": value for name, value in tensors.items()})


def move_encoders(hf: BandClassifier, lf: BandClassifier, target: FusionNetwork) -> Moved:
    """Second transfer: copy both fine-tuned encoders whole into the fusion network."""
    pairs: list[tuple[str, BandEncoder]] = [("hf_encoder", hf.encoder), ("lf_encoder", lf.encoder)]
    return _overwrite(
        target,
        {
            f"{attribute}.{name}": value
            for attribute, encoder in pairs
            for name, value in encoder.state_dict().items()
        },
    )


def move_picture_network(source: nn.Module, target: PatientNetwork) -> Moved:
    """Copy a trained network of pictures whole into one of patients; its attention begins fresh."""
    return _overwrite(target, {f"picture.{name}": value for name, value in source.state_dict().items()})


@torch.no_grad()
def _overwrite(target: nn.Module, tensors: dict[str, torch.Tensor]) -> Moved:
    own = target.state_dict()
    unknown = tensors.keys() - own.keys()
    if unknown:
        raise KeyError(f"the target has no {sorted(unknown)}")
    for name, value in tensors.items():
        own[name].copy_(value)
    return Moved(moved=list(tensors), kept=[name for name in own if name not in tensors])

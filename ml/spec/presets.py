"""Specifications with a name: the eight rows of the paper's Table 1, in its order."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from ml.spec.enums import Architecture
from ml.spec.training import TrainSpec, TransferSpec


class Preset(BaseModel):
    """A starting point for the launch form and the rows of a benchmark."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    title: str
    description: str
    spec: TrainSpec


_NO_TRANSFER = TransferSpec(first=False, second=False)


def _comparator(architecture: Architecture, title: str, description: str, learning_rate: float) -> Preset:
    """Same data, split, augmentation and epochs as the other rows; the step suits the network."""
    spec = TrainSpec(architecture=architecture, learning_rate=learning_rate)
    return Preset(key=str(architecture), title=title, description=description, spec=spec)


PRESETS: dict[str, Preset] = {
    preset.key: preset
    for preset in (
        _comparator(
            Architecture.SVM, "SVM", "A support vector machine on texture features of both bands.", 3e-3
        ),
        _comparator(
            Architecture.VGG, "VGG", "VGG-11 on HF and LF as channels of one picture, from scratch.", 3e-4
        ),
        _comparator(
            Architecture.RESNET,
            "ResNet",
            "ResNet-18 on HF and LF as channels of one picture, from scratch.",
            1e-3,
        ),
        _comparator(
            Architecture.GOOGLENET,
            "GoogLeNet",
            "GoogLeNet on HF and LF as channels of one picture, from scratch.",
            1e-3,
        ),
        Preset(
            key="lf",
            title="LF alone",
            description="The low-frequency encoder by itself, from scratch (paper §4.1).",
            spec=TrainSpec(architecture=Architecture.LF, transfer=_NO_TRANSFER),
        ),
        Preset(
            key="hf",
            title="HF alone",
            description="The high-frequency encoder by itself, from scratch (paper §4.1).",
            spec=TrainSpec(architecture=Architecture.HF, transfer=_NO_TRANSFER),
        ),
        Preset(
            key="fusion_no_transfer",
            title="Fusion, no transfer",
            description="Both bands through feature space mapping, from scratch.",
            spec=TrainSpec(architecture=Architecture.FUSION, transfer=_NO_TRANSFER),
        ),
        Preset(
            key="dual_transfer",
            title="Dual-transfer fusion",
            description="Both transfers, then the fusion network: the paper's method (§4.2).",
            spec=TrainSpec(architecture=Architecture.FUSION),
        ),
    )
}

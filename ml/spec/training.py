"""The training specification: one definition for the API, the launch form, the CLI and the record."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ml.spec.enums import Architecture, Protocol


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TransferSpec(_Strict):
    """Which of the two transfers (paper §4.2) a run performs. Each can be switched off (ablation)."""

    first: bool = Field(
        True,
        title="First transfer",
        description="Train each band encoder on ten classes of natural images, move its shallow layers back.",
    )
    second: bool = Field(
        True,
        title="Second transfer",
        description="Move both fine-tuned band encoders whole into the fusion network (fusion only).",
    )
    source: str = Field(
        "embedded",
        title="First-transfer source",
        description="'embedded' or a folder of ten class sub-folders of images.",
    )
    epochs: int = Field(12, ge=1, le=1000, title="First-transfer epochs")


class AugmentationSpec(_Strict):
    """Training-set augmentation (paper §3.2), applied after the split and to training images only."""

    policy: Literal["balanced", "paper", "none"] = Field(
        "balanced",
        title="Policy",
        description="'balanced' computes the factors from the training counts; 'paper' is ×7, 4, 7, 6, 6.",
    )
    rotation: bool = Field(True, title="Rotation 0–360°")
    crop: bool = Field(True, title="Parenchyma crop")
    intensity: bool = Field(True, title="Brightness and contrast (imadjust)")
    deconvolution: bool = Field(
        True,
        title="Blind deconvolution",
        description="Part of the samples are sharpened pictures (Richardson–Lucy, point spread estimated).",
    )


class TrainSpec(_Strict):
    """Everything that decides the outcome of a run, besides the dataset version itself."""

    architecture: Architecture = Field(Architecture.FUSION, title="Architecture")
    transfer: TransferSpec = Field(default_factory=TransferSpec, title="Transfer")
    augmentation: AugmentationSpec = Field(default_factory=AugmentationSpec, title="Augmentation")
    protocol: Protocol = Field(Protocol.STRICT, title="Protocol")
    epochs: int = Field(12, ge=1, le=1000, title="Epochs", description="Epochs of every ultrasound phase.")
    batch_size: int = Field(32, ge=2, le=1024, title="Batch size")
    learning_rate: float = Field(
        3e-3,
        gt=0,
        le=1,
        title="Learning rate",
        description="Of Adam. The paper's 1e-4 needs many times the default epochs; set both to repeat it.",
    )
    schedule: Literal["cosine", "constant"] = Field(
        "cosine",
        title="Learning-rate schedule",
        description="'cosine' lowers it to zero over the epochs; 'constant' keeps it, as the paper does.",
    )
    weight_decay: float = Field(1e-4, ge=0, le=1, title="L2 regularisation")
    patience: int = Field(10, ge=1, le=1000, title="Early-stopping patience (epochs)")
    precision: Literal["auto", "fp32", "bf16"] = Field("auto", title="Precision")
    seed: int = Field(0, ge=0, le=2**31 - 1, title="Seed")

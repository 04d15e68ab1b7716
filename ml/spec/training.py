"""The training specification: one definition for the API, the launch form, the CLI and the record."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from ml.spec.enums import Architecture, Band, ComparatorInput, Head, Pooling, Protocol

EMBEDDED = "embedded"
Policy = Literal["balanced", "paper", "none"]
POLICY_OF: dict[Protocol, Policy] = {Protocol.STRICT: "balanced", Protocol.PAPER: "paper"}
"""The augmentation policy of each protocol, where none is chosen (paper §3.2)."""
NO_WEIGHTS = "none"
MOST_SEED = 2**31 - 1


def _only_for(*architectures: Architecture, otherwise: Any) -> dict[str, Any]:
    """What a form needs to know of a setting that does not apply to every architecture: to which it
    does, and the value that it has for the others."""
    names = [str(architecture) for architecture in architectures]
    return {"x-only-for": {"architecture": names, "otherwise": otherwise}}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


NETWORK_COMPARATORS = (Architecture.VGG, Architecture.RESNET, Architecture.GOOGLENET)
OWN_NETWORKS = (Architecture.HF, Architecture.LF, Architecture.FUSION)
COMPARATORS = (Architecture.SVM, *NETWORK_COMPARATORS)


_ALLOWED = {
    "comparator_input": COMPARATORS,
    "pretrained": NETWORK_COMPARATORS,
    "head": OWN_NETWORKS,
    "pooling": OWN_NETWORKS,
}


class TransferSpec(_Strict):
    """Which of the two transfers (paper §4.2) a run performs. Each can be switched off (ablation)."""

    first: bool = Field(
        True,
        title="First transfer",
        description="Train each band encoder on ten classes of natural images, move its shallow layers back.",
        json_schema_extra=_only_for(Architecture.HF, Architecture.LF, Architecture.FUSION, otherwise=False),
    )
    second: bool = Field(
        True,
        title="Second transfer",
        description="Move both fine-tuned band encoders whole into the fusion network (fusion only).",
        json_schema_extra=_only_for(Architecture.FUSION, otherwise=False),
    )
    source: str = Field(
        EMBEDDED,
        title="First-transfer source",
        description="'embedded' or a folder of ten class sub-folders of images.",
    )
    epochs: int = Field(12, ge=1, le=1000, title="First-transfer epochs")


class AugmentationSpec(_Strict):
    """Training-set augmentation (paper §3.2), applied after the split and to training images only."""

    policy: Policy = Field(
        POLICY_OF[Protocol.STRICT],
        title="Policy",
        description="'balanced' computes the factors from the training counts; 'paper' is ×7, 4, 7, 6, 6, "
        "and the default under the paper's protocol.",
        json_schema_extra={
            "x-default-by": {"setting": "protocol", "values": {str(k): v for k, v in POLICY_OF.items()}}
        },
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
    comparator_input: ComparatorInput = Field(
        ComparatorInput.CHANNELS,
        title="Comparator input",
        description="What SVM, VGG, ResNet and GoogLeNet see: HF and LF as channels of one picture, or one "
        "band alone.",
        json_schema_extra=_only_for(*COMPARATORS, otherwise=str(ComparatorInput.CHANNELS)),
    )
    pretrained: str = Field(
        NO_WEIGHTS,
        min_length=1,
        title="Published weights",
        description="'none', or torchvision's file of ImageNet weights for this network (.pth or "
        ".safetensors) to start from.",
        json_schema_extra=_only_for(*NETWORK_COMPARATORS, otherwise=NO_WEIGHTS),
    )
    head: Head = Field(
        Head.SOFTMAX,
        title="Head",
        description="'softmax' over five classes as in the paper, or 'ordinal' (CORN), which knows that "
        "S0 < S1 < … < S4.",
        json_schema_extra=_only_for(*OWN_NETWORKS, otherwise=str(Head.SOFTMAX)),
    )
    pooling: Pooling = Field(
        Pooling.MEAN,
        title="Images of a patient",
        description="'mean' of their probabilities, or 'attention': the network is trained on whole patients "
        "and weighs their images.",
        json_schema_extra={
            "x-only-for": {
                "architecture": [str(one) for one in OWN_NETWORKS],
                "protocol": [str(Protocol.STRICT)],
                "otherwise": str(Pooling.MEAN),
            }
        },
    )
    transfer: TransferSpec = Field(default_factory=dict, validate_default=True, title="Transfer")
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
    seed: int = Field(0, ge=0, le=MOST_SEED, title="Seed")

    @field_validator("comparator_input", "pretrained", "head", "pooling")
    @classmethod
    def _applies(cls, value: str, info: ValidationInfo) -> str:
        """Settings of some architectures stay at their defaults for all others, so that nothing is asked for
        that a run would ignore."""
        architecture = info.data.get("architecture")
        allowed = _ALLOWED[str(info.field_name)]
        default = cls.model_fields[str(info.field_name)].default
        if architecture is not None and value != default and architecture not in allowed:
            raise PydanticCustomError(
                "setting-not-applicable",
                "{setting} does not apply to {architecture}",
                {"setting": str(info.field_name), "architecture": str(architecture)},
            )
        return value

    @field_validator("protocol")
    @classmethod
    def _patients_of_strict_only(cls, value: Protocol, info: ValidationInfo) -> Protocol:
        """The parts of the protocol ``paper`` are of copies; a patient's may lie in all of them."""
        if value is Protocol.PAPER and info.data.get("pooling") is Pooling.ATTENTION:
            raise PydanticCustomError(
                "setting-not-applicable",
                "{setting} does not apply to the protocol {protocol}",
                {"setting": "pooling 'attention'", "protocol": str(value)},
            )
        return value

    @field_validator("transfer", mode="before")
    @classmethod
    def _possible_transfers(cls, value: Any, info: ValidationInfo) -> Any:
        """A transfer that was not spoken of is on where it can apply and off elsewhere."""
        architecture = info.data.get("architecture")
        given = value.model_dump(exclude_unset=True) if isinstance(value, TransferSpec) else value
        if architecture is None or not isinstance(given, dict):
            return value
        return {
            "first": not architecture.is_comparator,
            "second": architecture is Architecture.FUSION,
            **given,
        }

    @field_validator("transfer")
    @classmethod
    def _no_impossible_transfer(cls, value: TransferSpec, info: ValidationInfo) -> TransferSpec:
        """The first transfer is of band encoders, the second one goes into the fusion (paper §4.2)."""
        architecture = info.data.get("architecture")
        if architecture is not None:
            for name, wanted, possible in (
                ("first", value.first, not architecture.is_comparator),
                ("second", value.second, architecture is Architecture.FUSION),
            ):
                if wanted and not possible:
                    raise PydanticCustomError(
                        "transfer-not-applicable",
                        "The {name} transfer cannot apply to {architecture}: switch it off",
                        {"name": name, "architecture": str(architecture)},
                    )
        return value

    @model_validator(mode="before")
    @classmethod
    def _policy_of_the_protocol(cls, content: Any) -> Any:
        """A policy that was not spoken of is the protocol's own: the paper's factors under the paper's."""
        if not isinstance(content, dict) or content.get("protocol") != Protocol.PAPER:
            return content
        given = content.get("augmentation", {})
        if isinstance(given, AugmentationSpec):
            given = given.model_dump(exclude_unset=True)
        if not isinstance(given, dict):
            return content
        return {**content, "augmentation": {"policy": POLICY_OF[Protocol.PAPER], **given}}

    def under(self, protocol: Protocol) -> TrainSpec:
        """The same specification under another protocol, with its policy unless one was chosen."""
        policy = self.augmentation.policy
        if policy == POLICY_OF[self.protocol]:
            policy = POLICY_OF[protocol]
        augmentation = self.augmentation.model_copy(update={"policy": policy})
        pooling = self.pooling if protocol is Protocol.STRICT else Pooling.MEAN
        return self.model_copy(
            update={"protocol": protocol, "augmentation": augmentation, "pooling": pooling}
        )

    @classmethod
    def stored(cls, content: dict[str, Any]) -> TrainSpec:
        """A specification as it was written down, by this version or an earlier one.

        Before there were comparators, a band network's specification could ask for the second transfer,
        which did nothing; such a wish is dropped.
        """
        transfer = content.get("transfer")
        if content.get("architecture") in {Architecture.HF, Architecture.LF} and isinstance(transfer, dict):
            content = {**content, "transfer": {**transfer, "second": False}}
        return cls.model_validate(content)

    @property
    def bands(self) -> tuple[Band, ...]:
        """Bands that the trained network sees, in the order of its input planes."""
        if self.architecture.is_comparator:
            return self.comparator_input.bands
        return self.bands_of(str(self.architecture))

    def bands_of(self, network: str) -> tuple[Band, ...]:
        """Bands that one network of the run sees: ``hf`` and ``lf`` their own, the others :attr:`bands`."""
        if network in {Architecture.HF, Architecture.LF}:
            return (Band(network.upper()),)
        return (Band.HF, Band.LF) if network == Architecture.FUSION else self.bands

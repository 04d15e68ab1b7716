"""What staging answers: every field of ``python -m ml stage --json`` and of the API's staging result."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ml.spec import Architecture, Band
from ml.spec.referral import LEVEL, Referral, Trait


class ModelReference(BaseModel):
    """Which model answered, and what it was trained on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sha256: str
    architecture: Architecture
    protocol: str
    dataset_hash: str
    simulated: bool


class CropUsed(BaseModel):
    """What was cut out of one frame. ``box`` is x0, y0, x1, y1 in the frame's pixels (exclusive at the end);
    ``liver_found`` is null where no segmenter looked; ``used`` false where the answer does not rest on it;
    ``weight`` is what a model that weighs a patient's images made of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    image: str = Field(description="The file's name, or the image's identifier.")
    frame: int
    band: Band
    kind: Literal["region", "liver"]
    box: tuple[int, int, int, int]
    liver_found: bool | None
    used: bool
    weight: float | None = Field(
        None, description="Its share in the answer among the images of its band; None where all count alike."
    )


class UnlikePicture(BaseModel):
    """A picture (``number`` of its band, from 0) that is unlike those of the training, and in what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    band: Band
    number: int
    p_value: float
    trait: Trait
    direction: Literal["low", "high"]


class FamiliarityFound(BaseModel):
    """How usual the pictures are among those of the training (:mod:`ml.models.familiarity`).

    ``p_value`` of the patient: the share of training patients with a picture as far out, at most. It is
    null where the training pictures are too few to tell at ``level``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    p_value: float | None
    level: float = LEVEL
    unlike: list[UnlikePicture] = Field(default_factory=list)


class StagingResult(BaseModel):
    """The answer for one patient. Probabilities are calibrated and sum to 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stage: str
    probabilities: dict[str, float]
    at_least: dict[str, float] = Field(description="Probability of at least S2, S3 and S4.")
    prediction_set: list[str] = Field(description="Stages that cannot be ruled out at the stated coverage.")
    coverage: float
    bands: list[Band] = Field(description="Bands that the answer rests on.")
    images: dict[Band, int]
    weights: dict[Band, list[float]] = Field(
        default_factory=dict,
        description="How much each image of a band weighed, summing to 1; empty where all count alike.",
    )
    model: ModelReference
    seconds: float
    warnings: list[str]
    familiarity: FamiliarityFound | None = Field(None, description="None where the model cannot tell.")
    referral: list[Referral] = Field(
        default_factory=list, description="Why a specialist should look before anybody relies on the answer."
    )
    crops: list[CropUsed] = Field(default_factory=list, description="What of each frame the model saw.")

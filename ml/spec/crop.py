"""What of a frame a network sees: the ultrasound region, or the liver that a segmenter found in it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MARGIN = 0.02


class Crop(BaseModel):
    """Recorded with every cohort and every model: a model is only ever shown pictures cropped like this."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["region", "liver"] = "region"
    segmenter: str = Field("", description="SHA-256 of the segmenter's weights; empty for 'region'.")
    margin: float = Field(MARGIN, ge=0, le=1, description="Around the liver, of its box's longer edge.")


REGION = Crop()

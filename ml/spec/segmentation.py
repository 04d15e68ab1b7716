"""What decides a segmenter's training besides its outlines: one definition for API, form, CLI and record."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class SegmenterSpec(BaseModel):
    """The options of ``python -m ml segment train``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    epochs: int = Field(16, ge=1, le=1000, title="Epochs", description="Passes over the training images.")
    examples: int = Field(
        400,
        ge=8,
        le=1_000_000,
        title="Examples",
        description="In an epoch, at least. A small folder is gone through several times, augmented anew "
        "each time.",
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, title="Seed", description="Of the split and of all chance.")

"""When a person should look before anybody relies on a model's answer; the same for page, report and CLI."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

WIDE_SET = 3
"""Stages in a prediction set from which on too little is ruled out to act upon."""
LEVEL = 0.02
"""Share of familiar patients who are called unfamiliar (:mod:`ml.models.familiarity`)."""


class Referral(StrEnum):
    """Why a specialist should look: too little is ruled out; pictures unlike those of the training."""

    WIDE_SET = "wide-prediction-set"
    UNFAMILIAR = "unfamiliar-pictures"


class Trait(StrEnum):
    """In what a picture can differ from others: what a reader would see, not what a network computes."""

    BRIGHTNESS = "brightness"
    CONTRAST = "contrast"
    GREY_LEVELS = "grey-levels"
    DARK = "dark"
    SATURATED = "saturated"
    GRAIN = "grain"
    DEPTH = "depth"
    WIDTH = "width"


def referral_of(result: Mapping[str, Any]) -> list[Referral]:
    """From a staging result as JSON, of this version or of one that knew neither field."""
    reasons = []
    if len(result["prediction_set"]) >= WIDE_SET:
        reasons.append(Referral.WIDE_SET)
    if (result.get("familiarity") or {}).get("unlike"):
        reasons.append(Referral.UNFAMILIAR)
    return reasons

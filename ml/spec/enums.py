"""The vocabulary shared by the database, the API, the browser and the networks."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Stage(IntEnum):
    """Pathology stage of liver fibrosis, ordered S0 < S1 < S2 < S3 < S4 (paper §1).

    The integer is the class index used by every network; :attr:`label` is what people read.
    """

    S0 = 0
    S1 = 1
    S2 = 2
    S3 = 3
    S4 = 4

    @property
    def label(self) -> str:
        """``"S0"`` … ``"S4"``."""
        return self.name

    @classmethod
    def parse(cls, text: str | int) -> Stage:
        """Read ``S0``–``S4``, ``F0``–``F4`` or ``0``–``4``; raise ``ValueError`` otherwise.

        >>> Stage.parse("F3") is Stage.S3
        True
        """
        if isinstance(text, bool):
            raise ValueError(f"not a fibrosis stage: {text!r}")
        token = str(text).strip().upper()
        if token[:1] in {"S", "F"}:
            token = token[1:]
        if token not in {"0", "1", "2", "3", "4"}:
            raise ValueError(f"not a fibrosis stage: {text!r} (expected S0–S4, F0–F4 or 0–4)")
        return cls(int(token))


STAGE_LABELS: tuple[str, ...] = tuple(stage.label for stage in Stage)


class Band(StrEnum):
    """Frequency band of the probe (paper §2): HF is linear, 7.5–10 MHz; LF is convex, 2–5 MHz."""

    HF = "HF"
    LF = "LF"


class Split(StrEnum):
    """Part of a dataset version a patient belongs to. A patient is in exactly one."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class Protocol(StrEnum):
    """How images are split. ``strict`` splits patients; ``paper`` splits images after
    augmentation, is kept to show the optimism this causes, and bars a model from promotion
    (docs/decisions)."""

    STRICT = "strict"
    PAPER = "paper"


class Architecture(StrEnum):
    """What a network sees: one band, or both through feature space mapping (paper §4)."""

    HF = "hf"
    LF = "lf"
    FUSION = "fusion"

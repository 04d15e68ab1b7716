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
    """The rows of the paper's Table 1 by the network that they train (paper §4).

    ``hf`` and ``lf`` see one band, ``fusion`` both through feature space mapping. The others are the
    comparators, which take one picture; :class:`ComparatorInput` says what that picture is.
    """

    HF = "hf"
    LF = "lf"
    FUSION = "fusion"
    SVM = "svm"
    VGG = "vgg"
    RESNET = "resnet"
    GOOGLENET = "googlenet"

    @property
    def is_comparator(self) -> bool:
        """True of the models that the paper compares its own with."""
        return self in {Architecture.SVM, Architecture.VGG, Architecture.RESNET, Architecture.GOOGLENET}


class Head(StrEnum):
    """How a network of the paper's own says the stage: ``softmax`` over five classes (paper §4.1), or
    ``ordinal``, which knows that S0 < S1 < … < S4."""

    SOFTMAX = "softmax"
    ORDINAL = "ordinal"


class Pooling(StrEnum):
    """How a patient's several images give one answer: the ``mean`` of their probabilities, or gated
    ``attention`` over their features, trained on whole patients."""

    MEAN = "mean"
    ATTENTION = "attention"


class ComparatorInput(StrEnum):
    """The one picture that a comparator sees: HF and LF as its channels (in this order), or one alone.

    ``channels`` is the default, because it gives the comparators the same data as the fusion.
    """

    CHANNELS = "channels"
    HF = "hf"
    LF = "lf"

    @property
    def bands(self) -> tuple[Band, ...]:
        """Bands in the order of the channels."""
        return (Band.HF, Band.LF) if self is ComparatorInput.CHANNELS else (Band(self.upper()),)

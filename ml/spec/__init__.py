"""Ground floor of ``ml``: enums, errors, events and the training specifications. Imports nothing of ours."""

from ml.spec.enums import (
    STAGE_LABELS,
    Architecture,
    Band,
    ComparatorInput,
    Head,
    Pooling,
    Protocol,
    Split,
    Stage,
)
from ml.spec.errors import HepaStageError
from ml.spec.segmentation import SegmenterSpec
from ml.spec.training import AugmentationSpec, TrainSpec, TransferSpec

__all__ = [
    "STAGE_LABELS",
    "Architecture",
    "AugmentationSpec",
    "Band",
    "ComparatorInput",
    "Head",
    "HepaStageError",
    "Pooling",
    "Protocol",
    "SegmenterSpec",
    "Split",
    "Stage",
    "TrainSpec",
    "TransferSpec",
]

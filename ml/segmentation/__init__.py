"""Liver segmentation (paper §3.1): a U-Net trained from labelme outlines, for whole screens or crops."""

from ml.segmentation.cropping import Cropped, LiverCropper
from ml.segmentation.labelme import LabelmeRefused, Outline, Outlines, read_labelme
from ml.segmentation.scoring import evaluate_segmenter
from ml.segmentation.segmenter import (
    LiverBox,
    Segmenter,
    SegmenterInfo,
    SegmenterUnusable,
    apply_segmenter,
    liver_box,
    liver_outline,
    load_segmenter,
)
from ml.segmentation.training import split_outlines, train_segmenter

__all__ = [
    "Cropped", "LabelmeRefused", "LiverBox", "LiverCropper", "Outline", "Outlines", "Segmenter",
    "SegmenterInfo", "SegmenterUnusable", "apply_segmenter", "evaluate_segmenter", "liver_box",
    "liver_outline", "load_segmenter", "read_labelme", "split_outlines", "train_segmenter",
]  # fmt: skip

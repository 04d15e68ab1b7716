"""Training-set augmentation (paper §3.2): composed warp and grey-level table, keyed by seed."""

from ml.augmentation.augmenter import Augmenter, standard_pictures
from ml.augmentation.policy import PAPER_FACTORS, effective_counts

__all__ = ["PAPER_FACTORS", "Augmenter", "effective_counts", "standard_pictures"]

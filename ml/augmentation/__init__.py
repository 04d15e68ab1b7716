"""Training-set augmentation (paper §3.2): parenchyma crop, rotation, imadjust and blind deconvolution.

The first three are one composed warp and one grey-level table a picture; the last is computed once a
picture and kept. All is keyed by seed, epoch and sample. ``docs/augmentation.md`` shows each.
"""

from ml.augmentation.augmenter import Augmenter, standard_pictures
from ml.augmentation.deconvolution import blind_deconvolution, deconvolved, variants_of
from ml.augmentation.policy import PAPER_FACTORS, effective_counts

__all__ = [
    "PAPER_FACTORS",
    "Augmenter",
    "blind_deconvolution",
    "deconvolved",
    "effective_counts",
    "standard_pictures",
    "variants_of",
]

"""The augmentation of a run: a specification and a seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ml.augmentation.draws import Draw, content_boxes, draw, draw_deconvolved, standard_view
from ml.augmentation.executors import apply_cpu, apply_torch
from ml.augmentation.policy import epoch_samples
from ml.spec import AugmentationSpec


class Augmenter:
    """Which samples an epoch holds, and what is done to each picture of it.

    The policy ``none`` uses every training picture once, unchanged.

    >>> augmenter = Augmenter(AugmentationSpec(), seed=0)
    >>> pictures = np.full((2, 32, 32), 90, np.uint8)
    >>> augmenter.pictures(pictures, [(0, 0), (1, 0)], epoch=1).shape
    (2, 32, 32)
    """

    def __init__(self, spec: AugmentationSpec, seed: int) -> None:
        self.spec = spec
        self.seed = seed

    def epoch(self, stages: Sequence[int], epoch: int) -> tuple[np.ndarray, np.ndarray]:
        """Indices into ``stages`` in the order of the epoch, and the copy number of each."""
        return epoch_samples(stages, self.spec.policy, seed=self.seed, epoch=epoch)

    def draw(
        self,
        size: int,
        boxes: NDArray[np.int64],
        keys: Sequence[tuple[int, int]],
        epoch: int,
        parenchyma: NDArray[np.int64] | None = None,
    ) -> Draw:
        """What is done to each ``(sample, copy)`` in this epoch.

        ``parenchyma`` (B, 4) are boxes of the liver, where one was outlined; the crop stays inside.
        """
        if self.spec.policy == "none":
            return standard_view(self.spec, size, boxes)
        return draw(self.spec, size, boxes, keys, seed=self.seed, epoch=epoch, parenchyma=parenchyma)

    def takes_deconvolved(self, keys: Sequence[tuple[int, int]], epoch: int) -> NDArray[np.bool_]:
        """Which ``(sample, copy)`` begin from the sharpened picture in this epoch."""
        if self.spec.policy == "none" or not self.spec.deconvolution:
            return np.zeros(len(keys), dtype=bool)
        return draw_deconvolved(keys, seed=self.seed, epoch=epoch)

    def pictures(
        self,
        pictures: NDArray[np.uint8],
        keys: Sequence[tuple[int, int]],
        epoch: int,
        parenchyma: NDArray[np.int64] | None = None,
    ) -> NDArray[np.uint8]:
        """``(B, H, W)`` uint8 → the same shape, on the CPU."""
        boxes = content_boxes(pictures)
        return apply_cpu(pictures, self.draw(pictures.shape[-1], boxes, keys, epoch, parenchyma))

    def boxes(self, pictures: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Where the content of each picture lies, for :meth:`tensors`."""
        return content_boxes(pictures)

    def tensors(
        self,
        pictures: Tensor,
        boxes: NDArray[np.int64],
        keys: Sequence[tuple[int, int]],
        epoch: int,
        parenchyma: NDArray[np.int64] | None = None,
    ) -> Tensor:
        """``(B, H, W)`` uint8 on a device → float32 in [0, 1] on the same device."""
        return apply_torch(pictures, self.draw(pictures.shape[-1], boxes, keys, epoch, parenchyma))


def standard_pictures(spec: AugmentationSpec, pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What a network trained with ``spec`` is shown outside training: ``(B, H, W)`` → the same shape."""
    return apply_cpu(pictures, standard_view(spec, pictures.shape[-1], content_boxes(pictures)))

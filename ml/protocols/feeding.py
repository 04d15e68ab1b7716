"""From rows of the cohort to batches: which samples there are, in which order, and how they are made.

Batches are prepared one ahead in a thread: OpenCV and NumPy release the interpreter while the
network computes. No loader processes: over a memory map they are slower than none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ml.augmentation import Augmenter
from ml.cohort import Cohort
from ml.models import as_input
from ml.protocols.predict import BATCH, Reading, logits_of
from ml.spec import Band, Split

AHEAD = 2  # batches in preparation while one is in the network


@dataclass(frozen=True)
class Samples:
    """What a network is shown, one entry a sample.

    ``choices`` holds the rows of ``images`` that make up the sample's planes: one row for a band,
    (HF row, LF row) for a pair. A pair may have several choices: an epoch takes the next one.
    ``parenchyma`` (rows, 4) are boxes that the crop aims at, ``variants`` the sharpened ``images``.
    """

    images: NDArray[np.uint8]
    choices: Sequence[Sequence[tuple[int, ...]]]
    labels: NDArray[np.int64]
    parenchyma: NDArray[np.int64] | None = None
    variants: NDArray[np.uint8] | None = None

    def __len__(self) -> int:
        return len(self.choices)

    def rows(self, which: NDArray[np.int64], epoch: int = 0) -> NDArray[np.int64]:
        """``(n, planes)`` rows of the samples ``which``."""
        return np.array([self.choices[i][epoch % len(self.choices[i])] for i in which], dtype=np.int64)

    def planes(self, which: NDArray[np.int64], epoch: int = 0) -> NDArray[np.uint8]:
        """``(n, planes, size, size)`` pictures of the samples ``which``."""
        return np.asarray(self.images[self.rows(which, epoch)])


def band_samples(cohort: Cohort, split: Split | None, band: Band) -> Samples:
    """Every image of a band is a sample."""
    rows = cohort.rows(split, band)
    labels = cohort.index["stage"].to_numpy(dtype=np.int64)[rows]
    return Samples(cohort.images, [[(int(row),)] for row in rows], labels, cohort.parenchyma)


def pair_samples(cohort: Cohort, split: Split | None) -> Samples:
    """As many pairs an exam as it has images of its richer band, so that every image is used.

    The first choice pairs the images in order; the next ones rotate the partner, which training
    uses epoch by epoch and evaluation does not.
    """
    exams: dict[tuple[str, str], list[tuple[int, int]]] = {}
    keys = list(zip(cohort.index["patient"], cohort.index["exam"], strict=True))
    for hf, lf in cohort.pairs(split):
        exams.setdefault(keys[hf], []).append((hf, lf))
    choices: list[list[tuple[int, ...]]] = []
    for pairs in exams.values():
        highs, lows = sorted({hf for hf, _ in pairs}), sorted({lf for _, lf in pairs})
        richer, other = (highs, lows) if len(highs) >= len(lows) else (lows, highs)
        for place, row in enumerate(richer):
            turned = [other[(place + turn) % len(other)] for turn in range(len(other))]
            choices.append([(row, mate) if richer is highs else (mate, row) for mate in turned])
    labels = (
        cohort.index["stage"].to_numpy(dtype=np.int64)[[first[0][0] for first in choices]]
        if choices
        else np.empty(0, np.int64)
    )
    return Samples(cohort.images, choices, labels, cohort.parenchyma)


def array_samples(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Samples:
    """Pictures that are not of the cohort: the source of the first transfer."""
    return Samples(images, [[(row,)] for row in range(len(images))], labels)


@dataclass(frozen=True)
class Batch:
    """``planes`` float32 (B, P, size, size) in [0, 1] and ``labels`` int64 (B,), on the device;
    ``which`` (B,) are the numbers of the samples. Where samples are patients there are more pictures than
    labels, and ``whose`` numbers the patient of each."""

    planes: torch.Tensor
    labels: torch.Tensor
    which: NDArray[np.int64]
    whose: torch.Tensor | None = None

    @property
    def inputs(self) -> tuple[torch.Tensor, ...]:
        """What the network is called with."""
        return (self.planes,) if self.whose is None else (self.planes, self.whose)


class TrainingFeed:
    """Augmented batches of training samples, the same for the same ``(seed, epoch, step)``."""

    pictures_per_sample = 1.0

    def __init__(
        self,
        samples: Samples,
        augmenter: Augmenter,
        *,
        batch_size: int,
        device: torch.device,
    ) -> None:
        self.samples = samples
        self.labels = samples.labels
        self.augmenter = augmenter
        self.batch_size = batch_size
        self.device = device

    @cached_property
    def epoch_size(self) -> int:
        """Samples in one epoch."""
        return sum(len(part) for part in self._steps(0)[0])

    def batches(self, epoch: int, *, start: int = 0) -> Iterator[Batch]:
        """Batches ``start``, ``start + 1`` … of an epoch."""
        which, copies = self._steps(epoch)
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="augment") as thread:
            waiting: list[Future[Batch]] = []
            for step in range(start, len(which)):
                waiting.append(thread.submit(self._make, which[step], copies[step], epoch))
                if len(waiting) > AHEAD:
                    yield waiting.pop(0).result()
            for future in waiting:
                yield future.result()

    def _steps(self, epoch: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Sample numbers and copy numbers of each batch. A last batch of one is left out: batch
        normalisation cannot use it."""
        which, copies = self.augmenter.epoch(self.labels.tolist(), epoch)
        starts = [at for at in range(0, len(which), self.batch_size) if len(which) - at > 1]
        return (
            [which[at : at + self.batch_size] for at in starts],
            [copies[at : at + self.batch_size] for at in starts],
        )

    def _make(self, which: np.ndarray, copies: np.ndarray, epoch: int) -> Batch:
        rows = self.samples.rows(which, epoch)
        planes = np.asarray(self.samples.images[rows])
        keys = [
            (int(row), int(copy))
            for row, copy in zip(rows.ravel(), copies.repeat(rows.shape[1]), strict=True)
        ]
        flat = planes.reshape(-1, *planes.shape[2:])
        samples, places = self.samples, rows.ravel()
        if samples.variants is not None:
            sharpened = self.augmenter.takes_deconvolved(keys, epoch)
            flat[sharpened] = samples.variants[places[sharpened]]
        aims = samples.parenchyma[places] if samples.parenchyma is not None else None
        if self.device.type == "cuda":
            boxes = self.augmenter.boxes(flat)
            ready = self.augmenter.tensors(torch.from_numpy(flat).to(self.device), boxes, keys, epoch, aims)
        else:
            ready = torch.from_numpy(self.augmenter.pictures(flat, keys, epoch, aims))
        labels = torch.from_numpy(self.samples.labels[which]).to(self.device)
        return Batch(as_input(ready.view(planes.shape), self.device), labels, which)


def sample_logits(network: nn.Module, samples: Samples, reading: Reading) -> NDArray[np.float32]:
    """Logits of every sample in order, not augmented."""
    return sample_outputs(network, samples, reading)


def sample_outputs(
    network: nn.Module,
    samples: Samples,
    reading: Reading,
    *,
    ask: Callable[[torch.Tensor], torch.Tensor] | None = None,
) -> NDArray[np.float32]:
    """What :func:`logits_of` gives of every sample, a batch of pictures in memory at a time."""
    starts = range(0, len(samples), BATCH)
    parts = [np.arange(at, min(at + BATCH, len(samples))) for at in starts]
    return np.concatenate([logits_of(network, samples.planes(part), reading, ask=ask) for part in parts])

"""How many augmented samples of each stage one epoch holds (paper §3.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar

import numpy as np

from ml.spec import Stage

Policy = Literal["balanced", "paper", "none"]
Label = TypeVar("Label", bound=int)  # a stage, or a class of the first transfer's source

PAPER_FACTORS: dict[Stage, int] = {Stage.S0: 7, Stage.S1: 4, Stage.S2: 7, Stage.S3: 6, Stage.S4: 6}
"""×7, 4, 7, 6, 6 (paper §3.2). They do not balance: 16·7=112, 49·4=196, 85·7=595, 66·6=396, 50·6=300."""


def effective_counts(train_counts: Mapping[Label, int], policy: Policy) -> dict[Label, int]:
    """Samples of each stage (or other class) in one epoch, from the counts of the training part alone.

    ``balanced`` lifts every stage to the most frequent one, ``paper`` multiplies by the paper's
    factors, ``none`` takes every training sample once. A stage without samples stays at 0.

    >>> effective_counts({Stage.S0: 13, Stage.S2: 68}, "balanced")
    {<Stage.S0: 0>: 68, <Stage.S2: 2>: 68}
    """
    most = max(train_counts.values(), default=0)
    if policy == "balanced":
        return {stage: most if count else 0 for stage, count in train_counts.items()}
    if policy == "paper":
        return {stage: count * PAPER_FACTORS[Stage(stage)] for stage, count in train_counts.items()}
    return dict(train_counts)


def epoch_samples(
    labels_of_samples: Sequence[int],
    policy: Policy,
    *,
    seed: int,
    epoch: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Order of one epoch: indices into the samples and, for each, which copy of the sample it is.

    Every sample appears ``effective // count`` times; who fills the remainder is drawn anew each
    epoch. The order depends on ``(seed, epoch)`` and nothing else.
    """
    labels = np.asarray(labels_of_samples)
    rng = np.random.Generator(np.random.Philox(key=[seed, epoch]))
    counts = {int(value): int((labels == value).sum()) for value in np.unique(labels)}
    chosen, copies = [], []
    for label, wanted in effective_counts(counts, policy).items():
        members = np.flatnonzero(labels == label)
        whole, rest = divmod(wanted, len(members))
        extra = rng.permutation(members)[:rest]
        chosen += [np.tile(members, whole), extra]
        copies += [np.repeat(np.arange(whole), len(members)), np.full(rest, whole)]
    order = rng.permutation(sum(len(part) for part in chosen))
    return np.concatenate(chosen)[order], np.concatenate(copies)[order]

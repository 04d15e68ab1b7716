"""How often each stage appears in an epoch."""

from __future__ import annotations

import numpy as np
import pytest

from ml.augmentation import effective_counts
from ml.augmentation.policy import epoch_samples
from ml.spec import Stage

COHORT = dict(zip(Stage, (16, 49, 85, 66, 50), strict=True))


def test_paper_factors_give_the_papers_counts_which_do_not_balance() -> None:
    assert list(effective_counts(COHORT, "paper").values()) == [112, 196, 595, 396, 300]


def test_balanced_lifts_every_stage_to_the_most_frequent() -> None:
    assert set(effective_counts(COHORT, "balanced").values()) == {85}


def test_none_takes_every_sample_once() -> None:
    assert effective_counts(COHORT, "none") == COHORT


def test_stage_without_samples_stays_empty() -> None:
    assert effective_counts({Stage.S0: 0, Stage.S1: 4}, "balanced") == {Stage.S0: 0, Stage.S1: 4}


@pytest.mark.parametrize("policy", ["balanced", "paper", "none"])
def test_epoch_holds_exactly_the_effective_counts(policy: str) -> None:
    stages = [0] * 3 + [1] * 7 + [4] * 5
    which, copies = epoch_samples(stages, policy, seed=0, epoch=1)
    labels = np.array(stages)[which]
    counts = {stage: int((labels == stage).sum()) for stage in (0, 1, 4)}
    assert counts == effective_counts({0: 3, 1: 7, 4: 5}, policy)
    assert len(set(zip(which, copies, strict=True))) == len(which), "a copy of a sample appears once"
    assert set(which) == set(range(15)), "every sample is used"


def test_order_is_decided_by_seed_and_epoch_alone() -> None:
    stages = [0] * 3 + [1] * 7
    first, again = (epoch_samples(stages, "balanced", seed=1, epoch=2) for _ in range(2))
    assert np.array_equal(first[0], again[0])
    assert not np.array_equal(first[0], epoch_samples(stages, "balanced", seed=1, epoch=3)[0])
    assert not np.array_equal(first[0], epoch_samples(stages, "balanced", seed=2, epoch=2)[0])

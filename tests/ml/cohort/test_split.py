"""The strict split: whole patients, every stage in every part, the totals of the paper."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.cohort import CohortError, split_patients
from ml.cohort.split import PARTS, RATIOS, largest_remainder
from ml.spec import Split, Stage

PAPER = dict(zip(Stage, (16, 49, 85, 66, 50), strict=True))


def people(counts: dict[Stage, int]) -> dict[str, Stage]:
    return {
        f"{stage.label}-{number:03d}": stage for stage, count in counts.items() for number in range(count)
    }


cohorts = st.fixed_dictionaries({stage: st.integers(0, 90) for stage in Stage}).map(people)


def test_the_cohort_of_the_paper_splits_as_in_the_paper() -> None:
    split = split_patients(people(PAPER), seed=0)
    counts = Counter(split.values())
    assert [counts[part] for part in PARTS] == [213, 27, 26]
    by_stage = Counter((stage, split[patient]) for patient, stage in people(PAPER).items())
    assert all(by_stage[stage, part] >= 1 for stage in Stage for part in PARTS)


@settings(max_examples=60, deadline=None)
@given(cohorts, st.integers(0, 2**31))
def test_every_patient_has_one_part_and_stages_keep_their_share(stages: dict[str, Stage], seed: int) -> None:
    split = split_patients(stages, seed=seed)
    assert split.keys() == stages.keys()
    for stage in Stage:
        members = [split[patient] for patient, theirs in stages.items() if theirs is stage]
        for part, ratio in zip(PARTS, RATIOS, strict=True):
            here = members.count(part)
            assert abs(here - len(members) * ratio) <= 2
            if len(members) >= 3:
                assert here >= 1
        if members:
            assert Split.TRAIN in members


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({stage: st.integers(10, 120) for stage in Stage}).map(people))
def test_totals_are_those_of_the_largest_remainder(stages: dict[str, Stage]) -> None:
    counts = Counter(split_patients(stages, seed=1).values())
    assert [counts[part] for part in PARTS] == largest_remainder(len(stages), RATIOS)


@settings(max_examples=30, deadline=None)
@given(cohorts, st.integers(0, 100), st.randoms(use_true_random=False))
def test_order_of_insertion_does_not_matter(
    stages: dict[str, Stage], seed: int, shuffle: random.Random
) -> None:
    names = list(stages)
    shuffle.shuffle(names)
    assert split_patients({name: stages[name] for name in names}, seed=seed) == split_patients(
        stages, seed=seed
    )


def test_another_seed_is_another_split() -> None:
    assert split_patients(people(PAPER), seed=0) != split_patients(people(PAPER), seed=1)


def test_nobody_splits_into_nothing() -> None:
    assert split_patients({}, seed=0) == {}


@pytest.mark.parametrize("ratios", [(0.8, 0.1), (0.8, 0.1, 0.2), (1.2, -0.1, -0.1), (0.0, 0.5, 0.5)])
def test_shares_that_are_no_shares_are_refused(ratios: tuple[float, ...]) -> None:
    with pytest.raises(CohortError) as refused:
        split_patients(people(PAPER), seed=0, ratios=ratios)
    assert refused.value.code == "split-ratios"


def test_a_part_may_be_left_out() -> None:
    counts = Counter(split_patients(people(PAPER), seed=0, ratios=(0.8, 0.0, 0.2)).values())
    assert counts[Split.VALIDATION] == 0
    assert counts[Split.TEST] == 53

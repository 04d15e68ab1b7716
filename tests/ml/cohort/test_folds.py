"""Cross-validation, leaving a site out, an external test: who is tested by whom."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.cohort import (
    Cohort,
    CohortError,
    LeakDetected,
    join_external,
    leave_one_site_out,
    load_cache,
    repeated_folds,
)
from ml.cohort.design import Design, divisions
from ml.spec import Split, Stage

counts = st.lists(st.integers(0, 25), min_size=5, max_size=5)


def people(numbers: list[int]) -> dict[str, Stage]:
    return {
        f"{stage.label}-{n:03d}": stage
        for stage, many in zip(Stage, numbers, strict=True)
        for n in range(many)
    }


def of_part(assignments: dict[str, Split], part: Split) -> set[str]:
    return {patient for patient, theirs in assignments.items() if theirs is part}


@settings(max_examples=40, deadline=None)
@given(counts.filter(lambda n: max(n) >= 6), st.integers(2, 6), st.integers(1, 3), st.integers(0, 1000))
def test_every_patient_is_tested_once_a_repeat_and_stages_stay_even(
    numbers: list[int], folds: int, repeats: int, seed: int
) -> None:
    stages = people(numbers)
    made = repeated_folds(stages, folds, repeats, seed)
    assert [(fold.repeat, fold.fold) for fold in made] == [
        (r, k) for r in range(repeats) for k in range(folds)
    ]
    for repeat in range(repeats):
        tested = [of_part(fold.assignments, Split.TEST) for fold in made if fold.repeat == repeat]
        assert Counter(patient for part in tested for patient in part) == Counter(stages.keys())
        for stage in Stage:
            sizes = [sum(stages[patient] is stage for patient in part) for part in tested]
            assert max(sizes) - min(sizes) <= 1
    for fold in made:
        assert fold.assignments.keys() == stages.keys()


@settings(max_examples=40, deadline=None)
@given(counts.filter(lambda n: sum(n) >= 20 and max(n) >= 5), st.integers(0, 100))
def test_validation_patients_are_a_ninth_of_those_that_are_not_tested(numbers: list[int], seed: int) -> None:
    stages = people(numbers)
    for fold in repeated_folds(stages, 5, 1, seed):
        others = len(stages) - len(of_part(fold.assignments, Split.TEST))
        validating = of_part(fold.assignments, Split.VALIDATION)
        assert abs(len(validating) - others / 9) <= 5  # one of each stage at most
        for stage in Stage:
            left = [
                p for p, part in fold.assignments.items() if part is not Split.TEST and stages[p] is stage
            ]
            if len(left) >= 3:
                assert any(fold.assignments[patient] is Split.VALIDATION for patient in left)
                assert any(fold.assignments[patient] is Split.TRAIN for patient in left)


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 50))
def test_folds_do_not_depend_on_the_order_of_the_patients(shuffle: random.Random, seed: int) -> None:
    stages = people([6, 7, 8, 9, 10])
    names = list(stages)
    shuffle.shuffle(names)
    assert repeated_folds({name: stages[name] for name in names}, 5, 2, seed) == repeated_folds(
        stages, 5, 2, seed
    )


def test_every_fold_draws_its_validation_patients_anew() -> None:
    """With one draw for all folds only 37 of these ever validated, and 25 of them in four folds of five."""
    made = repeated_folds(people([54, 53, 53, 53, 53]), 5, 1, 0)
    places = Counter(patient for fold in made for patient in of_part(fold.assignments, Split.VALIDATION))
    assert len(places) > 80
    sites = {patient: "ABCDE"[number % 5] for number, patient in enumerate(people([54, 53, 53, 53, 53]))}
    left_out = leave_one_site_out(people([54, 53, 53, 53, 53]), sites, seed=0)
    assert len(set().union(*(of_part(fold.assignments, Split.VALIDATION) for fold in left_out))) > 80


def test_repeats_deal_the_patients_anew() -> None:
    first, second = (fold for fold in repeated_folds(people([10] * 5), 5, 2, 0) if fold.fold == 0)
    assert of_part(first.assignments, Split.TEST) != of_part(second.assignments, Split.TEST)


@pytest.mark.parametrize(("folds", "repeats"), [(1, 1), (0, 1), (9, 1), (5, 0)])
def test_impossible_folds_are_refused(folds: int, repeats: int) -> None:
    with pytest.raises(CohortError) as refused:
        repeated_folds(people([8] * 5), folds, repeats, 0)
    assert refused.value.code == "folds-impossible"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from("ABC"), min_size=60, max_size=60), st.integers(0, 50))
def test_a_left_out_site_is_tested_whole_and_trains_nobody(places: list[str], seed: int) -> None:
    stages = people([12] * 5)
    sites = dict(zip(stages, places, strict=True))
    if len(set(places)) < 2:
        return
    made = leave_one_site_out(stages, sites, seed=seed)
    assert [fold.name for fold in made] == [f"site {site}" for site in sorted(set(places))]
    for fold, site in zip(made, sorted(set(places)), strict=True):
        assert of_part(fold.assignments, Split.TEST) == {
            patient for patient in stages if sites[patient] == site
        }


def test_one_site_cannot_be_left_out() -> None:
    stages = people([3] * 5)
    with pytest.raises(CohortError) as refused:
        leave_one_site_out(stages, dict.fromkeys(stages, "A"), seed=0)
    assert refused.value.code == "one-site-only"


def test_a_site_is_left_out_whole_however_it_is_written() -> None:
    stages = people([4] * 5)
    sites = {
        patient: ("Hospital A", "HOSPITAL A ", "Hospital A", "B")[n % 4] for n, patient in enumerate(stages)
    }
    made = leave_one_site_out(stages, sites, seed=0)
    assert [fold.name for fold in made] == ["site B", "site Hospital A"]
    assert of_part(made[1].assignments, Split.TEST) == {p for p in stages if sites[p] != "B"}


def test_nobody_without_a_site_trains_a_model_that_leaves_a_site_out() -> None:
    stages = people([4] * 5)
    sites = {patient: ("A", "B", " ")[number % 3] for number, patient in enumerate(stages)}
    with pytest.raises(CohortError, match="6 patients have no site") as refused:
        leave_one_site_out(stages, sites, seed=0)
    assert refused.value.code == "site-unknown"


def test_another_split_shares_the_pictures_and_the_data_hash_but_not_the_split_hash(cohort: Cohort) -> None:
    fold = repeated_folds(cohort.stages, 5, 1, 0)[0]
    divided = cohort.with_split(fold.assignments)
    assert divided.images is cohort.images
    assert divided.dataset_hash == cohort.dataset_hash
    assert divided.split_hash != cohort.split_hash
    assert divided.split == fold.assignments
    assert set(divided.patients(Split.TEST)) == of_part(fold.assignments, Split.TEST)
    assert divided.with_split(cohort.split).split_hash == cohort.split_hash


def test_a_split_that_separates_an_exam_or_a_picture_is_refused(cohort: Cohort) -> None:
    fold = repeated_folds(cohort.stages, 5, 1, 0)[0].assignments
    one, other = min(of_part(fold, Split.TEST)), min(of_part(fold, Split.TRAIN))
    pictures = np.array(cohort.images)
    rows = cohort.index["patient"].to_numpy()
    pictures[np.flatnonzero(rows == one)[0]] = pictures[np.flatnonzero(rows == other)[0]]
    with pytest.raises(LeakDetected):
        dataclasses.replace(cohort, images=pictures).with_split(fold)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda split: {k: v for k, v in split.items() if k != "S0-0"}, "split-incomplete"),
        (lambda split: {**split, "somebody": Split.TEST}, "split-strangers"),
    ],
)
def test_a_split_of_other_patients_is_refused(cohort: Cohort, change: Callable, code: str) -> None:
    with pytest.raises(CohortError) as refused:
        cohort.with_split(change(cohort.split))
    assert refused.value.code == code


def _renamed(cohort: Cohort, prefix: str, *, keep: str = "") -> Cohort:
    """Other people with other pictures, but for the patient ``keep``."""
    index = cohort.index.copy()
    mine = index["patient"] != keep
    for column in ("patient", "exam", "image", "source_sha256"):
        index.loc[mine, column] = prefix + index.loc[mine, column]
    split = {
        (patient if patient == keep else prefix + patient): part for patient, part in cohort.split.items()
    }
    return dataclasses.replace(
        cohort, index=index, split=split, images=255 - np.array(cohort.images), dataset_hash=prefix * 8
    )


def test_an_external_cohort_is_tested_whole_and_trains_nobody(cache: Path, tmp_path: Path) -> None:
    training = load_cache(cache)
    external = _renamed(training, "x-")
    joined = join_external(training, external, tmp_path / "joined", seed=3)
    assert set(joined.patients(Split.TEST)) == set(external.stages)
    assert set(joined.patients(Split.TRAIN) + joined.patients(Split.VALIDATION)) == set(training.stages)
    assert len(joined) == 2 * len(training)
    assert np.array_equal(joined.images[len(training)], external.images[0])
    assert joined.dataset_hash not in (training.dataset_hash, external.dataset_hash)
    again = join_external(training, external, tmp_path / "joined", seed=3)
    assert again.dataset_hash == joined.dataset_hash


def test_one_identifier_in_both_cohorts_is_refused(cache: Path, tmp_path: Path) -> None:
    training = load_cache(cache)
    with pytest.raises(CohortError) as refused:
        join_external(training, _renamed(training, "x-", keep="S3-2"), tmp_path / "joined")
    assert refused.value.code == "external-patients-shared"
    assert "S3-2" in refused.value.message


def test_a_picture_in_both_cohorts_is_found(cache: Path, tmp_path: Path) -> None:
    training = load_cache(cache)
    external = dataclasses.replace(_renamed(training, "x-"), images=training.images)
    with pytest.raises(LeakDetected):
        join_external(training, external, tmp_path / "joined")


def test_the_clinical_values_of_both_cohorts_come_along(cache: Path, tmp_path: Path) -> None:
    training = load_cache(cache)
    folder = tmp_path / "with-serum"
    folder.mkdir()
    pd.DataFrame({"patient": ["S0-0", "S1-0"], "ast": [30.0, 61.0]}).to_csv(
        folder / "clinical.csv", index=False
    )
    joined = join_external(
        dataclasses.replace(training, path=folder), _renamed(training, "x-"), tmp_path / "joined"
    )
    assert joined.clinical is not None
    assert joined.clinical.loc["S1-0", "ast"] == 61.0
    assert training.clinical is None


def test_outlines_of_the_training_cohort_come_along(cache: Path, tmp_path: Path) -> None:
    training, external = load_cache(cache), _renamed(load_cache(cache), "x-")
    assert join_external(training, external, tmp_path / "joined").outlines is None
    masks = np.zeros(training.images.shape, np.uint8)
    masks[:, 10:50, 20:90] = 255
    outlined = dataclasses.replace(training, masks=masks)
    joined = join_external(outlined, external, tmp_path / "joined")  # made again: it had none
    assert joined.outlines is not None
    assert np.array_equal(joined.outlines[: len(training)], masks)
    assert not joined.outlines[len(training) :].any()
    assert joined.outlines.shape == joined.images.shape
    both = join_external(outlined, dataclasses.replace(external, masks=masks), tmp_path / "both")
    assert both.outlines is not None
    assert np.array_equal(both.outlines, np.concatenate([masks, masks]))
    assert (
        join_external(training, dataclasses.replace(external, masks=masks), tmp_path / "x").outlines is None
    )


def test_folds_need_no_sites_and_a_site_may_be_named_by_some_images_only(cohort: Cohort) -> None:
    index = cohort.index.copy()
    index.loc[0, "site"] = "ELSEWHERE"
    torn = dataclasses.replace(cohort, index=index)
    assert len(divisions(Design.choose(folds=3), torn)) == 3
    with pytest.raises(CohortError) as refused:
        divisions(Design.choose(leave_one_site_out=True), torn)
    assert refused.value.code == "patient-two-sites"
    index.loc[0, "site"] = ""
    index.loc[1, "site"] = "test"
    assert set(dataclasses.replace(cohort, index=index).sites.values()) == {"TEST"}


def test_a_patient_of_two_sites_has_no_site(cohort: Cohort) -> None:
    index = cohort.index.copy()
    index.loc[0, "site"] = "ELSEWHERE"
    with pytest.raises(CohortError) as refused:
        _ = dataclasses.replace(cohort, index=index).sites
    assert refused.value.code == "patient-two-sites"
    assert set(cohort.sites.values()) == {"TEST"}

"""Who is how ill, and that nobody can be always right about it."""

from __future__ import annotations

import numpy as np
import pytest

from ml.simulation.severity import (
    HIGHEST,
    PAPER_COUNTS,
    BadCounts,
    Latent,
    observer_accuracy,
    ramp,
    stage_sequence,
)
from ml.spec import Band, Stage


def test_full_cohort_has_the_papers_counts() -> None:
    stages = stage_sequence(266, seed=3)
    assert tuple(stages.count(stage) for stage in Stage) == PAPER_COUNTS


@pytest.mark.parametrize("patients", [5, 6, 12, 40, 100, 265, 600])
def test_every_stage_is_there_and_near_its_share(patients: int) -> None:
    stages = stage_sequence(patients)
    for stage, paper in zip(Stage, PAPER_COUNTS, strict=True):
        assert stages.count(stage) >= 1
        assert abs(stages.count(stage) - patients * paper / 266) < 1.5


def test_small_cohort_is_a_prefix_of_a_large_one() -> None:
    assert stage_sequence(266, seed=9)[:40] == stage_sequence(40, seed=9)


def test_given_counts_are_kept_and_mixed() -> None:
    stages = stage_sequence(15, counts=(3, 3, 3, 3, 3))
    assert [stages.count(stage) for stage in Stage] == [3] * 5
    assert stages != sorted(stages)


@pytest.mark.parametrize(
    ("patients", "counts"), [(0, None), (5, (1, 1, 1, 1)), (5, (2, 2, 2, 2, 2)), (4, (5, -1, 0, 0, 0))]
)
def test_impossible_counts_are_refused_with_a_remedy(patients: int, counts: tuple[int, ...] | None) -> None:
    with pytest.raises(BadCounts) as caught:
        stage_sequence(patients, counts=counts)
    assert caught.value.code == "simulation-counts"
    assert caught.value.remedy


@pytest.fixture(scope="module")
def population() -> dict[Stage, list[Latent]]:
    rng = np.random.default_rng(1)
    return {stage: [Latent.draw(rng, stage) for _ in range(400)] for stage in Stage}


@pytest.mark.parametrize("stage", list(Stage)[:-1])
def test_neighbouring_stages_overlap(population: dict[Stage, list[Latent]], stage: Stage) -> None:
    lower = np.array([latent.severity for latent in population[stage]])
    upper = np.array([latent.severity for latent in population[Stage(stage + 1)]])
    wrong_order = (lower[:, None] > upper[None, :]).mean()
    assert 0.005 < wrong_order < 0.25
    assert lower.mean() < upper.mean()


def test_severity_stays_on_its_scale(population: dict[Stage, list[Latent]]) -> None:
    for latents in population.values():
        for latent in latents:
            assert 0 <= latent.severity <= HIGHEST


def test_bands_show_different_views_of_the_same_severity(population: dict[Stage, list[Latent]]) -> None:
    error = {
        band: np.array([latent.views[band].texture - latent.severity for latent in population[Stage.S2]])
        for band in Band
    }
    assert abs(np.corrcoef(error[Band.HF], error[Band.LF])[0, 1]) < 0.15
    assert all(0.3 < values.std() < 0.7 for values in error.values())


def test_even_a_perfect_reader_of_the_signs_errs_and_two_bands_help() -> None:
    hf, lf = observer_accuracy((Band.HF,), draws=8000), observer_accuracy((Band.LF,), draws=8000)
    both = observer_accuracy((Band.HF, Band.LF), draws=8000)
    assert min(hf, lf) > 0.60
    assert max(hf, lf) + 0.02 < both < 0.80


def test_ramp_is_monotonous_and_clipped() -> None:
    values = [ramp(v, 1, 3) for v in np.linspace(0, 5, 50)]
    assert values == sorted(values)
    assert (values[0], values[-1]) == (0.0, 1.0)

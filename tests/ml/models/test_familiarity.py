"""Pictures unlike those of the training: named, at a stated rate of false alarms."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays

from ml.models import Familiarity, fit_familiarity, patient_p_value
from ml.models.familiarity import TRAITS, picture_statistics
from ml.spec.referral import LEVEL, Trait

SIZE = 48


def speckle(rng: np.random.Generator, *, grain: float = 1.5, level: float = 90) -> np.ndarray:
    """A picture of one machine: grain and brightness vary a little from patient to patient."""
    sigma, mean = grain * rng.uniform(0.9, 1.1), level * rng.uniform(0.9, 1.1)
    field = cv2.GaussianBlur(rng.standard_normal((SIZE, SIZE)), (0, 0), sigma)
    picture = mean + 25 * field / field.std()
    return np.clip(picture, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def fitted() -> Familiarity:
    rng = np.random.default_rng(0)
    pictures = np.stack([speckle(rng) for _ in range(300)])
    found = fit_familiarity(pictures, [f"patient-{number // 3}" for number in range(300)])
    assert found is not None
    return found


def test_new_pictures_of_the_same_machine_are_called_unfamiliar_no_more_often_than_stated(fitted) -> None:
    rng = np.random.default_rng(1)
    p = fitted.p_values(np.stack([speckle(rng) for _ in range(400)]))
    assert (p <= 0.05).mean() < 0.09  # three standard errors above 0.05
    assert 0.4 < p.mean() < 0.6  # uniform, as p-values of what is familiar are


@pytest.mark.parametrize(
    ("change", "trait", "direction"),
    [
        (lambda rng: speckle(rng, level=150), Trait.BRIGHTNESS, "high"),
        (lambda rng: speckle(rng, grain=4.0), Trait.GRAIN, "high"),
        (lambda rng: speckle(rng, grain=0.4), Trait.GRAIN, "low"),
        (lambda rng: np.zeros((SIZE, SIZE), np.uint8), None, None),
        (lambda rng: np.full((SIZE, SIZE), 255, np.uint8), None, None),
        (lambda rng: rng.integers(0, 256, (SIZE, SIZE), dtype=np.uint8), None, None),
    ],
    ids=["brighter", "coarser", "finer", "black", "white", "noise"],
)
def test_what_was_never_seen_is_said_and_in_what(fitted, change, trait, direction) -> None:
    picture = change(np.random.default_rng(2))[None]
    assert fitted.p_values(picture)[0] <= LEVEL
    if trait is not None:
        (unlike,) = fitted.most_unlike(picture)
        assert (unlike.trait, unlike.direction) == (trait, direction)


def test_a_picture_is_judged_by_a_fit_that_did_not_see_its_patient() -> None:
    """One odd patient among fifty has the largest distances although he was there."""
    rng = np.random.default_rng(3)
    pictures = [speckle(rng) for _ in range(98)] + [speckle(rng, level=200) for _ in range(2)]
    found = fit_familiarity(np.stack(pictures), [f"patient-{number // 2:02}" for number in range(100)])
    assert found is not None
    assert found.distances[-2] > 2 * found.distances[-3]


def test_too_few_pictures_or_patients_are_not_fitted() -> None:
    rng = np.random.default_rng(4)
    pictures = np.stack([speckle(rng) for _ in range(60)])
    assert fit_familiarity(pictures[:39], [str(n) for n in range(39)]) is None
    assert fit_familiarity(pictures, [str(n % 9) for n in range(60)]) is None


def test_what_is_stored_says_the_same(fitted) -> None:
    read = Familiarity.model_validate_json(fitted.model_dump_json())
    pictures = np.stack([speckle(np.random.default_rng(5)) for _ in range(5)])
    np.testing.assert_array_equal(read.p_values(pictures), fitted.p_values(pictures))


@settings(max_examples=50, deadline=None)
@given(arrays(np.uint8, (2, 16, 16)))
def test_any_picture_has_finite_statistics_and_a_p_value(fitted, pictures) -> None:
    statistics = picture_statistics(pictures)
    assert statistics.shape == (2, len(TRAITS))
    assert np.isfinite(statistics).all()
    p = fitted.p_values(pictures)
    assert ((p > 0) & (p <= 1)).all()
    assert 0 < patient_p_value(p) <= 1

"""The SVM: documented features, patient-wise folds, scikit-learn's decisions, no pickle."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from sklearn.svm import SVC

from ml.models.calibration import softmax
from ml.models.comparators import SvmUnusable, TextureSvm, extract_features, texture_names
from ml.models.comparators.svm import _train, _votes, deal_patients
from ml.models.comparators.texture import texture_features


def picture(stage: int, rng: np.random.Generator, size: int = 96) -> np.ndarray:
    """Grain that coarsens with the stage, in a padded frame."""
    grain = cv2.GaussianBlur(rng.random((size, size)), (0, 0), 0.6 + 0.6 * stage)
    grey = (grain - grain.min()) / np.ptp(grain)
    return cv2.copyMakeBorder((30 + 200 * grey).astype(np.uint8), 16, 16, 0, 0, cv2.BORDER_CONSTANT)


@pytest.fixture(scope="module")
def cohort() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    stages = np.repeat(np.tile(np.arange(5), 8), 2)
    images = np.stack([[picture(s, rng)] for s in stages])
    return extract_features(images), stages, np.array([f"P{i // 2}" for i in range(len(stages))])


def test_every_feature_has_a_name_and_is_finite_even_on_empty_pictures() -> None:
    rng = np.random.default_rng(0)
    for image in (
        picture(2, rng),
        np.zeros((64, 64), np.uint8),
        np.full((64, 64), 9, np.uint8),
        np.eye(3, dtype=np.uint8),
    ):
        features = texture_features(image)
        assert features.shape == (len(texture_names()),)
        assert np.isfinite(features).all()


def test_co_occurrence_of_a_checkerboard_worked_by_hand() -> None:
    """Alternating levels 0 and 31: one pixel along a row every pair differs by 31, two pixels by 0."""
    board = (np.indices((32, 32)).sum(0) % 2 * 255).astype(np.uint8)
    values = dict(zip(texture_names(), texture_features(board), strict=True))
    # along rows and columns 31² = 961, along diagonals 0: mean 480.5, range 961
    assert values["glcm_contrast_1_mean"] == pytest.approx(480.5)
    assert values["glcm_contrast_1_range"] == pytest.approx(961)
    assert values["glcm_contrast_2_mean"] == pytest.approx(0)
    assert values["entropy"] == pytest.approx(1.0)


def test_padding_does_not_change_the_texture() -> None:
    inside = picture(1, np.random.default_rng(0))
    padded = cv2.copyMakeBorder(inside, 40, 40, 8, 8, cv2.BORDER_CONSTANT)
    assert texture_features(inside) == pytest.approx(texture_features(padded))


def test_bands_are_measured_one_after_the_other() -> None:
    rng = np.random.default_rng(0)
    hf, lf = picture(0, rng), picture(4, rng)
    both = extract_features(np.stack([hf, lf])[None])[0]
    assert both == pytest.approx(np.concatenate([texture_features(hf), texture_features(lf)]))


def test_decisions_and_votes_equal_scikit_learn(cohort) -> None:
    features, stages, _ = cohort
    machine = _train(features, stages, 10.0)
    scaled = (features - machine.mean) / machine.scale
    twin = SVC(C=10.0, gamma=machine.gamma, class_weight="balanced", decision_function_shape="ovo")
    twin.fit(scaled, stages)
    decisions = machine.decide(features)
    assert decisions == pytest.approx(twin.decision_function(scaled), abs=1e-9)
    assert (np.unique(stages)[_votes(decisions, 5)] == twin.predict(scaled)).mean() > 0.97


def fitted(cohort, *, seed: int = 0, without: int | None = None) -> TextureSvm:
    """Fitted to the cohort's training half of each patient list, the rest as its validation part."""
    features, stages, patients = cohort
    keep = stages != without
    held = keep & (np.arange(len(stages)) >= 60)
    learn = keep & ~held
    model = TextureSvm(1)
    model.fit_features(
        features[learn], stages[learn], patients[learn], features[held], stages[held], seed=seed
    )
    return model


def test_it_learns_the_grain_and_gives_probabilities(cohort) -> None:
    rng = np.random.default_rng(99)
    fresh_stages = np.tile(np.arange(5), 6)
    pictures = np.stack([[picture(s, rng)] for s in fresh_stages])
    logits = fitted(cohort)(torch.from_numpy(pictures).float() / 255).numpy()
    assert logits.shape == (30, 5)
    assert softmax(logits.astype(np.float64)).sum(axis=1) == pytest.approx(1)
    assert (logits.argmax(axis=1) == fresh_stages).mean() > 0.7


def test_the_least_of_the_best_costs_on_the_validation_part_is_kept(cohort) -> None:
    features, stages, patients = cohort
    model = TextureSvm(1)
    skill = model.fit_features(features[:60], stages[:60], patients[:60], features[60:], stages[60:], seed=0)
    best = max(skill.values())
    assert model.cost.item() == min(cost for cost, value in skill.items() if value == best)


def test_its_state_restores_it_to_the_last_bit_and_the_same_seed_gives_the_same(cohort) -> None:
    features = cohort[0]
    model, loaded = fitted(cohort, seed=3), TextureSvm(1)
    loaded.load_state_dict(model.state_dict())
    assert np.array_equal(loaded.logits_of_features(features), model.logits_of_features(features))
    again = fitted(cohort, seed=3)
    assert np.array_equal(again.logits_of_features(features), model.logits_of_features(features))


def test_a_patient_is_in_one_fold_and_every_stage_in_every_training_part() -> None:
    stages = np.repeat([0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4], 3)
    patients = np.repeat([f"P{i}" for i in range(13)], 3)
    folds = deal_patients(stages, patients, seed=0)
    assert all(len(set(folds[patients == name])) == 1 for name in set(patients))
    assert all(set(stages[folds != fold]) == set(range(5)) for fold in set(folds))


def test_two_stages_are_enough(cohort) -> None:
    features, stages, patients = cohort
    two = (stages == 0) | (stages == 4)
    learn = two & (np.arange(len(stages)) < 60)
    held = two & ~learn
    model = TextureSvm(1)
    model.fit_features(features[learn], stages[learn], patients[learn], features[held], stages[held], seed=0)
    logits = model.logits_of_features(features[held])
    assert (logits.argmax(axis=1) == stages[held]).all()
    machine = _train(features[learn], stages[learn], 10.0)
    votes = machine.classes[_votes(machine.decide(features[learn]), 2)]
    assert (votes == stages[learn]).all()


def test_a_stage_of_one_patient_is_learned_from_and_never_held_out(cohort) -> None:
    features, stages, patients = cohort
    few = (stages != 0) | (patients == patients[stages == 0][0])
    few &= np.arange(len(stages)) < 60
    folds = deal_patients(stages[few], patients[few], seed=0)
    assert set(folds[stages[few] == 0]) == {-1}
    model = TextureSvm(1)
    model.fit_features(features[few], stages[few], patients[few], features[60:], stages[60:], seed=0)
    logits = model.logits_of_features(features[60:])
    assert np.isfinite(logits).all()
    assert (logits[:, 0] > -1000).all()


def test_a_stage_that_was_not_trained_gets_no_probability(cohort) -> None:
    logits = fitted(cohort, without=3).logits_of_features(cohort[0])
    assert softmax(logits)[:, 3].max() == 0


def test_what_cannot_be_fitted_or_asked_is_refused(cohort) -> None:
    features, stages, patients = cohort
    with pytest.raises(SvmUnusable, match="two patients"):
        TextureSvm(1).fit_features(features[:6], stages[:6], patients[:6], features[6:], stages[6:], seed=0)
    with pytest.raises(SvmUnusable, match="not been fitted"):
        TextureSvm(1).logits_of_features(features)
    with pytest.raises(RuntimeError, match="features"):
        TextureSvm(2).load_state_dict(fitted(cohort).state_dict())

"""The SVM: documented features, patient-wise folds, scikit-learn's decisions, no pickle."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from sklearn.svm import SVC

from ml.models.comparators import SvmClassifier, SvmUnusable, extract_features, texture_names
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


def test_it_learns_the_grain_and_gives_probabilities(cohort) -> None:
    features, stages, patients = cohort
    model = SvmClassifier().fit_features(features, stages, patients)
    rng = np.random.default_rng(99)
    fresh_stages = np.tile(np.arange(5), 6)
    probabilities = model.predict_proba(np.stack([[picture(s, rng)] for s in fresh_stages]))
    assert probabilities.sum(axis=1) == pytest.approx(1)
    assert (probabilities.argmax(axis=1) == fresh_stages).mean() > 0.7


def test_saved_and_loaded_it_answers_the_same_to_the_last_bit(cohort, tmp_path) -> None:
    features, stages, patients = cohort
    model = SvmClassifier(seed=3).fit_features(features, stages, patients)
    model.save(tmp_path / "svm")
    loaded = SvmClassifier.load(tmp_path / "svm")
    assert np.array_equal(loaded.predict_features(features), model.predict_features(features))
    assert sorted(p.name for p in (tmp_path / "svm").iterdir()) == ["svm.json", "svm.safetensors"]
    again = SvmClassifier(seed=3).fit_features(features, stages, patients)
    assert np.array_equal(again.predict_features(features), model.predict_features(features))


def test_a_patient_is_in_one_fold_and_every_stage_in_every_training_part() -> None:
    stages = np.repeat([0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4], 3)
    patients = np.repeat([f"P{i}" for i in range(13)], 3)
    folds = deal_patients(stages, patients, seed=0)
    assert all(len(set(folds[patients == name])) == 1 for name in set(patients))
    assert all(set(stages[folds != fold]) == set(range(5)) for fold in set(folds))


def test_a_stage_that_was_not_trained_gets_no_probability(cohort) -> None:
    features, stages, patients = cohort
    some = stages != 3
    model = SvmClassifier().fit_features(features[some], stages[some], patients[some])
    assert not model.predict_features(features)[:, 3].any()


def test_what_cannot_be_trained_or_read_is_refused(cohort, tmp_path) -> None:
    features, stages, patients = cohort
    with pytest.raises(SvmUnusable, match="two patients"):
        SvmClassifier().fit_features(features[:6], stages[:6], patients[:6])
    with pytest.raises(SvmUnusable, match="not been trained"):
        SvmClassifier().predict_features(features)
    with pytest.raises(SvmUnusable, match="cannot be read"):
        SvmClassifier.load(tmp_path)

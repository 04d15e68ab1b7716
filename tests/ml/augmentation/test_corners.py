"""Rotation must not tell the stage: classes that are augmented more often would show more black corners."""

from __future__ import annotations

import cv2
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from ml.augmentation import Augmenter
from ml.augmentation.draws import content_boxes
from ml.augmentation.policy import PAPER_FACTORS
from ml.spec import AugmentationSpec, Stage

SIZE, CORNER, EACH = 48, 6, 400


def pictures_without_a_class() -> np.ndarray:
    """Speckle of one kind for everybody, padded above and below like a wide region."""
    rng = np.random.default_rng(11)
    grain = np.stack([cv2.GaussianBlur(rng.random((SIZE, SIZE)), (0, 0), 1.0) for _ in range(2 * EACH)])
    pictures = np.rint(40 + 180 * (grain - grain.min()) / np.ptp(grain)).astype(np.uint8)
    pictures[:, :5] = 0
    pictures[:, -5:] = 0
    return pictures


def balanced_accuracy_from_corners(pictures: np.ndarray, labels: np.ndarray) -> float:
    """Of a classifier that sees the four corners only, each picture judged by one not trained on it."""
    part = (slice(None, CORNER), slice(-CORNER, None))
    corners = np.concatenate(
        [pictures[:, r, c].reshape(len(pictures), -1) for r in part for c in part], axis=1
    )
    darkness = np.stack(
        [(corners == 0).mean(axis=1), corners.mean(axis=1) / 255, corners.std(axis=1) / 255], 1
    )
    judge = LogisticRegression(class_weight="balanced", max_iter=500)
    said = cross_val_predict(judge, darkness, labels, cv=5)
    return float(np.mean([(said[labels == label] == label).mean() for label in np.unique(labels)]))


def test_corners_of_rotated_pictures_tell_no_class() -> None:
    """One class once, the other as often as the paper augments S0: only the number of copies differs."""
    pictures, labels = pictures_without_a_class(), np.repeat([0, 1], EACH)
    factors = (1, PAPER_FACTORS[Stage.S0])
    keys = [(n, copy) for n, label in enumerate(labels) for copy in range(factors[label])]
    rows = np.array([n for n, _ in keys])
    ours = Augmenter(AugmentationSpec(), seed=2).pictures(pictures[rows], keys, epoch=1)
    assert (ours > 0).mean() > 0.9
    assert abs(balanced_accuracy_from_corners(ours, labels[rows]) - 0.5) < 0.06


def test_the_same_judge_sees_through_naive_rotation() -> None:
    """The control: the first copy as it is, the others turned with black corners, betray the class."""
    pictures, labels = pictures_without_a_class()[:, 5:-5], np.repeat([0, 1], EACH)
    height, width = pictures.shape[1:]
    rng = np.random.default_rng(2)
    shown, of = [], []
    for picture, label in zip(pictures, labels, strict=True):
        for copy in range((1, PAPER_FACTORS[Stage.S0])[label]):
            turn = cv2.getRotationMatrix2D(
                (width / 2, height / 2), float(rng.uniform(0, 360)) * (copy > 0), 1
            )
            shown.append(cv2.warpAffine(picture, turn, (width, height)))
            of.append(label)
    assert balanced_accuracy_from_corners(np.stack(shown), np.array(of)) > 0.85


def test_crop_lies_in_the_outlined_parenchyma_and_never_leaves_the_content() -> None:
    """A liver longer than the window holds it; a shorter one is seen whole."""
    content = np.tile([0, 0, 256, 256], (200, 1))
    liver = np.tile([10, 150, 246, 246], (200, 1))  # longer than any window across, shorter down
    augmenter = Augmenter(AugmentationSpec(rotation=False, intensity=False), seed=1)
    drawn = augmenter.draw(256, content, [(n, 0) for n in range(200)], 1, liver)
    for matrix in drawn.matrices:
        left, top = matrix @ (-0.5, -0.5, 1) + 0.5
        right, bottom = matrix @ (255.5, 255.5, 1) + 0.5
        assert left >= -1e-6
        assert top >= -1e-6
        assert right <= 256 + 1e-6
        assert bottom <= 256 + 1e-6
        if right - left <= 236:
            assert 10 - 1e-6 <= left <= right <= 246 + 1e-6
        assert top <= 150 + 1e-6
        assert bottom >= 246 - 1e-6


def test_without_outlines_the_whole_region_is_the_parenchyma() -> None:
    pictures = pictures_without_a_class()[:20]
    keys = [(n, 0) for n in range(20)]
    augmenter = Augmenter(AugmentationSpec(), seed=1)
    boxes = content_boxes(pictures)
    assert np.allclose(
        augmenter.draw(SIZE, boxes, keys, 1).matrices, augmenter.draw(SIZE, boxes, keys, 1, boxes).matrices
    )

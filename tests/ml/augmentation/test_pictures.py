"""What augmentation does to a picture, on both executors."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from ml.augmentation import Augmenter, standard_pictures
from ml.augmentation.draws import content_box, content_boxes, imadjust
from ml.spec import AugmentationSpec

KEYS = [(n, 0) for n in range(6)]


@pytest.fixture
def speckle() -> np.ndarray:
    """Six pictures, none of their pixels black; every other one padded above and below."""
    rng = np.random.default_rng(3)
    pictures = cv2.GaussianBlur(rng.random((64, 64, 6)), (0, 0), 1.2).transpose(2, 0, 1)
    pictures = np.rint(60 + 150 * (pictures - pictures.min()) / np.ptp(pictures)).astype(np.uint8)
    pictures[::2, :10] = 0
    pictures[::2, -6:] = 0
    return pictures


def test_same_key_gives_the_same_picture_and_another_key_another(speckle: np.ndarray) -> None:
    augmenter = Augmenter(AugmentationSpec(), seed=5)
    one = augmenter.pictures(speckle, KEYS, epoch=1)
    assert np.array_equal(one, augmenter.pictures(speckle, KEYS, epoch=1))
    assert np.array_equal(one[2:4], augmenter.pictures(speckle[2:4], KEYS[2:4], epoch=1)), "batch-independent"
    for other in (
        augmenter.pictures(speckle, KEYS, epoch=2),
        augmenter.pictures(speckle, [(n, 1) for n, _ in KEYS], epoch=1),
        Augmenter(AugmentationSpec(), seed=6).pictures(speckle, KEYS, epoch=1),
    ):
        assert not np.array_equal(one, other)


def test_cpu_and_device_executors_agree(speckle: np.ndarray) -> None:
    augmenter = Augmenter(AugmentationSpec(), seed=5)
    on_cpu = augmenter.pictures(speckle, KEYS, epoch=1).astype(float)
    boxes = augmenter.boxes(speckle)
    on_device = augmenter.tensors(torch.from_numpy(speckle), boxes, KEYS, epoch=1).numpy() * 255
    difference = np.abs(on_cpu - on_device)
    # OpenCV places its samples on a grid of 1/32 pixel, which is a grey level or two in fine speckle.
    assert difference.mean() < 0.75
    assert np.quantile(difference, 0.999) < 6


@pytest.mark.parametrize("executor", ["cpu", "device"])
def test_no_black_corner_or_padding_tells_how_a_picture_was_turned(
    speckle: np.ndarray, executor: str
) -> None:
    augmenter = Augmenter(AugmentationSpec(intensity=False), seed=5)
    for epoch in range(5):
        if executor == "cpu":
            out = augmenter.pictures(speckle, KEYS, epoch=epoch)
        else:
            out = augmenter.tensors(torch.from_numpy(speckle), augmenter.boxes(speckle), KEYS, epoch) * 255
        assert out.min() >= 59, "content is 60 or brighter everywhere"


def test_crop_without_rotation_stays_inside_the_content(speckle: np.ndarray) -> None:
    augmenter = Augmenter(AugmentationSpec(rotation=False, intensity=False), seed=5)
    boxes = content_boxes(speckle)
    for epoch in range(20):
        drawn = augmenter.draw(64, boxes, KEYS, epoch)
        for matrix, (x0, y0, x1, y1) in zip(drawn.matrices, boxes, strict=True):
            left, top = matrix @ (0, 0, 1)
            right, bottom = matrix @ (63, 63, 1)
            assert right - left <= 64
            if right - left <= x1 - x0 - 1:
                assert x0 - 1e-6 <= left <= right <= x1 - 1 + 1e-6
            if bottom - top <= y1 - y0 - 1:
                assert y0 - 1e-6 <= top <= bottom <= y1 - 1 + 1e-6


def test_every_switch_off_leaves_only_the_padding_filled(speckle: np.ndarray) -> None:
    off = AugmentationSpec(rotation=False, crop=False, intensity=False)
    assert np.array_equal(Augmenter(off, 0).pictures(speckle, KEYS, 1), standard_pictures(off, speckle))
    assert np.array_equal(standard_pictures(off, speckle)[1], speckle[1]), "nothing to fill, nothing changed"


def test_policy_none_changes_no_picture(speckle: np.ndarray) -> None:
    none = AugmentationSpec(policy="none")
    assert np.array_equal(Augmenter(none, 0).pictures(speckle, KEYS, 1), standard_pictures(none, speckle))
    assert np.array_equal(standard_pictures(none, speckle)[1], speckle[1])


@pytest.mark.parametrize(("rotation", "crop"), [(True, True), (True, False), (False, True), (False, False)])
def test_standard_view_is_as_sharp_as_what_training_sees(rotation: bool, crop: bool) -> None:
    """White noise shows every smoothing: its contrast outside training must be that of training."""
    spec = AugmentationSpec(rotation=rotation, crop=crop, intensity=False)
    noise = np.random.default_rng(0).integers(1, 255, (40, 64, 64), dtype=np.uint8)
    trained_on = Augmenter(spec, 0).pictures(noise, [(n, 0) for n in range(40)], 1)[:, 16:48, 16:48]
    shown = standard_pictures(spec, noise)[:, 16:48, 16:48]
    assert shown.std() == pytest.approx(trained_on.std(), rel=0.05)


def test_rotation_covers_the_full_circle() -> None:
    augmenter = Augmenter(AugmentationSpec(crop=False, intensity=False), seed=0)
    boxes = np.tile([0, 0, 64, 64], (200, 1))
    matrices = augmenter.draw(64, boxes, [(n, 0) for n in range(200)], 1).matrices
    angles = np.degrees(np.arctan2(matrices[:, 1, 0], matrices[:, 0, 0])) % 360
    assert np.histogram(angles, bins=4, range=(0, 360))[0].min() > 30


def test_imadjust_maps_its_bounds_and_bends_by_gamma() -> None:
    table = imadjust(0.1, 0.9, 2.0)
    assert table[25] == 0
    assert table[230] == 255
    assert table[128] == pytest.approx(255 * ((128 / 255 - 0.1) / 0.8) ** 2, abs=1)


@pytest.mark.parametrize(("filled", "box"), [(slice(10, 20), (0, 10, 64, 20)), (slice(0, 0), (0, 0, 64, 64))])
def test_content_box_leaves_out_padding(filled: slice, box: tuple[int, int, int, int]) -> None:
    picture = np.zeros((64, 64), np.uint8)
    picture[filled] = 9
    assert content_box(picture) == box

"""The first transfer's ten classes."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.sources import EMBEDDED, SourceRefused, load_source
from ml.sources.natural import SIDE
from tests.ml.segmentation.test_labelme import png_that_says


def make_classes(root: Path, count: int, images: int = 5) -> None:
    rng = np.random.default_rng(0)
    for label in range(count):
        (root / f"class{label}").mkdir(parents=True)
        for image in range(images):
            colour = rng.integers(0, 255, (40, 60, 3), dtype=np.uint8)
            cv2.imwrite(str(root / f"class{label}" / f"{image}.png"), colour)


def test_embedded_source_is_ten_photographs_from_installed_packages() -> None:
    source = load_source("embedded")
    assert len(EMBEDDED) == 10
    assert source.train.shape == (1000, SIDE, SIDE)
    assert np.bincount(source.validation_labels).tolist() == [25] * 10
    assert "not ImageNet" in source.description


def test_embedded_validation_patches_share_no_pixel_with_training_patches() -> None:
    source = load_source("embedded")
    for label in (0, 3):  # a square and a wide photograph
        train = source.train[source.train_labels == label]
        validation = source.validation[source.validation_labels == label]
        rows = {patch[r, :64].tobytes() for patch in train for r in range(SIDE) if np.ptp(patch[r, :64]) > 60}
        shared = sum(patch[r, :64].tobytes() in rows for patch in validation for r in range(SIDE))
        assert shared == 0


def test_embedded_patches_depend_on_the_seed_alone() -> None:
    assert np.array_equal(load_source("embedded", seed=1).train, load_source("embedded", seed=1).train)
    assert not np.array_equal(load_source("embedded", seed=1).train, load_source("embedded", seed=2).train)


def test_folder_of_ten_classes_keeps_a_fifth_for_validation(tmp_path: Path) -> None:
    make_classes(tmp_path, 10)
    source = load_source(str(tmp_path))
    assert source.classes[0] == "class0"
    assert (len(source.train), len(source.validation)) == (40, 10)


def test_folder_with_train_and_val_is_taken_as_divided(tmp_path: Path) -> None:
    make_classes(tmp_path / "train", 10, images=3)
    make_classes(tmp_path / "val", 10, images=1)
    source = load_source(str(tmp_path))
    assert (len(source.train), len(source.validation)) == (30, 10)


def test_nine_classes_are_refused(tmp_path: Path) -> None:
    make_classes(tmp_path, 9)
    with pytest.raises(SourceRefused, match="9 class folders"):
        load_source(str(tmp_path))


def test_unreadable_image_is_named(tmp_path: Path) -> None:
    make_classes(tmp_path, 10)
    (tmp_path / "class4" / "2.png").write_bytes(b"not an image")
    with pytest.raises(SourceRefused, match=r"2\.png"):
        load_source(str(tmp_path))


def test_class_without_validation_images_is_refused(tmp_path: Path) -> None:
    make_classes(tmp_path, 10, images=1)
    with pytest.raises(SourceRefused, match="no train image"):
        load_source(str(tmp_path))


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="not a folder"):
        load_source(str(tmp_path / "nowhere"))


def test_an_image_that_promises_too_many_pixels_is_named(tmp_path: Path) -> None:
    make_classes(tmp_path, 10)
    (tmp_path / "class4" / "2.png").write_bytes(png_that_says(60_000))
    with pytest.raises(SourceRefused, match=r"2\.png"):
        load_source(str(tmp_path))

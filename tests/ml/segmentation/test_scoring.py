"""Dice and Hausdorff against scipy and by hand; canvases keep the geometry of the network input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from scipy.spatial.distance import dice as scipy_dissimilarity
from scipy.spatial.distance import directed_hausdorff

from ml.segmentation.canvas import Canvas
from ml.segmentation.scoring import dice, hausdorff, mean_with_interval


def masks(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    smooth = ndimage.gaussian_filter(rng.normal(size=(2, 24, 30)), (0, 3, 3))
    found = smooth > np.quantile(smooth, 0.7)
    found[:, 12, 15] = True
    return found[0], found[1]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_dice_and_hausdorff_equal_scipy(seed: int) -> None:
    a, b = masks(seed)
    assert dice(a, b) == pytest.approx(1 - scipy_dissimilarity(a.ravel(), b.ravel()))
    edges = [np.argwhere(m & ~ndimage.binary_erosion(m)) for m in (a, b)]
    expected = max(directed_hausdorff(*edges)[0], directed_hausdorff(*edges[::-1])[0])
    assert hausdorff(a, b) == pytest.approx(expected)
    assert hausdorff(a, b, percentile=95) <= hausdorff(a, b)


def test_a_square_moved_by_three_pixels() -> None:
    a = np.zeros((20, 20), bool)
    a[5:15, 5:15] = True
    b = np.roll(a, 3, axis=1)
    assert dice(a, b) == pytest.approx(0.7)
    assert hausdorff(a, b) == 3
    assert dice(a, np.zeros_like(a)) == 0
    assert dice(np.zeros_like(a), np.zeros_like(a)) == 1
    with pytest.raises(ValueError, match="empty"):
        hausdorff(a, np.zeros_like(a))


def test_mean_has_an_interval_when_there_are_images() -> None:
    some = mean_with_interval([0.5, 0.9, 0.7])
    assert some.value == pytest.approx(0.7)
    assert some.low < 0.7 < some.high
    assert mean_with_interval([0.5]).low is None
    copies = mean_with_interval([0.5, 0.9, 0.7] * 4, ["a", "b", "c"] * 4)
    assert (copies.value, copies.low, copies.high) == pytest.approx((some.value, some.low, some.high))
    assert mean_with_interval([0.5, 0.6], ["a", "a"]).low is None, "one patient"
    assert mean_with_interval([]).value is None


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 300), st.integers(20, 300))
def test_a_mask_survives_the_way_to_the_canvas_and_back(height: int, width: int) -> None:
    canvas = Canvas(height, width, 64)
    mask = np.zeros((height, width), bool)
    mask[height // 4 : -height // 4, width // 4 : -width // 4] = True
    placed = canvas.place_mask(mask)
    assert not (placed & ~canvas.cover()).any()
    back = canvas.lift(placed.astype(np.float32)) >= 0.5
    assert back.shape == mask.shape
    assert dice(mask, back) > 0.85

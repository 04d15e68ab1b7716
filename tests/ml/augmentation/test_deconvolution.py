"""Blind deconvolution: what it recovers, what it leaves alone, and that it is computed once."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import fftconvolve

from ml.augmentation import Augmenter, blind_deconvolution, deconvolved, variants_of
from ml.augmentation import deconvolution as module
from ml.spec import AugmentationSpec

WIDTHS_MADE = ((0.8, 0.8), (0.8, 1.4), (1.0, 2.0))


def points(width: float, size: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Bright points on black, sharp, and blurred by a Gaussian of ``width`` pixels."""
    rng = np.random.default_rng(4)
    sharp = np.zeros((size, size), np.float32)
    places = rng.integers(8, size - 8, (12, 2))
    sharp[places[:, 0], places[:, 1]] = 1.0
    return sharp, cv2.GaussianBlur(sharp, (0, 0), width)


def speckle(down: float, across: float, size: int = 128) -> np.ndarray:
    """Envelope of a random field blurred by a Gaussian of these widths: what a probe makes of tissue."""
    rng = np.random.default_rng(9)
    parts = [cv2.GaussianBlur(rng.normal(size=(size, size)), (0, 0), across, sigmaY=down) for _ in range(2)]
    envelope = np.hypot(*parts)
    return (envelope / envelope.max()).astype(np.float32)


def width_of(psf: torch.Tensor, axis: int) -> float:
    place = torch.arange(psf.shape[-1], dtype=torch.float32)
    profile = psf.sum(dim=1 - axis)
    return float(((profile @ place**2) - (profile @ place) ** 2).sqrt())


def reference(observed: np.ndarray, psf: np.ndarray, iterations: int = 10) -> np.ndarray:
    """The same iteration written with SciPy's Fourier convolutions."""
    reach, tiny, picture = len(psf) // 2, 1e-4, observed.copy()
    for _ in range(iterations):
        ratio = (observed + tiny) / (fftconvolve(np.pad(picture, reach, "edge"), psf, "valid") + tiny)
        around = np.pad(picture, reach, "edge")
        psf = psf * fftconvolve(around[::-1, ::-1], ratio, "valid") / observed.sum()
        psf /= psf.sum()
        ratio = (observed + tiny) / (fftconvolve(np.pad(picture, reach, "edge"), psf, "valid") + tiny)
        picture = picture * fftconvolve(np.pad(ratio, reach, constant_values=1), psf[::-1, ::-1], "valid")
    return np.clip(picture, 0, 1)


def test_agrees_with_the_same_iteration_by_fourier_transforms() -> None:
    _, blurred = points(1.2)
    skewed = cv2.filter2D(blurred, -1, np.array([[0, 0, 0], [0, 0.6, 0.4], [0, 0, 0]], np.float32))
    given = torch.from_numpy(skewed)[None]
    ours, _ = blind_deconvolution(given)
    start = module._start(given, module.SUPPORT)[0].numpy().astype(np.float64)
    assert np.abs(ours[0].numpy() - reference(skewed.astype(np.float64), start)).max() < 2e-3


def test_brings_blurred_points_nearer_to_the_sharp_ones() -> None:
    sharp, blurred = points(1.2)
    found, _ = blind_deconvolution(torch.from_numpy(blurred)[None])
    assert np.abs(found[0].numpy() - sharp).sum() < 0.95 * np.abs(blurred - sharp).sum()
    assert found[0].max() > 1.5 * blurred.max()


def test_point_spread_function_is_estimated_not_given() -> None:
    """Of speckle that a probe made coarser across than down, and finer or coarser as a whole."""
    found = [blind_deconvolution(torch.from_numpy(speckle(*widths))[None])[1][0] for widths in WIDTHS_MADE]
    down, across = ([width_of(psf, axis) for psf in found] for axis in (0, 1))
    assert across[0] < 0.8 * across[1] < 0.8**2 * across[2]
    assert down[0] == pytest.approx(down[1], rel=0.1), "as fine down, however coarse across"
    assert across[0] == pytest.approx(down[0], rel=0.1)
    assert across[2] > 1.5 * down[2]


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**16), height=st.integers(28, 40), width=st.integers(28, 40), count=st.integers(1, 3)
)
def test_function_is_a_distribution_and_padding_stays_black(
    seed: int, height: int, width: int, count: int
) -> None:
    pictures = np.random.default_rng(seed).random((count, height, width)).astype(np.float32)
    pictures[:, :4] = 0
    found, psf = blind_deconvolution(torch.from_numpy(pictures), iterations=4)
    assert (psf >= 0).all()
    assert torch.allclose(psf.sum(dim=(1, 2)), torch.ones(count), atol=1e-4)
    assert found.min() >= 0
    assert found.max() <= 1
    assert (found[:, :4] == 0).all()


def test_a_picture_does_not_depend_on_its_batch() -> None:
    pictures = (np.stack([points(width)[1] for width in (0.8, 1.2, 2.0)]) * 255).astype(np.uint8)
    assert np.abs(deconvolved(pictures)[1].astype(int) - deconvolved(pictures[1:2])[0]).max() <= 1


@pytest.mark.parametrize("support", [8, 11])
def test_refuses_a_support_that_has_no_middle_or_no_room(support: int) -> None:
    with pytest.raises(ValueError, match="support"):
        blind_deconvolution(torch.zeros(1, 32, 32), support=support)


def test_variants_are_computed_once_and_belong_to_their_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = (np.stack([points(width)[1] for width in (0.8, 1.2)]) * 255).astype(np.uint8)
    *_, (done, first) = variants_of(pictures, [tmp_path / "a", tmp_path / "b"])
    assert done == 2
    assert np.array_equal(first, deconvolved(pictures))
    calls: list[int] = []
    original = module.deconvolved
    monkeypatch.setattr(module, "deconvolved", lambda *given: calls.append(1) or original(*given))
    *_, (_, again) = variants_of(pictures, [tmp_path / "a", tmp_path / "b"])
    assert np.array_equal(first, again)
    assert calls == []
    *_, (_, other) = variants_of(pictures[::-1], [tmp_path / "a", tmp_path / "b"])
    assert calls == [1], "other pictures of the same shape are not taken for these"
    assert np.array_equal(other, first[::-1])


def test_a_folder_that_cannot_be_written_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    pictures = np.full((1, 32, 32), 9, np.uint8)
    *_, (_, found) = variants_of(pictures, [tmp_path / "file" / "derived", tmp_path / "work"])
    assert found.shape == pictures.shape
    assert list((tmp_path / "work").iterdir())


def test_a_quarter_of_the_samples_start_sharpened_keyed_by_seed_epoch_and_sample() -> None:
    keys = [(n, 0) for n in range(2000)]
    augmenter = Augmenter(AugmentationSpec(), seed=3)
    taken = augmenter.takes_deconvolved(keys, epoch=1)
    assert taken.mean() == pytest.approx(0.25, abs=0.04)
    assert np.array_equal(taken, augmenter.takes_deconvolved(keys, epoch=1))
    assert not np.array_equal(taken, augmenter.takes_deconvolved(keys, epoch=2))
    off = Augmenter(AugmentationSpec(deconvolution=False), seed=3)
    none = Augmenter(AugmentationSpec(policy="none"), seed=3)
    assert not off.takes_deconvolved(keys, 1).any()
    assert not none.takes_deconvolved(keys, 1).any()


@pytest.mark.gpu
def test_device_gives_the_pictures_of_the_processor() -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    pictures = (np.stack([points(width)[1] for width in (0.8, 1.2)]) * 255).astype(np.uint8)
    assert np.abs(deconvolved(pictures).astype(int) - deconvolved(pictures, "cuda")).max() <= 2

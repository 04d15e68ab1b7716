"""Pictures a core-second of augmentation, ours against the libraries': ``python -m tests.bench augment``.

The same work each time: a random crop, a rotation by any angle and a grey-level curve of 256×256 pictures
(``warp``), and ten iterations of blind Richardson–Lucy with a 9×9 point-spread function
(``blind deconvolution``). ``over_ours`` is how many times as fast ours is; processor time of one thread.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import cv2
import numpy as np
import torch
from scipy.signal import fftconvolve

from ml.augmentation import Augmenter, deconvolved
from ml.augmentation.deconvolution import ITERATIONS, SUPPORT, TINY
from ml.spec import AugmentationSpec

Grey = np.ndarray


def main(argv: list[str]) -> int:
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    grain = np.random.default_rng(0).random((64, 256, 256)).astype(np.float32)
    pictures = np.stack([cv2.GaussianBlur(part, (0, 0), 1.5) for part in grain])
    pictures = np.rint(255 * (pictures - pictures.min()) / np.ptp(pictures)).astype(np.uint8)
    report("warp", pictures, {"ours": ours_warp, "monai": monai_warp(), "scikit-image": skimage_warp})
    report(
        "blind deconvolution",
        pictures[:16],
        {"ours": lambda few: deconvolved(few), "scipy": scipy_blind, "scikit-image": skimage_given_psf},
    )
    return 0


def report(what: str, pictures: Grey, ways: dict[str, Callable[[Grey], object]]) -> None:
    rates = {name: pictures_a_second(way, pictures) for name, way in ways.items()}
    for name, rate in rates.items():
        line = {"bench": "augment", "what": what, "who": name, "pictures_per_core_second": round(rate, 1)}
        print(json.dumps(line | {"ours_is_times_as_fast": round(rates["ours"] / rate, 1)}), flush=True)


def pictures_a_second(way: Callable[[Grey], object], pictures: Grey) -> float:
    """Best of three after a warm-up on a few."""
    way(pictures[:8])
    fewest = float("inf")
    for _ in range(3):
        began = time.process_time()
        way(pictures)
        fewest = min(fewest, time.process_time() - began)
    return len(pictures) / fewest


def ours_warp(pictures: Grey) -> Grey:
    keys = [(number, 0) for number in range(len(pictures))]
    return Augmenter(AugmentationSpec(), seed=0).pictures(pictures, keys, epoch=1)


def monai_warp() -> Callable[[Grey], object]:
    from monai.transforms import (
        Compose,
        RandAdjustContrast,
        RandRotate,
        RandScaleIntensity,
        RandShiftIntensity,
        RandSpatialCrop,
        Resize,
        ScaleIntensityRange,
    )

    chain = Compose(
        [
            ScaleIntensityRange(0, 255, 0, 1),
            RandSpatialCrop((192, 192), max_roi_size=(256, 256), random_size=True),
            Resize((256, 256)),
            RandRotate(range_x=float(np.pi), prob=1, padding_mode="reflection"),
            RandShiftIntensity(offsets=0.1, prob=1),  # imadjust moves black, white and gamma
            RandScaleIntensity(factors=0.1, prob=1),
            RandAdjustContrast(prob=1, gamma=(0.8, 1.25)),
        ]
    )
    return lambda pictures: [chain(torch.from_numpy(picture)[None].float()) for picture in pictures]


def skimage_warp(pictures: Grey) -> object:
    from skimage.exposure import adjust_gamma, rescale_intensity
    from skimage.transform import AffineTransform, warp

    rng, out = np.random.default_rng(0), []
    for picture in pictures:
        side = rng.uniform(0.75, 1)
        turn = AffineTransform(scale=side, rotation=rng.uniform(0, 2 * np.pi))
        warped = warp(picture, turn, mode="reflect", order=1)
        bounds = (rng.uniform(0, 0.1), rng.uniform(0.9, 1))
        toned = rescale_intensity(warped, in_range=bounds, out_range=(0, 1))
        out.append(adjust_gamma(toned, rng.uniform(0.8, 1.25)))
    return out


def scipy_blind(pictures: Grey) -> object:
    return [_scipy_blind(picture.astype(np.float32) / 255) for picture in pictures]


def _scipy_blind(observed: Grey) -> Grey:
    """The same alternating iteration, by SciPy's Fourier convolutions."""
    reach, picture = SUPPORT // 2, observed.copy()
    profile = np.exp(-0.5 * ((np.arange(SUPPORT, dtype=np.float32) - reach) / 1.5) ** 2)
    psf = np.outer(profile, profile) / profile.sum() ** 2
    for _ in range(ITERATIONS):
        around = np.pad(picture, reach, "edge")
        ratio = (observed + TINY) / (fftconvolve(around, psf, "valid") + TINY)
        psf = psf * fftconvolve(around[::-1, ::-1], ratio, "valid") / observed.sum()
        psf /= psf.sum()
        ratio = (observed + TINY) / (fftconvolve(around, psf, "valid") + TINY)
        picture = picture * fftconvolve(np.pad(ratio, reach, constant_values=1), psf[::-1, ::-1], "valid")
    return picture


def skimage_given_psf(pictures: Grey) -> object:
    """scikit-image has no blind form; twice its iterations with a given function are as many convolutions."""
    from skimage.restoration import richardson_lucy

    profile = np.exp(-0.5 * ((np.arange(SUPPORT, dtype=np.float32) - SUPPORT // 2) / 1.5) ** 2)
    psf = np.outer(profile, profile) / profile.sum() ** 2
    return [richardson_lucy(picture.astype(np.float32) / 255, psf, 2 * ITERATIONS) for picture in pictures]

"""Blind deconvolution (paper §3.2 ④): Richardson–Lucy with the point-spread function estimated.

Alternating Richardson–Lucy (Fish et al., J. Opt. Soc. Am. A 12, 1995): each iteration corrects the
point-spread function given the picture, then the picture given the point-spread function. Each picture
gets its own. The function starts as the Gaussian whose speckle would be as coarse as the picture's along
each axis: the autocorrelation of speckle is that of the function that made it (Wagner et al., IEEE Trans.
Sonics Ultrason. 30, 1983), and what is uniform in a picture teaches the iteration nothing.

It is deterministic and some thirty times the work of all other augmentation, so it is done once a
picture and kept (:func:`variants_of`), not once an epoch. Every convolution, the correlation that
corrects the function included, is one grouped convolution over the batch: on a CPU a small support is
faster so than by Fourier transforms, and the same code runs on a GPU.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ml.cohort.durable import reserved

SUPPORT = 9  # pixels; more than the speckle of a 256-pixel picture is wide
ITERATIONS = 10  # further ones amplify noise
WIDTHS = (0.5, 2.5)  # pixels; the Gaussian to start from is neither a point nor wider than its support
TINY = 1e-4  # of full scale; keeps 0 / 0 (padding) at 1
BATCH = 16  # a grouped convolution takes 16 pictures side by side in as long as it takes one
GPU_BATCH = 256
VERSION = 1  # to be raised when the same picture comes out otherwise


@torch.no_grad()
def blind_deconvolution(
    pictures: Tensor, *, iterations: int = ITERATIONS, support: int = SUPPORT
) -> tuple[Tensor, Tensor]:
    """Sharpened pictures and the functions found: ``(B, H, W)`` in [0, 1] → the same and ``(B, K, K)``.

    ``support`` K is odd and at most a third of the picture. The functions are non-negative and sum to 1; the
    sum of each picture is kept to within what its edges lose; what is 0 (padding) stays 0.
    """
    if support % 2 == 0 or 3 * support > min(pictures.shape[-2:]):
        raise ValueError("the support is an odd number of pixels, at most a third of the picture")
    observed = pictures.float()
    picture = observed.clone()
    psf = _start(observed, support)
    total = observed.sum(dim=(1, 2), keepdim=True).clamp(min=TINY)
    for _ in range(iterations):
        ratio = _ratio(observed, _convolve(picture, psf))
        # Given the picture: correlate it with the ratio, within the support.
        psf = psf * _convolve(picture, ratio, reach=support // 2) / total
        psf = psf / psf.sum(dim=(1, 2), keepdim=True).clamp(min=TINY)
        ratio = _ratio(observed, _convolve(picture, psf))
        picture = picture * _convolve(ratio, psf.flip(1, 2), edge=1.0)
    return picture.clamp_(0, 1), psf.flip(1, 2)


def deconvolved(pictures: NDArray[np.uint8], device: torch.device | str = "cpu") -> NDArray[np.uint8]:
    """``(N, H, W)`` uint8 → the same shape, sharpened, a batch in memory at a time."""
    device = torch.device(device)
    out = np.empty(pictures.shape, np.uint8)
    batch = BATCH if device.type == "cpu" else GPU_BATCH
    for start in range(0, len(pictures), batch):
        part = torch.from_numpy(np.array(pictures[start : start + batch])).to(device)
        sharp, _ = blind_deconvolution(part.float().div_(255))
        out[start : start + batch] = sharp.mul_(255).round_().to(torch.uint8).cpu().numpy()
    return out


def variants_of(
    pictures: NDArray[np.uint8], folders: list[Path], device: torch.device | str = "cpu"
) -> Iterator[tuple[int, NDArray[np.uint8] | None]]:
    """Sharpened pictures, computed once for as long as the first writable of ``folders`` is kept.

    Yields ``(how many are done, None)`` as it goes and last ``(N, variants)`` with the memory-mapped
    ``(N, H, W)`` uint8 pictures. Two runs that start together compute the same file; one stays.
    """
    name = f"blind-deconvolution-{VERSION}-{_fingerprint(pictures)}.npy"
    for folder in folders:
        found = _kept(folder / name, pictures.shape)
        if found is not None:
            yield len(pictures), found
            return
    target = _writable(folders) / name
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=target.parent)
    os.close(handle)
    draft = Path(temporary)
    try:
        sink = reserved(draft, pictures.shape)
        step = 32 if torch.device(device).type == "cpu" else GPU_BATCH
        for start in range(0, len(pictures), step):
            yield start, None
            sink[start : start + step] = deconvolved(pictures[start : start + step], device)
        sink.flush()
        draft.chmod(0o644)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    yield len(pictures), np.load(target, mmap_mode="r", allow_pickle=False)


def _fingerprint(pictures: NDArray[np.uint8]) -> str:
    """Of all pixels: what is kept belongs to these pictures and no others, however they are split."""
    digest = hashlib.sha256(repr(pictures.shape).encode())
    for start in range(0, len(pictures), 256):
        digest.update(np.ascontiguousarray(pictures[start : start + 256]).data)
    return digest.hexdigest()[:24]


def _kept(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8] | None:
    """A file of an earlier run; ``None`` where it is absent, damaged or of other pictures."""
    try:
        found: NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        return None
    return found if found.shape == shape and found.dtype == np.uint8 else None


def _writable(folders: list[Path]) -> Path:
    for folder in folders[:-1]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
        except OSError:  # a frozen dataset on a read-only disk
            continue
    folders[-1].mkdir(parents=True, exist_ok=True)
    return folders[-1]


def _start(observed: Tensor, support: int) -> Tensor:
    """A Gaussian ``(K, K)`` a picture, of the width that its speckle has down and across."""
    coarse = functional.avg_pool2d(observed[:, None], support, stride=1, padding=support // 2)[:, 0]
    grain = (observed - coarse)[:, support:-support, support:-support]
    place = torch.arange(support, device=observed.device, dtype=torch.float32) - support // 2
    power = grain.square().mean(dim=(1, 2)).clamp(min=TINY**2)
    profiles = []
    for axis in (1, 2):
        length = grain.shape[axis] - 1
        beside = grain.narrow(axis, 0, length) * grain.narrow(axis, 1, length)
        correlation = (beside.mean(dim=(1, 2)) / power).clamp(0.01, 0.999)
        # Speckle of a Gaussian of width s correlates as exp(-d² / 4s²) at the distance d.
        width = (0.5 / (-correlation.log()).sqrt()).clamp(*WIDTHS)
        profiles.append(torch.exp(-0.5 * (place / width[:, None]) ** 2))
    square = profiles[0][:, :, None] * profiles[1][:, None]
    return square / square.sum(dim=(1, 2), keepdim=True)


def _ratio(observed: Tensor, expected: Tensor) -> Tensor:
    return (observed + TINY).div_(expected.add_(TINY))


def _convolve(
    pictures: Tensor, kernels: Tensor, *, reach: int | None = None, edge: float | None = None
) -> Tensor:
    """Each picture with its own kernel, in one grouped convolution (correlation, as in all of torch).

    ``(B, H, W)`` and ``(B, K, K)`` → ``(B, H, W)``; with ``reach`` the kernel is a picture too and the
    result ``(B, 2 reach + 1, 2 reach + 1)``. Beyond its edge a picture goes on as it ends, or as ``edge``.
    """
    around = kernels.shape[-1] // 2 if reach is None else reach
    if edge is None:
        padded = functional.pad(pictures[:, None], (around,) * 4, mode="replicate")
    else:
        padded = functional.pad(pictures[:, None], (around,) * 4, value=edge)
    return functional.conv2d(padded.transpose(0, 1), kernels[:, None], groups=len(pictures))[0]

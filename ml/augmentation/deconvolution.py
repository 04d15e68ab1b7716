"""Blind deconvolution (paper §3.2 ④): Richardson–Lucy with the point-spread function estimated.

Alternating Richardson–Lucy (Fish et al., J. Opt. Soc. Am. A 12, 1995): each iteration corrects the
point-spread function given the picture, then the picture given the point-spread function. Nothing is
assumed of the function but its support and that it starts as a Gaussian; each picture gets its own.

It is deterministic and some thirty times the work of all other augmentation, so it is done once a
picture and kept (:func:`variants_of`), not once an epoch. Every convolution, the correlation that
corrects the function included, is one grouped convolution over the batch: on a CPU a small support is
faster so than by Fourier transforms, and the same code runs on a GPU.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

SUPPORT = 9  # pixels; more than the speckle of a 256-pixel picture is wide
ITERATIONS = 10  # further ones amplify noise
START_WIDTH = 1.5  # pixels, standard deviation of the Gaussian to start from
TINY = 1e-4  # of full scale; keeps 0 / 0 (padding) at 1
BATCH = 8  # pictures that still fit into a core's cache together
GPU_BATCH = 256
VARIANTS = "blind-deconvolution-1.npy"  # raise the number when the pictures change


@torch.no_grad()
def blind_deconvolution(
    pictures: Tensor, *, iterations: int = ITERATIONS, support: int = SUPPORT
) -> tuple[Tensor, Tensor]:
    """Sharpened pictures and the functions found: ``(B, H, W)`` in [0, 1] → the same and ``(B, K, K)``.

    ``support`` K is odd and smaller than the picture. The functions are non-negative and sum to 1; the
    sum of each picture is kept to within what its edges lose; what is 0 (padding) stays 0.
    """
    if support % 2 == 0 or support > min(pictures.shape[-2:]):
        raise ValueError("the support is an odd number of pixels, smaller than the picture")
    observed = pictures.float()
    picture = observed.clone()
    psf = _gaussian(support, observed).expand(len(observed), -1, -1).contiguous()
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
    for folder in folders:
        found = _kept(folder / VARIANTS, pictures.shape)
        if found is not None:
            yield len(pictures), found
            return
    folder = _writable(folders)
    handle, name = tempfile.mkstemp(prefix=f".{VARIANTS}.", dir=folder)
    os.close(handle)
    draft = Path(name)
    try:
        sink = np.lib.format.open_memmap(draft, mode="w+", dtype=np.uint8, shape=pictures.shape)
        step = 32 if torch.device(device).type == "cpu" else GPU_BATCH
        for start in range(0, len(pictures), step):
            yield start, None
            sink[start : start + step] = deconvolved(pictures[start : start + step], device)
        sink.flush()
        draft.chmod(0o644)
        draft.replace(folder / VARIANTS)
    finally:
        draft.unlink(missing_ok=True)
    yield len(pictures), np.load(folder / VARIANTS, mmap_mode="r", allow_pickle=False)


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


def _gaussian(support: int, like: Tensor) -> Tensor:
    place = torch.arange(support, device=like.device, dtype=torch.float32) - support // 2
    profile = torch.exp(-0.5 * (place / START_WIDTH) ** 2)
    square = profile[:, None] * profile
    return (square / square.sum())[None]


def _ratio(observed: Tensor, expected: Tensor) -> Tensor:
    return (observed + TINY).div_(expected.add_(TINY))


def _convolve(pictures: Tensor, kernels: Tensor, *, reach: int | None = None, edge: float | None = None) -> Tensor:
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

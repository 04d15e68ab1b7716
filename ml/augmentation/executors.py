"""Carrying out a draw: OpenCV on the CPU, one ``grid_sample`` on a GPU. Both give the same pictures.

The composed warp reads outside the content by reflection. A rotated picture therefore has no black
corners; with factors that differ between stages, such corners would tell the stage.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ml.augmentation.draws import IDENTITY, Draw


def apply_cpu(pictures: NDArray[np.uint8], draw: Draw) -> NDArray[np.uint8]:
    """``(B, H, W)`` uint8 → the same shape: grey table, then one warp."""
    out = np.empty_like(pictures)
    for row, picture in enumerate(pictures):
        out[row] = _warp(picture, draw.matrices[row], draw.boxes[row], draw.tables[row])
    return out


def _warp(
    picture: NDArray[np.uint8],
    matrix: NDArray[np.float64],
    box: NDArray[np.int64],
    table: NDArray[np.uint8],
) -> NDArray[np.uint8]:
    x0, y0, x1, y1 = (int(edge) for edge in box)
    content = picture[y0:y1, x0:x1]
    toned = content if np.array_equal(table, IDENTITY) else np.asarray(cv2.LUT(content, table), np.uint8)
    local = matrix.copy()
    local[:, 2] -= (x0, y0)
    if toned.shape == picture.shape and np.allclose(local, [[1, 0, 0], [0, 1, 0]], atol=1e-9):
        return toned
    warped = cv2.warpAffine(
        toned,
        local,
        picture.shape[::-1],
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    return np.asarray(warped, dtype=np.uint8)


def apply_torch(pictures: Tensor, draw: Draw) -> Tensor:
    """``(B, H, W)`` uint8 on any device → ``(B, H, W)`` float32 in [0, 1] on that device."""
    device = pictures.device
    height, width = pictures.shape[1:]
    tables = torch.from_numpy(draw.tables).to(device)
    toned = torch.gather(tables, 1, pictures.flatten(1).long()).view(pictures.shape).float().div_(255)
    matrices = torch.from_numpy(draw.matrices).to(device, torch.float32)
    boxes = torch.from_numpy(draw.boxes).to(device, torch.float32)
    rows, columns = torch.meshgrid(
        torch.arange(height, device=device, dtype=torch.float32),
        torch.arange(width, device=device, dtype=torch.float32),
        indexing="ij",
    )
    ones = torch.ones_like(rows)
    source = torch.einsum("bij,jhw->bhwi", matrices, torch.stack([columns, rows, ones]))
    reflected = _reflect(source, low=boxes[:, None, None, :2], high=boxes[:, None, None, 2:] - 1)
    scale = torch.tensor([2 / max(width - 1, 1), 2 / max(height - 1, 1)], device=device)
    return functional.grid_sample(
        toned[:, None],
        reflected * scale - 1,
        mode="bilinear",
        padding_mode="border",
        align_corners=True,
    )[:, 0]


def _reflect(position: Tensor, *, low: Tensor, high: Tensor) -> Tensor:
    """Fold positions into [low, high] as often as needed, the edge itself not doubled."""
    length = (high - low).clamp(min=1e-6)
    folded = torch.remainder(position - low, 2 * length)
    return low + torch.minimum(folded, 2 * length - folded)

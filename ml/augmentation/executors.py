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

FLAGS, BORDER = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, cv2.BORDER_REFLECT_101
UNMOVED = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
STILL = 1e-9  # of a pixel


def apply_cpu(pictures: NDArray[np.uint8], draw: Draw) -> NDArray[np.uint8]:
    """``(B, H, W)`` uint8 → the same shape: grey table, then one warp."""
    out = np.empty(pictures.shape, dtype=np.uint8)
    local = draw.matrices.copy()
    local[:, :, 2] -= draw.boxes[:, :2]
    height, width = pictures.shape[1:]
    whole = (draw.boxes == (0, 0, width, height)).all(axis=1)
    still = whole & (np.abs(local - UNMOVED) <= STILL).all(axis=(1, 2))
    plain = (draw.tables == IDENTITY).all(axis=1)
    for row, picture in enumerate(pictures):
        x0, y0, x1, y1 = draw.boxes[row].tolist()
        content = picture if whole[row] else picture[y0:y1, x0:x1]
        if not plain[row]:
            # Straight into the answer, where nothing is moved afterwards.
            content = cv2.LUT(content, draw.tables[row], dst=out[row] if still[row] else None)
        if not still[row]:
            cv2.warpAffine(content, local[row], (width, height), dst=out[row], flags=FLAGS, borderMode=BORDER)
        elif plain[row]:
            out[row] = content
    return out


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

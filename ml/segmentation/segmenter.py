"""A trained segmenter: where the liver is in a frame, or that there is none."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load as from_bytes
from safetensors.torch import save as to_bytes
from scipy import ndimage
from torch import nn

from ml.models.device import place, resolve_device
from ml.models.folder import write_whole
from ml.segmentation.canvas import Canvas
from ml.segmentation.network import build_unet
from ml.spec import HepaStageError

LIKELY = 0.5
SMALLEST_SHARE = 0.02
"""Of the frame: a liver takes more of an abdominal image than that."""
LEAST_CONFIDENCE = 0.75
"""Mean probability inside the mask below which the image is said to show no liver."""
KEPT_PART = 0.1
"""Separate pieces smaller than this share of the largest are dropped as specks."""


class SegmenterUnusable(HepaStageError):
    """A folder that is not a segmenter, or not whole."""

    code = "segmenter-unusable"
    remedy = "Give the model folder that `python -m ml segment train` wrote."


class SegmenterInfo(BaseModel):
    """``model.json`` of a segmenter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["segmenter"] = "segmenter"
    schema_version: int = 1
    sha256: str = Field("", description="Of model.safetensors.")
    size: int
    width: int
    epochs: int
    seed: int
    simulated: bool
    boxes_bound: bool = Field(description="Whether the outside of a box was taken for background.")
    trained_on: list[str] = Field(description="SHA-256 of the images it was trained and validated on.")
    trained_groups: list[str] = Field(
        default_factory=list, description="SHA-256 of the groups (patients) of those images, where named."
    )
    metrics: dict[str, dict[str, float | None]] = Field(default_factory=dict)
    record: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True)
class Segmenter:
    """A loaded segmenter, warm on its device."""

    network: nn.Module
    info: SegmenterInfo
    device: torch.device

    def probabilities(self, frame: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probability of liver (height, width) of a grey frame."""
        canvas = Canvas(frame.shape[0], frame.shape[1], self.info.size)
        return canvas.lift(canvas_probabilities(self.network, canvas.place(frame)[None], self.device)[0])


@dataclass(frozen=True)
class LiverBox:
    """The crop that staging sees: ``x0 <= x < x1`` and ``y0 <= y < y1``."""

    x0: int
    y0: int
    x1: int
    y1: int

    def crop(self, frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The part of the frame inside the box."""
        return frame[self.y0 : self.y1, self.x0 : self.x1]


def apply_segmenter(model: Segmenter, frame_uint8: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    """Liver (height, width) of a grey frame, whole screen or cropped; ``None`` if it shows no liver."""
    if frame_uint8.ndim != 2 or frame_uint8.dtype != np.uint8 or min(frame_uint8.shape) < 8:
        raise SegmenterUnusable("a frame is a grey picture (height, width) of 8 bits", code="frame-unusable")
    return liver_of(model.probabilities(frame_uint8))


def liver_of(probabilities: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """Threshold, drop specks, fill holes (vessels belong to the liver); ``None`` if little or unsure."""
    parts, count = ndimage.label(probabilities >= LIKELY)
    if count == 0:
        return None
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    mask = ndimage.binary_fill_holes(np.isin(parts, np.flatnonzero(sizes >= KEPT_PART * sizes.max())))
    if mask.mean() < SMALLEST_SHARE or probabilities[mask].mean() < LEAST_CONFIDENCE:
        return None
    return mask


def liver_box(mask: NDArray[np.bool_], *, margin: float = 0.02) -> LiverBox:
    """The smallest upright box around the mask, wider by ``margin`` of its longer edge, inside the frame."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        raise SegmenterUnusable("an empty mask has no box", code="mask-empty")
    extra = round(margin * max(np.ptp(rows), np.ptp(columns)))
    height, width = mask.shape
    return LiverBox(
        max(0, int(columns[0]) - extra), max(0, int(rows[0]) - extra),
        min(width, int(columns[-1]) + 1 + extra), min(height, int(rows[-1]) + 1 + extra),
    )  # fmt: skip


def liver_outline(mask: NDArray[np.bool_], *, tolerance: float = 2.0) -> list[list[tuple[int, int]]]:
    """Polygons (x, y) around the mask, within ``tolerance`` pixels, for a viewer to draw."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    polygons = [cv2.approxPolyDP(contour, tolerance, True)[:, 0] for contour in contours]
    return [[(int(x), int(y)) for x, y in polygon] for polygon in polygons if len(polygon) >= 3]


@torch.inference_mode()
def canvas_probabilities(
    network: nn.Module, canvases: NDArray[np.uint8], device: torch.device
) -> NDArray[np.float32]:
    """Probabilities (N, S, S) of canvases (N, S, S)."""
    batch = torch.from_numpy(canvases)[:, None].to(device).float().div_(255)
    network.eval()
    logits = network(batch.contiguous(memory_format=torch.channels_last))
    return torch.sigmoid(logits.float())[:, 0].cpu().numpy()


def save_segmenter(folder: Path, network: nn.Module, info: SegmenterInfo) -> SegmenterInfo:
    """Write ``model.safetensors``, ``card.md`` and, last, ``model.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = to_bytes(
        {name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}
    )
    written = info.model_copy(update={"sha256": hashlib.sha256(weights).hexdigest()})
    write_whole(folder / "model.safetensors", weights)
    write_whole(folder / "card.md", segmenter_card(written).encode())
    text = json.dumps(written.model_dump(mode="json"), indent=1, ensure_ascii=False, sort_keys=True)
    write_whole(folder / "model.json", text.encode())
    return written


def load_segmenter(folder: Path | str, *, device: str = "auto") -> Segmenter:
    """Read a segmenter's folder and check its weights against their hash."""
    folder = Path(folder)
    try:
        info = SegmenterInfo.model_validate_json((folder / "model.json").read_bytes())
        weights = (folder / "model.safetensors").read_bytes()
        if hashlib.sha256(weights).hexdigest() != info.sha256:
            raise SegmenterUnusable(f"{folder.name}: the weights were changed after they were written")
        network = build_unet(info.width)
        network.load_state_dict(from_bytes(weights))
    except FileNotFoundError as error:
        raise SegmenterUnusable(
            f"{folder} is not a segmenter: {Path(error.filename).name} not found"
        ) from error
    except (ValidationError, SafetensorError, RuntimeError) as error:
        raise SegmenterUnusable(f"{folder} cannot be read as a segmenter: {error}") from error
    where = resolve_device(device)
    return Segmenter(place(network, where).eval(), info, where)


def segmenter_card(info: SegmenterInfo) -> str:
    """What the segmenter is and is not, for people."""
    lines = [
        "# Liver segmenter",
        "",
        "Outlines the liver parenchyma in B-mode images, or says that there is none. Not a medical device.",
        "",
    ]
    if info.simulated:
        lines += ["**Trained on SIMULATED images. Its figures say nothing about real ones.**", ""]
    lines += [
        f"- U-Net (MONAI BasicUNet, batch norm), width {info.width}, canvas {info.size}×{info.size}",
        f"- {len(info.trained_on)} images to train and validate, {info.epochs} epochs, seed {info.seed}",
        f"- Outside a box was {'background' if info.boxes_bound else 'left undecided'}",
        "",
        "| metric (images it did not see) | value | 95 % interval |",
        "|---|---|---|",
    ]
    for name, metric in info.metrics.items():
        value, low, high = (
            f"{metric[k]:.3f}" if metric[k] is not None else "–" for k in ("value", "low", "high")
        )
        lines.append(f"| {name.replace('_', ' ')} | {value} | {low} to {high} |")
    return "\n".join(lines) + "\n"

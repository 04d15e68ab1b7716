"""Checkpoints: one safetensors file each, with its JSON in the header, so that one rename replaces both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save as to_bytes

from ml.models.folder import write_whole
from ml.spec import HepaStageError

STATE = "state"


class CheckpointUnusable(HepaStageError):
    """A checkpoint that cannot be read back."""

    code = "checkpoint-unusable"
    remedy = "Remove the work directory (or choose another) and start the run again."


def save_checkpoint(path: Path, tensors: Mapping[str, torch.Tensor], state: Mapping[str, Any]) -> None:
    """Write beside, flush to disk, rename. ``state`` is JSON; floats survive bit for bit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = to_bytes(
        {name: value.detach().cpu().contiguous() for name, value in tensors.items()},
        metadata={STATE: json.dumps(state)},
    )
    write_whole(path, content)


def read_checkpoint(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]] | None:
    """Tensors and state, or ``None`` where there is no checkpoint yet."""
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            state = json.loads(file.metadata()[STATE])
            return {name: file.get_tensor(name) for name in file.keys()}, state  # noqa: SIM118 (not a mapping)
    except Exception as error:  # whatever the file is, it is not ours: say so once
        raise CheckpointUnusable(f"{path} cannot be read: {error}") from error


def with_prefix(prefix: str, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {f"{prefix}.{name}": value for name, value in tensors.items()}


def of_prefix(prefix: str, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {
        name.removeprefix(f"{prefix}."): value
        for name, value in tensors.items()
        if name.startswith(f"{prefix}.")
    }

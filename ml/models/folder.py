"""A model on disk is a folder: ``model.safetensors``, ``model.json`` and ``card.md``."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import nn

from ml.models.building import build_network
from ml.models.calibration import Calibration
from ml.models.card import model_card
from ml.models.device import Precision, place, resolve_device
from ml.models.familiarity import Familiarity
from ml.spec import Architecture, Band, HepaStageError, TrainSpec
from ml.spec.crop import REGION, Crop

SCHEMA_VERSION = 1


class ModelUnusable(HepaStageError):
    """A folder that is not a model, or not whole."""

    code = "model-unusable"
    remedy = "Give the model folder that a training wrote (model.safetensors, model.json, card.md)."


class ModelInfo(BaseModel):
    """``model.json``: what the model is, what it learned from and how well it did."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: int = SCHEMA_VERSION
    name: str
    sha256: str = Field("", description="Of model.safetensors.")
    spec: TrainSpec
    dataset_hash: str
    simulated: bool
    crop: Crop = Field(REGION, description="What of a frame it was trained to see.")
    size: int = Field(256, description="Edge of the input pictures in pixels.")
    networks: list[str] = Field(description="Networks inside: the model's own first, then single-band ones.")
    calibration: dict[str, Calibration]
    familiarity: dict[Band, Familiarity] = Field(
        default_factory=dict, description="What the training pictures of each band looked like."
    )
    precision: Precision = "fp32"
    metrics: dict[str, dict[str, Any]] = Field(
        default_factory=dict,
        description="'validation' and 'test' → patient-level metrics with intervals.",
    )
    record: dict[str, Any] = Field(
        default_factory=dict, description="Seed, versions, commit, device, duration."
    )
    created_at: str = ""

    @field_validator("spec", mode="before")
    @classmethod
    def _of_any_version(cls, value: Any) -> Any:
        return TrainSpec.stored(value) if isinstance(value, dict) else value

    @property
    def architecture(self) -> Architecture:
        return self.spec.architecture


@dataclass(frozen=True)
class Model:
    """A loaded model, warm on its device. ``networks`` are named after their :class:`Architecture`."""

    folder: Path
    info: ModelInfo
    networks: dict[str, nn.Module]
    device: torch.device

    def network_for(self, bands: set[Band]) -> str | None:
        """Name of the network that answers from exactly these bands, or ``None``.

        The model's own network wherever the bands that it sees are there (it ignores others); else a
        band network that a fusion model carries.
        """
        if set(self.info.spec.bands) <= bands:
            return str(self.info.architecture)
        return next((str(band).lower() for band in bands if str(band).lower() in self.networks), None)


def as_input(planes: torch.Tensor, device: torch.device) -> torch.Tensor:
    """uint8 or float ``(B, P, H, W)`` → float32 in [0, 1] on the device, channels last."""
    moved = planes.to(device, non_blocking=True)
    scaled = moved.float().div_(255) if moved.dtype == torch.uint8 else moved
    return scaled.contiguous(memory_format=torch.channels_last)


def save_model(folder: Path, networks: Mapping[str, nn.Module], info: ModelInfo) -> ModelInfo:
    """Write the folder; each file appears whole, ``model.json`` last. Returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        f"{name}.{key}": value.detach().cpu().contiguous()
        for name, network in networks.items()
        for key, value in network.state_dict().items()
    }
    weights = to_bytes(tensors)
    written = info.model_copy(
        update={"sha256": hashlib.sha256(weights).hexdigest(), "networks": list(networks)}
    )
    write_whole(folder / "model.safetensors", weights)
    write_whole(folder / "card.md", model_card(written.model_dump(mode="json")).encode())
    text = json.dumps(written.model_dump(mode="json"), indent=1, ensure_ascii=False, sort_keys=True)
    write_whole(folder / "model.json", text.encode())
    return written


def load_model(folder: Path | str, *, device: str = "auto") -> Model:
    """Read a model folder, check the weights against their hash, and put the networks on the device."""
    folder = Path(folder)
    weights = folder / "model.safetensors"
    try:
        info = ModelInfo.model_validate_json((folder / "model.json").read_bytes())
        if hashlib.sha256(weights.read_bytes()).hexdigest() != info.sha256:
            raise ModelUnusable(f"{weights} was changed after it was written.", code="model-damaged")
        with safe_open(weights, framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a mapping)
    except FileNotFoundError as error:
        raise ModelUnusable(
            f"{folder} is not a model folder: {Path(error.filename).name} not found."
        ) from error
    except (ValidationError, SafetensorError) as error:
        raise ModelUnusable(f"{folder} cannot be read as a model: {error}") from error
    where = resolve_device(device)
    networks: dict[str, nn.Module] = {}
    for name in info.networks:
        try:
            network = build_network(name, info.spec)
            network.load_state_dict(_tensors_of(name, tensors))
        except (KeyError, RuntimeError) as error:
            raise ModelUnusable(
                f"{folder} holds a network {name!r} of another shape than this version's."
            ) from error
        networks[name] = place(network, where).eval()
    return Model(folder, info, networks, where)


def write_whole(path: Path, content: bytes) -> None:
    """Write beside, flush to disk, rename: the file is there whole or as it was."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as sink:
            sink.write(content)
            sink.flush()
            os.fsync(sink.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _tensors_of(name: str, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors of one network, under the names that it gives them."""
    return {
        key.removeprefix(f"{name}."): value for key, value in tensors.items() if key.startswith(f"{name}.")
    }

"""A model folder is read back as it was written, or refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from ml.models import (
    BandClassifier,
    Calibration,
    FusionNetwork,
    ModelInfo,
    ModelUnusable,
    load_model,
    save_model,
)
from ml.models.device import DeviceUnavailable, choose_precision, resolve_device
from ml.spec import Architecture, Band, TrainSpec

BOTH = {Band.HF, Band.LF}


def info(architecture: Architecture, networks: list[str]) -> ModelInfo:
    return ModelInfo(
        name="Test",
        spec=TrainSpec(architecture=architecture),
        dataset_hash="f" * 64,
        simulated=True,
        size=48,
        networks=networks,
        calibration={name: Calibration(temperature=1.5) for name in networks},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    networks = {"fusion": FusionNetwork(), "hf": BandClassifier(), "lf": BandClassifier()}
    save_model(tmp_path / "model", networks, info(Architecture.FUSION, list(networks)))
    return tmp_path / "model"


def test_folder_holds_exactly_the_three_files(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["card.md", "model.json", "model.safetensors"]


def test_weights_come_back_bit_for_bit(tmp_path: Path) -> None:
    network = BandClassifier()
    save_model(tmp_path, {"hf": network}, info(Architecture.HF, ["hf"]))
    read = load_model(tmp_path, device="cpu").networks["hf"].state_dict()
    assert all(torch.equal(read[name], value) for name, value in network.state_dict().items())


@pytest.mark.parametrize(
    ("bands", "network"), [(BOTH, "fusion"), ({Band.HF}, "hf"), ({Band.LF}, "lf"), (set(), None)]
)
def test_dual_transfer_model_has_a_network_for_every_band(
    folder: Path, bands: set[Band], network: str | None
) -> None:
    assert load_model(folder, device="cpu").network_for(bands) == network


@pytest.mark.parametrize(("bands", "network"), [(BOTH, "hf"), ({Band.HF}, "hf"), ({Band.LF}, None)])
def test_band_model_answers_from_its_own_band_alone(
    tmp_path: Path, bands: set[Band], network: str | None
) -> None:
    save_model(tmp_path, {"hf": BandClassifier()}, info(Architecture.HF, ["hf"]))
    assert load_model(tmp_path, device="cpu").network_for(bands) == network


def test_fusion_without_band_networks_needs_both_bands(tmp_path: Path) -> None:
    save_model(tmp_path, {"fusion": FusionNetwork()}, info(Architecture.FUSION, ["fusion"]))
    assert load_model(tmp_path, device="cpu").network_for({Band.HF}) is None


def test_card_says_that_simulated_data_are_simulated(folder: Path) -> None:
    assert "Simulated data" in (folder / "card.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["model.json", "model.safetensors"])
def test_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelUnusable, match=name):
        load_model(folder)


def test_changed_weights_are_refused(folder: Path) -> None:
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelUnusable, match="changed"):
        load_model(folder)


def test_a_network_of_another_shape_is_refused_as_a_model_and_not_as_a_crash(tmp_path: Path) -> None:
    save_model(tmp_path, {"hf": BandClassifier(classes=10)}, info(Architecture.HF, ["hf"]))
    with pytest.raises(ModelUnusable, match="another shape") as refused:
        load_model(tmp_path)
    assert refused.value.code == "model-unusable"


def test_unknown_field_in_model_json_is_refused(folder: Path) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"surprise": 1}), "utf-8")
    with pytest.raises(ModelUnusable, match="surprise"):
        load_model(folder)


@pytest.mark.parametrize("name", ["gpu", "mps", "cuda:nonsense"])
def test_unknown_device_is_refused(name: str) -> None:
    with pytest.raises(DeviceUnavailable):
        resolve_device(name)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_cuda_where_there_is_none_is_refused_with_what_to_do() -> None:
    with pytest.raises(DeviceUnavailable, match="No CUDA") as refused:
        resolve_device("cuda")
    assert "--device cpu" in refused.value.remedy


def test_asked_for_precision_is_taken_and_probe_gives_one_of_two() -> None:
    cpu = torch.device("cpu")
    assert choose_precision("fp32", cpu, BandClassifier, planes=1) == "fp32"
    assert choose_precision("auto", cpu, BandClassifier, planes=1) in {"fp32", "bf16"}

"""Where the network looked: at the place that decided, in the pixels of the picture that was given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from ml.models import BandClassifier, Calibration, FusionNetwork, Model, ModelInfo, as_input
from ml.protocols.attention import AttentionUnavailable, attention_of
from ml.protocols.stage import stage_patient
from ml.spec import Band, Stage, TrainSpec

SIZE = 64
BLOB = 9  # pixels


def picture(rng: np.random.Generator, blob: tuple[int, int] | None) -> np.ndarray:
    """Noise, and a bright square with its corner at ``(x, y)``."""
    grey = rng.integers(40, 90, (SIZE, SIZE), dtype=np.uint8)
    if blob is not None:
        x, y = blob
        grey[y : y + BLOB, x : x + BLOB] = 250
    return grey


def model_of(architecture: str, **networks: torch.nn.Module) -> Model:
    info = ModelInfo(
        name="tests",
        spec=TrainSpec(architecture=architecture),
        dataset_hash="d" * 64,
        simulated=True,
        size=SIZE,
        networks=list(networks),
        calibration={name: Calibration() for name in networks},
    )
    device = torch.device("cpu")
    return Model(Path(), info, {name: one.eval() for name, one in networks.items()}, device)


@pytest.fixture(scope="module")
def blob_finder() -> BandClassifier:
    """A band network that has learned S4 = there is a blob, S0 = there is none."""
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    network = BandClassifier()
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    for _ in range(60):
        blobs = [tuple(rng.integers(8, 44, 2)) if number % 2 else None for number in range(16)]
        planes = np.stack([picture(rng, blob) for blob in blobs])[:, None]
        truth = torch.tensor([0 if blob is None else 4 for blob in blobs])
        loss = torch.nn.functional.cross_entropy(
            network(as_input(torch.from_numpy(planes), torch.device("cpu"))), truth
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.1
    return network.eval()


@pytest.mark.parametrize("blob", [(10, 12), (40, 14), (26, 40)])
def test_the_strongest_place_is_the_one_that_decided(
    blob_finder: BandClassifier, blob: tuple[int, int]
) -> None:
    """Also where the network looks through the window of the standard view."""
    model = model_of("hf", hf=blob_finder)
    shown = picture(np.random.default_rng(7), blob)
    assert stage_patient(model, [shown], []).stage == "S4"
    found = attention_of(model, [shown], [], stage=Stage.S4)
    (map_of,) = found.maps[Band.HF]
    assert (map_of.shape, map_of.dtype, map_of.max()) == ((SIZE, SIZE), np.uint8, 255)
    y, x = np.unravel_index(int(map_of.argmax()), map_of.shape)
    middle = (blob[0] + BLOB / 2, blob[1] + BLOB / 2)
    assert np.hypot(x - middle[0], y - middle[1]) < 10, (x, y, middle)


def test_each_band_of_a_fusion_has_its_maps_and_the_warm_model_is_left_as_it_was() -> None:
    torch.manual_seed(0)
    model = model_of("fusion", fusion=FusionNetwork(), hf=BandClassifier(), lf=BandClassifier())
    rng = np.random.default_rng(3)
    hf, lf = [picture(rng, None)], [picture(rng, None) for _ in range(3)]
    before = stage_patient(model, hf, lf).probabilities
    found = attention_of(model, hf, lf, stage=Stage.S2)
    assert {band: maps.shape for band, maps in found.maps.items()} == {
        Band.HF: (1, SIZE, SIZE),
        Band.LF: (3, SIZE, SIZE),
    }
    for network in model.networks.values():
        for module in network.modules():
            assert not module._forward_hooks
            assert not module._backward_hooks
    assert stage_patient(model, hf, lf).probabilities == before
    again = attention_of(model, hf, lf, stage=Stage.S2)
    for band in Band:
        assert np.array_equal(again.maps[band], found.maps[band])


def test_a_missing_band_is_answered_by_the_band_network() -> None:
    torch.manual_seed(0)
    model = model_of("fusion", fusion=FusionNetwork(), hf=BandClassifier(), lf=BandClassifier())
    found = attention_of(model, [], [picture(np.random.default_rng(3), None)], stage=Stage.S1)
    assert (found.network, set(found.maps)) == ("lf", {Band.LF})


def test_a_network_without_such_layers_says_so() -> None:
    model = model_of("hf", hf=torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(SIZE * SIZE, 5)))
    with pytest.raises(AttentionUnavailable):
        attention_of(model, [picture(np.random.default_rng(0), None)], [], stage=Stage.S0)

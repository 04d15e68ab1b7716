"""Shapes, cost and input of the networks (paper §4)."""

from __future__ import annotations

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from ml.models import BandClassifier, BandEncoder, FusionNetwork


def test_encoder_halves_three_times_and_gives_64_channels() -> None:
    assert BandEncoder()(torch.rand(2, 1, 64, 64)).shape == (2, 64, 8, 8)


def test_grey_is_repeated_to_the_three_channels_of_the_first_kernels() -> None:
    encoder = BandEncoder().eval()
    grey = torch.rand(1, 1, 32, 32)
    assert encoder.stem.weight.shape == (16, 3, 3, 3)
    assert torch.equal(encoder(grey), encoder(grey.repeat(1, 3, 1, 1)))


@pytest.mark.parametrize(("classes", "size"), [(5, 48), (10, 128)])
def test_classifier_takes_any_size_and_number_of_classes(classes: int, size: int) -> None:
    assert BandClassifier(classes)(torch.rand(2, 1, size, size)).shape == (2, classes)


def test_fusion_reads_hf_from_plane_0_and_lf_from_plane_1() -> None:
    network = FusionNetwork().eval()
    planes = torch.rand(1, 2, 48, 48)
    assert network(planes).shape == (1, 5)
    assert not torch.equal(network(planes), network(planes.flip(1)))


def test_linear_map_of_the_feature_space_has_no_activation() -> None:
    mapping = FusionNetwork().mapping
    x = torch.rand(1, 16, 4, 4) - 0.5
    at_zero = mapping.linear_map(torch.zeros_like(x))
    assert torch.allclose(mapping.linear_map(-x) - at_zero, -(mapping.linear_map(x) - at_zero), atol=1e-6)


@pytest.mark.parametrize(
    ("network", "planes", "low", "high"), [(BandClassifier, 1, 0.50, 0.52), (FusionNetwork, 2, 1.0, 1.12)]
)
def test_cost_of_one_picture_in_gflop(
    network: type[torch.nn.Module], planes: int, low: float, high: float
) -> None:
    with FlopCounterMode(display=False) as counter:
        network().eval()(torch.rand(1, planes, 256, 256))
    assert low < counter.get_total_flops() / 1e9 < high

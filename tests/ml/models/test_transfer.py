"""Both transfers move exactly what they say, bit for bit, and nothing else."""

from __future__ import annotations

import torch
from torch import nn

from ml.models import BandClassifier, FusionNetwork, move_encoders, move_shallow_layers


def scrambled(network: nn.Module, seed: int) -> nn.Module:
    """Every tensor, running statistics included, different from every other network's."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for value in network.state_dict().values():
            if value.is_floating_point():
                value.copy_(torch.rand(value.shape, generator=generator))
            else:
                value.fill_(seed)
    return network


def snapshot(network: nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in network.state_dict().items()}


def test_first_transfer_moves_the_shallow_layers_alone() -> None:
    source, target = scrambled(BandClassifier(10), 1), scrambled(BandClassifier(), 2)
    before = snapshot(target)
    moved = move_shallow_layers(source, target)
    after = target.state_dict()
    assert set(moved.moved) | set(moved.kept) == set(after)
    assert not set(moved.moved) & set(moved.kept)
    assert {name.split(".")[1] for name in moved.moved} == {"stem", "stem_norm", "residual"}
    for name in moved.moved:
        assert torch.equal(after[name], source.state_dict()[name]), name
        assert not torch.equal(after[name], before[name]), name
    for name in moved.kept:
        assert torch.equal(after[name], before[name]), name


def test_first_transfer_can_go_straight_into_one_encoder_of_the_fusion() -> None:
    source, target = scrambled(BandClassifier(10), 1), scrambled(FusionNetwork(), 2)
    before = snapshot(target)
    moved = move_shallow_layers(source, target, encoder="lf_encoder")
    assert all(name.startswith("lf_encoder.") for name in moved.moved)
    changed = {name for name, value in target.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == set(moved.moved)


def test_second_transfer_moves_both_encoders_whole_and_nothing_else() -> None:
    hf, lf = scrambled(BandClassifier(), 1), scrambled(BandClassifier(), 2)
    fusion = scrambled(FusionNetwork(), 3)
    before = snapshot(fusion)
    moved = move_encoders(hf, lf, fusion)
    after = fusion.state_dict()
    for name, value in hf.encoder.state_dict().items():
        assert torch.equal(after[f"hf_encoder.{name}"], value), name
    for name, value in lf.encoder.state_dict().items():
        assert torch.equal(after[f"lf_encoder.{name}"], value), name
    assert {name.split(".")[0] for name in moved.kept} == {"mapping", "vector", "head"}
    assert all(torch.equal(after[name], before[name]) for name in moved.kept)


def test_target_does_not_share_memory_with_the_source() -> None:
    source, target = BandClassifier(10), BandClassifier()
    move_shallow_layers(source, target)
    with torch.no_grad():
        source.encoder.stem.weight.zero_()
    assert target.encoder.stem.weight.abs().sum() > 0

"""The comparator networks have torchvision's tensors, by name and shape, and its documented sizes."""

from __future__ import annotations

import pickle

import pytest
import torch
from safetensors.torch import save_file

from ml.models.comparators import (
    COMPARATORS,
    UnknownComparator,
    WeightsRefused,
    build_comparator,
    load_published_weights,
    read_published_weights,
)

Shapes = dict[str, tuple[int, ...]]

PUBLISHED_PARAMETERS = {
    "vgg11_bn": 132_868_840,
    "vgg16_bn": 138_365_992,
    "resnet18": 11_689_512,
    "googlenet": 6_624_904,
}
"""``num_params`` of torchvision's weight tables."""


def linear(name: str, inputs: int, outputs: int) -> Shapes:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def norm(name: str, width: int) -> Shapes:
    vectors = {f"{name}.{part}": (width,) for part in ("weight", "bias", "running_mean", "running_var")}
    return {**vectors, f"{name}.num_batches_tracked": ()}


def conv_norm(name: str, inputs: int, width: int, kernel: int) -> Shapes:
    return {f"{name}.conv.weight": (width, inputs, kernel, kernel), **norm(f"{name}.bn", width)}


def vgg(places: dict[int, tuple[int, int]]) -> Shapes:
    shapes: Shapes = {}
    for place, (inputs, width) in places.items():
        shapes[f"features.{place}.weight"] = (width, inputs, 3, 3)
        shapes[f"features.{place}.bias"] = (width,)
        shapes |= norm(f"features.{place + 1}", width)
    return (
        shapes
        | linear("classifier.0", 25088, 4096)
        | linear("classifier.3", 4096, 4096)
        | linear("classifier.6", 4096, 1000)
    )


def resnet18() -> Shapes:
    shapes: Shapes = {"conv1.weight": (64, 3, 7, 7), **norm("bn1", 64)}
    for layer, (inputs, width) in enumerate(((64, 64), (64, 128), (128, 256), (256, 512)), start=1):
        for block in (0, 1):
            name = f"layer{layer}.{block}"
            shapes[f"{name}.conv1.weight"] = (width, inputs if block == 0 else width, 3, 3)
            shapes |= norm(f"{name}.bn1", width)
            shapes[f"{name}.conv2.weight"] = (width, width, 3, 3)
            shapes |= norm(f"{name}.bn2", width)
        if inputs != width:
            shapes[f"layer{layer}.0.downsample.0.weight"] = (width, inputs, 1, 1)
            shapes |= norm(f"layer{layer}.0.downsample.1", width)
    return shapes | linear("fc", 512, 1000)


def googlenet() -> Shapes:
    shapes = conv_norm("conv1", 3, 64, 7) | conv_norm("conv2", 64, 64, 1) | conv_norm("conv3", 64, 192, 3)
    for name, inputs, b1, b2a, b2b, b3a, b3b, b4 in (
        ("3a", 192, 64, 96, 128, 16, 32, 32), ("3b", 256, 128, 128, 192, 32, 96, 64),
        ("4a", 480, 192, 96, 208, 16, 48, 64), ("4b", 512, 160, 112, 224, 24, 64, 64),
        ("4c", 512, 128, 128, 256, 24, 64, 64), ("4d", 512, 112, 144, 288, 32, 64, 64),
        ("4e", 528, 256, 160, 320, 32, 128, 128), ("5a", 832, 256, 160, 320, 32, 128, 128),
        ("5b", 832, 384, 192, 384, 48, 128, 128),
    ):  # fmt: skip
        branch = f"inception{name}.branch"
        shapes |= conv_norm(f"{branch}1", inputs, b1, 1)
        shapes |= conv_norm(f"{branch}2.0", inputs, b2a, 1) | conv_norm(f"{branch}2.1", b2a, b2b, 3)
        shapes |= conv_norm(f"{branch}3.0", inputs, b3a, 1) | conv_norm(f"{branch}3.1", b3a, b3b, 3)
        shapes |= conv_norm(f"{branch}4.1", inputs, b4, 1)
    return shapes | linear("fc", 1024, 1000)


PUBLISHED: dict[str, Shapes] = {
    "vgg11_bn": vgg({
        0: (3, 64), 4: (64, 128), 8: (128, 256), 11: (256, 256), 15: (256, 512), 18: (512, 512),
        22: (512, 512), 25: (512, 512),
    }),
    "vgg16_bn": vgg({
        0: (3, 64), 3: (64, 64), 7: (64, 128), 10: (128, 128), 14: (128, 256), 17: (256, 256),
        20: (256, 256), 24: (256, 512), 27: (512, 512), 30: (512, 512), 34: (512, 512), 37: (512, 512),
        40: (512, 512),
    }),
    "resnet18": resnet18(),
    "googlenet": googlenet(),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPARATORS)
def test_tensors_have_the_published_names_and_shapes(name: str) -> None:
    with torch.device("meta"):
        network = build_comparator(name, in_channels=3, classes=1000)
    assert {key: tuple(value.shape) for key, value in network.state_dict().items()} == PUBLISHED[name]
    assert sum(p.numel() for p in network.parameters()) == PUBLISHED_PARAMETERS[name]


@pytest.mark.parametrize("name", COMPARATORS)
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_a_batch_of_256_gives_one_score_a_stage(name: str, channels: int) -> None:
    with torch.device("meta"):
        network = build_comparator(name, channels)
        assert network(torch.empty(2, channels, 256, 256)).shape == (2, 5)


@pytest.mark.parametrize("name", ["resnet18", "googlenet"])
def test_a_step_of_training_moves_every_weight(name: str) -> None:
    torch.manual_seed(0)
    network = build_comparator(name)
    loss = torch.nn.functional.cross_entropy(network(torch.rand(4, 2, 64, 64)), torch.tensor([0, 1, 2, 3]))
    loss.backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in network.parameters())


def published_resnet(seed: int = 0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {
        name: torch.zeros((), dtype=torch.long)
        if name.endswith("tracked")
        else torch.rand(shape, generator=generator) * 0.1
        for name, shape in PUBLISHED["resnet18"].items()
    }


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_a_published_file_loads_whole_into_the_thousand_class_network(tmp_path, suffix: str) -> None:
    weights, path = published_resnet(), tmp_path / f"resnet18{suffix}"
    torch.save(weights, path) if suffix == ".pth" else save_file(weights, path)
    network = build_comparator("resnet18", 3, 1000)
    moved = load_published_weights(network, read_published_weights(path))
    assert moved.kept == []
    assert all(torch.equal(value, weights[name]) for name, value in network.state_dict().items())


@pytest.mark.parametrize("channels", [1, 2])
def test_grey_pictures_are_answered_as_the_original_answers_grey(channels: int) -> None:
    """Same picture in every channel: the features before the head are those of the colour network."""
    weights = published_resnet()
    colour, grey = build_comparator("resnet18", 3, 1000).eval(), build_comparator("resnet18", channels).eval()
    load_published_weights(colour, weights)
    moved = load_published_weights(grey, weights)
    assert moved.kept == ["fc.weight", "fc.bias"]
    picture = torch.rand(1, 1, 64, 64)
    colour.fc = grey.fc = torch.nn.Identity()
    with torch.inference_mode():
        expected = colour(picture.expand(-1, 3, -1, -1))
        assert torch.allclose(grey(picture.expand(-1, channels, -1, -1)), expected, rtol=1e-4, atol=1e-5)


def test_auxiliary_heads_and_missing_counters_of_old_files_do_no_harm() -> None:
    weights = {name: value for name, value in published_resnet().items() if not name.endswith("tracked")}
    weights["aux1.fc1.weight"] = torch.zeros(1)
    assert "conv1.weight" in load_published_weights(build_comparator("resnet18", 3, 1000), weights).moved


def test_weights_of_another_network_are_refused(tmp_path) -> None:
    with pytest.raises(WeightsRefused, match="lack"):
        load_published_weights(build_comparator("googlenet"), published_resnet())
    wrong = published_resnet() | {"layer1.0.conv1.weight": torch.zeros(1, 1, 3, 3)}
    with pytest.raises(WeightsRefused, match=r"layer1\.0\.conv1"):
        load_published_weights(build_comparator("resnet18"), wrong)


def test_a_pickle_with_code_in_it_is_not_executed(tmp_path) -> None:
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    path = tmp_path / "trap.pth"
    path.write_bytes(pickle.dumps({"conv1.weight": Trap()}))
    with pytest.raises(WeightsRefused):
        read_published_weights(path)
    assert not (tmp_path / "sprung").exists()


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownComparator) as caught:
        build_comparator("alexnet")
    assert "resnet18" in caught.value.remedy

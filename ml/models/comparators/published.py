"""Published ImageNet weights of the comparators, for a user who has the files.

Names and shapes are torchvision's, so its ``vgg11``, ``vgg16``, ``resnet18`` and ``googlenet`` files
load as they are. Nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from ml.models.comparators.network import Comparator
from ml.models.transfer import Moved
from ml.spec import HepaStageError


class WeightsRefused(HepaStageError):
    """A file that does not hold the weights of the network."""

    code = "published-weights-refused"
    remedy = "Give torchvision's file for this network (.pth) or the same tensors as .safetensors."


def read_published_weights(path: Path | str) -> dict[str, torch.Tensor]:
    """Tensors by name from ``.safetensors`` or ``.pth``; of the latter nothing but tensors is unpickled."""
    path = Path(path)
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        tensors = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, SafetensorError, RuntimeError, ValueError, EOFError, KeyError) as error:
        raise WeightsRefused(f"{path.name} cannot be read as weights: {error}") from error
    except Exception as error:  # pickle.UnpicklingError and what else a foreign file may raise
        raise WeightsRefused(f"{path.name} holds more than tensors and was not opened") from error
    if not isinstance(tensors, Mapping) or not all(isinstance(v, torch.Tensor) for v in tensors.values()):
        raise WeightsRefused(f"{path.name} does not hold tensors by name")
    return dict(tensors)


@torch.no_grad()
def load_published_weights(network: Comparator, weights: Mapping[str, torch.Tensor]) -> Moved:
    """Copy what fits and say what moved.

    The first convolution takes the mean over red, green and blue for each of the network's channels,
    scaled so that equal channels give the response that grey gives the original. The head moves only
    when the number of classes is the same. Auxiliary classifiers are ignored.
    """
    own = network.state_dict()
    first = next(iter(own))
    moved: list[str] = []
    for name, target in own.items():
        source = weights.get(name)
        if source is None:
            if name.endswith("num_batches_tracked"):  # absent from the oldest published files
                continue
            raise WeightsRefused(f"the weights lack {name}: they belong to another network")
        if name == first and source.shape[1] == 3 != network.in_channels:
            source = source.mean(dim=1, keepdim=True).expand_as(target) * (3 / network.in_channels)
        if source.shape != target.shape:
            if name.startswith(f"{network.head}."):
                continue
            raise WeightsRefused(f"{name} is {tuple(source.shape)}, the network has {tuple(target.shape)}")
        target.copy_(source)
        moved.append(name)
    return Moved(moved=moved, kept=[name for name in own if name not in set(moved)])

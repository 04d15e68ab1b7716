"""ResNet-18 (He et al. 2016)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ml.models.comparators.network import Comparator

WIDTHS = (64, 128, 256, 512)


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and a shortcut, projected where the shape changes."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or inputs != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x: Tensor) -> Tensor:
        branch = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(branch)) + self.downsample(x))


class ResNet18(Comparator):
    """A 7×7 stem, four layers of two blocks, global mean, one linear layer."""

    head = "fc"

    def __init__(self, in_channels: int, classes: int) -> None:
        super().__init__(in_channels, classes)
        self.conv1 = nn.Conv2d(in_channels, WIDTHS[0], 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTHS[0])
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        inputs = WIDTHS[0]
        for number, width in enumerate(WIDTHS, start=1):
            stride = 1 if number == 1 else 2
            layer = nn.Sequential(BasicBlock(inputs, width, stride), BasicBlock(width, width, 1))
            self.add_module(f"layer{number}", layer)
            inputs = width
        self.fc = nn.Linear(inputs, classes)
        self.start()

    def logits(self, x: Tensor) -> Tensor:
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        for number in range(1, len(WIDTHS) + 1):
            x = self.get_submodule(f"layer{number}")(x)
        return self.fc(x.mean(dim=(2, 3)))

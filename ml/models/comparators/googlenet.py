"""GoogLeNet (Szegedy et al. 2015) with batch norm, as its published weights have it.

Two known differences from the article come with those weights: the third branch uses 3×3 where the
article has 5×5, and batch norms (ε = 0.001) replace local response normalisation. The article's
auxiliary classifiers are left out: batch norm does their work, and the published ones are untrained.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ml.models.comparators.network import Comparator

STAGES: dict[str, tuple[int, int, tuple[int, int], tuple[int, int], int]] = {
    "inception3a": (192, 64, (96, 128), (16, 32), 32),
    "inception3b": (256, 128, (128, 192), (32, 96), 64),
    "inception4a": (480, 192, (96, 208), (16, 48), 64),
    "inception4b": (512, 160, (112, 224), (24, 64), 64),
    "inception4c": (512, 128, (128, 256), (24, 64), 64),
    "inception4d": (512, 112, (144, 288), (32, 64), 64),
    "inception4e": (528, 256, (160, 320), (32, 128), 128),
    "inception5a": (832, 256, (160, 320), (32, 128), 128),
    "inception5b": (832, 384, (192, 384), (48, 128), 128),
}
"""Inputs; width of the 1×1 branch, of the second and third (reduced, full), of the pooled one."""


class ConvNorm(nn.Module):
    """Convolution without bias, batch norm, ReLU."""

    def __init__(self, inputs: int, width: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, width, kernel, stride, padding=kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(width, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.bn(self.conv(x)))


class Inception(nn.Module):
    """Four branches of different reach, concatenated along the channels."""

    def __init__(
        self, inputs: int, single: int, second: tuple[int, int], third: tuple[int, int], pooled: int
    ):
        super().__init__()
        self.branch1 = ConvNorm(inputs, single, 1)
        self.branch2 = nn.Sequential(ConvNorm(inputs, second[0], 1), ConvNorm(second[0], second[1], 3))
        self.branch3 = nn.Sequential(ConvNorm(inputs, third[0], 1), ConvNorm(third[0], third[1], 3))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), ConvNorm(inputs, pooled, 1))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], dim=1)


class GoogLeNet(Comparator):
    """Stem, nine inception modules, global mean, one linear layer."""

    mean, deviation = 0.5, 0.5  # the published weights come from a network fed with −1 … 1
    head = "fc"

    def __init__(self, in_channels: int, classes: int) -> None:
        super().__init__(in_channels, classes)
        self.conv1 = ConvNorm(in_channels, 64, 7, stride=2)
        self.conv2 = ConvNorm(64, 64, 1)
        self.conv3 = ConvNorm(64, 192, 3)
        for name, widths in STAGES.items():
            self.add_module(name, Inception(*widths))
        self.pool = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.last_pool = nn.MaxPool2d(2, stride=2, ceil_mode=True)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(1024, classes)
        self.start()

    def logits(self, x: Tensor) -> Tensor:
        x = self.pool(self.conv1(x))
        x = self.pool(self.conv3(self.conv2(x)))
        for name in STAGES:
            if name == "inception4a":
                x = self.pool(x)
            elif name == "inception5a":
                x = self.last_pool(x)
            x = self.get_submodule(name)(x)
        return self.fc(self.dropout(x.mean(dim=(2, 3))))

"""The shallow network of one band and its classifier (paper §4.1)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ml.models.heads import build_head
from ml.spec import Head, Stage

STAGES = len(Stage)
STEM_WIDTH = 16  # kernels of the first layer (paper §4.1)
FEATURES = 64  # channels of the feature map that the encoder gives


class ResidualBlock(nn.Module):
    """``relu(x + branch(x))`` with two 3×3 convolutions in the branch; shape is kept."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        branch = torch.relu(self.norm1(self.conv1(x)))
        return torch.relu(x + self.norm2(self.conv2(branch)))


class ConvPool(nn.Module):
    """3×3 convolution, activation, 2×2 max pool: ``(B, C, H, W)`` → ``(B, width, H/2, W/2)``.

    Pooling first gives the same (ReLU never reorders values) at a quarter of the work.
    """

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.norm(self.pool(self.conv(x))))


class BandEncoder(nn.Module):
    """Features of one band: ``(B, 1 or 3, H, W)`` in [0, 1] → ``(B, 64, H/8, W/8)``.

    The layers are the paper's, in its order: 16 kernels of 3×3×3, 2×2 max pool, a residual
    structure, ReLU, then twice convolution, activation, pool (§4.1). Two choices that the paper
    leaves open: every convolution is followed by batch normalisation, without which a network
    trained from 213 patients at a rate of 1e-4 hardly leaves its starting point, and the widths
    of the last two layers are 32 and 64. At 256×256 this is 0.51 GFLOP.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, STEM_WIDTH, 3, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(STEM_WIDTH)
        self.pool = nn.MaxPool2d(2)
        self.residual = ResidualBlock(STEM_WIDTH)
        self.middle = ConvPool(STEM_WIDTH, 32)
        self.last = ConvPool(32, FEATURES)

    def forward(self, x: Tensor) -> Tensor:
        grey_repeated = x.expand(-1, 3, -1, -1) if x.shape[1] == 1 else x
        shallow = self.residual(self.stem_norm(self.pool(self.stem(grey_repeated))))
        return self.last(self.middle(shallow))


class GlobalPool(nn.Module):
    """The feature vector: mean and maximum of every channel, ``(B, C, H, W)`` → ``(B, 2C)``.

    The mean speaks of texture all over the picture, the maximum of a single finding (a nodule). Both
    are normalised over the batch: stages differ by a few per cent of a mean, which a linear head
    would take hundreds of steps to find.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(2 * width)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1))


class BandClassifier(nn.Module):
    """Encoder and a linear head: ``(B, 1, H, W)`` in [0, 1] → logits ``(B, classes)``.

    ``classes`` is 5 for the stages and 10 while the first transfer trains it (paper §4.2).
    """

    def __init__(self, classes: int = STAGES, head: Head = Head.SOFTMAX) -> None:
        super().__init__()
        self.encoder = BandEncoder()
        self.vector = GlobalPool(FEATURES)
        self.head = build_head(head, 2 * FEATURES, classes)

    def vectors(self, planes: Tensor) -> Tensor:
        """The feature vector of each picture, ``(B, 128)``: what the head reads."""
        return in_fp32(self.vector, self.encoder(planes))

    def forward(self, planes: Tensor) -> Tensor:
        return in_fp32(self.head, self.vectors(planes))


def in_fp32(layer: nn.Module, features: Tensor) -> Tensor:
    """What follows the convolutions, in fp32 whatever their precision.

    Stages differ by a few per cent in the mean of a channel, which the eight bits of bf16 would round.
    """
    with torch.autocast(features.device.type, enabled=False):
        answer: Tensor = layer(features.float())
        return answer

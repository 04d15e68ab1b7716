"""Both bands in one network through feature space mapping (paper §4.2)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ml.models.band import FEATURES, STAGES, BandEncoder, GlobalPool, ResidualBlock, in_fp32
from ml.models.heads import build_head
from ml.spec import Head

PURIFIED = 16  # 3×3×16 "purification" convolution (paper §4.2)
COMMON = 32  # width of the common space


class FeatureSpaceMapping(nn.Module):
    """HF and LF features to one common space: two ``(B, 64, h, w)`` → ``(B, 32, h, w)``.

    In the paper's order: the features are put side by side, purified by a 3×3×16 convolution,
    mapped by a fully connected layer **without** activation (the linear map; applied to the
    channels at every position, so that where a finding lies is not lost), and processed by
    residual convolutions.
    """

    def __init__(self) -> None:
        super().__init__()
        self.purify = nn.Conv2d(2 * FEATURES, PURIFIED, 3, padding=1, bias=False)
        self.purify_norm = nn.BatchNorm2d(PURIFIED)
        self.linear_map = nn.Conv2d(PURIFIED, COMMON, 1)
        self.residual = ResidualBlock(COMMON)

    def forward(self, hf: Tensor, lf: Tensor) -> Tensor:
        purified = torch.relu(self.purify_norm(self.purify(torch.cat([hf, lf], dim=1))))
        return self.residual(self.linear_map(purified))


class FusionNetwork(nn.Module):
    """``(B, 2, H, W)`` in [0, 1], plane 0 HF and plane 1 LF → logits ``(B, 5)``.

    Softmax is left to the loss and to the calibrated reading of the logits.
    """

    def __init__(self, classes: int = STAGES, head: Head = Head.SOFTMAX) -> None:
        super().__init__()
        self.hf_encoder = BandEncoder()
        self.lf_encoder = BandEncoder()
        self.mapping = FeatureSpaceMapping()
        self.vector = GlobalPool(COMMON)
        self.head = build_head(head, 2 * COMMON, classes)

    def vectors(self, planes: Tensor) -> Tensor:
        """The feature vector of each pair, ``(B, 64)``: what the head reads."""
        common = self.mapping(self.hf_encoder(planes[:, :1]), self.lf_encoder(planes[:, 1:]))
        return in_fp32(self.vector, common)

    def forward(self, planes: Tensor) -> Tensor:
        return in_fp32(self.head, self.vectors(planes))

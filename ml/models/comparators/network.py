"""What the three comparator networks share: their input, its scaling, and how they start."""

from __future__ import annotations

from torch import Tensor, nn


class Comparator(nn.Module):
    """Logits ``(B, classes)`` of pictures ``(B, in_channels, 256, 256)`` in [0, 1].

    ``in_channels`` is 1 for one band alone, 2 for HF and LF as channels of one picture (HF first), and
    3 to take the published weights as they are. Pictures are scaled with ``mean`` and ``deviation``,
    grey-level means of what the published weights were trained with; no tensor is stored for it.
    """

    mean: float = 0.449  # of the published per-channel values 0.485, 0.456, 0.406
    deviation: float = 0.226  # of 0.229, 0.224, 0.225
    head: str = ""
    """Name of the last linear layer, whose shape follows the number of classes."""

    def __init__(self, in_channels: int, classes: int) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.classes = classes

    def forward(self, x: Tensor) -> Tensor:
        return self.logits((x - self.mean) / self.deviation)

    def logits(self, x: Tensor) -> Tensor:
        """Class scores of scaled pictures."""
        raise NotImplementedError

    def start(self) -> None:
        """He initialisation of convolutions; batch norms keep their identity."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

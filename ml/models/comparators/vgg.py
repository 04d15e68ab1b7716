"""VGG-11 and VGG-16 with batch norm (Simonyan and Zisserman 2015, configurations A and D).

The article's networks have no batch norm and were started from shallower ones; with it they learn from
scratch, and published weights exist for this form too.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from ml.models.comparators.network import Comparator

BLOCKS: dict[str, tuple[tuple[int, int], ...]] = {
    "vgg11_bn": ((1, 64), (1, 128), (2, 256), (2, 512), (2, 512)),
    "vgg16_bn": ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)),
}
"""Number and width of the 3×3 convolutions before each of the five max pools."""

POOLED = 7
PUBLISHED_HIDDEN = 4096
OWN_HIDDEN = 512
"""Width of the two hidden linear layers without published weights: 4096 was meant for a thousand classes,
and makes 119 of 129 million weights, which five stages of 213 patients cannot fill (nor a checkpoint of
each epoch carry)."""

REDUCTION = 2
"""Pictures are averaged 2×2 before the first layer: a quarter of the work, without which this network
alone takes as long on a CPU as all other rows of the table together."""


class Vgg(Comparator):
    """Convolutions, batch norms, ReLUs and pools in one sequence, then three linear layers."""

    head = "classifier.6"

    def __init__(
        self,
        in_channels: int,
        classes: int,
        blocks: tuple[tuple[int, int], ...],
        hidden: int = PUBLISHED_HIDDEN,
    ) -> None:
        super().__init__(in_channels, classes)
        self.features = nn.Sequential(*_features(in_channels, blocks))
        self.avgpool = nn.AdaptiveAvgPool2d(POOLED)
        flat = blocks[-1][1] * POOLED**2
        self.classifier = nn.Sequential(
            nn.Linear(flat, hidden), nn.ReLU(inplace=True), nn.Dropout(0.5),
            nn.Linear(hidden, hidden), nn.ReLU(inplace=True), nn.Dropout(0.5),
            nn.Linear(hidden, classes),
        )  # fmt: skip
        self.start()

    def start(self) -> None:
        super().start()
        for layer in self.classifier:
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=0.01)
                nn.init.zeros_(layer.bias)

    def logits(self, x: Tensor) -> Tensor:
        features = self.features(functional.avg_pool2d(x, REDUCTION))
        return self.classifier(self.avgpool(features).flatten(1))


def _features(channels: int, blocks: tuple[tuple[int, int], ...]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for depth, width in blocks:
        for _ in range(depth):
            layers += [
                nn.Conv2d(channels, width, 3, padding=1),
                nn.BatchNorm2d(width),
                nn.ReLU(inplace=True),
            ]
            channels = width
        layers.append(nn.MaxPool2d(2))
    return layers

"""VGG-11 and VGG-16 (Simonyan and Zisserman 2015, configurations A and D, no batch norm)."""

from __future__ import annotations

from torch import Tensor, nn

from ml.models.comparators.network import Comparator

BLOCKS: dict[str, tuple[tuple[int, int], ...]] = {
    "vgg11": ((1, 64), (1, 128), (2, 256), (2, 512), (2, 512)),
    "vgg16": ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)),
}
"""Number and width of the 3×3 convolutions before each of the five max pools."""

POOLED = 7
HIDDEN = 4096


class Vgg(Comparator):
    """Convolutions, ReLUs and pools in one sequence, then three linear layers."""

    head = "classifier.6"

    def __init__(self, in_channels: int, classes: int, blocks: tuple[tuple[int, int], ...]) -> None:
        super().__init__(in_channels, classes)
        self.features = nn.Sequential(*_features(in_channels, blocks))
        self.avgpool = nn.AdaptiveAvgPool2d(POOLED)
        flat = blocks[-1][1] * POOLED**2
        self.classifier = nn.Sequential(
            nn.Linear(flat, HIDDEN), nn.ReLU(inplace=True), nn.Dropout(0.5),
            nn.Linear(HIDDEN, HIDDEN), nn.ReLU(inplace=True), nn.Dropout(0.5),
            nn.Linear(HIDDEN, classes),
        )  # fmt: skip
        self.start()

    def start(self) -> None:
        super().start()
        for layer in self.classifier:
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=0.01)
                nn.init.zeros_(layer.bias)

    def logits(self, x: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


def _features(channels: int, blocks: tuple[tuple[int, int], ...]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for depth, width in blocks:
        for _ in range(depth):
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
            channels = width
        layers.append(nn.MaxPool2d(2))
    return layers

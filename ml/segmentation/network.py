"""The U-Net: MONAI's BasicUNet with batch norm.

MONAI's default instance norm defeats the channels-last layout and is slower by a factor of four on a
CPU; batch norm also lets inference fold it into the convolutions.
"""

from __future__ import annotations

from torch import nn

WIDTH = 16
DEPTH = 4  # halvings: the canvas edge has to be a multiple of 2**DEPTH


def build_unet(width: int = WIDTH) -> nn.Module:
    """Logits ``(B, 1, S, S)`` of grey canvases ``(B, 1, S, S)`` in [0, 1].

    Widths are 1, 1, 2, 4, 8 times ``width`` on the way down; at 160×160 and width 16 this is 1.0 GFLOP.
    """
    from monai.networks.nets import BasicUNet  # MONAI takes seconds to import

    features = (width, width, 2 * width, 4 * width, 8 * width, width)
    return BasicUNet(
        spatial_dims=2, in_channels=1, out_channels=1, features=features, norm="batch",
        act=("relu", {"inplace": True}),
    )  # fmt: skip

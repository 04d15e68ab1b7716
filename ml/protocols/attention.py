"""Where the network looked: Grad-CAM (Selvaraju et al., ICCV 2017; by MONAI) on a band's last layer.

A map says which places of a picture raised the score of one stage, through gradients of the last feature
maps of that band's encoder (32×32 positions, one per 8×8 pixels). It says nothing about why, and not that
what lies there is disease; it is shown with that caveat only.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from ml.augmentation import standard_pictures
from ml.augmentation.draws import content_boxes, standard_view
from ml.models import BandClassifier, FusionNetwork, Model, as_input
from ml.protocols.stage import network_of, planes_of, pooling_network
from ml.spec import Band, HepaStageError, Stage

Pictures = list[NDArray[np.uint8]]
Maps = NDArray[np.float32]


class AttentionUnavailable(HepaStageError):
    """A model whose answer cannot be traced back to places."""

    code = "attention-unavailable"
    remedy = "Stage the case with a band or fusion model; comparators have no such map."
    http_status = 409


@dataclass(frozen=True)
class Attention:
    """``maps[band]`` is uint8 (n, 256, 256), one per picture given of that band, in that picture's pixels.

    255 is the strongest place of the band's pictures; 0 where nothing spoke for the stage, and where the
    network did not look (outside the window that it is shown).
    """

    stage: Stage
    network: str
    maps: dict[Band, NDArray[np.uint8]]


def attention_of(model: Model, hf: Pictures, lf: Pictures, *, stage: Stage) -> Attention:
    """What spoke for ``stage`` in these uint8 (256, 256) pictures, which are paired as in staging.

    A picture that is in several pairs gets the mean of its maps. Raises :class:`AttentionUnavailable`.
    """
    pictures = {Band.HF: hf, Band.LF: lf}
    name = network_of(model, pictures)
    pooled = pooling_network(model, name)
    network = model.networks[name] if pooled is None else pooled.picture
    bands = list(model.info.spec.bands_of(name))
    layers = _layers(network, bands)
    planes = planes_of(pictures, model.info.spec.bands_of(name), model.info.size)
    maps = {}
    for plane, band in enumerate(bands):
        found = _back(model, planes[:, plane], _grad_cam(model, network, planes, layers[band], stage))
        count = len(pictures[band])
        means = np.stack([found[index::count].mean(axis=0) for index in range(count)])
        strongest = float(means.max())
        maps[band] = np.rint(means / strongest * 255 if strongest > 0 else means).astype(np.uint8)
    return Attention(stage, name, maps)


def _layers(network: torch.nn.Module, bands: list[Band]) -> dict[Band, str]:
    """The last convolution of each band's own encoder."""
    if isinstance(network, FusionNetwork):
        return {band: f"{band.lower()}_encoder.last" for band in bands}
    if isinstance(network, BandClassifier):
        return dict.fromkeys(bands, "encoder.last")
    raise AttentionUnavailable("This kind of model has no map of where it looked.")


def _grad_cam(
    model: Model, network: torch.nn.Module, planes: NDArray[np.uint8], layer: str, stage: Stage
) -> Maps:
    """``(N, P, size, size)`` uint8 → float32 (N, size, size), not negative, in the view that the network has.

    On a copy, in fp32: MONAI hangs its hooks on the network for good, and the warm model stays as it is.
    """
    from monai.visualize.class_activation_maps import GradCAM

    seen = standard_pictures(model.info.spec.augmentation, planes.reshape(-1, *planes.shape[2:])).reshape(
        planes.shape
    )
    own = copy.deepcopy(network).float().eval()
    cam = GradCAM(nn_module=own, target_layers=layer, postprocessing=lambda found: found)
    with torch.enable_grad():
        found = cam(x=as_input(torch.from_numpy(seen), model.device), class_idx=int(stage))
    maps: Maps = found.detach().float().clamp_min(0).cpu().numpy()[:, 0]
    return maps


def _back(model: Model, pictures: NDArray[np.uint8], maps: Maps) -> Maps:
    """Maps from the network's view into the pixels of the pictures; 0 outside the view."""
    size = pictures.shape[-1]
    view = standard_view(model.info.spec.augmentation, size, content_boxes(pictures))
    turned = [
        cv2.warpAffine(found, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        for found, matrix in zip(maps, view.matrices, strict=True)
    ]
    return np.stack([np.asarray(one, dtype=np.float32) for one in turned])

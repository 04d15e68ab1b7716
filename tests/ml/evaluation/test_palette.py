"""Stage colours stay apart for colour-blind readers and stand out on light and dark pages."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from ml.evaluation.palette import STAGE_COLOURS, translucent

# Machado, Oliveira and Fernandes, IEEE TVCG 2009;15:1291, severity 1.0, on linear RGB
VISION = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: str) -> np.ndarray:
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def seen(colour: str, matrix) -> np.ndarray:
    c = np.clip(np.array(matrix) @ linear(colour), 0, 1)
    return rgb2lab(np.where(c <= 0.0031308, c * 12.92, 1.055 * c ** (1 / 2.4) - 0.055))


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("vision", VISION)
def test_any_two_stages_are_told_apart(vision: str) -> None:
    for a, b in itertools.combinations(STAGE_COLOURS, 2):
        assert deltaE_ciede2000(seen(a, VISION[vision]), seen(b, VISION[vision])) >= 10, (a, b)


@pytest.mark.parametrize("colour", STAGE_COLOURS)
def test_stage_colours_stand_out_on_white_and_on_a_dark_page(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 2.9
    assert (luminance(colour) + 0.05) / (luminance("#101820") + 0.05) >= 2.9


def test_translucent_keeps_the_colour() -> None:
    assert translucent("#227963", 0.5) == "rgba(34,121,99,0.5)"

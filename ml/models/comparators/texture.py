"""Texture features of the SVM comparator: what was used before networks, documented feature by feature.

Measured on the picture inside its padding, 8-bit grey:

* **first order** (10): mean, deviation, skewness, kurtosis, entropy and five percentiles of the grey levels;
* **co-occurrence** (36; Haralick et al. 1973): 32 levels, distances 1, 2 and 4 pixels; contrast,
  dissimilarity, homogeneity, energy, correlation and entropy, each as mean and range over the four
  directions, so that the mean does not depend on how the probe was held;
* **local binary patterns** (28; Ojala et al. 2002): rotation-invariant uniform histograms, 8 neighbours
  at radius 1 and 16 at radius 2;
* **gradient orientation** (128; Dalal and Triggs 2005): HOG of the picture shrunk to 64×64, 16×16 cells,
  8 orientations, the coarse layout of capsule and vessels.
"""

from __future__ import annotations

import cv2
import numpy as np
from scipy.stats import kurtosis, skew
from skimage.feature import graycomatrix, graycoprops, hog, local_binary_pattern

LEVELS = 32
DISTANCES = (1, 2, 4)
ANGLES = (0.0, np.pi / 4, np.pi / 2, 3 * np.pi / 4)
PROPERTIES = ("contrast", "dissimilarity", "homogeneity", "energy", "correlation", "entropy")
PERCENTILES = (5, 25, 50, 75, 95)
PATTERNS = ((8, 1), (16, 2))
HOG_SIZE, HOG_CELL, HOG_ORIENTATIONS = 64, 16, 8
SMALLEST = 16  # pixels: a picture with less content than this is padded, not measured


def texture_names() -> list[str]:
    """Names of the features of one band, in order."""
    first = [
        "mean",
        "deviation",
        "skewness",
        "kurtosis",
        "entropy",
        *(f"percentile_{p}" for p in PERCENTILES),
    ]
    pairs = [f"glcm_{p}_{d}_{s}" for p in PROPERTIES for d in DISTANCES for s in ("mean", "range")]
    patterns = [f"lbp_{points}_{k}" for points, _ in PATTERNS for k in range(points + 2)]
    cells = (HOG_SIZE // HOG_CELL) ** 2 * HOG_ORIENTATIONS
    return [*first, *pairs, *patterns, *(f"hog_{k}" for k in range(cells))]


def texture_features(image: np.ndarray) -> np.ndarray:
    """Features (202,) float64 of one grey picture (H, W) uint8."""
    grey = _content(image)
    return np.concatenate([_first_order(grey), _co_occurrence(grey), _patterns(grey), _orientations(grey)])


def extract_features(images: np.ndarray) -> np.ndarray:
    """Features (N, C × 202) of pictures (N, C, H, W) uint8, the bands one after the other."""
    return np.stack([np.concatenate([texture_features(band) for band in sample]) for sample in images])


def _content(image: np.ndarray) -> np.ndarray:
    """The picture without its black padding; a constant corner of it if there is nothing else."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    if len(rows) < 2 or len(columns) < 2:
        return np.zeros((SMALLEST, SMALLEST), dtype=np.uint8)
    inside = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    short = [max(0, SMALLEST - edge) for edge in inside.shape]
    return np.pad(inside, ((0, short[0]), (0, short[1])), mode="edge") if any(short) else inside


def _first_order(grey: np.ndarray) -> np.ndarray:
    values = grey.ravel().astype(np.float64)
    share = np.bincount(grey.ravel(), minlength=256) / values.size
    spread = values.std()
    shape = (skew(values), kurtosis(values)) if spread > 0 else (0.0, 0.0)
    return np.array([values.mean(), spread, *shape, _entropy(share), *np.percentile(values, PERCENTILES)])


def _co_occurrence(grey: np.ndarray) -> np.ndarray:
    levels = (grey // (256 // LEVELS)).astype(np.uint8)
    matrices = graycomatrix(levels, DISTANCES, ANGLES, levels=LEVELS, symmetric=True, normed=True)
    features = []
    for name in PROPERTIES:
        if name == "entropy":
            values = np.apply_along_axis(_entropy, 0, matrices.reshape(-1, len(DISTANCES), len(ANGLES)))
        else:
            values = graycoprops(matrices, name)
        features.append(np.stack([values.mean(axis=1), np.ptp(values, axis=1)], axis=1).ravel())
    return np.concatenate(features)


def _patterns(grey: np.ndarray) -> np.ndarray:
    histograms = []
    for points, radius in PATTERNS:
        codes = local_binary_pattern(grey, points, radius, method="uniform").astype(int)
        histograms.append(np.bincount(codes.ravel(), minlength=points + 2) / codes.size)
    return np.concatenate(histograms)


def _orientations(grey: np.ndarray) -> np.ndarray:
    small = cv2.resize(grey, (HOG_SIZE, HOG_SIZE), interpolation=cv2.INTER_AREA)
    return hog(
        small, orientations=HOG_ORIENTATIONS, pixels_per_cell=(HOG_CELL, HOG_CELL), cells_per_block=(1, 1)
    )  # fmt: skip


def _entropy(share: np.ndarray) -> float:
    known = share[share > 0]
    return float(-(known * np.log2(known)).sum())

"""Whether a picture looks like those that a model learned from; else its answer means little.

Simple statistics of a picture (brightness, contrast, grain, layout), made normal one by one (Yeo and
Johnson 2000), and their Mahalanobis distance under a shrunk covariance (Ledoit and Wolf 2004). How large
a distance is usual comes from pictures that the fit did not see: cross-fitted over patients, so that a
distance becomes a conformal p-value (Vovk et al. 2005; Bates et al. 2023). The networks have no part in
it, so a network that is sure of something that it never saw cannot hide that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.stats import yeojohnson

from ml.spec.referral import Trait

FOLDS = 10
FEWEST = 40
"""Pictures below which nothing is fitted: the covariance of some twenty statistics would be noise."""

TRAITS: tuple[Trait, ...] = (
    Trait.BRIGHTNESS, Trait.CONTRAST, Trait.GREY_LEVELS, Trait.GREY_LEVELS, Trait.DARK, Trait.SATURATED,
    *(Trait.GRAIN,) * 8, *(Trait.DEPTH,) * 4, *(Trait.WIDTH,) * 4,
)  # fmt: skip
"""What each statistic tells of, in the order of :func:`picture_statistics`."""

DARK, SATURATED = 8, 248
LAGS = (1, 2, 4, 8)  # pixels of the network's input


class Unlike(BaseModel):
    """The trait in which a picture differs most from the training pictures, and to which side."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trait: Trait
    direction: Literal["low", "high"]


class Familiarity(BaseModel):
    """The training pictures of one band, as far as they can be told from others; in ``model.json``.

    ``powers``, ``means``, ``scales`` (K,): the Yeo–Johnson transformation and standardisation of each
    statistic. ``precision`` (K, K): inverse covariance of what results. ``distances``: of training and
    validation pictures to a fit without their patient, ascending.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    powers: list[float]
    means: list[float]
    scales: list[float]
    precision: list[list[float]]
    distances: list[float] = Field(min_length=1)

    def standardised(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """``(N, S, S)`` → z-scores ``(N, K)`` of the statistics against the training pictures."""
        normal = _Normal(np.array(self.powers), np.array(self.means), np.array(self.scales))
        return normal.z(picture_statistics(pictures))

    def p_values(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """``(N, S, S)`` → the share of training pictures at least as far out, in [1 / (n + 1), 1]."""
        found = _distances(self.standardised(pictures), np.array(self.precision))
        inside = np.searchsorted(self.distances, found, side="left")
        return (1 + len(self.distances) - inside) / (1 + len(self.distances))

    def most_unlike(self, pictures: NDArray[np.uint8]) -> list[Unlike]:
        """For each picture the trait whose statistic lies farthest out."""
        z = self.standardised(pictures)
        farthest = np.abs(z).argmax(axis=1)
        return [
            Unlike(trait=TRAITS[k], direction="high" if row[k] > 0 else "low")
            for row, k in zip(z, farthest, strict=True)
        ]


def fit_familiarity(pictures: NDArray[np.uint8], patients: Sequence[str]) -> Familiarity | None:
    """From the pictures ``(N, S, S)`` uint8 of one band and whose they are; None where they are too few.

    The cross-fit leaves out a tenth of the patients at a time, in the order of their identifiers, so the
    answer depends on nothing but the pictures.
    """
    whose = np.asarray(patients)
    names = np.unique(whose)
    if len(pictures) < FEWEST or len(names) < FOLDS:
        return None
    statistics = picture_statistics(pictures)
    fold = np.searchsorted(names, whose) % FOLDS
    distances = np.empty(len(statistics))
    for number in range(FOLDS):
        out = fold == number
        normal, precision = _fit(statistics[~out])
        distances[out] = _distances(normal.z(statistics[out]), precision)
    normal, precision = _fit(statistics)
    return Familiarity(
        powers=normal.powers.tolist(),
        means=normal.means.tolist(),
        scales=normal.scales.tolist(),
        precision=precision.tolist(),
        distances=np.sort(distances).tolist(),
    )


def patient_p_value(p_values: NDArray[np.floating]) -> float:
    """One p-value for a patient from those of his pictures (m,): Bonferroni, so in (0, 1]."""
    return float(min(1.0, p_values.min() * len(p_values)))


def picture_statistics(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """``(N, S, S)`` uint8 → ``(N, 22)``: see :data:`TRAITS`. A constant picture has finite ones too."""
    return np.stack([_statistics(picture) for picture in pictures])


def _statistics(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    share = np.bincount(picture.ravel(), minlength=256) / picture.size
    present = share[share > 0]
    inside = share.copy()
    inside[: DARK + 1] = 0  # what lies around the sector says nothing about the tissue
    inside = inside / inside.sum() if inside.sum() > 0 else share
    levels = np.arange(256.0)
    mean = float(inside @ levels)
    spread = float(np.sqrt(inside @ (levels - mean) ** 2)) + 1e-6
    first = [
        mean,
        spread,
        float(inside @ (levels - mean) ** 3) / spread**3,
        float(-(present * np.log2(present)).sum()),
        share[: DARK + 1].sum(),
        share[SATURATED:].sum(),
    ]
    grey = picture.astype(np.float32)
    centred = grey - grey.mean()
    variance = float((centred * centred).mean()) + 1e-6
    grain = [
        float((later * earlier).mean()) / variance
        for lag in LAGS
        for later, earlier in (
            (centred[:, lag:], centred[:, :-lag]),
            (centred[lag:], centred[:-lag]),
        )
    ]
    overall = float(grey.mean()) + 1.0
    layout = [
        float(part.mean()) / overall  # relative, so that it tells of layout and not of gain
        for profile in (grey.mean(axis=1), grey.mean(axis=0))
        for part in np.array_split(profile, 4)
    ]
    return np.array([*first, *grain, *layout])


class _Normal(NamedTuple):
    """Statistics made normal and standard, each by three numbers that can be stored."""

    powers: NDArray[np.float64]
    means: NDArray[np.float64]
    scales: NDArray[np.float64]

    def z(self, statistics: NDArray[np.float64]) -> NDArray[np.float64]:
        # A power below zero has a ceiling and one above two a floor: far out is far out, never NaN.
        z = (_powered(statistics, self.powers) - self.means) / self.scales
        return np.nan_to_num(z, nan=0.0, posinf=1e6, neginf=-1e6)


def _fit(statistics: NDArray[np.float64]) -> tuple[_Normal, NDArray[np.float64]]:
    from sklearn.covariance import LedoitWolf
    from sklearn.preprocessing import PowerTransformer

    powers = PowerTransformer(standardize=False).fit(statistics).lambdas_
    powered = _powered(statistics, powers)
    scales = powered.std(axis=0)
    scales[scales < 1e-9] = 1.0  # a statistic that never varied: any other value is far out
    normal = _Normal(powers, powered.mean(axis=0), scales)
    return normal, LedoitWolf(assume_centered=True).fit(normal.z(statistics)).precision_


def _powered(statistics: NDArray[np.float64], powers: NDArray[np.float64]) -> NDArray[np.float64]:
    columns = [yeojohnson(column, lmbda=power) for column, power in zip(statistics.T, powers, strict=True)]
    return np.stack(columns, axis=1)


def _distances(z: NDArray[np.float64], precision: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sqrt(np.einsum("nk,kl,nl->n", z, precision, z))

"""Serum fibrosis scores that the network is compared with: APRI and FIB-4, units checked.

APRI = AST / upper limit of normal / platelets × 100 (Wai et al., Hepatology 2003;38:518).
FIB-4 = age × AST / (platelets × √ALT) (Sterling et al., Hepatology 2006;43:1317).
AST and ALT in U/L, platelets in 10⁹/L, age in years.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ml.spec import HepaStageError

AST_UPPER_LIMIT = 40.0  # U/L, the usual one; a laboratory's own limit may be given instead

ENZYME_UNITS: dict[str, float] = {"U/L": 1.0, "IU/L": 1.0, "µkat/L": 60.0, "ukat/L": 60.0}
PLATELET_UNITS: dict[str, float] = {
    "10^9/L": 1.0,
    "G/L": 1.0,
    "10^3/uL": 1.0,
    "10^3/µL": 1.0,
    "/uL": 1e-3,
    "/µL": 1e-3,
    "10^4/uL": 10.0,
}
PLAUSIBLE: dict[str, tuple[float, float, str]] = {
    "age": (0.0, 120.0, "years"),
    "AST": (3.0, 20000.0, "U/L"),
    "ALT": (3.0, 20000.0, "U/L"),
    "platelets": (3.0, 2000.0, "10^9/L"),
    "upper limit of AST": (10.0, 100.0, "U/L"),
}


class SerumRefused(HepaStageError):
    """A laboratory value that cannot be in the unit it claims."""

    code = "serum-implausible"
    remedy = "Check the unit: AST and ALT in U/L, platelets in 10^9/L, age in years, or name the unit used."


def apri(
    ast: ArrayLike,
    platelets: ArrayLike,
    *,
    upper_limit: float = AST_UPPER_LIMIT,
    enzyme_unit: str = "U/L",
    platelet_unit: str = "10^9/L",
) -> np.ndarray:
    """AST-to-platelet ratio index; a missing value (NaN) gives NaN.

    >>> float(apri(80, 100))
    2.0
    """
    limit = _checked("upper limit of AST", upper_limit, 1.0)
    return _enzyme("AST", ast, enzyme_unit) / limit / _platelets(platelets, platelet_unit) * 100


def fib4(
    age: ArrayLike,
    ast: ArrayLike,
    alt: ArrayLike,
    platelets: ArrayLike,
    *,
    enzyme_unit: str = "U/L",
    platelet_unit: str = "10^9/L",
) -> np.ndarray:
    """FIB-4 index; a missing value (NaN) gives NaN.

    >>> round(float(fib4(50, 60, 49, 150)), 3)
    2.857
    """
    years = _checked("age", age, 1.0)
    root = np.sqrt(_enzyme("ALT", alt, enzyme_unit))
    return years * _enzyme("AST", ast, enzyme_unit) / (_platelets(platelets, platelet_unit) * root)


def _enzyme(name: str, values: ArrayLike, unit: str) -> np.ndarray:
    return _checked(name, values, _factor(name, unit, ENZYME_UNITS))


def _platelets(values: ArrayLike, unit: str) -> np.ndarray:
    return _checked("platelets", values, _factor("platelets", unit, PLATELET_UNITS))


def _factor(name: str, unit: str, known: dict[str, float]) -> float:
    if unit not in known:
        raise SerumRefused(
            f"{name}: the unit {unit!r} is not known; use one of {', '.join(known)}", code="serum-unit"
        )
    return known[unit]


def _checked(name: str, values: ArrayLike, factor: float) -> np.ndarray:
    scaled = np.asarray(values, dtype=np.float64) * factor
    low, high, unit = PLAUSIBLE[name]
    known = scaled[np.isfinite(scaled)]
    wrong = known[(known < low) | (known > high)]
    if wrong.size:
        raise SerumRefused(f"{name} of {wrong.flat[0]:g} {unit} is outside {low:g}–{high:g} {unit}")
    return scaled

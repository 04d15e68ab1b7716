"""Serum values of a simulated patient, related to severity as loosely as in life.

Inflammation drives the aminotransferases and is only partly tied to fibrosis; portal hypertension
lowers platelets. The loosened ties are set so that APRI and FIB-4 find S4 with an AUC of about 0.8,
as meta-analyses of chronic hepatitis B report (docs/simulation.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.simulation.identity import Person

MISSING = {"ggt": 0.08, "albumin": 0.05, "hbv_dna": 0.12, "platelets": 0.03, "ast": 0.02}
"""Share of patients for whom the value was not measured or not entered."""

HEADINGS = {
    "patient_id": "patient_id",
    "age": "age (years)",
    "sex": "sex",
    "alt": "ALT (U/L)",
    "ast": "AST (U/L)",
    "platelets": "platelets (10^9/L)",
    "ggt": "GGT (U/L)",
    "albumin": "albumin (g/L)",
    "hbv_dna": "HBV DNA (IU/mL)",
}
"""Columns of ``clinical.csv``, units included."""


@dataclass(frozen=True)
class Serum:
    """U/L, 10⁹/L, g/L and IU/mL; ``None`` where missing."""

    alt: float | None
    ast: float | None
    platelets: float | None
    ggt: float | None
    albumin: float | None
    hbv_dna: float | None

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Serum:
        """Values for a severity in [0, 5]."""
        flare = rng.normal(0, 1)
        values = {
            "alt": np.exp(np.log(38) + 0.05 * severity + 0.48 * flare + rng.normal(0, 0.22)),
            "ast": np.exp(np.log(26) + 0.125 * severity + 0.36 * flare + rng.normal(0, 0.18)),
            "platelets": np.clip(rng.normal(228 - 18.5 * severity, 46), 35, 420),
            "ggt": np.exp(np.log(26) + 0.14 * severity + 0.18 * flare + rng.normal(0, 0.5)),
            "albumin": np.clip(rng.normal(45.5 - 0.9 * severity, 2.9), 22, 55),
            "hbv_dna": 10 ** float(np.clip(rng.normal(5.4 - 0.15 * severity, 1.6), 1.3, 9.0)),
        }
        digits = {"albumin": 1}
        measured = {
            name: None
            if rng.random() < MISSING.get(name, 0.0)
            else float(np.round(value, digits.get(name, 0)))
            for name, value in values.items()
        }
        return cls(**measured)


def clinical_row(person: Person, serum: Serum) -> dict[str, str]:
    """One row of ``clinical.csv``, keyed by :data:`HEADINGS`."""
    row = {"patient_id": person.patient_id, "age": str(person.age), "sex": person.sex}
    for name in ("alt", "ast", "platelets", "ggt", "albumin", "hbv_dna"):
        value = getattr(serum, name)
        row[name] = "" if value is None else f"{value:g}" if name == "albumin" else f"{value:.0f}"
    return {HEADINGS[name]: text for name, text in row.items()}

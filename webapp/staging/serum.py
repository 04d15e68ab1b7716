"""APRI and FIB-4 of a patient's current laboratory values, with what they rest on.

The formulas and their checks are :mod:`ml.evaluation.serum`; stored values are in its units (U/L, 10⁹/L,
years). Nothing is computed from values of different days: a row of values was taken together.
"""

from __future__ import annotations

import math
from typing import Any

from webapp.patients.models import SERUM, ClinicalValues, Exam

UNITS = {
    "alt": "U/L",
    "ast": "U/L",
    "platelets": "10^9/L",
    "ggt": "U/L",
    "albumin": "g/L",
    "hbv_dna": "IU/mL",
}
APRI_USES = ("ast", "platelets")
FIB4_USES = ("age_years", "ast", "alt", "platelets")
OLDEST_AGE = 90  # stands for all ages above 89


def serum_of(exam: Exam) -> dict[str, Any] | None:
    """The current values of the exam's patient with both scores; ``None`` where none were recorded.

    A score is null where one of its values is missing, is implausible (``refused`` says which), or is only
    a bound ("<20", or the age 90 that stands for all above 89; ``bounded`` names them): a ratio of a bound
    is no number.
    """
    values = ClinicalValues.objects.current().filter(patient=exam.patient_id).first()
    return None if values is None else serum_json(values)


def serum_json(values: ClinicalValues) -> dict[str, Any]:
    """What :func:`serum_of` answers, of one row of values."""
    from ml.evaluation.serum import AST_UPPER_LIMIT, SerumRefused, apri, fib4

    bounded = sorted({*values.bounded, *(["age_years"] if values.age_years == OLDEST_AGE else [])})
    refused: list[str] = []

    def score(uses: tuple[str, ...], formula: Any) -> float | None:
        given = [getattr(values, name) for name in uses]
        if None in given or set(uses) & set(bounded):
            return None
        try:
            found = float(formula(*given))
        except SerumRefused as error:
            refused.append(error.message)
            return None
        return round(found, 4) if math.isfinite(found) else None

    computed = {"apri": score(APRI_USES, apri), "fib4": score(FIB4_USES, fib4)}
    return {
        "id": str(values.pk),
        "recorded_at": values.recorded_at.isoformat(),
        "age_years": values.age_years,
        "values": [
            {"name": name, "value": getattr(values, name), "unit": UNITS[name]}
            for name in SERUM
            if getattr(values, name) is not None
        ],
        "bounded": bounded,
        "refused": sorted(set(refused)),
        **computed,
        "ast_upper_limit": AST_UPPER_LIMIT,
    }

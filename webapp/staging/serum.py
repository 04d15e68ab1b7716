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
USES = {"apri": APRI_USES, "fib4": FIB4_USES}
# (what is asked, at most: ruled out, above: ruled in). APRI: Wai et al., Hepatology 2003;38:518 (≥F2 and
# cirrhosis, chronic hepatitis C); FIB-4: Sterling et al., Hepatology 2006;43:1317 (advanced fibrosis).
CUT_OFFS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "apri": (("significant-fibrosis", 0.5, 1.5), ("cirrhosis", 1.0, 2.0)),
    "fib4": (("advanced-fibrosis", 1.45, 3.25),),
}
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


def scored(patient: Any) -> dict[str, Any] | None:
    """:func:`serum_of` a patient (its id), with what each score means and why one cannot be computed."""
    values = ClinicalValues.objects.current().filter(patient=patient).first()
    if values is None:
        return None
    said = serum_json(values)
    scores = [
        {
            "name": name,
            "value": said[name],
            "missing": [one for one in uses if getattr(values, one) is None],
            "bounded": [one for one in uses if one in said["bounded"]],
            "readings": [reading(said[name], *cut) for cut in CUT_OFFS[name]],
        }
        for name, uses in USES.items()
    ]
    return {**said, "scores": scores}


def reading(value: float | None, about: str, low: float, high: float) -> dict[str, Any]:
    """Where a score lies between its two cut-offs.

    >>> reading(1.0, "significant-fibrosis", 0.5, 1.5)["says"]
    'between'
    """
    says = None if value is None else "out" if value <= low else "in" if value > high else "between"
    return {"about": about, "low": low, "high": high, "says": says}

"""Values that somebody types: possible ones only, in the one unit of each (those of ``ml.cohort``)."""

from __future__ import annotations

from ml.cohort import ClinicalRow
from ml.cohort.clinical import QUANTITIES
from ml.spec import HepaStageError
from webapp.patients.models import SERUM


class ValuesRefused(HepaStageError):
    """No value, an impossible one, or somebody else's."""

    code = "values-refused"
    remedy = "Check the value and its unit."


def check_values(values: ClinicalRow, *, sex_of_patient: str) -> None:
    """Raise :class:`ValuesRefused` where nothing is given, or a value is outside what is possible."""
    given = {name: getattr(values, name) for name in SERUM if getattr(values, name) is not None}
    if not given and values.age is None:
        raise ValuesRefused("No value is given.")
    for name, value in given.items():
        quantity = QUANTITIES[name]
        if not quantity.low <= value <= quantity.high:
            unit = quantity.units[0][0].split("|")[0]
            raise ValuesRefused(f"{name} {value:g} {unit} is not possible.")
    if values.sex and sex_of_patient and values.sex != sex_of_patient:
        raise ValuesRefused("The images say another sex.")

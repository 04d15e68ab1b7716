"""Clinical and serum values from a table: first what would change, then, if asked, the change.

As with stages (:mod:`webapp.patients.stage_table`), numbers are hashed and forgotten; what is reported
names lines and pseudonyms only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ml.cohort import ClinicalRow, read_clinical_table
from webapp.audit import services as audit
from webapp.patients import services
from webapp.patients.models import ClinicalSource, ClinicalValues, Patient

if TYPE_CHECKING:
    from webapp.accounts.models import Site, User


class Outcome(StrEnum):
    """What a row of the table does."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNKNOWN_PATIENT = "unknown-patient"
    EMPTY = "empty"  # not one value in the row
    CONTRADICTED = "contradicted"  # two rows are of one patient: neither is taken
    OTHER_SEX = "other-sex"  # the images say otherwise, so the row may be of somebody else: not taken


@dataclass(frozen=True)
class ClinicalChange:
    """One row of the table. ``line`` counts as a spreadsheet does, from 1."""

    line: int
    outcome: Outcome
    patient: Patient | None


@dataclass(frozen=True)
class ClinicalImport:
    """All rows, and whether they were applied."""

    changes: tuple[ClinicalChange, ...]
    applied: bool

    @property
    def counts(self) -> dict[str, int]:
        """Rows per outcome, every outcome named."""
        counted = Counter(change.outcome for change in self.changes)
        return {outcome.value: counted[outcome] for outcome in Outcome}


@transaction.atomic
def import_clinical_table(
    *,
    site: Site,
    table: Path,
    actor: User | None,
    dry_run: bool = True,
    source: str = ClinicalSource.TABLE,
    request: Any = None,
) -> ClinicalImport:
    """Read a clinical table (CSV or Excel) for the patients of ``site``; write only without ``dry_run``."""
    rows = read_clinical_table(table)
    patients = services.patients_by_identity(site=site, identities={row.patient for row in rows})
    current = _current(patients.values())
    rows_of = Counter(patients[row.patient].pk for row in rows if row.patient in patients)
    judged = [(row, _judge(row, patients.get(row.patient), current, rows_of)) for row in rows]
    changes = tuple(change for _, change in judged)
    if dry_run:
        return ClinicalImport(changes, applied=False)
    wanted = [
        (change.patient, row)
        for row, change in judged
        if change.patient is not None and change.outcome in {Outcome.NEW, Outcome.CHANGED}
    ]
    services.lock_patients(patient.pk for patient, _ in wanted)
    result = ClinicalImport(changes, applied=True)
    with audit.at_the_end():
        for patient, row in wanted:
            services.record_clinical_values(
                patient=patient, values=row, source=source, actor=actor, request=request
            )
        audit.record(
            actor=actor, action="clinical-table.imported", site=site, detail=result.counts, request=request
        )
    return result


def _judge(
    row: ClinicalRow,
    patient: Patient | None,
    current: dict[Any, ClinicalValues],
    rows_of: Counter[Any],
) -> ClinicalChange:
    columns = services.clinical_columns(row)
    if patient is None:
        return ClinicalChange(row.line, Outcome.UNKNOWN_PATIENT, None)
    known = current.get(patient.pk)
    if rows_of[patient.pk] > 1:
        outcome = Outcome.CONTRADICTED
    elif not any(value not in (None, "", []) for value in columns.values()):
        outcome = Outcome.EMPTY
    elif row.sex and patient.sex and row.sex != patient.sex:
        outcome = Outcome.OTHER_SEX
    elif known is None:
        outcome = Outcome.NEW
    elif all(getattr(known, name) == value for name, value in columns.items()):
        outcome = Outcome.UNCHANGED
    else:
        outcome = Outcome.CHANGED
    return ClinicalChange(row.line, outcome, patient)


def _current(patients: Iterable[Patient]) -> dict[Any, ClinicalValues]:
    keys = [patient.pk for patient in patients]
    found: dict[Any, ClinicalValues] = {}
    for start in range(0, len(keys), 800):  # SQLite takes a limited number of parameters
        rows = ClinicalValues.objects.current().filter(patient__in=keys[start : start + 800])
        found.update({row.patient_id: row for row in rows})
    return found

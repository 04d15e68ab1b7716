"""Stages from a table: first what would change, then, if asked, the change.

The table names patients by hospital number (or by pseudonym). Numbers are hashed and forgotten;
the report names rows and pseudonyms only.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ml.cohort import StageRow, read_stage_table
from ml.spec import Stage
from webapp.audit import services as audit
from webapp.patients import services
from webapp.patients.models import PathologyStage, Patient, StageSource

if TYPE_CHECKING:
    from webapp.accounts.models import Site, User


class Outcome(StrEnum):
    """What a row of the table does."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNKNOWN_PATIENT = "unknown-patient"
    OTHER_SITE = "other-site"  # a table of several sites; this row is of another one
    CONTRADICTED = "contradicted"  # two spellings of one number have different stages: neither is taken


@dataclass(frozen=True)
class StageChange:
    """One row of the table. ``line`` counts as a spreadsheet does, from 1."""

    line: int
    outcome: Outcome
    patient: Patient | None
    before: Stage | None
    after: Stage


@dataclass(frozen=True)
class StageImport:
    """All rows, and whether they were applied."""

    changes: tuple[StageChange, ...]
    applied: bool

    @property
    def counts(self) -> dict[str, int]:
        """Rows per outcome, every outcome named."""
        counted = Counter(change.outcome for change in self.changes)
        return {outcome.value: counted[outcome] for outcome in Outcome}


@transaction.atomic
def import_stage_table(
    *,
    site: Site,
    table: Path,
    actor: User | None,
    dry_run: bool = True,
    source: str = StageSource.TABLE,
    request: Any = None,
) -> StageImport:
    """Read a stage table (CSV or Excel) for the patients of ``site``; write only without ``dry_run``."""
    changes = _compare(site, read_stage_table(table))
    if dry_run:
        return StageImport(changes, applied=False)
    wanted = [
        (change.patient, change.after)
        for change in changes
        if change.patient is not None and change.outcome in {Outcome.NEW, Outcome.CHANGED}
    ]
    services.lock_patients(patient.pk for patient, _ in wanted)
    result = StageImport(changes, applied=True)
    with audit.at_the_end():
        for patient, stage in wanted:
            services.record_stage(patient=patient, stage=stage, source=source, actor=actor, request=request)
        audit.record(
            actor=actor, action="stage-table.imported", site=site, detail=result.counts, request=request
        )
    return result


def _compare(site: Site, rows: list[StageRow]) -> tuple[StageChange, ...]:
    """What each row would do. A table that names one site only is taken to be of ``site``."""
    several = len({row.site.casefold() for row in rows}) > 1
    ours = {"", site.code.casefold(), site.name.casefold()} if several else {rows[0].site.casefold()}
    patients = services.patients_by_identity(
        site=site, identities={row.patient for row in rows if row.site.casefold() in ours}
    )
    current = _current_stages(patients.values())
    wanted: dict[Any, set[Stage]] = {}
    for row in rows:
        if row.patient in patients:
            wanted.setdefault(patients[row.patient].pk, set()).add(row.stage)

    def change(row: StageRow) -> StageChange:
        if row.site.casefold() not in ours:
            return StageChange(row.line, Outcome.OTHER_SITE, None, None, row.stage)
        patient = patients.get(row.patient)
        if patient is None:
            return StageChange(row.line, Outcome.UNKNOWN_PATIENT, None, None, row.stage)
        before = current.get(patient.pk)
        if len(wanted[patient.pk]) > 1:
            return StageChange(row.line, Outcome.CONTRADICTED, patient, before, row.stage)
        outcome = Outcome.NEW if before is None else Outcome.CHANGED
        return StageChange(
            row.line, Outcome.UNCHANGED if before == row.stage else outcome, patient, before, row.stage
        )

    return tuple(change(row) for row in rows)


def _current_stages(patients: Any) -> dict[Any, Stage]:
    keys = [patient.pk for patient in patients]
    found: dict[Any, Stage] = {}
    for start in range(0, len(keys), 800):
        rows = PathologyStage.objects.current().filter(
            patient__in=keys[start : start + 800], exam__isnull=True
        )
        found.update({patient: Stage(stage) for patient, stage in rows.values_list("patient_id", "stage")})
    return found

"""The tables that come with a folder of images: applied after them, and what did not fit said by line.

What is said names lines of the table and paths of the folder, never a hospital number beside a pseudonym.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ml.spec import Stage
from webapp.imaging.folder import PART, Tally
from webapp.patients.clinical_table import ClinicalImport, import_clinical_table
from webapp.patients.models import ClinicalSource, Exam
from webapp.patients.stage_table import StageImport, import_stage_table

if TYPE_CHECKING:
    from webapp.accounts.models import Site, User

NOT_TAKEN = {
    "other-site": "is of another site",
    "contradicted": "contradicts another line of the same patient",
    "empty": "holds no value",
    "other-sex": "gives another sex than the images of this patient",
}


@dataclass(frozen=True)
class Tables:
    """A stage table and a clinical table, either of which may be missing."""

    stages: Path | None
    clinical: Path | None
    stage_source: str

    @property
    def paths(self) -> list[Path]:
        return [path for path in (self.stages, self.clinical) if path is not None]

    def compare(self, site: Site, actor: User | None, *, apply: bool) -> Applied:
        """What the tables change; with ``apply`` they do."""
        stages = clinical = None
        if self.stages is not None:
            stages = import_stage_table(
                site=site, table=self.stages, actor=actor, dry_run=not apply, source=self.stage_source
            )
        if self.clinical is not None:
            simulated = self.stage_source == ClinicalSource.SIMULATION
            source = ClinicalSource.SIMULATION if simulated else ClinicalSource.TABLE
            clinical = import_clinical_table(
                site=site, table=self.clinical, actor=actor, dry_run=not apply, source=source
            )
        return Applied(self, stages, clinical)


@dataclass(frozen=True)
class Applied:
    """What came of the tables."""

    tables: Tables
    stages: StageImport | None
    clinical: ClinicalImport | None

    def counts(self) -> dict[str, dict[str, int] | None]:
        return {
            "stages": self.stages.counts if self.stages else None,
            "clinical": self.clinical.counts if self.clinical else None,
        }

    def stage_changes(self) -> list[dict[str, Any]]:
        """Each stage that is new or another, by line."""
        if self.stages is None:
            return []
        return [
            {"line": change.line, "before": _label(change.before), "after": _label(change.after)}
            for change in self.stages.changes
            if change.outcome.value in {"new", "changed"}
        ]

    def remarks(self, tally: Tally) -> Iterator[str]:
        """One sentence for each: rows without images, rows not taken, images without rows."""
        for table, result in ((self.tables.stages, self.stages), (self.tables.clinical, self.clinical)):
            if table is None or result is None:
                continue
            known = {change.patient.pk for change in result.changes if change.patient is not None}
            imaged = _with_images(known)
            of_site = [change for change in result.changes if change.outcome.value != "other-site"]
            if alone := [c.line for c in of_site if c.patient is None or c.patient.pk not in imaged]:
                yield f"{table.name}: no image of the patient is here: {_lines(alone)}."
            for outcome, why in NOT_TAKEN.items():
                if lines := [c.line for c in result.changes if c.outcome.value == outcome]:
                    yield f"{table.name}: not taken, because the row {why}: {_lines(lines)}."
            for patient, path in tally.file_of.items():
                if patient not in known:
                    yield f"{table.name}: no row for the patient of {path}."


def _with_images(patients: Iterable[UUID]) -> set[UUID]:
    ordered = list(patients)
    found: set[UUID] = set()
    for start in range(0, len(ordered), PART):
        exams = Exam.objects.filter(patient__in=ordered[start : start + PART], image_count__gt=0)
        found.update(exams.values_list("patient_id", flat=True))
    return found


def _label(stage: Stage | None) -> str | None:
    return None if stage is None else stage.label


def _lines(numbers: Iterable[int]) -> str:
    """``lines 3, 7–12``: all of them, in little space."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    written = ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in runs)
    return f"line {written}" if len(runs) == 1 and runs[0][0] == runs[0][1] else f"lines {written}"

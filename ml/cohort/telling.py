"""What a preparation tells of the files it read: counts and examples, never a file in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ml.cohort.cache import Cohort
from ml.cohort.clinical import QUANTITIES, ClinicalRow
from ml.cohort.review import Candidate, FileReport
from ml.cohort.sites import one_spelling
from ml.cohort.tables import StageRow
from ml.spec.events import Event, Note

_ASK_BELOW = 0.7
_SHOWN = 8


def notes(
    reports: Sequence[FileReport],
    table: Mapping[str, StageRow],
    candidates: Sequence[Candidate],
) -> Iterator[Event]:
    """Say what was left out and why, in counts; the report names every file."""
    reasons: dict[tuple[str, str], int] = {}
    for report in reports:
        if report.outcome != "accepted":
            reasons[report.outcome, report.code] = reasons.get((report.outcome, report.code), 0) + 1
    for (outcome, code), count in sorted(reasons.items()):
        example = next(report for report in reports if (report.outcome, report.code) == (outcome, code))
        yield Note(
            level="warning", message=f"{count} {outcome} ({code}), e.g. {example.path}: {example.message}"
        )
    unsure = [c.path for c in candidates if c.refusal is None and c.confidence < _ASK_BELOW]
    if unsure:
        yield Note(level="warning", message=f"The band of {len(unsure)} files is uncertain: {some(unsure)}.")
    if any(c.simulated for c in candidates) and not all(c.simulated for c in candidates if c.sop_uid):
        yield Note(
            level="warning", message="Simulated and real images are mixed; the cohort counts as simulated."
        )
    seen = {report.patient for report in reports if report.outcome == "accepted"}
    without = sorted(table.keys() - seen)
    if without:
        yield Note(
            level="warning", message=f"{len(without)} patients of the table have no image: {some(without)}."
        )
    unknown = sorted({c.patient for c in candidates if c.refusal and c.refusal[1] == "patient-not-in-table"})
    stripped = {row.lstrip("0").lower(): row for row in table}
    alike = [
        f"{who} (in the table {stripped[key]})"
        for who in unknown
        if (key := who.lstrip("0").lower()) in stripped
    ]
    if alike:
        yield Note(level="warning", message=f"Identifiers that differ only in zeros or case: {some(alike)}.")


def clinical_read(values: Sequence[ClinicalRow]) -> Iterator[Event]:
    """Which clinical columns were read, and of how many patients."""
    if not values:
        return
    counts = {
        name: sum(getattr(row, name) not in (None, "") for row in values) for name in [*QUANTITIES, "sex"]
    }
    read = ", ".join(f"{name} of {count}" for name, count in counts.items() if count)
    yield Note(message=f"Clinical values of {len(values)} patients: {read or 'none'}.")


def single_band(cohort: Cohort) -> Iterator[Event]:
    paired = {cohort.index["patient"].iloc[high] for high, _ in cohort.pairs()}
    alone = [patient for patient in cohort.patients() if patient not in paired]
    if alone:
        yield Note(message=f"{len(alone)} patients have no pair of bands in one exam: {some(alone)}.")


def sites_named(cohort: Cohort) -> Iterator[Event]:
    """What of the patients' sites a benchmark over sites would stumble over."""
    several = [patient for patient, named in cohort.named_sites.items() if len(named) > 1]
    if several:
        yield Note(
            level="warning",
            message=f"Images of {len(several)} patients name different sites: {some(several)}. Give each "
            "patient one site in the stage table, else no site can be left out.",
        )
    homeless = [patient for patient, named in cohort.named_sites.items() if not named]
    if homeless and len(homeless) < len(cohort.named_sites):
        yield Note(
            level="warning",
            message=f"{len(homeless)} patients have no site, others do: {some(homeless)}. Give each patient "
            "one in the stage table, else no site can be left out.",
        )
    written = one_spelling(cohort.index["site"])
    ways = [repr(name) for name in sorted(written) if list(written.values()).count(written[name]) > 1]
    if ways:
        yield Note(message=f"Written in several ways, but one site: {some(ways)}.")


def tally(reports: Sequence[FileReport]) -> dict[str, Any]:
    outcomes = [report.outcome for report in reports]
    return {
        outcome: outcomes.count(outcome) for outcome in ("accepted", "duplicate", "quarantined", "refused")
    }


def some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")

"""What to keep of a folder's files, judged together: duplicates and conflicts. Pure; reads nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ml.dicom import Box
from ml.spec import Band

Refusal = tuple[str, str, str, str]  # outcome, code, message, remedy


@dataclass(frozen=True)
class Picture:
    """One decoded picture: its frame number, its place in the scratch file, the hash of its pixels."""

    frame: int
    place: int
    pixels: str
    box: Box
    blank: bool = False


@dataclass(frozen=True)
class Candidate:
    """One file with what was read from it; ``refusal`` is set when it is out already."""

    path: str
    sha256: str = ""
    sop_uid: str = ""
    patient: str = ""
    exam: str = ""
    site: str = ""
    band: Band | None = None
    confidence: float = 0.0
    simulated: bool = False
    rows: int = 0
    columns: int = 0
    pictures: tuple[Picture, ...] = ()
    warnings: tuple[str, ...] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True)
class FileReport:
    """The outcome of one file; ``pictures`` are those that go into the cohort."""

    path: str
    outcome: str
    code: str = ""
    message: str = ""
    remedy: str = ""
    band: str = ""
    confidence: float = 0.0
    patient: str = ""
    pictures: tuple[Picture, ...] = field(default=())

    def as_line(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "outcome": self.outcome,
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy,
            "band": self.band,
            "confidence": self.confidence,
            "patient": self.patient,
            "pictures": len(self.pictures),
        }


def review(candidates: Sequence[Candidate]) -> list[FileReport]:
    """One report a candidate, in their order.

    The same file twice counts once. The same identifier with different content, or one exam or
    picture under two patients, is a conflict that only a person can settle: all of it is left out.
    """
    verdicts: dict[str, Refusal] = {c.path: c.refusal for c in candidates if c.refusal}
    standing = [c for c in candidates if c.path not in verdicts]
    for group in _groups(standing, lambda c: [c.sha256]):
        for extra in group[1:]:
            verdicts[extra.path] = ("duplicate", "same-file", f"The same file as {group[0].path}.", "")
    standing = [c for c in standing if c.path not in verdicts]
    conflicts = [
        (
            _groups(standing, lambda c: [c.sop_uid]),
            "same-uid-different-content",
            "has the same SOP instance UID and other content",
            False,
        ),
        (
            _groups(standing, lambda c: [c.exam]),
            "exam-under-two-patients",
            "is of the same exam, of another patient",
            True,
        ),
        (
            _groups(standing, lambda c: [p.pixels for p in c.pictures if not p.blank]),
            "picture-under-two-patients",
            "shows the same picture, of another patient",
            True,
        ),
    ]
    for groups, code, words, only_across_patients in conflicts:
        for group in groups:
            if only_across_patients and len({c.patient for c in group}) == 1:
                continue
            for one in group:
                other = next(
                    c
                    for c in group
                    if c is not one and (not only_across_patients or c.patient != one.patient)
                )
                verdicts.setdefault(
                    one.path,
                    (
                        "quarantined",
                        code,
                        f"{other.path} {words}.",
                        "Find out which is right and leave the other out.",
                    ),
                )
    seen: dict[tuple[str, str], str] = {}
    return [_report(c, verdicts.get(c.path), seen) for c in candidates]


def _report(candidate: Candidate, verdict: Refusal | None, seen: dict[tuple[str, str], str]) -> FileReport:
    """``seen`` holds the pictures already taken of each patient: a second one is not worth storing."""
    base = FileReport(
        path=candidate.path,
        outcome="accepted",
        message=" ".join(candidate.warnings),
        patient=candidate.patient,
        band=str(candidate.band or ""),
        confidence=candidate.confidence,
    )
    if verdict is not None:
        outcome, code, message, remedy = verdict
        return replace(base, outcome=outcome, code=code, message=message, remedy=remedy)
    fresh = []
    for picture in candidate.pictures:
        key = (candidate.patient, picture.pixels)
        if not picture.blank and key not in seen:
            fresh.append(picture)
            seen[key] = candidate.path
    if not fresh:
        first = next((seen[candidate.patient, p.pixels] for p in candidate.pictures if not p.blank), "")
        return replace(
            base, outcome="duplicate", code="same-picture", message=f"Shows the same picture as {first}."
        )
    return replace(base, pictures=tuple(fresh))


def _groups(
    candidates: Iterable[Candidate],
    keys: Callable[[Candidate], Iterable[Hashable]],
) -> list[list[Candidate]]:
    """Candidates that share a (non-empty) key, two or more together."""
    found: dict[Hashable, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        for key in dict.fromkeys(keys(candidate)):
            if key:
                found[key].append(candidate)
    return [group for group in found.values() if len(group) > 1]

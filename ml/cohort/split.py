"""Dividing patients 8:1:1, stratified by pathology stage (paper §3.3).

The unit is the patient: images of one patient never cross a split (science.md §6).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from ml.cohort.errors import CohortError
from ml.spec import Split, Stage

PARTS: tuple[Split, Split, Split] = (Split.TRAIN, Split.VALIDATION, Split.TEST)
RATIOS: tuple[float, float, float] = (0.8, 0.1, 0.1)


def split_patients(
    stage_by_patient: Mapping[str, Stage],
    *,
    seed: int,
    ratios: Sequence[float] = RATIOS,
) -> dict[str, Split]:
    """Assign every patient to train, validation or test.

    The totals are those of the largest-remainder method (266 → 213/27/26), every stage keeps its
    share within one patient, and a stage with at least three patients is in every part. The answer
    depends on the identifiers, stages, seed and ratios alone, never on the order of the mapping.

    >>> split = split_patients({f"P{n}": Stage(n % 5) for n in range(50)}, seed=0)
    >>> sorted({part: list(split.values()).count(part) for part in PARTS}.values())
    [5, 5, 40]
    """
    if (
        len(ratios) != 3
        or min(ratios) < 0
        or ratios[0] <= 0
        or not math.isclose(sum(ratios), 1, abs_tol=1e-9)
    ):
        raise CohortError(
            f"The split ratios {tuple(ratios)} are not three shares that add up to 1.",
            code="split-ratios",
            remedy="Give three shares such as 0.8, 0.1, 0.1, the first above 0.",
        )
    by_stage: dict[Stage, list[str]] = defaultdict(list)
    for patient, stage in stage_by_patient.items():
        by_stage[Stage(stage)].append(patient)
    stages = sorted(by_stage)
    quotas = _quotas([len(by_stage[stage]) for stage in stages], ratios)
    assignment: dict[str, Split] = {}
    for stage, (_, validation, test) in zip(stages, quotas, strict=True):
        shuffled = sorted(by_stage[stage], key=lambda patient: _lot(seed, patient))
        for place, patient in enumerate(shuffled):
            if place < test:
                assignment[patient] = Split.TEST
            elif place < test + validation:
                assignment[patient] = Split.VALIDATION
            else:
                assignment[patient] = Split.TRAIN
    return {patient: assignment[patient] for patient in sorted(assignment)}


def read_assignments(path: Path) -> dict[str, Split]:
    """Patient → part from a file ``{"assignments": {patient: "train" | "validation" | "test"}}``."""
    try:
        held = json.loads(path.read_text("utf-8"))["assignments"]
        return {str(patient): Split(part) for patient, part in held.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CohortError(
            f"{path.name} does not divide patients: {error}.",
            code="split-unreadable",
            remedy='Write {"assignments": {"patient": "train", …}}, as in the split.json of a cohort.',
        ) from error


def largest_remainder(total: int, ratios: Sequence[float]) -> list[int]:
    """Whole numbers nearest to ``total × ratios`` that add up to ``total``; ties go to the first part.

    >>> largest_remainder(266, (0.8, 0.1, 0.1))
    [213, 27, 26]
    """
    shares = [total * ratio for ratio in ratios]
    whole = [math.floor(share + 1e-9) for share in shares]
    order = sorted(range(len(shares)), key=lambda part: (-round(shares[part] - whole[part], 9), part))
    for part in order[: total - sum(whole)]:
        whole[part] += 1
    return whole


def _lot(seed: int, patient: str) -> tuple[str, str]:
    return hashlib.sha256(f"{seed}\x1f{patient}".encode()).hexdigest(), patient


def _quotas(counts: Sequence[int], ratios: Sequence[float]) -> list[tuple[int, int, int]]:
    """How many of each stage go to each part.

    Rounding each stage on its own drifts from the wanted totals (±3 patients at 266), so every
    combination of rounding up and down is tried: at most 4^5 of them.
    """
    wanted = largest_remainder(sum(counts), ratios)
    best: tuple[tuple[float, ...], tuple[tuple[int, int, int], ...]] | None = None
    for choice in itertools.product(*(_roundings(count, ratios) for count in counts)):
        off_total = sum(abs(sum(row[part] for row in choice) - wanted[part]) for part in range(3))
        off_stage = sum(
            (row[part] - count * ratios[part]) ** 2
            for row, count in zip(choice, counts, strict=True)
            for part in range(3)
        )
        cost = (off_total, round(off_stage, 9))
        if best is None or (cost, choice) < best:
            best = (cost, choice)
    return list(best[1]) if best else []


def _roundings(count: int, ratios: Sequence[float]) -> list[tuple[int, int, int]]:
    choices = []
    for part in (1, 2):
        share = count * ratios[part]
        least = 1 if count >= 3 and ratios[part] > 0 else 0
        choices.append(sorted({max(math.floor(share + 1e-9), least), max(math.ceil(share - 1e-9), least)}))
    return [
        (count - validation - test, validation, test)
        for validation, test in itertools.product(*choices)
        if count - validation - test >= 1
    ]

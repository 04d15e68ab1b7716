"""The test that every training passes first: nothing of one patient is in two splits (science.md §6)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ml.cohort.cache import Cohort
from ml.cohort.errors import LeakDetected
from ml.spec import Split


def assert_no_leak(cohort: Cohort) -> None:
    """Raise :class:`LeakDetected` when a patient, an exam, a source file or a picture crosses splits.

    Pictures are compared pixel by pixel (by hash), so that the same image exported twice under two
    names or two patients is found.
    """
    index = cohort.index
    patients = [str(patient) for patient in index["patient"]]
    strangers = sorted(set(patients) - cohort.split.keys())
    if strangers:
        raise LeakDetected(f"Patients without a split: {_some(strangers)}.")
    parts = [cohort.split[patient] for patient in patients]
    checks: list[tuple[str, Sequence[str]]] = [
        ("exam", [str(exam) for exam in index["exam"]]),
        ("source file", [str(source) for source in index["source_sha256"]]),
        ("picture", [pixel_hash(cohort.images[row]) for row in range(len(index))]),
    ]
    for what, keys in checks:
        crossing = _crossing(keys, parts)
        if crossing:
            rows = [row for row, key in enumerate(keys) if key == crossing[0]]
            owners = sorted({patients[row] for row in rows})
            raise LeakDetected(
                f"The same {what} is in two splits ({len(crossing)} such); "
                f"the first is in {_some(str(index['image'].iloc[row]) for row in rows)} of {_some(owners)}."
            )


def pixel_hash(picture: NDArray[np.uint8]) -> str:
    """Hash of the pixels alone: equal for identical pictures whatever file they came in."""
    return hashlib.blake2b(np.ascontiguousarray(picture).tobytes(), digest_size=16).hexdigest()


def _crossing(keys: Sequence[str], parts: Sequence[Split]) -> list[str]:
    found: dict[str, set[Split]] = defaultdict(set)
    for key, part in zip(keys, parts, strict=True):
        if key:
            found[key].add(part)
    return sorted(key for key, where in found.items() if len(where) > 1)


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:4]) + (f" and {len(listed) - 4} more" if len(listed) > 4 else "")

"""The paper's protocol: augment first, then divide the copies, whoever they are of (science.md §6).

It is kept to reproduce the paper and to show what it costs: copies of one picture, and pictures of one
patient, are in every part, so the test part says little about a patient who was never seen. Everything
that comes of it is marked, and no such model is promoted.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.augmentation import Augmenter, variants_of
from ml.cohort import Cohort, split_patients
from ml.cohort.durable import reserve
from ml.protocols.feeding import pair_samples
from ml.spec import AugmentationSpec, Band, Split, Stage, TrainSpec
from ml.spec.events import Event, Progressed

EPOCH = 0
"""The copies are drawn once, as those of one epoch; training then shows the same ones in every epoch."""

STEP = 64  # pictures between two looks at the clock
TOLD_SECONDS = 0.5
PLACES = 256  # copies of one picture are numbered apart where it stands in several pairs
ALREADY_AUGMENTED = AugmentationSpec(policy="none")

WARNING = (
    "The paper's protocol: augmented before the split, and images divided, not patients. Copies of one "
    "picture and pictures of one patient are in every part, so the numbers are optimistic; the model cannot "
    "be promoted."
)


@dataclass(frozen=True)
class DividedCopies(Cohort):
    """A cohort of augmented copies with a part for each of them instead of for each patient.

    A pair of HF and LF pictures is copied as one and lies in one part, so that all rows of a
    comparison, of one band or both, have the same division. ``origin`` (N,) are the rows of the cohort
    that was copied, ``copies`` (N,) which copy it is.
    """

    parts: NDArray[np.str_] = field(default_factory=lambda: np.empty(0, dtype=str))
    origin: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    copies: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def rows(self, split: Split | None = None, band: Band | None = None) -> NDArray[np.int64]:
        rows = super().rows(None, band)
        return rows if split is None else rows[self.parts[rows] == str(split)]

    def patients(self, split: Split | None = None) -> list[str]:
        """Patients with at least one copy in a part; a patient is in several."""
        return sorted(set(self.index["patient"].to_numpy(dtype=str)[self.rows(split)]))

    def counts(self) -> dict[str, Any]:
        """Copies and the patients that they are of, by part."""
        return {
            str(part): {"copies": len(self.rows(part)), "patients": len(self.patients(part))}
            for part in Split
        }


def divided_copies(cohort: Cohort, spec: TrainSpec, scratch: Path) -> DividedCopies:
    """The copies that ``spec`` makes of the whole cohort, 8:1:1 within each stage; still without pictures.

    :func:`draw_copies` fills them. They lie in a file without a name in ``scratch``, which is gone when
    nobody holds the cohort any more.
    """
    units = _units(cohort)
    labels = [int(cohort.index["stage"].iloc[rows[0]]) for _, rows in units]
    which, copies = Augmenter(spec.augmentation, spec.seed).epoch(labels, EPOCH)
    order = np.lexsort((copies, which))
    lines: list[dict[str, Any]] = []
    origin: list[int] = []
    numbers: list[int] = []
    names: list[str] = []
    for unit, copy in zip(which[order], copies[order], strict=True):
        place, rows = units[unit]
        mark = f"#{place}.{copy}"
        for row in rows:
            line = cohort.index.iloc[row].to_dict()
            lines.append({**line, "image": f"{line['image']}{mark}", "exam": f"{line['exam']}{mark}"})
            origin.append(row)
            numbers.append(int(copy) + PLACES * place)
            names.append(f"{unit}{mark}")
    stage_of = {name: Stage(line["stage"]) for name, line in zip(names, lines, strict=True)}
    part_of = split_patients(stage_of, seed=spec.seed)
    index = pd.DataFrame(lines).assign(row=np.arange(len(lines)))
    return DividedCopies(
        path=scratch,
        images=_unnamed(scratch, (len(lines), cohort.size, cohort.size)),
        index=index,
        split=cohort.split,
        dataset_hash=cohort.dataset_hash,
        simulated=cohort.simulated,
        meta=cohort.meta,
        parts=np.array([str(part_of[name]) for name in names]),
        origin=np.array(origin, dtype=np.int64),
        copies=np.array(numbers, dtype=np.int64),
    )


def draw_copies(
    copied: DividedCopies,
    cohort: Cohort,
    spec: TrainSpec,
    *,
    phase: str,
    device: str = "cpu",
) -> Iterator[Event]:
    """Augment the pictures of ``cohort`` into ``copied``; the same for the same specification."""
    augmenter = Augmenter(spec.augmentation, spec.seed)
    variants = yield from _variants(cohort, copied.path, spec, phase, device)
    parenchyma = cohort.parenchyma
    told = time.monotonic()
    for start in range(0, len(copied), STEP):
        rows = copied.origin[start : start + STEP]
        keys = [
            (int(row), int(copy)) for row, copy in zip(rows, copied.copies[start : start + STEP], strict=True)
        ]
        flat = np.array(cohort.images[rows])
        if variants is not None:
            sharpened = augmenter.takes_deconvolved(keys, EPOCH)
            flat[sharpened] = variants[rows[sharpened]]
        aims = None if parenchyma is None else parenchyma[rows]
        copied.images[start : start + STEP] = augmenter.pictures(flat, keys, EPOCH, aims)
        if time.monotonic() - told >= TOLD_SECONDS:
            told = time.monotonic()
            message = f"augmenting: {start} of {len(copied)} pictures"
            yield Progressed(phase=phase, progress=0.0, message=message)


def _units(cohort: Cohort) -> list[tuple[int, tuple[int, ...]]]:
    """What is copied: each pair of an exam, and each picture of an exam that lacks the other band, with
    its place in the exam."""
    units: list[tuple[int, tuple[int, ...]]] = []
    exams: dict[tuple[str, str], int] = {}
    paired: set[int] = set()
    keys = list(zip(cohort.index["patient"], cohort.index["exam"], strict=True))
    for choices in pair_samples(cohort, None).choices:
        paired.update(row for rows in choices for row in rows)
        place = exams[keys[choices[0][0]]] = exams.get(keys[choices[0][0]], -1) + 1
        units.append((place, tuple(choices[0])))
    alone = sorted(set(range(len(cohort))) - paired)
    return units + [(0, (row,)) for row in alone]


def _variants(
    cohort: Cohort, scratch: Path, spec: TrainSpec, phase: str, device: str
) -> Generator[Event, None, NDArray[np.uint8] | None]:
    """The sharpened pictures, where the specification asks for them."""
    chosen = spec.augmentation
    if chosen.policy == "none" or not chosen.deconvolution:
        return None
    told = time.monotonic()
    found = None
    for done, found in variants_of(cohort.images, [cohort.path / "derived", scratch / "derived"], device):
        if found is None and time.monotonic() - told >= TOLD_SECONDS:
            told = time.monotonic()
            message = f"blind deconvolution: {done} of {len(cohort)} pictures"
            yield Progressed(phase=phase, progress=0.0, message=message)
    return found


def _unnamed(scratch: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Zeros on disk that vanish with the last one who holds them."""
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=scratch) as file:
        found = np.memmap(file, dtype=np.uint8, mode="w+", shape=shape)
        reserve(file)  # a full disk is said now, and not by SIGBUS later
        return found

"""A run on a fold: which fold of which cross-validation, and the file that tells the training.

The fold is made when the run first starts and kept, so that a resumed run goes on with the same patients
whatever has been updated in between.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.training.models import Run


@dataclass(frozen=True)
class Division:
    """Fold ``fold`` of repeat ``repeat`` of ``repeats`` × ``folds`` folds dealt with ``seed``; from 0."""

    folds: int
    repeats: int
    repeat: int
    fold: int
    seed: int = 0


def write_split(run: Run) -> Path:
    """``split.json`` in the run's folder, as ``python -m ml train --split`` takes it."""
    if run.division is None:
        raise ValueError(f"run {run.pk} is on the split of its dataset")
    path = run.folder / "split.json"
    if path.exists():
        return path
    from ml.cohort import load_cache, repeated_folds  # scikit-learn: in a worker, not in the site

    division = Division(**run.division)
    folds = repeated_folds(
        load_cache(run.dataset.folder).stages, division.folds, division.repeats, division.seed
    )
    chosen = next(fold for fold in folds if (fold.repeat, fold.fold) == (division.repeat, division.fold))
    assignments = {patient: str(part) for patient, part in chosen.assignments.items()}
    run.folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps({**run.division, "assignments": assignments}, indent=1) + "\n", "utf-8")
    draft.replace(path)
    return path

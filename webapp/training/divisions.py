"""What a run is trained and tested on, other than its dataset's own split: a fold, a site, another dataset.

The division is made when the run first starts and kept, so that a resumed run goes on with the same patients
whatever has been updated in between.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.conf import settings

from ml.spec import HepaStageError, Protocol, Stage

if TYPE_CHECKING:
    from ml.cohort.design import Design
    from webapp.datasets.models import DatasetVersion
    from webapp.training.models import Experiment, Run


@dataclass(frozen=True)
class Division:
    """Fold ``fold`` of repeat ``repeat`` of ``repeats`` × ``folds`` folds dealt with ``seed``; from 0.

    Of ``kind`` sites, ``site`` is the one that is tested, and ``fold`` its place in the order of codes.
    """

    folds: int
    repeats: int
    repeat: int
    fold: int
    seed: int = 0
    kind: Literal["folds", "sites"] = "folds"
    site: str = ""

    @property
    def label(self) -> str:
        """What tells the runs of a line apart: ``1.2``, or the site."""
        return self.site if self.kind == "sites" else f"{self.repeat + 1}.{self.fold + 1}"


class DivisionLost(HepaStageError):
    """The frozen dataset no longer gives the division that was asked for: its files were changed."""

    code = "division-lost"
    remedy = "Check the storage (System page); restore the dataset's folder from the backup."


def design_of(experiment: Experiment) -> Design:
    """The experiment's design, as ``python -m ml benchmark`` has it."""
    from ml.cohort.design import Design

    return Design(
        kind=experiment.kind,  # type: ignore[arg-type]  # the same words: DesignKind
        protocol=Protocol(experiment.protocol),
        folds=experiment.folds,
        repeats=experiment.repeats,
        seed=0,
    )


def parts_of(experiment: Experiment) -> list[dict[str, int]]:
    """Patients by part of each division of an experiment, as the runs divide them."""
    from ml.cohort.design import folds_of
    from ml.cohort.folds import VALIDATION_SHARE
    from ml.cohort.split import split_patients
    from ml.spec import Split

    members = experiment.dataset.members.select_related("site")
    stages = {member.pseudonym: Stage(member.stage) for member in members}
    if experiment.kind in ("folds", "sites"):
        sites = {member.pseudonym: member.site.code for member in members}
        divided = [fold.assignments for fold in folds_of(design_of(experiment), stages, lambda: sites)]
    elif experiment.external is not None:
        ratios = (1 - VALIDATION_SHARE, VALIDATION_SHARE, 0.0)
        outside = experiment.external.members.values_list("pseudonym", flat=True)
        divided = [split_patients(stages, seed=0, ratios=ratios) | dict.fromkeys(outside, Split.TEST)]
    else:
        divided = [{member.pseudonym: Split(member.split) for member in members}]
    return [
        {str(part): sum(held == part for held in assignments.values()) for part in Split}
        for assignments in divided
    ]


def cohort_folder(run: Run) -> Path:
    """The cache that the run trains from: its dataset's, or that joined with the external one's."""
    if run.external is None:
        return run.dataset.folder
    return joined(run.dataset, run.external)


def joined(training: DatasetVersion, external: DatasetVersion) -> Path:
    """One cache of both, made by the first run that needs it and kept for the others.

    Nothing but a copy: it can be deleted while nothing trains, and is made again.
    """
    from ml.cohort import join_external, load_cache

    out = Path(settings.WORK_DIR) / "joined" / f"{training.hash[:20]}-{external.hash[:20]}"
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two workers must not write it at once
        join_external(load_cache(training.folder), load_cache(external.folder), out)
    return out


def write_split(run: Run) -> Path:
    """``split.json`` in the run's folder, as ``python -m ml train --split`` takes it."""
    if run.division is None:
        raise ValueError(f"run {run.pk} is on the split of its dataset")
    path = run.folder / "split.json"
    if path.exists():
        return path
    from ml.cohort import load_cache  # scikit-learn: in a worker, not in the site
    from ml.cohort.design import Design, folds_of

    division = Division(**run.division)
    cohort = load_cache(run.dataset.folder)
    design = Design(division.kind, Protocol.STRICT, division.folds, division.repeats, division.seed)
    folds = folds_of(design, cohort.stages, lambda: cohort.sites)
    chosen = next(
        (fold for fold in folds if (fold.repeat, fold.fold) == (division.repeat, division.fold)), None
    )
    if chosen is None or (division.site and chosen.name != f"site {division.site}"):
        raise DivisionLost(f"{run.dataset} has no division {division.label}.")
    assignments = {patient: str(part) for patient, part in chosen.assignments.items()}
    run.folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps({**run.division, "assignments": assignments}, indent=1) + "\n", "utf-8")
    draft.replace(path)
    return path

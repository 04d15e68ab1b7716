"""Other ways to divide the same patients: repeated cross-validation, and each site left out in turn.

The unit is the patient throughout, and each division has all three parts: the validation patients,
who choose epochs and operating points, are taken from the training part and never from the tested one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ml.cohort.errors import CohortError
from ml.cohort.split import split_patients
from ml.spec import Split, Stage

VALIDATION_SHARE = 1 / 9  # of the patients that are not tested: 8:1, as in the paper's 8:1:1 (§3.3)


@dataclass(frozen=True)
class Fold:
    """One division of the patients. ``repeat`` and ``fold`` count from 0; ``name`` is what people read."""

    repeat: int
    fold: int
    name: str
    assignments: dict[str, Split]


def repeated_folds(
    stage_by_patient: Mapping[str, Stage],
    folds: int,
    repeats: int,
    seed: int,
) -> list[Fold]:
    """Repeated stratified cross-validation: every patient is tested exactly once in each repeat.

    ``folds`` ≥ 2 and no more than there are patients, ``repeats`` ≥ 1. The folds of a repeat differ by at
    most one patient of any stage (scikit-learn's ``StratifiedKFold``); each repeat deals the patients
    anew. The answer depends on the identifiers, stages and numbers, not on the order of the mapping.
    """
    from sklearn.model_selection import StratifiedKFold

    patients = sorted(stage_by_patient)
    stages = [int(stage_by_patient[patient]) for patient in patients]
    most = max((stages.count(stage) for stage in set(stages)), default=0)
    if not 2 <= folds <= most or repeats < 1:
        raise CohortError(
            f"{folds} folds in {repeats} repeats cannot be made of {len(patients)} patients, "
            f"of whom at most {most} share a stage.",
            code="folds-impossible",
            remedy="Ask for at least 2 folds, no more than there are patients of the commonest stage, "
            "and at least 1 repeat.",
        )
    made = []
    for repeat in range(repeats):
        dealer = StratifiedKFold(folds, shuffle=True, random_state=seed + repeat)
        for number, (_, tested) in enumerate(_quietly(dealer, patients, stages)):
            members = {patients[place] for place in tested}
            made.append(
                Fold(
                    repeat=repeat,
                    fold=number,
                    name=f"repeat {repeat + 1}, fold {number + 1}",
                    assignments=_around(members, stage_by_patient, seed=seed + repeat),
                )
            )
    return made


def leave_one_site_out(
    stage_by_patient: Mapping[str, Stage],
    site_by_patient: Mapping[str, str],
    *,
    seed: int,
) -> list[Fold]:
    """Each site tested by models that never saw a patient of it, in the order of the sites' names."""
    sites = sorted({site_by_patient[patient] for patient in stage_by_patient})
    if len(sites) < 2:
        raise CohortError(
            f"Leaving a site out needs two sites; this cohort has {', '.join(sites) or 'none'}.",
            code="one-site-only",
            remedy="Use a cohort of several sites, or --folds.",
        )
    made = []
    for number, site in enumerate(sites):
        members = {patient for patient in stage_by_patient if site_by_patient[patient] == site}
        made.append(
            Fold(
                repeat=0,
                fold=number,
                name=f"site {site}",
                assignments=_around(members, stage_by_patient, seed=seed),
            )
        )
    return made


def _around(tested: set[str], stages: Mapping[str, Stage], *, seed: int) -> dict[str, Split]:
    """``tested`` are the test part; the rest is divided 8:1, stratified, into training and validation."""
    others = {patient: stage for patient, stage in stages.items() if patient not in tested}
    divided = split_patients(others, seed=seed, ratios=(1 - VALIDATION_SHARE, VALIDATION_SHARE, 0.0))
    return {patient: divided.get(patient, Split.TEST) for patient in sorted(stages)}


def _quietly(dealer: object, patients: list[str], stages: list[int]) -> list[tuple[list[int], list[int]]]:
    """Without the warning that a rare stage is not in every fold: the caller shows the counts."""
    import warnings

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        return list(dealer.split(patients, stages))  # type: ignore[attr-defined]

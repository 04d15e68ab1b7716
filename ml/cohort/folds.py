"""Other ways to divide the same patients: repeated cross-validation, and each site left out in turn.

The unit is the patient throughout, and each division has all three parts: the validation patients,
who choose epochs and operating points, are taken from the training part and never from the tested one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from ml.cohort.errors import CohortError
from ml.cohort.sites import one_spelling
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
                    assignments=_around(members, stage_by_patient, seed=seed + repeat, fold=number),
                )
            )
    return made


def leave_one_site_out(
    stage_by_patient: Mapping[str, Stage],
    site_by_patient: Mapping[str, str],
    *,
    seed: int,
) -> list[Fold]:
    """Each site tested by models that never saw a patient of it, in the order of the sites' names.

    Spellings of other case are one site. A patient without a site may be of the one that is left out, so
    that is refused.
    """
    homeless = sorted(patient for patient in stage_by_patient if not site_by_patient[patient].strip())
    if homeless:
        raise CohortError(
            f"{len(homeless)} patients have no site, e.g. {', '.join(homeless[:4])}: they may be of the one "
            "that is left out.",
            code="site-unknown",
            remedy="Give every patient a site in the stage table, or use --folds.",
        )
    spelling = one_spelling(site_by_patient[patient] for patient in stage_by_patient)
    site_of = {patient: spelling[site_by_patient[patient]] for patient in stage_by_patient}
    sites = sorted(set(site_of.values()))
    if len(sites) < 2:
        raise CohortError(
            f"Leaving a site out needs two sites; this cohort has {', '.join(sites) or 'none'}.",
            code="one-site-only",
            remedy="Use a cohort of several sites, or --folds.",
        )
    made = []
    for number, site in enumerate(sites):
        members = {patient for patient in stage_by_patient if site_of[patient] == site}
        made.append(
            Fold(
                repeat=0,
                fold=number,
                name=f"site {site}",
                assignments=_around(members, stage_by_patient, seed=seed, fold=number),
            )
        )
    return made


def _around(tested: set[str], stages: Mapping[str, Stage], *, seed: int, fold: int) -> dict[str, Split]:
    """``tested`` are the test part; the rest is divided 8:1, stratified, into training and validation.

    Each fold draws its validation patients anew: with one draw for all, the same few would choose the epochs
    of every fold and hardly ever be trained on.
    """
    others = {patient: stage for patient, stage in stages.items() if patient not in tested}
    draw = int.from_bytes(hashlib.sha256(f"{seed}\x1f{fold}".encode()).digest()[:8], "big")
    divided = split_patients(others, seed=draw, ratios=(1 - VALIDATION_SHARE, VALIDATION_SHARE, 0.0))
    return {patient: divided.get(patient, Split.TEST) for patient in sorted(stages)}


def _quietly(dealer: object, patients: list[str], stages: list[int]) -> list[tuple[list[int], list[int]]]:
    """Without the warning that a rare stage is not in every fold: the caller shows the counts."""
    import warnings

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        return list(dealer.split(patients, stages))  # type: ignore[attr-defined]

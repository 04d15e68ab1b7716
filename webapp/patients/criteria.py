"""Who may be in the study (paper §1): the criteria, which of them a study uses, and what an answer means.

The paper excludes cirrhosis and has a stage S4, "early cirrhosis": whether cirrhosis excludes is therefore a
setting of the study, and by default it does not. Both bands and a pathology stage are also needed;
those are seen in the data and asked of nobody (:mod:`webapp.datasets.selection`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import models


class Criterion(models.TextChoices):
    """``paper §1``, in its order: inclusion first."""

    CHRONIC_HEPATITIS_B = "chronic-hepatitis-b"
    FIBROSIS_CONFIRMED = "fibrosis-confirmed"
    NO_TREATMENT_BEFORE = "no-treatment-before"
    OTHER_LIVER_DISEASE = "other-liver-disease"
    CIRRHOSIS = "cirrhosis"
    ORGAN_DYSFUNCTION = "organ-dysfunction"
    ARTEFACT = "artefact"
    PREGNANCY = "pregnancy"


class Answer(models.TextChoices):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


INCLUSION = (Criterion.CHRONIC_HEPATITIS_B, Criterion.FIBROSIS_CONFIRMED, Criterion.NO_TREATMENT_BEFORE)
"""What must hold: ``no`` excludes."""
EXCLUSION = (
    Criterion.OTHER_LIVER_DISEASE,
    Criterion.CIRRHOSIS,
    Criterion.ORGAN_DYSFUNCTION,
    Criterion.ARTEFACT,
    Criterion.PREGNANCY,
)
"""What must not hold: ``yes`` excludes."""
DEFAULTS: Mapping[str, bool] = {one.value: one is not Criterion.CIRRHOSIS for one in Criterion}


def excludes(criterion: str, answer: str) -> bool:
    """Whether an answer keeps a patient out where the study uses the criterion.

    >>> excludes("pregnancy", "yes"), excludes("chronic-hepatitis-b", "no"), excludes("artefact", "unknown")
    (True, True, False)
    """
    return answer == (Answer.NO if criterion in INCLUSION else Answer.YES)


def first_reason(answers: Mapping[str, str], used: Iterable[str]) -> str:
    """The first criterion, in the order of the paper, that keeps a patient out; "" where none does."""
    in_use = set(used)
    for criterion in Criterion.values:
        if criterion in in_use and criterion in answers and excludes(criterion, answers[criterion]):
            return criterion
    return ""

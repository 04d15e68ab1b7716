"""What can go wrong between a folder of images and a cohort that may be trained on."""

from __future__ import annotations

from ml.spec import HepaStageError


class CohortError(HepaStageError):
    """A cache, split or table that cannot be used as it is."""

    code = "cohort-unusable"
    remedy = "Prepare the cohort again with `python -m ml prepare`."


class LeakDetected(CohortError):
    """Something that identifies one patient is in more than one split (science.md §6)."""

    code = "split-leak"
    remedy = "Remove the duplicate or correct the patient identifier, then prepare the cohort again."


class TableRefused(CohortError):
    """A stage or clinical table that could be read in more than one way, or not at all."""

    code = "table-refused"
    remedy = "Correct the rows and columns named above; nothing was imported."

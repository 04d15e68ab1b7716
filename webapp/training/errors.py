"""Why a run, a comparison or a promotion is refused, in words that say what to do."""

from __future__ import annotations

from ml.spec import HepaStageError


class PromotionBarred(HepaStageError):
    """A model that must not be used on patients."""

    code = "model-not-promotable"
    http_status = 409


class NothingToRollBack(HepaStageError):
    """An alias that nobody held before."""

    code = "alias-without-predecessor"
    remedy = "Promote the model that should hold it."
    http_status = 409


class AliasContested(HepaStageError):
    """Somebody else moved the same alias at the same moment."""

    code = "alias-contested"
    remedy = "Look at who holds it now, then try again."
    http_status = 409


class RunUnfinished(HepaStageError):
    """A file or figure that only a finished run has."""

    code = "run-unfinished"
    remedy = "Wait until the run has succeeded."
    http_status = 409


class ComparisonRefused(HepaStageError):
    """A set of runs that cannot be put beside each other."""

    code = "comparison-refused"


class RunFileMissing(HepaStageError):
    """A finished run whose files are gone."""

    code = "run-file-missing"
    remedy = "Restore the work folder from the backup, or train again."
    http_status = 409

"""How a job's work ends early. The first is for people; the others steer the worker."""

from __future__ import annotations

from ml.spec import HepaStageError


class JobFailed(HepaStageError):
    """The work cannot succeed; the row becomes ``failed`` with this reason. Any HepaStageError does."""

    code = "job-failed"

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message, code=code, remedy=remedy)


class NotAllowedNow(HepaStageError):
    """The job is not in a state in which this can be done."""

    code = "job-state"
    http_status = 409


class NotYours(HepaStageError):
    """Only whoever started a job, or an administrator, cancels or retries it."""

    code = "job-not-yours"
    remedy = "Ask the person who started it, or an administrator."
    http_status = 403


class Interrupted(BaseException):
    """Base of those below. Not an ``Exception``: a handler's ``except Exception`` must not eat it."""


class CancelRequested(Interrupted):
    """Somebody cancelled the job: leave the last checkpoint intact and let this pass."""


class ShutdownRequested(Interrupted):
    """The worker stops: as for a cancel, but the job goes back to its queue."""


class LeaseLost(Interrupted):
    """Another attempt owns the job now; whatever this one still writes is refused."""


class AttemptLost(Interrupted):
    """The process that did the work died through no proven fault of the work: try again while attempts
    are left, then fail with this reason."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.failure = {"code": code, "message": message, "remedy": remedy}

"""What can be wrong with the object storage, as people and programs are told."""

from __future__ import annotations

from ml.spec import HepaStageError


class BucketTrouble(HepaStageError):
    """The object storage did not do what was asked; nothing was acknowledged."""

    http_status = 503


class BucketAway(BucketTrouble):
    """No answer in time, or the server says that it cannot at the moment."""

    code = "bucket-away"
    remedy = (
        "Send it again in a minute; nothing was stored. If that goes on, tell an administrator that the "
        "object storage does not answer."
    )


class BucketRefuses(BucketTrouble):
    """The server answers, and says no: unknown bucket, wrong credentials, a right that is missing."""

    code = "bucket-refuses"
    remedy = (
        "Tell an administrator: the name of the bucket, its credentials and what they may do have to be "
        "checked (docs/operator.md)."
    )


class ObjectMissing(BucketTrouble):
    """There is no such object."""

    code = "stored-object-missing"
    remedy = "Tell an administrator: restore the object from the backup, then run the storage check."
    http_status = 410


class ObjectDamaged(BucketTrouble):
    """What came is not what was stored; it was thrown away."""

    code = "stored-object-damaged"
    remedy = "Tell an administrator: restore the object from the backup, then run the storage check."
    http_status = 410

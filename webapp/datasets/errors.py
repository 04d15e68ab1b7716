"""Why a dataset version cannot be made or changed, in words that say what to do."""

from __future__ import annotations

from collections.abc import Sequence

from ml.spec import HepaStageError


class FreezeRefused(HepaStageError):
    """The labelled pairs there are do not make a dataset."""

    code = "dataset-impossible"
    http_status = 409

    @classmethod
    def raise_for(cls, obstacles: Sequence[dict[str, str]]) -> None:
        """Raise with the code of the first obstacle and the sentences of all; pass when there is none."""
        if obstacles:
            raise cls(
                " ".join(obstacle["message"] for obstacle in obstacles),
                code=obstacles[0]["code"],
                remedy=" ".join(dict.fromkeys(obstacle["remedy"] for obstacle in obstacles)),
            )


class DatasetFrozen(HepaStageError):
    """A frozen version was about to be changed."""

    code = "dataset-frozen"
    remedy = "Freeze a new version of the same name."
    http_status = 409


class DatasetNotFrozen(HepaStageError):
    """A version that is not (yet) frozen was about to be used."""

    code = "dataset-not-frozen"
    remedy = "Wait until it is frozen, or run its job again."
    http_status = 409

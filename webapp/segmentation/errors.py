"""Why a segmenter is not trained, activated or asked, in words that say what to do."""

from __future__ import annotations

from ml.spec import HepaStageError


class NoSegmenter(HepaStageError):
    """Nobody has activated a segmenter yet."""

    code = "no-segmenter"
    remedy = "Train a segmenter on the page Segmenters and activate it, or draw the outline by hand."
    http_status = 409


class SegmenterGone(HepaStageError):
    """A model was trained with a segmenter that is not registered here."""

    code = "segmenter-unknown"
    remedy = "Stage with a model whose segmenter is registered, or train one on a dataset frozen now."
    http_status = 409


class MaterialRefused(HepaStageError):
    """What was given to train from cannot be trained from."""

    code = "segmenter-material-refused"
    remedy = "Send a zip of labelme JSON files with their images, or choose the outlines drawn here."


class NotTrained(HepaStageError):
    """A segmenter whose training has not succeeded."""

    code = "segmenter-not-trained"
    remedy = "Wait until its training has succeeded."
    http_status = 409


class ActivationContested(HepaStageError):
    """Somebody else activated a segmenter at the same moment."""

    code = "segmenter-activation-contested"
    remedy = "Look at which one is active now, then try again."
    http_status = 409


class OutcomeIncomplete(HepaStageError):
    """The training said that it was done, but did not leave what it must leave."""

    code = "segmenter-outcome-incomplete"
    remedy = "Resume the training. If it comes back, tell an administrator."

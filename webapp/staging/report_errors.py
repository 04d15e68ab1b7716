"""Why a review cannot be saved or a report cannot be signed, in words that say what to do."""

from __future__ import annotations

from ml.spec import HepaStageError


class NothingToReview(HepaStageError):
    """A staging without an answer."""

    code = "staging-unanswered"
    remedy = "Wait until the model has answered, or stage the case again."
    http_status = 409


class ReviewRefused(HepaStageError):
    """A judgement that contradicts itself or lacks its reason."""

    code = "review-incomplete"
    remedy = "Choose another stage and at least one reason; write a note where the reason is 'other'."


class ReviewChanged(HepaStageError):
    """The draft was saved elsewhere (a second tab) since it was read."""

    code = "review-changed"
    remedy = "Load the draft again; nothing was overwritten."
    http_status = 409


class DraftExists(HepaStageError):
    """The same person already has a draft on this staging."""

    code = "review-exists"
    remedy = "Go on with the draft that is there, or discard it."
    http_status = 409


class ReportExists(HepaStageError):
    """The exam has a signed report; another one can only amend it."""

    code = "report-exists"
    remedy = "Amend the signed report; the earlier version stays readable."
    http_status = 409


class ReportSuperseded(HepaStageError):
    """Somebody else signed a newer version meanwhile."""

    code = "report-superseded"
    remedy = "Read the newer version and amend that one."
    http_status = 409


class ReportSigned(HepaStageError):
    """A signed report, or the review behind it, was about to be changed."""

    code = "report-signed"
    remedy = "Make an amendment: a new version, with its reason."
    http_status = 409


class SignatureRefused(HepaStageError):
    """The password was not the signer's."""

    code = "signature-refused"
    remedy = "Enter the password of your own account."
    http_status = 403


class NoPassword(HepaStageError):
    """The signer signs in elsewhere and has no password here."""

    code = "no-password-to-sign-with"
    remedy = "Set a password for your account; signing asks for it."
    http_status = 409


class EvidenceChanged(HepaStageError):
    """A file that the report would pin is missing, or is not what its hash says."""

    code = "evidence-changed"
    remedy = "Tell an administrator: restore the file from the backup; then sign."
    http_status = 409


class NoOutline(HepaStageError):
    """A segmentation was asked for of a report without liver outlines."""

    code = "report-without-outline"
    remedy = "Outline the liver, finish the outline, then sign an amendment."
    http_status = 409

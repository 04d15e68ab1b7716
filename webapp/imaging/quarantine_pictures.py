"""How a file in quarantine looks as it came, and as it would be stored. Nothing of it is kept on the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml.dicom import DicomRefused, ReaderUnavailable
from ml.spec import HepaStageError
from webapp.imaging import originals, rendering
from webapp.imaging.blanking import blanked
from webapp.imaging.models import WITHDRAWN, QuarantineItem
from webapp.imaging.preparation import shared_reader
from webapp.imaging.quarantine import OriginalGone, boxes_of
from webapp.lending import give_back

Grey = NDArray[np.uint8]
OF_THE_MOMENT = frozenset({"too-slow", "reader-crashed", "too-much-memory"})


class PictureLate(HepaStageError):
    """The machine is too busy for this picture; nothing is wrong with the file."""

    code = "picture-late"
    remedy = "Try again in a moment."
    http_status = 503


class NotShown(HepaStageError):
    """The file has no picture that can be read."""

    code = "no-picture"
    remedy = "Download the original, if it is still kept, or ask the sender."
    http_status = 404


def before(item: QuarantineItem, frame: int) -> Grey:
    """A frame as it came, uint8 (rows, columns); raise :class:`NotShown` or :class:`OriginalGone`."""
    if item.code == WITHDRAWN and item.image is not None:
        return rendering.stored_frame(item.image, frame)
    if item.file is None or not item.file.quarantine_sha256:
        raise OriginalGone("The original of this file is no longer kept.")
    if not item.evidence or not 0 <= frame < int(item.evidence["frames"]):
        raise NotShown("There is no such picture.")
    try:
        with originals.opened(item.file) as path:
            give_back()  # the readers may be busy for minutes
            return shared_reader().frame(path, frame)
    except ReaderUnavailable:
        raise PictureLate("The readers cannot be started at the moment.") from None
    except DicomRefused as refusal:
        if refusal.code in OF_THE_MOMENT:  # it was read when it came in
            raise PictureLate("The picture could not be read in time.") from None
        raise NotShown(refusal.message) from None


def after(
    item: QuarantineItem, frame: int, keep: Sequence[Sequence[int]], masks: Sequence[Sequence[int]]
) -> Grey:
    """The frame as it would be stored with these boxes; without ``keep``, those of the proposal."""
    kept, hidden = boxes_of(item, keep, masks)
    return blanked(before(item, frame), kept, hidden)

"""A stored image written anew with parts of it blanked: what masking means once an image is in.

Stored files are ours: a header that ends where the uncompressed 8-bit frames begin
(:mod:`webapp.imaging.preparation`). The header stays; every frame is blanked; the networks' pictures are
made again. The former bytes are removed when the transaction is through, so that what was masked is
nowhere any more.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
from django.db import transaction

from ml.dicom import UltrasoundRegion, to_network_input
from webapp.imaging import removal, storage
from webapp.imaging.blanking import Rectangle, blanked, rectangle_of
from webapp.imaging.models import Image
from webapp.imaging.storage import Room


def evidence_of(image: Image) -> dict[str, Any]:
    """What a person is shown of an image that was withdrawn; the same shape as for a file."""
    boxes = [list(rectangle_of(UltrasoundRegion(**region))) for region in image.regions]
    return {
        "rows": image.rows,
        "columns": image.columns,
        "frames": image.frame_count,
        "shown_frames": image.analysis_frames or [0],
        "regions": boxes,
        "proposal": boxes,
        "proposal_source": "region",
        "text": [],
        "band": image.band,
        "band_confidence": image.band_confidence,
        "simulated": image.simulated,
    }


def rewrite(image: Image, *, keep: Iterable[Rectangle], masks: Iterable[Rectangle]) -> Image:
    """Blank ``masks`` and all but ``keep`` (empty: the image's regions) in every frame of a stored image.

    The image's row is locked by the caller. Its addresses change; nothing else about it does.
    """
    old = image.sha256, image.analysis_sha256
    kept: list[UltrasoundRegion | Rectangle] = [*keep] or [
        UltrasoundRegion(**region) for region in image.regions
    ]
    boxes = [rectangle_of(box) if isinstance(box, UltrasoundRegion) else box for box in kept]
    hidden = list(masks)
    x0, y0, x1, y1 = min(boxes, key=lambda box: (-(box[2] - box[0]) * (box[3] - box[1]), box[0], box[1]))
    pictures: dict[int, Any] = {}
    size = image.rows * image.columns
    total = size * image.frame_count
    with storage.existing(Room.IMAGES, image.sha256).open("rb") as source, storage.Draft(Room.IMAGES) as sink:
        source.seek(0, io.SEEK_END)
        sink_from = source.tell() - (total + total % 2)
        if sink_from < 0:
            raise storage.StoredFileMissing("A stored file is damaged.")
        source.seek(0)
        sink.write(source.read(sink_from))
        for index in range(image.frame_count):
            frame = np.frombuffer(source.read(size), np.uint8).reshape(image.rows, image.columns)
            clean = blanked(frame, kept, hidden)
            sink.write(clean.tobytes())
            if index in image.analysis_frames:
                pictures[index] = to_network_input(clean[y0:y1, x0:x1])
        sink.write(b"\0" * (total % 2))
        removal.hold((Room.IMAGES, sink.digest))
        image.sha256 = sink.commit()
    buffer = io.BytesIO()
    np.save(buffer, np.stack([pictures[index] for index in image.analysis_frames]), allow_pickle=False)
    removal.hold((Room.ANALYSIS, storage.digest_of(buffer.getvalue())))
    image.analysis_sha256 = storage.store(Room.ANALYSIS, buffer.getvalue())
    known = {rectangle_of(UltrasoundRegion(**region)): region for region in image.regions}
    image.regions = [
        known.get(box) or asdict(UltrasoundRegion(*box, 0, 0, None, None, 1, 1)) for box in boxes
    ]
    image.save(update_fields=["sha256", "analysis_sha256", "regions"])
    transaction.on_commit(lambda: _forget(*old))
    return image


def _forget(sha256: str, analysis_sha256: str) -> None:
    """Remove the former files, unless another image has the very same ones."""
    removal.remove_unless_named(Room.IMAGES, sha256)
    removal.remove_unless_named(Room.ANALYSIS, analysis_sha256)

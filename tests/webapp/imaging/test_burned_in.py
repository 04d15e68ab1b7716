"""A name inside the ultrasound picture waits for a person; blacked out it is nowhere."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from pydicom.sequence import Sequence

from tests.ml.dicom.making import native, region, speckle
from webapp.imaging.models import Image, QuarantineItem, UploadFile
from webapp.imaging.quarantine import Decision, decide
from webapp.imaging.rendering import stored_frame

ROWS, COLUMNS, BOX = 340, 480, (20, 20, 440, 320)


def with_name(seed: int = 3) -> bytes:
    frame = (speckle(ROWS, COLUMNS, seed=seed) // 3).astype(np.uint8)
    cv2.putText(frame, "QUARTZMANN Z", (60, 80), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 255, 1, cv2.LINE_AA)
    regions = Sequence([region(20, 20, 439, 319)])
    return native([frame], PatientID="P1", TransducerData="C5-1", SequenceOfUltrasoundRegions=regions)


def test_a_name_inside_the_region_waits_and_only_its_place_is_kept(ingest: Callable[..., UploadFile]) -> None:
    row = ingest(with_name())
    assert (row.outcome, row.code) == ("quarantined", "text-in-picture")
    assert not Image.objects.exists()
    (item,) = QuarantineItem.objects.all()
    (line,) = item.evidence["text"]
    assert set(line) == {"frame", "box", "score"}
    assert item.evidence["proposal"] == [list(BOX)]
    assert item.evidence["proposal_source"] == "region"


def test_the_found_writing_can_be_blacked_out_and_is_gone(ingest: Callable[..., UploadFile]) -> None:
    ingest(with_name())
    item = QuarantineItem.objects.get()
    x0, y0, x1, y1 = item.evidence["text"][0]["box"]
    done = decide(
        item=item, actor=None,
        decision=Decision("mask", "the name is blacked out", masks=([x0 - 3, y0 - 3, x1 + 3, y1 + 3],)),
    )  # fmt: skip
    assert done.image is not None
    picture = stored_frame(done.image, 0)
    assert not picture[y0:y1, x0:x1].any()
    assert picture.max() < 120  # letters were 255, speckle is 85 at most
    assert done.image.regions[0]["delta_x_cm"] is not None  # the file's own region keeps its calibration


def test_a_name_in_one_middle_frame_of_a_clip_waits_and_that_frame_is_shown_first(
    ingest: Callable[..., UploadFile],
) -> None:
    plain = [(speckle(ROWS, COLUMNS, seed=seed) // 3).astype(np.uint8) for seed in range(9)]
    named = plain[5].copy()  # the frames that stand for nine are 1, 4 and 7
    cv2.putText(named, "QUARTZMANN Z", (60, 80), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1, cv2.LINE_AA)
    regions = Sequence([region(20, 20, 439, 319)])
    header = {"PatientID": "P1", "TransducerData": "C5-1", "SequenceOfUltrasoundRegions": regions}
    assert ingest(native(plain, **header)).outcome == "accepted"
    row = ingest(native([*plain[:5], named, *plain[6:]], **header, SOPInstanceUID="1.2.3.99"))
    assert (row.outcome, row.code) == ("quarantined", "text-in-picture")
    (item,) = QuarantineItem.objects.all()
    assert item.evidence["shown_frames"] == [5, 1, 4, 7]
    assert {line["frame"] for line in item.evidence["text"]} == {5}
    assert Image.objects.count() == 1
    done = decide(item=item, actor=None, decision=Decision("mask", "masked", masks=([50, 50, 300, 100],)))
    assert done.image is not None
    assert not stored_frame(done.image, 5)[50:100, 50:300].any()

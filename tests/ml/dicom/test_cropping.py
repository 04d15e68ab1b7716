"""Where the ultrasound is in a frame, and what a network gets to see."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.dicom import crop_to_region, network_input, read_ultrasound, representative_frames, to_network_input
from ml.dicom.cropping import find_picture
from tests.ml.dicom import making


def frame_with(x0: int, y0: int, x1: int, y1: int, rows: int = 300, columns: int = 400) -> np.ndarray:
    """Black frame with a speckled rectangle and burned-in text."""
    frame = np.zeros((rows, columns), np.uint8)
    frame[y0:y1, x0:x1] = making.speckle(y1 - y0, x1 - x0)
    for line in range(4):
        cv2.putText(frame, "HOSPITAL  PATIENT 12345", (5, 16 + 14 * line), 0, 0.45, 255, 1)
    frame[-20:] = 60  # a flat status bar
    return frame


def image_of(frame: np.ndarray, *regions: object):
    return read_ultrasound(making.native([frame], SequenceOfUltrasoundRegions=list(regions)))


def test_the_largest_tissue_region_is_cut_out() -> None:
    frame = making.speckle(100, 200)
    image = image_of(
        frame,
        making.region(0, 0, 199, 99, RegionSpatialFormat=0, RegionDataType=0),
        making.region(10, 5, 59, 44),
        making.region(60, 5, 189, 84),
        making.region(0, 90, 199, 99, RegionSpatialFormat=4, RegionDataType=10),
    )
    crop, box = crop_to_region(frame, image.header)
    assert (box.x0, box.y0, box.x1, box.y1, box.source) == (60, 5, 190, 85, "region")
    assert np.array_equal(crop, frame[5:85, 60:190])


def test_of_two_equal_regions_the_left_one_is_taken() -> None:
    image = image_of(making.speckle(80, 160), making.region(80, 0, 159, 79), making.region(0, 0, 79, 79))
    assert crop_to_region(image.frame(0), image.header)[1].x0 == 0


def test_deltas_are_positive_centimetres_and_other_units_are_none() -> None:
    frame = making.speckle(80, 160)
    image = image_of(
        frame,
        making.region(0, 0, 79, 79, PhysicalDeltaX=-0.02, PhysicalDeltaY=0.02),
        making.region(80, 0, 159, 79, PhysicalUnitsXDirection=4, PhysicalDeltaX=0.5),
    )
    first, second = image.header.regions
    assert (first.delta_x_cm, first.delta_y_cm) == (0.02, 0.02)
    assert second.delta_x_cm is None


@pytest.mark.parametrize(
    "corners", [(500, 0, 600, 50), (10, 10, 10, 10), (2**31, 2**31, 2**32 - 1, 2**32 - 1)]
)
def test_a_region_outside_the_frame_is_left_out(corners: tuple[int, int, int, int]) -> None:
    assert image_of(making.speckle(80, 160), making.region(*corners)).header.regions == ()


def test_without_regions_the_picture_is_found_and_text_and_bars_are_not() -> None:
    frame = frame_with(90, 80, 330, 250)
    crop, box = crop_to_region(frame, image_of(frame).header)
    assert box.source == "picture"
    assert np.abs(np.array([box.x0, box.y0, box.x1, box.y1]) - (90, 80, 330, 250)).max() <= 6
    assert crop.shape == (box.y1 - box.y0, box.x1 - box.x0)


def test_a_region_written_for_a_larger_frame_is_believed_only_if_the_picture_is_inside() -> None:
    frame = frame_with(90, 80, 330, 250)
    inside = image_of(frame, making.region(80, 70, 799, 599))
    assert crop_to_region(frame, inside.header)[1].source == "region-clipped"
    shifted = image_of(
        frame, making.region(180, 160, 660, 500)
    )  # the frame was halved after the box was written
    box = crop_to_region(frame, shifted.header)[1]
    assert box.source == "picture"
    assert abs(box.x0 - 90) <= 6


def test_an_empty_frame_is_taken_whole() -> None:
    frame = np.zeros((60, 80), np.uint8)
    crop, box = crop_to_region(frame, image_of(frame).header)
    assert box.source == "frame"
    assert crop.shape == (60, 80)
    assert find_picture(frame) is None


@pytest.mark.parametrize(
    ("rows", "columns"), [(100, 200), (200, 100), (600, 300), (256, 256), (1, 900), (40, 30)]
)
def test_network_input_keeps_the_aspect_and_pads_with_zero(rows: int, columns: int) -> None:
    picture = to_network_input(np.full((rows, columns), 200, np.uint8))
    assert picture.shape == (256, 256)
    assert picture.dtype == np.uint8
    filled = picture > 0
    height, width = filled.any(axis=1).sum(), filled.any(axis=0).sum()
    assert max(height, width) == 256
    assert abs(height / width - rows / columns) < 0.02 or min(height, width) == 1
    assert (picture[filled] == 200).all()


def test_network_input_of_an_image_is_crop_then_resize() -> None:
    frame = making.speckle(100, 200)
    image = image_of(frame, making.region(20, 10, 119, 89))
    assert np.array_equal(network_input(image, 0), to_network_input(frame[10:90, 20:120]))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 30, 1000])
def test_representative_frames_are_distinct_ordered_and_in_range(count: int) -> None:
    frames = representative_frames(count)
    assert frames == sorted(set(frames))
    assert len(frames) == min(count, 3)
    assert 0 <= frames[0] <= frames[-1] < count

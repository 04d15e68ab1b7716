"""Writing inside pictures is found in the limited child, and only where it is leaves it."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.dicom import DicomRefused, SafeReader
from ml.dicom.lettering import lettering
from ml.dicom.writing import LEAST_PIXELS, WritingSearch, could_name, is_furniture
from tests.ml.dicom.making import native, region, speckle

NAME = "QUARTZMANN Z"


@pytest.fixture(scope="module")
def reader() -> Iterator[SafeReader]:
    with SafeReader(writing=True) as made:
        yield made


def picture(text: str = "", *, height: int = 16, grey: int = 255) -> np.ndarray:
    """Speckle in a region of 400×300, darker than letters are, with a line of text in it."""
    frame = (speckle(340, 480, seed=3) // 3).astype(np.uint8)
    if text:
        scale = cv2.getFontScaleFromHeight(cv2.FONT_HERSHEY_SIMPLEX, height, 1)
        cv2.putText(frame, text, (60, 80), cv2.FONT_HERSHEY_SIMPLEX, scale, grey, 1, cv2.LINE_AA)
    return frame


def file_of(*frames: np.ndarray) -> bytes:
    rows, columns = frames[0].shape
    return native([*frames], SequenceOfUltrasoundRegions=[region(20, 20, columns - 41, rows - 21)])


def test_a_name_in_the_picture_is_found_where_it_is(reader: SafeReader) -> None:
    seen = reader.inspect(file_of(picture(NAME)), writing=True)
    (line,) = seen.writing[0]
    x0, y0, x1, y1 = line.box
    assert 50 <= x0 <= 70
    assert 55 <= y0 <= 75
    assert 160 <= x1 <= 260
    assert 78 <= y1 <= 95
    assert 0.5 <= line.score <= 1
    assert "QUARTZ" not in repr(seen).upper()  # what it says stays in the child


@pytest.mark.parametrize("turns", [1, -1], ids=["upwards", "downwards"])
def test_a_name_that_runs_upwards_or_downwards_is_found_where_it_is(reader: SafeReader, turns: int) -> None:
    standing = np.ascontiguousarray(np.rot90(picture(NAME), turns))
    (line,) = reader.inspect(file_of(standing), writing=True).writing[0]
    upright = np.zeros(standing.shape, np.uint8)
    x0, y0, x1, y1 = line.box
    upright[y0:y1, x0:x1] = 1
    rows, columns = np.nonzero(np.rot90(upright, -turns))
    assert 50 <= columns.min() <= 70
    assert 55 <= rows.min() <= 75
    assert 160 <= columns.max() <= 260
    assert 78 <= rows.max() <= 95


@pytest.mark.parametrize("text", ["", "TIS 0.4", "16cm"])
def test_settings_that_run_upwards_are_not_held(reader: SafeReader, text: str) -> None:
    standing = np.ascontiguousarray(np.rot90(picture(text)))
    assert reader.inspect(file_of(standing), writing=True).writing == {0: []}


def test_every_frame_that_is_looked_at_is_searched(reader: SafeReader) -> None:
    plain = picture()
    seen = reader.inspect(file_of(plain, plain, picture(NAME)), writing=True)
    assert [bool(seen.writing[index]) for index in (0, 1, 2)] == [False, False, True]


def test_writing_that_stays_in_a_clip_is_read_once(reader: SafeReader) -> None:
    frames = [picture(NAME) for _ in range(6)]
    seen = reader.inspect(file_of(*frames), frames=range(6), writing=True)
    assert [len(seen.writing[index]) for index in range(6)] == [1, 0, 0, 0, 0, 0]


def test_writing_that_changes_in_its_place_is_read_again(reader: SafeReader) -> None:
    frames = [picture("TIS 0.4"), picture("TIS 0.5"), picture("Li Na 19")]
    seen = reader.inspect(file_of(*frames), frames=range(3), writing=True)
    assert [bool(seen.writing[index]) for index in range(3)] == [False, False, True]


def test_more_places_than_can_be_read_are_no_proof_of_a_clean_clip() -> None:
    search = WritingSearch(most_pixels=3 * LEAST_PIXELS)
    found = [search.look(picture(f"{index}{index} {index}{index}", height=8)) for index in range(6)]
    assert not found[0]
    assert all(found[3:])


@given(
    seed=st.integers(0, 2**16), height=st.sampled_from([10, 12, 16, 20, 28]),
    x=st.integers(30, 200), y=st.integers(50, 280),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_white_letters_are_shown_to_the_reader_wherever_they_are(
    seed: int, height: int, x: int, y: int
) -> None:
    frame = (speckle(340, 480, seed=seed) // 2).astype(np.uint8)
    scale = cv2.getFontScaleFromHeight(cv2.FONT_HERSHEY_SIMPLEX, height, 1)
    cv2.putText(frame, NAME, (x, y), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, 1, cv2.LINE_AA)
    places = lettering(frame).places
    assert any(x0 <= x + 10 < x1 and y0 <= y - height // 2 < y1 for x0, y0, x1, y1 in places)


def test_speckle_is_hardly_ever_searched_for_letters() -> None:
    """A place without letters costs the reader time and is no false hold."""
    searched = [seed for seed in range(60) if lettering(speckle(340, 480, seed=seed)).places]
    assert len(searched) <= 3, searched


@pytest.mark.parametrize("text", ["", "TIS 0.4", "16cm", "36Hz", "Dyn R 58", "10"])
def test_clean_pictures_and_settings_are_not_held(reader: SafeReader, text: str) -> None:
    assert reader.inspect(file_of(picture(text)), writing=True).writing == {0: []}


def test_nothing_is_searched_unless_asked(reader: SafeReader) -> None:
    assert reader.inspect(file_of(picture(NAME))).writing == {0: []}


def test_a_broken_file_is_refused_as_ever(reader: SafeReader) -> None:
    with pytest.raises(DicomRefused):
        reader.inspect(b"no", writing=True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("DOE^JANE", True), ("张伟", True), ("7351942", True), ("DOB 08/29/1951", True), ("Li Na", True),
        ("TIS: 0.4 MI 1.1", False), ("4.0cm", False), ("M3", False), ("1234", False), ("-", False),
        ("A", False), ("60%", False),
    ],
)  # fmt: skip
def test_settings_are_told_from_what_could_name_somebody(text: str, names: bool) -> None:
    assert could_name(text) is names
    assert not (names and is_furniture(text))

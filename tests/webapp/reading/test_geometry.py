"""What an outline may be."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.reading.geometry import (
    MOST_POINTS,
    MOST_POLYGONS,
    OutlineCrossesItself,
    OutlineRefused,
    checked_polygons,
    require_unambiguous,
    signed_area,
)

FRAME = {"columns": 128, "rows": 96}
SQUARE = [[10, 10], [60, 10], [60, 50], [10, 50]]
BOW_TIE = [[10, 10], [60, 50], [60, 10], [10, 50]]


@pytest.mark.parametrize(
    "polygons",
    [
        None,
        {},
        "polygon",
        [None],
        [[[1, 1], [2, 2]]],
        [[[1, 1], [1, 1], [2, 2]]],
        [[[1, 1], [2, 2], [3, 3]]],
        [[[1, 1], [2, 2], [3, math.nan]]],
        [[[1, 1], [20, 2], [3, math.inf]]],
        [[[1, 1], [20, 2], [3, "4"]]],
        [[[1, 1], [20, 2], [3, True]]],
        [[[1, 1], [20, 2], [3]]],
        [[[1, 1], [20, 2], [3, 4, 5]]],
        [[[1, 1], [20, 2], [3, 10**400]]],
        [[[1, 1], [20, 2], [3, 96.001]]],
        [[[-0.5, 1], [20, 2], [3, 9]]],
        [SQUARE] * (MOST_POLYGONS + 1),
        [[[i % 100, i % 90] for i in range(MOST_POINTS + 1)]],
    ],
)
def test_what_is_no_outline_is_refused(polygons):
    with pytest.raises(OutlineRefused):
        checked_polygons(polygons, **FRAME)


def test_the_whole_frame_and_nothing_at_all_are_outlines():
    whole = [[0, 0], [128, 0], [128, 96], [0, 96]]
    assert checked_polygons([whole], **FRAME) == [whole]
    assert checked_polygons([], **FRAME) == []


def test_a_draft_may_cross_itself_and_a_final_outline_may_not():
    assert checked_polygons([BOW_TIE], **FRAME) == [BOW_TIE]
    with pytest.raises(OutlineCrossesItself):
        require_unambiguous([SQUARE, BOW_TIE])
    require_unambiguous([SQUARE])


def test_a_speck_is_not_final():
    with pytest.raises(OutlineRefused, match="covers"):
        require_unambiguous([[[1, 1], [2, 1], [2, 2]]])


@given(
    st.tuples(st.integers(0, 63), st.integers(0, 47)), st.tuples(st.integers(64, 128), st.integers(48, 96))
)
def test_a_box_has_the_area_of_its_sides(first, second):
    (x0, y0), (x1, y1) = first, second
    box = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
    assert signed_area(checked_polygons([box], **FRAME)[0]) == (x1 - x0) * (y1 - y0)
    require_unambiguous([box])

"""Boxes as an address names them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.imaging.quarantine_api import _boxes


@pytest.mark.parametrize("text", ["--1,0,5,5", "1,-,2,3", "1,²,2,3", "1,2,3,99999999", "1,2,3,", "a"])
def test_what_is_no_number_makes_a_box_that_is_refused_by_its_length(text: str):
    assert _boxes(text) == [[]]


def test_boxes_are_read_as_they_are_written():
    assert _boxes("1,2,3,4;-5, 6,7,8;") == [[1, 2, 3, 4], [-5, 6, 7, 8]]


@given(st.text("0123456789-,; ", max_size=30))
def test_no_text_is_an_error(text: str):
    assert all(isinstance(number, int) for box in _boxes(text) for number in box)

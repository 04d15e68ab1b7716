"""Polygons and pixels: the same mask there and back, whatever its shape."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from shapely.geometry import Polygon as Simple

from webapp.reading.raster import mask_of, polygons_of

SIZE = {"columns": 24, "rows": 18}
corner = st.tuples(st.floats(0, 24, width=32), st.floats(0, 18, width=32)).map(list)
polygon = st.lists(corner, min_size=3, max_size=7)


@given(arrays(np.bool_, (18, 24)))
def test_any_mask_comes_back_from_its_polygons(mask):
    drawn = polygons_of(mask)
    assert all(Simple(ring).is_valid for ring in drawn)
    assert np.array_equal(mask_of(drawn, **SIZE), mask)


@given(st.lists(polygon, max_size=3))
def test_any_polygons_come_back_as_the_same_mask(drawn):
    mask = mask_of(drawn, **SIZE)
    assert np.array_equal(mask_of(polygons_of(mask), **SIZE), mask)


@given(polygon)
def test_a_pixel_belongs_to_a_simple_polygon_when_its_centre_does(ring):
    shape = Simple(ring)
    if not shape.is_valid:
        return
    y, x = np.mgrid[0:18, 0:24] + 0.5
    clear = shapely.distance(shape.boundary, shapely.points(x, y)) > 1e-6
    expected = shapely.contains_xy(shape, x, y)
    assert np.array_equal(mask_of([ring], **SIZE)[clear], expected[clear])


def test_a_ring_is_cut_and_keeps_its_hole():
    mask = np.zeros((18, 24), np.bool_)
    mask[2:12, 3:20] = True
    mask[5:7, 8:9] = False
    drawn = polygons_of(mask)
    assert len(drawn) > 1
    assert np.array_equal(mask_of(drawn, **SIZE), mask)


@pytest.mark.parametrize("shift", [0, 5])
def test_a_rectangle_covers_the_pixels_between_its_edges(shift):
    square = [[3 + shift, 2], [9 + shift, 2], [9 + shift, 8], [3 + shift, 8]]
    assert mask_of([square], **SIZE).sum() == 36
    assert polygons_of(mask_of([square], **SIZE))[0].__len__() == 4

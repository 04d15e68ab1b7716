"""Numbers in addresses: digits without end and exponents are refused before anybody computes with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django_filters.rest_framework import DjangoFilterBackend
from hypothesis import given
from hypothesis import strategies as st

from webapp import urls
from webapp.whole_numbers import whole_number

# An integer of this many digits took six seconds, and ten times as many a hundred times as long.
EXPONENT = "-1e400000"


def fields() -> Iterator[tuple[str, forms.Field]]:
    """Every field of every filter of the API."""
    for prefix, viewset, _ in urls.router.registry:
        queryset = getattr(viewset, "queryset", None)
        found = DjangoFilterBackend().get_filterset_class(viewset, queryset)
        for name, one in found.base_filters.items() if found is not None else []:
            yield f"{prefix}?{name}", one.field


def test_no_filter_computes_with_decimals():
    known = dict(fields())
    assert "exams?stage" in known
    assert [name for name, field in known.items() if isinstance(field, forms.DecimalField)] == []


@pytest.mark.parametrize("number", [EXPONENT, "-1", "5", "1.5", "9" * 5000, "٣x"])
@pytest.mark.parametrize("address", ["exams", "patients"])
def test_a_stage_is_0_to_4(api: Any, address: str, number: str):
    answer = api.get(f"/api/v1/{address}/", {"stage": number})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "stage")
    assert api.get(f"/api/v1/{address}/", {"stage": "4"}).json()["results"] == []


@pytest.mark.parametrize(("address", "name"), [("reports", "signed_by"), ("outlines", "frame")])
def test_other_numbers_fit_their_column(api: Any, address: str, name: str):
    for number in (EXPONENT, str(2**31), "9" * 5000):
        answer = api.get(f"/api/v1/{address}/", {name: number})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, name)
    assert api.get(f"/api/v1/{address}/", {name: str(2**31 - 1)}).json()["results"] == []


def test_the_seed_of_a_split_is_a_whole_number(client_of: Any, researcher: Any):
    for seed in ("9" * 5000, "²", str(2**31)):
        answer = client_of(researcher).get("/api/v1/datasets/preview/", {"split_seed": seed})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "split_seed")


@given(st.integers(-10, 2**33) | st.text("0123456789٣²- +.e", max_size=12), st.integers(0, 2**31 - 1))
def test_a_whole_number_is_one_within_its_bounds(text: int | str, most: int):
    number = whole_number(str(text), most=most)
    plain = str(text).isascii() and str(text).isdigit()
    assert number == (int(text) if plain and len(str(text)) <= 10 and int(text) <= most else None)

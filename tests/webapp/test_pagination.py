"""Cursors that somebody made up, on every list of the API."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

from webapp import urls
from webapp.pagination import NewestFirst

PLACES = ["garbage", "9" * 5000, "-1e400000", "2024-99-99T00:00:00Z", "\0", ""]


def lists() -> list[str]:
    """Addresses of all lists that are given a page at a time."""
    return [
        prefix
        for prefix, viewset, _ in urls.router.registry
        if hasattr(viewset, "list") and getattr(viewset, "pagination_class", None) is NewestFirst
    ]


def cursor_of(place: str) -> str:
    return base64.b64encode(urlencode({"p": place}).encode()).decode()


def test_a_made_up_cursor_is_no_server_error(client_of: Any, administrator: Any):
    client = client_of(administrator)
    refused = 0
    for address in lists():
        for place in PLACES:
            answer = client.get(f"/api/v1/{address}/", {"cursor": cursor_of(place)})
            assert answer.status_code in {200, 404}, (address, place[:20])
            refused += answer.status_code == 404
            if answer.status_code == 404:
                assert answer.json()["code"] == "not-found"
    assert refused >= len(lists())


def test_the_cursors_of_the_pages_themselves_lead_on(client_of: Any, administrator: Any, site_b: Any):
    client = client_of(administrator)
    first = client.get("/api/v1/sites/", {"page_size": 1}).json()
    second = client.get(first["next"]).json()
    assert [row["code"] for page in (first, second) for row in page["results"]] == ["A", "B"]

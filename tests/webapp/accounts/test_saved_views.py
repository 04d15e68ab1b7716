"""Saved views: one's own, one default a page, names that are free, and a trash to take them back from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from webapp.accounts.models import SavedView
from webapp.accounts.saved_views import KEPT, MOST, QueryRefused, cleaned_query

pytestmark = pytest.mark.django_db
URL = "/api/v1/saved-views/"


def save(client, **body):
    return client.post(URL, {"page": "worklist", "name": "S4", "query": "stage=S4", **body}, format="json")


def test_a_view_keeps_the_filters_and_not_the_place_in_the_list(client_of, clinician):
    answer = save(client_of(clinician), query="?stage=S4&cursor=abc&search=%E8%82%9D")
    assert answer.status_code == 201
    assert answer.json()["query"] == "stage=S4&search=%E8%82%9D"
    (row,) = client_of(clinician).get(URL, {"page": "worklist"}).json()["results"]
    assert row["name"] == "S4"
    assert client_of(clinician).get(URL, {"page": "runs"}).json()["results"] == []


def test_nobody_sees_or_changes_the_views_of_another(client_of, clinician, annotator):
    pk = save(client_of(clinician)).json()["id"]
    theirs = client_of(annotator)
    assert theirs.get(URL).json()["results"] == []
    for call in (
        lambda: theirs.patch(f"{URL}{pk}/", {"name": "x"}, format="json"),
        lambda: theirs.delete(f"{URL}{pk}/"),
        lambda: theirs.post(f"{URL}{pk}/restore/"),
    ):
        assert call().status_code == 404
    assert SavedView.objects.get().name == "S4"


def test_one_view_of_a_page_is_shown_first(client_of, clinician):
    client = client_of(clinician)
    first = save(client, is_default=True).json()["id"]
    second = save(client, name="open", is_default=True).json()["id"]
    save(client, page="runs", is_default=True)
    assert set(SavedView.objects.filter(is_default=True).values_list("page", flat=True)) == {
        "worklist",
        "runs",
    }
    assert not SavedView.objects.get(pk=first).is_default
    client.patch(f"{URL}{first}/", {"is_default": True}, format="json")
    assert not SavedView.objects.get(pk=second).is_default
    client.patch(f"{URL}{first}/", {"is_default": False}, format="json")
    assert not SavedView.objects.filter(page="worklist", is_default=True).exists()


def test_a_name_is_taken_once(client_of, clinician):
    client = client_of(clinician)
    other = save(client, name="other").json()["id"]
    save(client)
    assert save(client, name=" S4 ").json()["code"] == "view-refused"
    assert client.patch(f"{URL}{other}/", {"name": "S4"}, format="json").status_code == 409
    assert client.patch(f"{URL}{other}/", {"name": "mine"}, format="json").json()["name"] == "mine"


def test_what_was_removed_comes_back_until_its_time_is_over(client_of, clinician):
    client = client_of(clinician)
    pk = save(client, is_default=True).json()["id"]
    assert client.delete(f"{URL}{pk}/").status_code == 200
    assert client.get(URL).json()["results"] == []
    assert client.patch(f"{URL}{pk}/", {"name": "x"}, format="json").status_code == 404
    assert client.post(f"{URL}{pk}/restore/").json()["trashed_at"] is None
    client.delete(f"{URL}{pk}/")
    save(client)
    assert client.post(f"{URL}{pk}/restore/").json()["code"] == "view-refused"
    SavedView.objects.filter(pk=pk).update(trashed_at=timezone.now() - KEPT - timedelta(minutes=1))
    save(client, name="next")
    assert not SavedView.objects.filter(pk=pk).exists()


def test_there_is_an_end_to_them(client_of, clinician):
    SavedView.objects.bulk_create(
        SavedView(user=clinician, page="worklist", name=str(number)) for number in range(MOST)
    )
    assert save(client_of(clinician)).json()["code"] == "view-refused"


@pytest.mark.parametrize("query", ["a&b", "=".join("x" * 600 for _ in range(2)), "&".join(["a=1"] * 50)])
def test_what_is_no_address_is_refused(client_of, clinician, query):
    answer = save(client_of(clinician), query=query)
    assert answer.status_code == 400
    assert not SavedView.objects.exists()


@given(st.text(max_size=200))
def test_any_text_is_a_query_or_refused(text):
    try:
        kept = cleaned_query(text)
    except QueryRefused:
        return
    assert cleaned_query(kept) == kept

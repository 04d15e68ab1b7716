"""A person's saved views: the filters of a list under a name, one of them shown first.

What is removed lies in the trash for :data:`KEPT` and can be taken back until then.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils import timezone

from ml.spec import HepaStageError
from webapp.accounts.models import SavedPage, SavedView, User

MOST = 50  # views of one page of one person
KEPT = timedelta(days=30)
LONGEST = 1000  # characters of a query, as its column
PASSING = frozenset({"cursor"})  # where somebody stood in a list is no part of a view


class ViewRefused(HepaStageError):
    """A view cannot be saved like this."""

    code = "view-refused"
    remedy = "Choose another name, or remove views that are not used any more."
    http_status = 409


class QueryRefused(HepaStageError):
    """Not the query of one of the lists' addresses."""

    code = "view-query-refused"
    remedy = "Save the view from the list itself."


def cleaned_query(query: str) -> str:
    """The query as it is kept: decoded and encoded again, without the place in the list.

    >>> cleaned_query("?stage=S4&cursor=abc&site=A")
    'stage=S4&site=A'
    """
    try:
        pairs = parse_qsl(
            query.removeprefix("?"), strict_parsing=bool(query.removeprefix("?")), max_num_fields=40
        )
    except ValueError:
        raise QueryRefused("The filters are not those of a list's address.") from None
    kept = urlencode([(key, value) for key, value in pairs if key not in PASSING])
    if len(kept) > LONGEST:
        raise QueryRefused("The filters are longer than an address may be.")
    return kept


@transaction.atomic
def save_view(*, user: User, page: str, name: str, query: str, is_default: bool = False) -> SavedView:
    """Keep a view; raise ViewRefused where the name is taken or there are :data:`MOST` already."""
    SavedView.objects.filter(user=user, trashed_at__lt=timezone.now() - KEPT).delete()
    there = _locked(user, page)
    if len(there) >= MOST:
        raise ViewRefused(f"This page has {MOST} views already.")
    _require_free(there, name)
    if is_default:
        _no_default(user, page)
    return SavedView.objects.create(
        user=user, page=SavedPage(page), name=name.strip(), query=cleaned_query(query), is_default=is_default
    )


@transaction.atomic
def change_view(*, view: SavedView, **change: Any) -> SavedView:
    """Another ``name``, ``query`` or ``is_default``; raise ViewRefused where the name is taken."""
    there = _locked(view.user, view.page)
    if "name" in change:
        _require_free([row for row in there if row.pk != view.pk], change["name"])
        view.name = change["name"].strip()
    if "query" in change:
        view.query = cleaned_query(change["query"])
    if "is_default" in change:
        _no_default(view.user, view.page)
        view.is_default = change["is_default"]
    view.save()
    return view


@transaction.atomic
def trash_view(*, view: SavedView) -> SavedView:
    """Into the trash; :func:`restore_view` takes it back within :data:`KEPT`."""
    view.trashed_at, view.is_default = timezone.now(), False
    view.save(update_fields=["trashed_at", "is_default"])
    return view


@transaction.atomic
def restore_view(*, view: SavedView) -> SavedView:
    """Out of the trash; raise ViewRefused where its name is taken by now."""
    if view.trashed_at is not None:
        _require_free(_locked(view.user, view.page), view.name)
        view.trashed_at = None
        view.save(update_fields=["trashed_at"])
    return view


def _locked(user: User, page: str) -> list[SavedView]:
    """The person's views of a page; the person is locked, so that two browsers take turns."""
    User.objects.select_for_update().get(pk=user.pk)
    return list(SavedView.objects.live().filter(user=user, page=page))


def _require_free(there: list[SavedView], name: str) -> None:
    if any(row.name == name.strip() for row in there):
        raise ViewRefused(f"There is a view called {name.strip()} already.")


def _no_default(user: User, page: str) -> None:
    SavedView.objects.live().filter(user=user, page=page, is_default=True).update(is_default=False)

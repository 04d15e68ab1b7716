"""The permission table covers every route, and nobody gets in past it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver
from rest_framework.permissions import AllowAny, IsAuthenticated

from webapp.accounts import permissions
from webapp.accounts.permissions import TablePermission, allowed, table
from webapp.accounts.roles import Role

OPEN = {"session", "token", "invitation", "schema"}  # signing in, and the description of the API


def api_views() -> Iterator[tuple[str, type[Any], list[str]]]:
    """(name, view class, its actions) of every address of the API."""

    def walk(patterns: list[Any]) -> Iterator[Any]:
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns)
            else:
                yield pattern

    for pattern in walk(get_resolver().url_patterns):
        callback = pattern.callback
        view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
        if view is None or not hasattr(view, "permission_classes"):
            continue
        actions = getattr(callback, "actions", None)
        names = (
            list(actions.values())
            if actions
            else [m for m in ("get", "post", "put", "patch", "delete") if hasattr(view, m)]
        )
        yield pattern.name or view.__name__, view, names


VIEWS = list(api_views())


def test_the_walk_finds_the_api():
    assert {"me", "job-list", "job-events", "audit-list", "site-list"} <= {name for name, _, _ in VIEWS}


@pytest.mark.parametrize(("name", "view", "actions"), VIEWS, ids=[name for name, _, _ in VIEWS])
def test_every_route_has_its_row(name, view, actions):
    if name in OPEN:
        return
    assert view.permission_classes == [TablePermission], f"{view.__name__} does not ask the table"
    assert getattr(view, "resource", None), f"{view.__name__} has no resource"
    missing = permissions.undeclared((view.resource, action) for action in actions)
    assert not missing, f"no permission row for {missing}"


def test_every_row_belongs_to_a_route():
    served = {
        (view.resource, action)
        for _, view, actions in VIEWS
        for action in actions
        if hasattr(view, "resource")
    }
    assert sorted(set(table()) - served) == []


def test_every_row_names_known_roles_and_somebody():
    for key, roles in table().items():
        assert roles, key
        assert roles <= set(Role), key


def test_administrators_may_do_all():
    assert [key for key, roles in table().items() if Role.ADMINISTRATOR not in roles] == []


@pytest.mark.django_db
def test_nobody_may_what_has_no_row(administrator, settings):
    assert not allowed(administrator, "livers", "list")
    administrator.is_active = False
    assert not allowed(administrator, "jobs", "list")


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_lists_answer_as_the_table_says(role, make_user, site_a, client_of):
    client = client_of(make_user(role, site_a))
    for name, view, actions in VIEWS:
        if not name.endswith("-list") or "list" not in actions:
            continue
        from django.urls import reverse

        status = client.get(reverse(name)).status_code
        expected = role in table()[view.resource, "list"]
        assert (status == 200) == expected, f"{role} on {name}: {status}"
        if not expected:
            assert status == 403


@pytest.mark.django_db
def test_strangers_get_401_everywhere(client_of):
    from django.urls import reverse

    for name, _, actions in VIEWS:
        if name.endswith("-list") and "list" in actions:
            assert client_of(None).get(reverse(name)).status_code == 401, name


def test_plain_permission_classes_are_only_where_signing_in_happens():
    plain = {name for name, view, _ in VIEWS if {AllowAny, IsAuthenticated} & set(view.permission_classes)}
    assert plain <= OPEN

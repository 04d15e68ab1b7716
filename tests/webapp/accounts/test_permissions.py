"""The permission table covers every route, and nobody gets in past it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.urls import NoReverseMatch, get_resolver, reverse
from rest_framework.permissions import AllowAny, IsAuthenticated

from tests.webapp.conftest import PASSWORD
from webapp.accounts import permissions
from webapp.accounts.models import User
from webapp.accounts.permissions import TablePermission, allowed, table
from webapp.accounts.roles import Role
from webapp.jobs import consumers
from webapp.jobs.routing import SOCKETS

# Signing in, the description of the API, and what browsers report of our policy
OPEN = {"session", "token", "invitation", "schema", "csp-report"}


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


# Routes that are no API views: who may enter. Each is tried below; a new one without a line here fails.
EVERYBODY, SIGNING_IN, MONITOR = "everybody", "signing in", "administrators and the monitor"
DOORS = {
    "healthz": EVERYBODY,
    "^api/(?P<rest>.*)$": EVERYBODY,  # 404 as a problem
    "dicomweb/^(?P<rest>.*)$": EVERYBODY,  # the same for programs of a PACS
    "^(?!static/|ws/).*$": EVERYBODY,  # the browser app's page, the same for all
    "oidc/<slug:provider_id>/login/": SIGNING_IN,
    "oidc/<slug:provider_id>/login/callback/": SIGNING_IN,
    "metrics": MONITOR,
}


def plain_routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(route, callback) of everything that the walk of the API leaves out."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from plain_routes(pattern.url_patterns, route)
            continue
        callback = pattern.callback
        view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
        if view is None or not hasattr(view, "permission_classes"):
            yield route, callback


PLAIN = dict(plain_routes(get_resolver().url_patterns))


def test_every_other_route_is_known_with_who_may_enter():
    assert set(PLAIN) == set(DOORS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("password/", {"password1": "a-word-of-mine-17", "password2": "a-word-of-mine-17"}),
        ("change/", {"username": "clinician", "role": "administrator", "language": "", "is_active": "on"}),
    ],
)
def test_nobody_changes_people_past_the_log_and_the_guards(client, administrator, clinician, address, body):
    """Django's own administration pages would set another's password, and leave no row."""
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    client.force_login(administrator)
    answer = client.post(f"/admin/accounts/user/{clinician.pk}/{address}", body)
    assert answer.status_code in {404, 405}
    clinician.refresh_from_db()
    assert (clinician.role, clinician.check_password(PASSWORD)) == (Role.CLINICIAN, True)
    for model in (User, Authenticator):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.django_db
def test_the_doors_are_as_they_are_described(client, clinician):
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/nothing").status_code == 404
    assert client.get("/metrics").status_code == 403
    assert client.get("/oidc/sso/login/").status_code == 404, "where no provider is switched on"
    client.force_login(clinician)
    assert client.get("/metrics").status_code == 403


def test_every_socket_has_its_row():
    for pattern in SOCKETS:
        consumer = pattern.callback.consumer_class
        assert ("jobs", consumer.action) in table(), f"{pattern.pattern} has no permission row"
        assert issubclass(consumer, consumers._Consumer), f"{pattern.pattern} does not ask the table"


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
        status = client.get(reverse(name)).status_code
        expected = role in table()[view.resource, "list"]
        assert (status == 200) == expected, f"{role} on {name}: {status}"
        if not expected:
            assert status == 403


@pytest.mark.django_db
def test_strangers_get_401_everywhere(client_of):
    for name, _, actions in VIEWS:
        if name.endswith("-list") and "list" in actions:
            assert client_of(None).get(reverse(name)).status_code == 401, name


def test_plain_permission_classes_are_only_where_signing_in_happens():
    plain = {name for name, view, _ in VIEWS if {AllowAny, IsAuthenticated} & set(view.permission_classes)}
    assert plain <= OPEN

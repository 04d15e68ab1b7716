"""The ONE permission table: (resource, action) → the roles that may.

Each app writes the rows of its own resources in ``rules.py``::

    from webapp.accounts.roles import EVERYONE, LABELLERS
    RULES = {("patients", "list"): EVERYONE, ("patients", "stage"): LABELLERS}

and :func:`table` merges them. ``accounts`` lies below those apps and imports none of them: it asks
Django which apps are installed. (Rows of ``jobs`` and ``audit``, which lie below ``accounts``, are in
``webapp/accounts/rules.py``.) A resource's actions are its viewset's: list, retrieve, create, update,
partial_update, destroy, and the names of extra ``@action`` methods; a plain view's are get, post, ….

What has no row is forbidden. Sites are the other half: :class:`SiteScoped` hides what belongs to
other sites, so it answers 404, never 403.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from rest_framework.permissions import SAFE_METHODS, BasePermission

from ml.spec import HepaStageError
from webapp.accounts.roles import Role

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.views import APIView

Rules = dict[tuple[str, str], frozenset[Role]]


# What somebody may do who has yet to set up a required second factor.
BEFORE_THE_SECOND_FACTOR = frozenset({"me", "second-factor", "own-password"})


class SecondFactorDue(HepaStageError):
    """This house wants a second factor of this user, who has none yet."""

    code = "second-factor-due"
    remedy = "Set it up on your account page; it takes a minute."
    http_status = 403


class TokenReadOnly(HepaStageError):
    """A token of scope ``read`` was sent with a request that would change something."""

    code = "token-read-only"
    remedy = "Make a token that may write, if the program really has to."
    http_status = 403


class SessionNeeded(HepaStageError):
    """Accounts are managed by people in a browser: a stolen token must not make further ones."""

    code = "session-needed"
    remedy = "Sign in in a browser."
    http_status = 403


@cache
def table() -> Rules:
    """All rows of all installed apps. The same row written twice is an error."""
    merged: Rules = {}
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.rules") is None:
            continue
        for key, roles in import_module(f"{config.name}.rules").RULES.items():
            if key in merged:
                raise ImproperlyConfigured(f"permission row {key} is written twice, again in {config.name}")
            merged[key] = frozenset(roles)
    return merged


def allowed(user: Any, resource: str, action: str) -> bool:
    """Whether the table lets this (signed-in, active) user do ``action`` on ``resource``."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    if resource not in BEFORE_THE_SECOND_FACTOR and user.second_factor_due:
        return False
    return user.effective_role in table().get((resource, action), frozenset())


def permissions_of(user: Any) -> list[str]:
    """``["audit.list", …]``: what the browser may offer this user."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    due, role = user.second_factor_due, user.effective_role
    return sorted(
        f"{resource}.{action}"
        for (resource, action), roles in table().items()
        if role in roles and (not due or resource in BEFORE_THE_SECOND_FACTOR)
    )


class TablePermission(BasePermission):
    """The default of every API view: reads ``view.resource`` and the action; no row, no entry."""

    message = "Your role does not allow this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        resource = getattr(view, "resource", None)
        action = getattr(view, "action", None) or (request.method or "").lower()
        if resource is None or not request.user.is_authenticated:
            return False
        token = getattr(request, "auth", None)
        if token is not None:
            if getattr(view, "session_only", False):
                raise SessionNeeded("This cannot be done with a token.")
            if getattr(token, "scope", "write") == "read" and request.method not in SAFE_METHODS:
                raise TokenReadOnly("This token may only read.")
        if allowed(request.user, resource, action):
            return True
        if resource not in BEFORE_THE_SECOND_FACTOR and request.user.second_factor_due:
            raise SecondFactorDue("A second factor has to be set up first.")
        return False


def within_sites(queryset: QuerySet[Any], user: Any, site_path: str) -> QuerySet[Any]:
    """Rows whose ``site_path`` is one of the user's sites; administrators see every site."""
    if user.is_administrator:
        return queryset
    return queryset.filter(**{f"{site_path}__in": user.site_ids()})


class SiteScoped:
    """Viewset mixin (put it first): the queryset only holds objects of the user's sites."""

    site_path = "site"

    def get_queryset(self) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset()  # type: ignore[misc]
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return within_sites(queryset, self.request.user, self.site_path)  # type: ignore[attr-defined]


def undeclared(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those (resource, action) pairs that have no row: for the exhaustive test over all routes."""
    return sorted(pair for pair in set(pairs) if pair not in table())

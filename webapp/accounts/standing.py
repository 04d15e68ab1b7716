"""What a socket was opened with, and whether that still holds.

A request is checked when it comes; a socket lives on for hours. So the guard of the sockets
(:mod:`webapp.sockets`) asks again, for all of them at once: is the session or token still good, is its owner
still let in, and with the same rights?
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import OuterRef, Subquery, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone

from webapp.accounts import second_factor, sessions
from webapp.accounts.models import ApiToken, User
from webapp.accounts.tokens import find_token


@dataclass(frozen=True)
class Credential:
    """A browser session's row or an API token, whose it is, and the rights that its owner had then."""

    kind: Literal["session", "token"]
    key: UUID
    user: int
    rights: str


class Standing(Enum):
    """GOOD; OVER: signed out, revoked, expired, switched off; CHANGED: other role, sites or second factor."""

    GOOD = "good"
    OVER = "over"
    CHANGED = "changed"


def by_session(session_key: str) -> tuple[User, Credential] | None:
    """The user of a browser's session, by the same rules as for a request; None where there is none."""
    stored = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    rows = sessions.living().filter(session_key=session_key)
    row = rows.annotate(data=Subquery(stored.values("session_data"))).first()
    if row is None or row.data is None:
        return None
    request = HttpRequest()
    request.session = _Read(session_key, row.data)
    user = get_user(request)  # also checks that the password is the one of the sign-in
    if not isinstance(user, User) or not user.is_active:
        return None
    return user, Credential("session", row.pk, user.pk, _rights([user])[user.pk])


class _Read(SessionStore):
    """A session whose content was read together with its row."""

    def __init__(self, session_key: str, data: str) -> None:
        super().__init__(session_key)
        self._data = data

    @property
    def key_salt(self) -> str:
        return SessionStore().key_salt  # made of the name of the class otherwise

    def load(self) -> dict[str, Any]:
        return dict(self.decode(self._data))

    def cycle_key(self) -> None:
        """After a new secret key ``get_user`` wants another session key, which only an answer can set."""


def by_token(text: str) -> tuple[User, Credential] | None:
    """The owner of an API token; None where it is unknown, revoked or expired."""
    token = find_token(text)
    if token is None:
        return None
    return token.user, Credential("token", token.pk, token.user_id, _rights([token.user])[token.user_id])


def standing_of(credentials: Iterable[Credential]) -> dict[Credential, Standing]:
    """How each stands now, in five queries however many there are."""
    asked = set(credentials)
    keys: dict[str, set[UUID]] = defaultdict(set)
    for credential in asked:
        keys[credential.kind].add(credential.key)
    living = set(sessions.living().filter(pk__in=keys["session"]).values_list("pk", flat=True))
    living |= set(ApiToken.objects.usable().filter(pk__in=keys["token"]).values_list("pk", flat=True))
    people = User.objects.filter(pk__in={credential.user for credential in asked}, is_active=True)
    rights = _rights(people)

    def stands(credential: Credential) -> Standing:
        if credential.key not in living or credential.user not in rights:
            return Standing.OVER
        return Standing.GOOD if rights[credential.user] == credential.rights else Standing.CHANGED

    return {credential: stands(credential) for credential in asked}


def _rights(people: Iterable[User]) -> dict[int, str]:
    """What decides about the answers to these people, as a text that is equal while nothing changed.

    Their sites are in memory afterwards.
    """
    found = list(people)
    prefetch_related_objects(found, "sites")
    protected: set[int] = set()
    if settings.SECOND_FACTOR != "optional":
        totp = second_factor.Authenticator.objects.filter(user__in=found, type="totp")
        protected = set(totp.values_list("user_id", flat=True))
    return {
        user.pk: " ".join(
            [
                user.effective_role,
                "due" if user.second_factor_required and user.pk not in protected else "-",
                *sorted(str(site.pk) for site in user.sites.all()),
            ]
        )
        for user in found
    }

"""Browser sessions: each has a row that can be listed and revoked; idle ones and old ones end.

A session ends ``SESSION_IDLE_MINUTES`` after its last request and ``SESSION_HOURS`` after signing in,
whichever comes first, and at once when its row is removed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from webapp.accounts.models import BrowserSession, User
from webapp.audit import services as audit

SEEN_EVERY = timedelta(minutes=1)


class BrowserSessionMiddleware:
    """After authentication: ends what is over, and notes that the session lives (once a minute at most)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._look(request)
        return self.get_response(request)

    def _look(self, request: HttpRequest) -> None:
        now = timezone.now()
        row = living().filter(session_key=request.session.session_key).first()
        if row is None:
            logout(request)
        elif row.seen_at + SEEN_EVERY < now:
            BrowserSession.objects.filter(pk=row.pk).update(seen_at=now)


def living() -> QuerySet[BrowserSession]:
    """Sessions that are neither idle for too long nor too old."""
    now = timezone.now()
    return BrowserSession.objects.filter(
        seen_at__gte=now - timedelta(seconds=settings.SESSION_IDLE_SECONDS),
        created_at__gte=now - timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )


@receiver(user_logged_in)
def began(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Write the row of a new session."""
    if request.session.session_key is None:
        request.session.save()
    BrowserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "address": str(request.META.get("REMOTE_ADDR", ""))[:64],
            "browser": str(request.META.get("HTTP_USER_AGENT", ""))[:200],
            "seen_at": timezone.now(),
        },
    )


@receiver(user_logged_out)
def ended(sender: Any, request: HttpRequest, **_: Any) -> None:
    BrowserSession.objects.filter(session_key=request.session.session_key).delete()


@transaction.atomic
def revoke(*, session: BrowserSession, actor: User, request: Any = None) -> None:
    """End one session; its browser is signed out with its next request."""
    SessionStore(session.session_key).delete()
    owner = session.user
    session.delete()
    audit.record(actor=actor, action="session.revoked", object=owner, request=request)


@transaction.atomic
def revoke_all(*, user: User, but: str | None = None) -> int:
    """End all sessions of a user, but the one with this key; how many."""
    rows = BrowserSession.objects.filter(user=user).exclude(session_key=but or "")
    for row in rows:
        SessionStore(row.session_key).delete()
    return rows.delete()[0]


def forget_old() -> int:
    """Remove rows whose session is over; how many. Called by the nightly clean-up."""
    limit = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return BrowserSession.objects.filter(created_at__lt=limit).delete()[0]

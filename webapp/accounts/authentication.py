"""Session authentication that answers 401, not 403, to whoever has not signed in."""

from __future__ import annotations

from drf_spectacular.authentication import SessionScheme as PlainSessionScheme
from rest_framework import authentication
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser app shows its sign-in page on 401; 403 means "your role does not allow this"."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class SessionScheme(PlainSessionScheme):  # type: ignore[no-untyped-call]
    """Describes the above in the OpenAPI schema; registers itself by being imported."""

    target_class = "webapp.accounts.authentication.SessionAuthentication"

"""Session authentication that answers 401, not 403, to whoever has not signed in."""

from __future__ import annotations

from rest_framework import authentication
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser app shows its sign-in page on 401; 403 means "your role does not allow this"."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"

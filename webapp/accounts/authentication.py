"""Who is asking: a browser's session, or a program's token (``Authorization: Token …`` or ``Bearer …``)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.authentication import SessionScheme as PlainSessionScheme
from drf_spectacular.authentication import TokenScheme as PlainTokenScheme
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from webapp.accounts.models import ApiToken, User
from webapp.accounts.tokens import find_token


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser app shows its sign-in page on 401; 403 means "your role does not allow this"."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class ApiTokenAuthentication(authentication.BaseAuthentication):
    """``request.auth`` is the token; what its scope allows, the permission table's class looks after."""

    keyword = "Token"  # for the schema
    keywords = (b"token", b"bearer")

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts: list[Any] = authentication.get_authorization_header(request).split()
        if len(parts) != 2 or parts[0].lower() not in self.keywords:
            return None
        try:
            token = find_token(parts[1].decode("ascii"))
        except UnicodeDecodeError:
            token = None
        if token is None:
            raise exceptions.AuthenticationFailed("The token is unknown, has expired or was revoked.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class SessionScheme(PlainSessionScheme):  # type: ignore[no-untyped-call]
    """Describes the above in the OpenAPI schema; registers itself by being imported."""

    target_class = "webapp.accounts.authentication.SessionAuthentication"


class TokenScheme(PlainTokenScheme):  # type: ignore[no-untyped-call]
    """As above."""

    target_class = "webapp.accounts.authentication.ApiTokenAuthentication"

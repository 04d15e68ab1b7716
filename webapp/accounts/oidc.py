"""The way to the hospital's identity provider and back: authorization code flow with PKCE, by django-allauth.

``/oidc/sso/login/`` sends the browser there; it comes back to ``/oidc/sso/login/callback/`` with a code, and
that is exchanged over our own TLS connection. State and code verifier are allauth's and kept in the session.
What is checked of the ID token: signature (the provider's published keys), issuer, audience, authorized
party, expiry; and that the user information is about the same subject (OpenID Connect Core 1.0, 3.1.3.7 and
5.3.2). Who gets in then, :mod:`webapp.accounts.external` says. None of allauth's other pages can be reached.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

import jwt
import requests
from allauth.account.internal.decorators import login_not_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ml.spec import HepaStageError
from webapp.accounts import external
from webapp.audit import services as audit

log = logging.getLogger(__name__)

PROVIDER = "sso"
SIGNATURES = frozenset(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)) | {"EdDSA"}
CLOCKS_DIFFER_SECONDS = 30


class _Protocol(OpenIDConnectOAuth2Adapter):
    """allauth's, which leaves out the ID token's signature where TLS vouches for it; we look at it anyway."""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        if str(config.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error("the discovery document is of another issuer")
        return config

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(id_token)
            if header.get("alg") not in SIGNATURES:
                raise OAuth2Error("the ID token is not signed by a public key")
            found: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(header.get("kid")),
                algorithms=[header["alg"]],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=CLOCKS_DIFFER_SECONDS,
                options={"require": ["exp", "iat", "sub"]},
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("the ID token is not right") from error
        if found.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the ID token is for another client")
        return found

    def _key(self, name: str | None) -> Any:
        """The provider's published key of this name; where the token names none, the only one."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        known = [
            key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if key.public_key_use in (None, "sig")
        ]
        fitting = [key for key in known if name is None or key.key_id == name]
        if len(fitting) != 1:
            raise OAuth2Error("the ID token names no known key")
        return fitting[0].key


class Adapter(DefaultSocialAccountAdapter):
    """Takes over where the provider has said who it is; nothing of allauth's own sign-in follows."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        state = sociallogin.state or {}
        raise ImmediateHttpResponse(_finish(request, sociallogin.account.extra_data, state.get("next")))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        log.warning("sign-in through the identity provider failed: %s", _reason(error, exception))
        raise ImmediateHttpResponse(_back(external.ProviderFailed.code))


@never_cache
@require_safe
@login_not_required
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the identity provider. 404 where none is switched on."""
    return _through(OAuth2LoginView, request, provider_id)


@never_cache
@require_safe
@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from it: to where the person wanted to go, or to the sign-in page, which says what is wrong."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    if not settings.OIDC_ISSUER or provider_id != PROVIDER:
        raise Http404
    try:
        answer: HttpResponse = view.adapter_view(_Protocol(request, provider_id))(request)
    except (requests.RequestException, OAuth2Error, KeyError, ValueError) as error:
        log.warning("sign-in through the identity provider failed: %s", _reason(None, error))
        return _back(external.ProviderFailed.code)
    return answer


def _finish(request: HttpRequest, data: dict[str, Any], wanted: str | None) -> HttpResponse:
    token, told = data.get("id_token") or {}, data.get("userinfo") or {}
    try:
        if not token or (told and told.get("sub") != token.get("sub")):
            raise external.ProviderFailed("The identity provider's answers contradict each other.")
        user = external.sign_in(claims={**told, **token}, request=request)
    except HepaStageError as error:
        log.warning("nobody was signed in through the identity provider: %s", error.code)
        return _back(error.code)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    detail = {"through": "identity provider"}
    audit.record(actor=user, action="session.signed-in", object=user, request=request, detail=detail)
    own = wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return HttpResponseRedirect(wanted if wanted and own else "/")


def _back(code: str) -> HttpResponse:
    return HttpResponseRedirect(f"/signin?{urlencode({'problem': code})}")


def _reason(error: Any, exception: Exception | None) -> str:
    """For the log: what kind of thing went wrong, never what the provider said about a person."""
    return type(exception).__name__ if exception is not None else str(error)


def offered() -> dict[str, str] | None:
    """The button of the sign-in page; None where no provider is switched on."""
    if not settings.OIDC_ISSUER:
        return None
    return {"name": settings.OIDC_NAME, "path": f"/oidc/{PROVIDER}/login/"}


# The names are those by which allauth looks up the address to come back to.
PATHS = [
    path("<slug:provider_id>/login/", begin, name="openid_connect_login"),
    path("<slug:provider_id>/login/callback/", callback, name="openid_connect_callback"),
]

"""Signing in through an identity provider: a real one on loopback, from the button to the session."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import oidc_provider_mock
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from rest_framework.test import APIClient
from werkzeug.serving import make_server

from tests.webapp.accounts.test_api import sign_in
from tests.webapp.conftest import PASSWORD
from webapp import environment
from webapp.accounts import people
from webapp.accounts.models import BrowserSession, User
from webapp.accounts.roles import Role
from webapp.audit.models import Entry
from webapp.oidc_roles import GroupRole, parse_roles

pytestmark = pytest.mark.django_db
LOGIN, CALLBACK = "/oidc/sso/login/", "/oidc/sso/login/callback/"


class Provider:
    """oidc-provider-mock in a thread; ``exchanges`` are the bodies that were sent to its token endpoint."""

    def __init__(self) -> None:
        self.exchanges: list[dict[str, str]] = []
        self.replaces: dict[str, dict[str, Any]] = {}  # members of answers, by path
        provider = oidc_provider_mock.app()
        inner = provider.wsgi_app

        def listening(environ: dict[str, Any], answer: Any) -> Any:
            if self.replaces and environ["PATH_INFO"] in self.replaces:
                return self._altered(inner, environ, answer)
            if environ["PATH_INFO"] == "/oauth2/token":
                body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
                self.exchanges.append({name: value[0] for name, value in parse_qs(body.decode()).items()})
                environ["wsgi.input"] = io.BytesIO(body)
            return inner(environ, answer)

        provider.wsgi_app = listening
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", 0, provider, threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _altered(self, inner: Any, environ: dict[str, Any], answer: Any) -> list[bytes]:
        begun: list[Any] = []
        body = b"".join(inner(environ, lambda status, headers, *_: begun.extend([status, headers])))
        altered = json.dumps({**json.loads(body), **self.replaces[environ["PATH_INFO"]]}).encode()
        headers = [(name, value) for name, value in begun[1] if name.lower() != "content-length"]
        answer(begun[0], [*headers, ("Content-Length", str(len(altered)))])
        return [altered]

    def knows(self, subject: str, **claims: Any) -> None:
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def stop(self) -> None:
        self._server.shutdown()


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.stop()


@pytest.fixture
def configured(provider: Provider, settings: Any, site_a: Any, site_b: Any) -> Provider:
    """Doctors are clinicians of A and B, whoever is in ``it`` is an administrator."""
    settings.OIDC_ISSUER, settings.OIDC_NAME = provider.issuer, "Hospital"
    settings.OIDC_ROLES = parse_roles("CN=Doctors,OU=Liver=clinician@A+B; it=administrator")[0]
    settings.OIDC_GROUPS_CLAIM, settings.OIDC_MATCH_CLAIM = "groups", ""
    app = {"provider_id": "sso", "name": "Hospital", "client_id": "hepastage", "secret": "s",
           "settings": {"server_url": provider.issuer}}  # fmt: skip
    scope = ["openid", "profile", "email"]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "SCOPE": scope, "APPS": [app]}
    }
    provider.exchanges.clear()
    return provider


Go = Callable[..., tuple[APIClient, str]]


@pytest.fixture
def go() -> Go:
    """``go("sub")``: presses the button, signs in there as ``sub``, comes back: (browser, where to)."""

    def walk(subject: str, wanted: str = "", browser: APIClient | None = None) -> tuple[APIClient, str]:
        browser = browser or APIClient()
        begun = browser.get(LOGIN, {"next": wanted} if wanted else {})
        assert begun.status_code == 302
        back = requests.post(begun["Location"], data={"sub": subject}, allow_redirects=False, timeout=5)
        assert back.status_code == 302, back.text
        returned = urlsplit(back.headers["Location"])
        ended = browser.get(f"{returned.path}?{returned.query}")
        assert ended.status_code == 302
        return browser, ended["Location"]

    return walk


def who(browser: APIClient) -> str | None:
    user = browser.get("/api/v1/auth/session/").json()["user"]
    return user and user["username"]


DOCTOR = {"preferred_username": "doctor", "given_name": "Wei", "groups": ["CN=Doctors,OU=Liver", "all"]}


def test_a_doctor_comes_in_with_the_role_and_the_sites_of_the_group(configured, go):
    configured.knows("d-1", **DOCTOR)
    browser, where = go("d-1", wanted="/worklist?stage=3")
    assert (who(browser), where) == ("doctor", "/worklist?stage=3")
    user = User.objects.get()
    assert (user.role, sorted(site.code for site in user.sites.all())) == (Role.CLINICIAN, ["A", "B"])
    assert not user.has_usable_password()
    assert BrowserSession.objects.get().user == user
    actions = set(Entry.objects.values_list("action", flat=True))
    assert actions == {"user.created", "user.bound-to-provider", "session.signed-in"}


def test_the_code_is_bound_to_this_browser_by_pkce_and_state(configured, go):
    configured.knows("d-1", **DOCTOR)
    browser = APIClient()
    there = browser.get(LOGIN)["Location"]
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"]
    answer = requests.post(there, data={"sub": "d-1"}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    thief = APIClient().get(f"{back.path}?{back.query}")
    assert (thief["Location"], configured.exchanges) == ("/signin?problem=provider-failed", [])
    assert browser.get(f"{back.path}?{back.query}")["Location"] == "/"
    digest = hashlib.sha256(configured.exchanges[0]["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"][0]


@pytest.mark.parametrize("groups", [[], ["all"], "all", None, 7, ["cn=doctors,ou=liver"], {"it": True}])
def test_nobody_comes_in_by_having_an_account_there_alone(configured, go, groups):
    configured.knows("x-1", preferred_username="x", groups=groups)
    browser, where = go("x-1")
    assert (who(browser), where) == (None, "/signin?problem=provider-not-entitled")
    assert not User.objects.exists()


def test_who_left_the_group_is_out_and_who_changed_it_has_another_role(configured, go, client_of):
    configured.knows("d-1", **DOCTOR)
    first, _ = go("d-1")
    configured.knows("d-1", **{**DOCTOR, "groups": ["it"]})
    go("d-1")
    assert User.objects.get().is_administrator
    configured.knows("d-2", **{**DOCTOR, "preferred_username": "other", "groups": ["it"]})
    go("d-2")
    configured.knows("d-1", **{**DOCTOR, "groups": []})
    browser, where = go("d-1")
    assert (who(browser), where) == (None, "/signin?problem=provider-not-entitled")
    assert first.get("/api/v1/me/").status_code == 401, "the session that was open has ended too"


def test_an_account_with_a_password_is_never_taken_over(configured, go, clinician):
    configured.knows("d-1", **{**DOCTOR, "preferred_username": "Clinician"})
    browser, where = go("d-1")
    assert (who(browser), where) == (None, "/signin?problem=provider-name-taken")


def test_an_account_made_beforehand_is_recognised_once(configured, go, settings, administrator, site_a):
    settings.OIDC_ROLES, settings.OIDC_MATCH_CLAIM = [], "employee"
    made = people.create_user(username="e17", role=Role.ANNOTATOR, sites=[site_a], actor=administrator)
    configured.knows("e-1", employee="e17")
    browser, _ = go("e-1")
    assert who(browser) == "e17"
    configured.knows("e-2", employee="e17")
    assert go("e-2")[1] == "/signin?problem=provider-name-taken"
    configured.knows("e-3", employee="nobody")
    assert go("e-3")[1] == "/signin?problem=provider-not-entitled"
    made.refresh_from_db()
    assert made.role == Role.ANNOTATOR


def test_who_comes_from_the_provider_has_no_password_here(configured, go, administrator, client_of):
    configured.knows("d-1", **DOCTOR)
    go("d-1")
    user = User.objects.get(username="doctor")
    refused = client_of(administrator).post(f"/api/v1/users/{user.pk}/invite/")
    assert (refused.status_code, refused.json()["code"]) == (409, "signs-in-elsewhere")
    user.set_password(PASSWORD)  # as manage.py changepassword would
    user.save()
    refused = sign_in(APIClient(), "doctor", PASSWORD)
    assert (refused.status_code, refused.json()["code"]) == (409, "signs-in-elsewhere")


def test_a_person_who_is_switched_off_stays_out(configured, go):
    configured.knows("d-1", **DOCTOR)
    go("d-1")
    User.objects.update(is_active=False)
    assert go("d-1")[1] == "/signin?problem=provider-not-entitled"


def test_where_a_second_factor_is_wanted_the_provider_has_to_have_asked(configured, go, settings):
    settings.SECOND_FACTOR = "everyone"
    configured.knows("d-1", **DOCTOR)
    assert go("d-1")[1] == "/signin?problem=provider-second-factor"
    assert not User.objects.exists()
    configured.knows("d-1", **DOCTOR, amr=["pwd", "otp"])
    browser, _ = go("d-1")
    assert browser.get("/api/v1/patients/").status_code == 200


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_afterwards(configured, go, wanted):
    configured.knows("d-1", **DOCTOR)
    assert go("d-1", wanted=wanted)[1] == "/"


def test_a_provider_that_is_away_or_another_one_is_told_so(configured, settings, provider):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:1"
    assert APIClient().get(LOGIN)["Location"] == "/signin?problem=provider-failed"


def test_another_issuer_than_the_one_we_know_is_refused(configured, settings, go):
    configured.knows("d-1", **DOCTOR)
    settings.OIDC_ISSUER = "https://another.example"
    assert go("d-1")[1] == "/signin?problem=provider-failed"


@pytest.mark.parametrize(
    "change",
    [
        {}, {"aud": "another-client"}, {"iss": "https://another.example"}, {"exp": 1},
        {"azp": "another-client"}, {"sub": "somebody-else"}, {"exp": None}, {"signature": "x"},
        {"alg": "none"}, {"alg": "HS256"},
    ],
)  # fmt: skip
def test_a_token_that_is_not_meant_for_us_or_not_signed_is_refused(configured, go, change):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    published = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())), "kid": "k"}
    claims = {"iss": configured.issuer, "aud": "hepastage", "sub": "d-1", "iat": 1, "exp": time.time() + 60}
    claims = {name: value for name, value in {**claims, **change}.items() if value is not None}
    signature, alg = claims.pop("signature", ""), claims.pop("alg", "RS256")
    secret: Any = {"RS256": key, "none": None, "HS256": "s"}[alg]
    token = jwt.encode(claims, secret, algorithm=alg, headers={"kid": "k"}) + signature
    configured.knows("d-1", **DOCTOR)
    configured.replaces = {"/oauth2/token": {"id_token": token}, "/jwks": {"keys": [published]}}
    try:
        assert go("d-1")[1] == ("/signin?problem=provider-failed" if change else "/")
    finally:
        configured.replaces = {}
    assert User.objects.exists() == (not change)


@pytest.mark.parametrize(
    "query", [{}, {"error": "access_denied"}, {"code": "x"}, {"code": "x", "state": "y"}]
)
def test_nonsense_comes_back_to_the_sign_in_page(configured, query):
    answer = APIClient().get(CALLBACK, query)
    assert (answer.status_code, answer["Location"]) == (302, "/signin?problem=provider-failed")


def test_without_a_provider_there_is_no_button_and_no_address(client, db):
    assert client.get("/api/v1/auth/session/").json()["provider"] is None
    assert client.get(LOGIN).status_code == client.get(CALLBACK).status_code == 404


def test_the_button_says_the_providers_name(client, configured):
    found = client.get("/api/v1/auth/session/").json()["provider"]
    assert found == {"name": "Hospital", "path": LOGIN}
    assert client.get("/oidc/another/login/").status_code == 404


def test_roles_are_read_and_nonsense_is_named():
    entries, complaints = parse_roles(
        "a=clinician@A+B; CN=x,OU=y=administrator;b=king@A; c=annotator; =clinician@A"
    )
    assert entries == [GroupRole("a", "clinician", ("A", "B")), GroupRole("CN=x,OU=y", "administrator")]
    assert len(complaints) == 3


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        (
            {"OIDC_ISSUER": "http://id.example", "OIDC_CLIENT_ID": "x", "OIDC_ROLES": "a=administrator"},
            "https",
        ),
        ({"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "x"}, "lets in nobody"),
        ({"OIDC_ISSUER": "https://id.example", "OIDC_ROLES": "a=administrator"}, "OIDC_CLIENT_ID"),
        ({"OIDC_ROLES": "a=nothing"}, "OIDC_ROLES"),
    ],
)
def test_half_a_configuration_does_not_start(monkeypatch, variables, complaint):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=complaint):
        environment.read_environment()

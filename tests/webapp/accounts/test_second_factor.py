"""The second factor: setting up, signing in with it, codes that work once, houses that require it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as django_settings
from django.core.management import call_command
from rest_framework.test import APIClient

from tests.webapp.accounts.test_api import sign_in
from tests.webapp.conftest import PASSWORD
from webapp.accounts import second_factor
from webapp.audit.models import Entry

pytestmark = pytest.mark.django_db
URL = "/api/v1/me/second-factor/"


def code_of(secret: str, ahead: int = 0) -> str:
    """What an authenticator app would show, ``ahead`` half-minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


@pytest.fixture
def set_up(client_of, clinician) -> tuple[str, list[str]]:
    """The clinician's secret and recovery codes. The code of half a minute ago was used for it."""
    client = client_of(clinician)
    begun = client.post(URL, {"password": PASSWORD}).json()
    body = {"ticket": begun["ticket"], "code": code_of(begun["secret"], -1)}
    return begun["secret"], client.put(URL, body).json()["recovery_codes"]


def enter(username: str, code: str | None = None) -> Any:
    body = {"username": username, "password": PASSWORD} | ({} if code is None else {"code": code})
    return APIClient().post("/api/v1/auth/session/", body)


def test_setting_up_shows_a_picture_and_takes_the_first_code(client_of, clinician):
    client = client_of(clinician)
    assert client.get(URL).json() == {"enabled": False, "required": False, "recovery_codes_left": 0}
    assert client.post(URL, {"password": "wrong"}).json()["code"] == "password-refused"
    begun = client.post(URL, {"password": PASSWORD}).json()
    assert begun["picture"].startswith("<?xml")
    assert begun["address"].startswith("otpauth://totp/clinician?secret=")
    wrong = client.put(URL, {"ticket": begun["ticket"], "code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "second-factor-wrong")
    assert client.get(URL).json()["enabled"] is False
    done = client.put(URL, {"ticket": begun["ticket"], "code": code_of(begun["secret"])})
    assert len(set(done.json()["recovery_codes"])) == 10
    assert client.get(URL).json() == {"enabled": True, "required": False, "recovery_codes_left": 10}
    assert client.post(URL, {"password": PASSWORD}).status_code == 409
    assert Entry.objects.filter(action="second-factor.set-up").count() == 1


def test_a_ticket_is_of_one_person(client_of, clinician, researcher):
    begun = client_of(clinician).post(URL, {"password": PASSWORD}).json()
    stolen = client_of(researcher).put(URL, {"ticket": begun["ticket"], "code": code_of(begun["secret"])})
    assert stolen.json()["code"] == "second-factor-refused"


def test_the_password_alone_does_not_open_and_a_code_opens_once(set_up):
    secret, _ = set_up
    assert enter("clinician").json()["code"] == "second-factor-needed"
    assert enter("clinician", "123").json()["code"] == "second-factor-wrong"
    code = code_of(secret)
    assert enter("clinician", code).status_code == 200
    again = enter("clinician", code)
    assert (again.status_code, again.json()["code"]) == (401, "second-factor-wrong")


def test_tokens_by_password_want_the_code_too(set_up):
    secret, _ = set_up
    body = {"username": "clinician", "password": PASSWORD}
    assert APIClient().post("/api/v1/auth/token/", body).json()["code"] == "second-factor-needed"
    assert APIClient().post("/api/v1/auth/token/", body | {"code": code_of(secret)}).status_code == 200


def test_a_recovery_code_opens_once(set_up, client_of, clinician):
    _, codes = set_up
    assert enter("clinician", codes[3]).status_code == 200
    assert enter("clinician", codes[3]).status_code == 401
    assert client_of(clinician).get(URL).json()["recovery_codes_left"] == 9


def test_guessing_codes_is_locked_out(set_up):
    secret, _ = set_up
    for _ in range(django_settings.AXES_FAILURE_LIMIT):
        answer = enter("clinician", "000000")
    assert answer.status_code in {401, 429}
    locked = enter("clinician", code_of(secret))
    assert (locked.status_code, locked.json()["code"]) == (429, "too-many-attempts")


def test_secrets_are_encrypted_and_a_rotated_key_still_opens_them(set_up, settings):
    secret, _ = set_up
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [old]
    assert enter("clinician", code_of(secret)).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    lost = enter("clinician", code_of(secret, 1))
    assert (lost.status_code, lost.json()["code"]) == (409, "second-factor-refused")


def test_after_a_rotation_the_old_key_may_go(set_up, settings):
    secret, codes = set_up
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [old]
    call_command("rotate_secret_key")
    settings.SECRET_KEY_FALLBACKS = []
    assert enter("clinician", code_of(secret)).status_code == 200
    assert enter("clinician", codes[0]).status_code == 200


def test_where_it_is_required_nothing_else_can_be_done_before(settings, clinician, administrator):
    settings.SECOND_FACTOR = "administrators"
    assert clinician.second_factor_due is False
    browser = APIClient(enforce_csrf_checks=True)
    me = sign_in(browser, "administrator", PASSWORD).json()["user"]
    assert me["second_factor_due"] is True
    assert {name.partition(".")[0] for name in me["permissions"]} == {"me", "second-factor", "own-password"}
    refused = browser.get("/api/v1/users/")
    assert (refused.status_code, refused.json()["code"]) == (403, "second-factor-due")
    csrf = {"X-CSRFToken": browser.get("/api/v1/auth/session/").json()["csrf"]}
    begun = browser.post(URL, {"password": PASSWORD}, headers=csrf).json()
    body = {"ticket": begun["ticket"], "code": code_of(begun["secret"])}
    assert browser.put(URL, body, headers=csrf).status_code == 200
    assert browser.get("/api/v1/users/").status_code == 200


def test_an_administrator_helps_after_a_lost_phone(set_up, client_of, administrator, clinician):
    client = client_of(administrator)
    row = client.get(f"/api/v1/users/{clinician.pk}/").json()
    assert row["has_second_factor"] is True
    after = client.post(f"/api/v1/users/{clinician.pk}/reset-second-factor/").json()
    assert after["has_second_factor"] is False
    assert enter("clinician").status_code == 200
    assert not second_factor.enabled(clinician)


def test_it_is_removed_with_the_password_only(set_up, client_of, clinician):
    client = client_of(clinician)
    assert client.post(f"{URL}removal/", {"password": "wrong"}).status_code == 400
    assert second_factor.enabled(clinician)
    assert client.post(f"{URL}removal/", {"password": PASSWORD}).status_code == 204
    assert enter("clinician").status_code == 200
    assert Entry.objects.filter(action="second-factor.removed").count() == 1

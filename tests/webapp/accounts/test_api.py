"""Signing in, tokens, who am I, sites."""

from __future__ import annotations

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from tests.webapp.conftest import PASSWORD
from webapp.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> APIClient:
    return APIClient(enforce_csrf_checks=True)


def sign_in(browser: APIClient, username: str, password: str):
    csrf = browser.get("/api/v1/auth/session/").json()["csrf"]
    return browser.post(
        "/api/v1/auth/session/", {"username": username, "password": password}, headers={"X-CSRFToken": csrf}
    )


def test_signing_in_and_out_in_a_browser(browser, clinician, site_a):
    assert browser.get("/api/v1/auth/session/").json()["user"] is None
    answer = sign_in(browser, "clinician", PASSWORD)
    assert answer.status_code == 200, answer.content
    me = browser.get("/api/v1/me/").json()
    assert me == answer.json()["user"]
    assert (me["role"], me["sites"]) == (
        "clinician",
        [{"id": str(site_a.pk), "code": "A", "name": "Hospital A"}],
    )
    assert "jobs.list" in me["permissions"]
    assert "audit.list" not in me["permissions"]
    csrf = browser.get("/api/v1/auth/session/").json()["csrf"]
    assert browser.delete("/api/v1/auth/session/", headers={"X-CSRFToken": csrf}).status_code == 204
    assert browser.get("/api/v1/me/").status_code == 401
    assert list(Entry.objects.order_by("number").values_list("action", flat=True)) == [
        "session.signed-in",
        "session.signed-out",
    ]


def test_signing_in_without_the_csrf_token_is_refused(browser, clinician):
    answer = browser.post("/api/v1/auth/session/", {"username": "clinician", "password": PASSWORD})
    assert answer.status_code == 403


def test_a_wrong_password_is_a_problem_with_a_remedy(browser, clinician):
    answer = sign_in(browser, "clinician", "wrong")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], bool(answer.json()["remedy"])) == ("sign-in-refused", True)


def test_guessing_is_locked_out_and_even_the_right_password_waits(browser, clinician):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(browser, "clinician", "wrong")
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-attempts")
    assert sign_in(browser, "clinician", PASSWORD).status_code == 429


def test_a_token_works_until_it_is_revoked(researcher):
    program = APIClient()
    token = program.post("/api/v1/auth/token/", {"username": "researcher", "password": PASSWORD}).json()[
        "token"
    ]
    program.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert program.get("/api/v1/me/").json()["username"] == "researcher"
    assert program.delete("/api/v1/auth/token/").status_code == 204
    assert program.get("/api/v1/me/").status_code == 401


def test_a_token_cannot_be_asked_for_without_credentials(db):
    answer = APIClient().post("/api/v1/auth/token/", {})
    assert answer.status_code == 400
    assert {row["field"] for row in answer.json()["errors"]} == {"username", "password"}


def test_only_the_language_of_me_can_be_changed(api):
    answer = api.patch("/api/v1/me/", {"language": "zh-hans", "role": "administrator", "username": "x"})
    assert (answer.json()["language"], answer.json()["role"], answer.json()["username"]) == (
        "zh-hans", "clinician", "clinician"
    )  # fmt: skip
    assert api.patch("/api/v1/me/", {"language": "tlh"}).status_code == 400


def test_sites_are_ones_own_unless_administrator(client_of, clinician, administrator, site_a, site_b):
    codes = [row["code"] for row in client_of(clinician).get("/api/v1/sites/").json()["results"]]
    assert codes == ["A"]
    codes = [row["code"] for row in client_of(administrator).get("/api/v1/sites/").json()["results"]]
    assert codes == ["A", "B"]
    assert client_of(clinician).get(f"/api/v1/sites/{site_b.pk}/").status_code == 404


def test_an_unknown_api_address_is_a_problem_not_the_browser_app(api):
    answer = api.get("/api/v1/livers/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")

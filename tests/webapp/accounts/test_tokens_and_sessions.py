"""API tokens and browser sessions: what they open, how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from rest_framework.test import APIClient

from tests.webapp.accounts.test_api import sign_in
from tests.webapp.conftest import PASSWORD
from webapp.accounts import standing
from webapp.accounts.models import ApiToken, BrowserSession
from webapp.accounts.tokens import create_token, hash_of
from webapp.audit.models import Entry

pytestmark = pytest.mark.django_db


def program(token: str, keyword: str = "Token") -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"{keyword} {token}")
    return client


def make(client: APIClient, **body: object) -> dict[str, str]:
    answer = client.post("/api/v1/tokens/", {"name": "script", **body})
    assert answer.status_code == 201, answer.content
    return answer.json()


def browser_of(username: str) -> APIClient:
    browser = APIClient()
    assert sign_in(browser, username, PASSWORD).status_code == 200
    return browser


def test_a_token_is_shown_once_and_kept_as_a_hash(client_of, researcher):
    made = make(client_of(researcher), scope="read", days=10)
    row = ApiToken.objects.get()
    assert row.hashed == hash_of(made["token"])
    assert made["token"] not in str(row.__dict__)
    assert made["token"].startswith(made["beginning"])
    (listed,) = client_of(researcher).get("/api/v1/tokens/").json()["results"]
    assert "token" not in listed
    assert made["token"] not in str(list(Entry.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize("keyword", ["Token", "Bearer", "token"])
def test_a_token_opens_what_its_person_may(client_of, researcher, keyword):
    made = make(client_of(researcher))
    client = program(made["token"], keyword)
    assert client.get("/api/v1/me/").json()["username"] == "researcher"
    assert client.get("/api/v1/audit/").status_code == 403
    assert ApiToken.objects.get().last_used_at is not None


def test_a_token_that_may_read_changes_nothing(client_of, researcher):
    reader = program(make(client_of(researcher), scope="read")["token"])
    assert reader.get("/api/v1/runs/").status_code == 200
    refused = reader.patch("/api/v1/me/", {"language": "en"})
    assert (refused.status_code, refused.json()["code"]) == (403, "token-read-only")
    writer = program(make(client_of(researcher), scope="write")["token"])
    assert writer.patch("/api/v1/me/", {"language": "en"}).status_code == 200


def test_a_token_makes_no_further_tokens_and_manages_nobody(client_of, administrator):
    writer = program(make(client_of(administrator), scope="write")["token"])
    for address in ("/api/v1/tokens/", "/api/v1/users/", "/api/v1/sessions/"):
        refused = writer.get(address)
        assert (refused.status_code, refused.json()["code"]) == (403, "session-needed"), address


@pytest.mark.parametrize("change", [
    {"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(seconds=1)},
])  # fmt: skip
def test_a_token_ends(client_of, researcher, change):
    made = make(client_of(researcher))
    ApiToken.objects.update(**change)
    assert program(made["token"]).get("/api/v1/me/").status_code == 401


def test_a_token_of_somebody_switched_off_ends(client_of, researcher):
    made = make(client_of(researcher))
    researcher.is_active = False
    researcher.save()
    assert program(made["token"]).get("/api/v1/me/").status_code == 401


def test_one_revokes_ones_own_tokens_only(client_of, researcher, clinician):
    made = make(client_of(researcher))
    address = f"/api/v1/tokens/{made['id']}/"
    assert client_of(clinician).delete(address).status_code == 404
    assert client_of(researcher).delete(address).status_code == 204
    assert program(made["token"]).get("/api/v1/me/").status_code == 401
    assert Entry.objects.filter(action="token.revoked", object_id=made["id"]).count() == 1


@pytest.mark.parametrize("body", [{"days": 0}, {"days": 1000}, {"scope": "all"}, {"name": ""}])
def test_nonsense_makes_no_token(client_of, researcher, body):
    assert client_of(researcher).post("/api/v1/tokens/", {"name": "x", **body}).status_code == 400
    assert not ApiToken.objects.exists()


def test_what_is_not_a_token_is_refused(db):
    for text in ("hs_nothing", "é", "x" * 5000):
        assert APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Token {text}").status_code == 401


def test_browsers_are_listed_and_one_can_be_signed_out_from_another(clinician):
    first, second = browser_of("clinician"), browser_of("clinician")
    rows = first.get("/api/v1/sessions/").json()["results"]
    assert sorted(row["current"] for row in rows) == [False, True]
    other = next(row["id"] for row in rows if not row["current"])
    assert first.delete(f"/api/v1/sessions/{other}/").status_code == 204
    assert second.get("/api/v1/me/").status_code == 401
    assert first.get("/api/v1/me/").status_code == 200


def test_ones_sessions_are_nobody_elses(clinician, researcher):
    browser = browser_of("clinician")
    (row,) = browser.get("/api/v1/sessions/").json()["results"]
    assert browser_of("researcher").delete(f"/api/v1/sessions/{row['id']}/").status_code == 404


@pytest.mark.parametrize(("column", "hours"), [("seen_at", 1.1), ("created_at", 12.1)])
def test_an_idle_and_an_old_session_end(clinician, column, hours):
    browser = browser_of("clinician")
    BrowserSession.objects.update(**{column: timezone.now() - timedelta(hours=hours)})
    assert browser.get("/api/v1/me/").status_code == 401
    assert not BrowserSession.objects.exists()


def test_being_used_keeps_a_session_and_is_noted_once_a_minute(clinician):
    browser = browser_of("clinician")
    BrowserSession.objects.update(seen_at=timezone.now() - timedelta(minutes=30))
    assert browser.get("/api/v1/me/").status_code == 200
    assert BrowserSession.objects.get().seen_at > timezone.now() - timedelta(minutes=1)


def test_changing_the_password_keeps_this_browser_and_signs_out_the_others(clinician):
    here, there = browser_of("clinician"), browser_of("clinician")
    body = {"old": PASSWORD, "new": "quite-another-horse"}
    wrong = here.post("/api/v1/me/password/", body | {"old": "wrong"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "password-refused")
    weak = here.post("/api/v1/me/password/", body | {"new": "password"})
    assert weak.json()["code"] == "password-refused"
    assert here.post("/api/v1/me/password/", body).status_code == 204
    assert here.get("/api/v1/me/").status_code == 200
    assert there.get("/api/v1/me/").status_code == 401


def test_whoever_opens_a_socket_is_known_after_few_queries(clinician, settings, django_assert_num_queries):
    browser = browser_of("clinician")
    key = browser.cookies["sessionid"].value
    with django_assert_num_queries(3):  # session, person, sites
        user, _ = standing.by_session(key)
    assert (user, [site.code for site in user.sites.all()]) == (clinician, ["A"])
    _, text = create_token(user=clinician, name="follower", scope="read", days=1)
    assert standing.by_token(text)[0] == clinician
    with django_assert_num_queries(2):  # token with its person, sites; that it is used was noted just now
        standing.by_token(text)


def test_a_socket_opened_after_a_new_secret_key_signs_nobody_out(clinician, settings):
    browser = browser_of("clinician")
    key = browser.cookies["sessionid"].value
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert standing.by_session(key)[0] == clinician
    assert Session.objects.filter(session_key=key).exists()

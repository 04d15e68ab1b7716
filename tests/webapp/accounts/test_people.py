"""People and sites, as administrators manage them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from rest_framework.test import APIClient

from tests.webapp.accounts.test_api import sign_in
from tests.webapp.conftest import PASSWORD
from webapp.accounts.models import Site, User
from webapp.audit.models import Entry

pytestmark = pytest.mark.django_db
NEW = {
    "username": "li",
    "first_name": "Li",
    "last_name": "Na",
    "email": "li@example.org",
    "role": "annotator",
}


@pytest.fixture
def admin(client_of, administrator) -> APIClient:
    return client_of(administrator)


def choose(path: str, password: str = "a-long-enough-one"):
    query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    return APIClient().post("/api/v1/auth/invitation/", {**query, "password": password})


def test_a_new_person_chooses_a_password_by_a_link_that_works_once(admin, site_a):
    made = admin.post("/api/v1/users/", {**NEW, "sites": [str(site_a.pk)]})
    assert made.status_code == 201, made.content
    user, path = made.json()["user"], made.json()["path"]
    assert (user["role"], user["sites"], user["has_password"]) == ("annotator", [str(site_a.pk)], False)
    assert path.startswith("/password?")
    assert choose(path, "12345").json()["code"] == "password-refused"
    assert choose(path).status_code == 204
    used = choose(path)
    assert (used.status_code, used.json()["code"]) == (410, "link-over")
    assert sign_in(APIClient(), "li", "a-long-enough-one").status_code == 200
    assert {entry.action for entry in Entry.objects.all()} >= {
        "user.created", "user.invited", "user.password-chosen", "session.signed-in",
    }  # fmt: skip
    assert "li@example.org" not in str(list(Entry.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(
    "query", [{"uid": "MQ", "token": "x"}, {"uid": "!!", "token": "x-y"}, {"uid": "MTIz", "token": ""}]
)
def test_a_made_up_link_opens_nothing(query, db):
    answer = APIClient().post("/api/v1/auth/invitation/", {**query, "password": "a-long-enough-one"})
    assert answer.status_code in {400, 410}


def test_a_forgotten_password_is_chosen_anew_and_ends_a_lock_out(admin, clinician, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(APIClient(), "clinician", "wrong")
    assert sign_in(APIClient(), "clinician", PASSWORD).status_code == 429
    path = admin.post(f"/api/v1/users/{clinician.pk}/invite/").json()["path"]
    assert choose(path).status_code == 204
    assert sign_in(APIClient(), "clinician", PASSWORD).status_code == 401
    assert sign_in(APIClient(), "clinician", "a-long-enough-one").status_code == 200


@pytest.mark.parametrize("body", [
    {"username": ""}, {"username": "a b/c"}, {"role": "king"}, {"role": None}, {"email": "nowhere"},
    {"sites": ["no-site"]},
])  # fmt: skip
def test_nonsense_makes_nobody(admin, body):
    assert admin.post("/api/v1/users/", {**NEW, **body}).status_code == 400
    assert not User.objects.filter(first_name="Li").exists()


def test_a_user_name_is_taken_whatever_its_case(admin, clinician):
    answer = admin.post("/api/v1/users/", {**NEW, "username": "Clinician"})
    assert answer.json()["errors"][0]["field"] == "username"


def test_changing_role_and_sites_is_recorded(admin, clinician, site_b):
    answer = admin.patch(f"/api/v1/users/{clinician.pk}/", {"role": "researcher", "sites": [str(site_b.pk)]})
    assert (answer.json()["role"], answer.json()["sites"]) == ("researcher", [str(site_b.pk)])
    detail = Entry.objects.get(action="user.changed").detail
    assert detail == {"role": ["clinician", "researcher"], "sites": ["B"]}


def test_switching_a_person_off_ends_what_is_open(admin, clinician):
    browser = APIClient()
    sign_in(browser, "clinician", PASSWORD)
    assert admin.patch(f"/api/v1/users/{clinician.pk}/", {"is_active": False}).status_code == 200
    assert browser.get("/api/v1/me/").status_code == 401
    assert sign_in(APIClient(), "clinician", PASSWORD).status_code == 401


def test_somebody_stays_administrator(admin, administrator, make_user, site_a):
    own = admin.patch(f"/api/v1/users/{administrator.pk}/", {"role": "clinician"})
    assert (own.status_code, own.json()["code"]) == (409, "not-oneself")
    other = make_user("administrator", site_a, username="second")
    assert admin.patch(f"/api/v1/users/{other.pk}/", {"is_active": False}).status_code == 200
    administrator.refresh_from_db()
    assert administrator.is_administrator


def test_the_demonstrations_administrator_can_become_something_else(admin, make_user, site_a):
    first = make_user("administrator", site_a, username="first")
    User.objects.filter(pk=first.pk).update(is_superuser=True, is_staff=True)
    assert admin.patch(f"/api/v1/users/{first.pk}/", {"role": "clinician"}).json()["role"] == "clinician"
    first.refresh_from_db()
    assert not first.is_superuser
    assert not first.is_staff


def test_signing_a_person_out_everywhere(admin, clinician):
    browser = APIClient()
    sign_in(browser, "clinician", PASSWORD)
    assert admin.post(f"/api/v1/users/{clinician.pk}/sign-out/").status_code == 204
    assert browser.get("/api/v1/me/").status_code == 401


def test_people_are_found_by_name_and_role(admin, clinician, researcher):
    rows = admin.get("/api/v1/users/?search=RESEARCH").json()["results"]
    assert [row["username"] for row in rows] == ["researcher"]
    rows = admin.get("/api/v1/users/?role=clinician").json()["results"]
    assert [row["username"] for row in rows] == ["clinician"]


@pytest.mark.parametrize("role", ["clinician", "annotator", "researcher"])
def test_only_administrators_manage(client_of, make_user, site_a, role):
    client = client_of(make_user(role, site_a))
    assert client.get("/api/v1/users/").status_code == 403
    assert client.post("/api/v1/users/", NEW).status_code == 403
    assert client.post("/api/v1/sites/", {"code": "C", "name": "C"}).status_code == 403
    assert client.patch(f"/api/v1/sites/{site_a.pk}/", {"name": "C"}).status_code == 403


def test_a_site_is_made_and_renamed_and_keeps_its_code(admin):
    made = admin.post("/api/v1/sites/", {"code": "C", "name": "Hospital C"})
    assert made.status_code == 201, made.content
    assert admin.post("/api/v1/sites/", {"code": "C", "name": "Again"}).status_code == 400
    renamed = admin.patch(f"/api/v1/sites/{made.json()['id']}/", {"name": "Clinic C", "code": "D"}).json()
    assert (renamed["code"], renamed["name"]) == ("C", "Clinic C")
    assert Site.objects.get(code="C").name == "Clinic C"
    assert list(Entry.objects.order_by("number").values_list("action", flat=True)) == [
        "site.created", "site.renamed",
    ]  # fmt: skip

"""The edges of the site: problem details, the browser app's page, static files, settings."""

from __future__ import annotations

import os
import re

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404
from drf_spectacular.generators import SchemaGenerator
from rest_framework import exceptions, serializers
from rest_framework.throttling import UserRateThrottle

from ml.spec import HepaStageError
from webapp import environment, problems, schema_view
from webapp.sending import send_stored


class Refused(HepaStageError):
    code = "not-like-this"
    remedy = "Do it like that."
    http_status = 409


class Inner(serializers.Serializer):
    epochs = serializers.IntegerField(min_value=1)


class Outer(serializers.Serializer):
    spec = Inner()
    names = serializers.ListField(child=serializers.CharField(max_length=3))


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused("No."), 409, "not-like-this"),
        (HepaStageError("No.", code="plain"), 400, "plain"),
        (Http404(), 404, "not-found"),
        (PermissionDenied(), 403, "permission-denied"),
        (exceptions.NotAuthenticated(), 401, "not-authenticated"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method-not-allowed"),
        (exceptions.UnsupportedMediaType("text/x"), 415, "unsupported-media-type"),
    ],
)
def test_every_error_is_a_problem_with_a_stable_code(error, status, code):
    response = problems.exception_handler(error, {})
    assert (response.status_code, response.data["status"], response.data["code"]) == (status, status, code)
    assert response.content_type == "application/problem+json"
    assert set(response.data) >= {"type", "title", "detail", "remedy"}


def test_rejected_fields_are_listed_by_their_path():
    serializer = Outer(data={"spec": {"epochs": 0}, "names": ["ok", "too long"]})
    assert not serializer.is_valid()
    response = problems.exception_handler(serializers.ValidationError(serializer.errors), {})
    assert {row["field"] for row in response.data["errors"]} == {"spec.epochs", "names.1"}
    assert response.data["detail"] in {row["message"] for row in response.data["errors"]}


def test_what_nobody_expected_stays_a_server_error():
    assert problems.exception_handler(ZeroDivisionError(), {}) is None


def test_every_address_of_the_browser_app_gets_its_page_with_a_fresh_nonce(client, tmp_path, settings):
    settings.FRONTEND_DIST = tmp_path
    (tmp_path / "index.html").write_text('<script nonce="__CSP_NONCE__">1</script>')
    nonces = set()
    for address in ("/", "/runs/5", "/worklist?stage=3"):
        answer = client.get(address)
        (nonce,) = re.findall(r'nonce="([^"]+)"', answer.content.decode())
        policy = answer["Content-Security-Policy"]
        assert f"'nonce-{nonce}'" in policy
        assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
        assert answer["Cache-Control"] == "no-store"
        nonces.add(nonce)
    assert len(nonces) == 3


def test_a_missing_build_says_how_to_build(client, tmp_path, settings):
    settings.FRONTEND_DIST = tmp_path / "nowhere"
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make run" in answer.content.decode()


def test_a_missing_static_file_is_not_answered_with_the_app(client):
    assert client.get("/static/app/assets/gone.js").status_code == 404


def test_the_schema_is_served_without_signing_in(client, db):
    answer = client.get("/api/v1/schema/?format=json")
    assert answer.status_code == 200
    assert "/api/v1/jobs/" in answer.content.decode()


@pytest.mark.django_db
def test_the_schema_is_made_once_for_each_form(client, monkeypatch):
    """It takes half a second, and strangers may ask for it."""
    monkeypatch.setattr(schema_view, "_documents", {})
    made = []
    make = SchemaGenerator.get_schema
    monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *a, **k: made.append(1) or make(*a, **k))
    address = "/api/v1/schema/?format=json"
    answers = [client.get(address + more) for more in ("", "&lang=zh-hans", "&version=2", "&x=1")]
    answers.append(client.get(address, headers={"Accept-Language": "zh-hans"}))
    assert len(made) == 1
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0]["Content-Type"] == "application/vnd.oai.openapi+json; charset=utf-8"
    assert answers[0].json()["info"]["title"] == "HepaStage"
    assert client.get("/api/v1/schema/?format=yaml").content.startswith(b"openapi: 3")
    assert len(made) == 2


@pytest.mark.django_db
def test_too_many_requests_are_told_to_wait(api, monkeypatch):
    cache.clear()  # of what other tests asked as the same user
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min"})
    assert [api.get("/api/v1/me/").status_code for _ in range(2)] == [200, 200]
    refused = api.get("/api/v1/me/")
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert int(refused["Retry-After"]) > 0
    cache.clear()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/dicomweb/series?SeriesInstanceUID=%00",
        "/dicomweb/studies?PatientID=a%00",
        "/api/v1/jobs/?kind=%00",
        "/api/v1/patients/?search=P%00",
        "/api/v1/exams/%00/",
    ],
)
def test_a_nul_in_an_address_is_refused_before_the_database_sees_it(api, address):
    """PostgreSQL raises DataError, which was a server error."""
    answer = api.get(address)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-request")


@pytest.mark.django_db
def test_health_says_failed_redis_degrades(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/healthz").json()["status"] == "degraded"
    assert client.get("/healthz").json()["redis"] == "failed"


def test_a_secret_key_is_made_once_and_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("HEPASTAGE_HOME", str(tmp_path / "home"))
    first = environment.read_environment().secret_key
    assert environment.read_environment().secret_key == first
    assert (tmp_path / "home" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_shared_database_needs_a_shared_key(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("HEPASTAGE_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@db/hepastage")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY must be set"):
        environment.read_environment()


def test_secrets_may_come_as_files(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("f" * 40 + "\n")
    monkeypatch.setenv("HEPASTAGE_HOME", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY and SECRET_KEY_FILE are both set"):
        environment.read_environment()
    assert os.environ["SECRET_KEY"] != "f" * 40  # of two that differ none is believed
    monkeypatch.setenv("SECRET_KEY", "f" * 40)
    assert environment.read_environment().secret_key == "f" * 40
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        environment.read_environment()


@pytest.mark.django_db
def test_a_stored_file_is_handed_to_the_proxy_where_there_is_one(storage, settings):
    path = storage / "storage" / "rendered" / "a b.png"
    path.parent.mkdir()
    path.write_bytes(b"png")
    assert send_stored(path, "image/png").content == b"png"
    settings.ACCEL_PREFIX = "/protected/"
    answer = send_stored(path, "image/png")
    assert (answer["X-Accel-Redirect"], answer.content) == ("/protected/rendered/a%20b.png", b"")
    with pytest.raises(ValueError):
        send_stored(storage / "work" / "x", "image/png")
    with pytest.raises(FileNotFoundError):
        send_stored(path.with_name("gone"), "image/png")


def test_sqlite_is_opened_so_that_two_writers_wait_for_each_other(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("HEPASTAGE_HOME", str(tmp_path))
    options = environment.read_environment().database["OPTIONS"]
    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 20)
    assert "journal_mode=WAL" in options["init_command"]

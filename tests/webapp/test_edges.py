"""The edges of the site: problem details, the browser app's page, static files, settings."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers

from ml.spec import HepaStageError
from webapp import environment, problems


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
def test_health_says_failed_redis_degrades(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/healthz").json()["status"] == "degraded"
    assert client.get("/healthz").json()["redis"] == "failed"


def test_a_secret_key_is_made_once_and_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
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


def test_sqlite_is_opened_so_that_two_writers_wait_for_each_other(tmp_path, monkeypatch):
    monkeypatch.setenv("HEPASTAGE_HOME", str(tmp_path))
    options = environment.read_environment().database["OPTIONS"]
    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 20)
    assert "journal_mode=WAL" in options["init_command"]

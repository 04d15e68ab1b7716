"""Migrations and models agree, and every table can be made on an empty database."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from tests.webapp.docker.reading import compose


def manage(root, home, *argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *argv],
        cwd=root,
        env={**os.environ, "HEPASTAGE_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_migrations_are_in_sync_with_the_models(root, tmp_path):
    result = manage(root, tmp_path, "makemigrations", "--check", "--dry-run")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_api_schema_is_valid_and_without_warnings(root, tmp_path):
    result = manage(
        root, tmp_path, "spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml")
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]


def test_the_deployment_check_has_nothing_to_say(root, tmp_path):
    result = manage(
        root,
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        HTTPS="1",
        SECRET_KEY="k" * 12 + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]


def test_nor_with_what_the_containers_run_with_and_everything_switched_on(root, tmp_path):
    """The environment of docker/compose.yaml, its secrets as files, and a sign-in provider."""
    described = compose()["services"]["web"]["environment"]
    secrets = {
        "secret_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "database_url": "postgres://hepastage:x@127.0.0.1:1/hepastage",
        "redis_url": "redis://127.0.0.1:1/0",
    }
    for name, value in secrets.items():
        (tmp_path / name).write_text(value)
    environment = {
        name: re.sub(r"\$\{HEPASTAGE_HOSTNAME[^}]*\}", "liver.example.org", str(value)).replace(
            "/run/secrets", str(tmp_path)
        )
        for name, value in described.items()
        if name not in {"HEPASTAGE_HOME", "PROMETHEUS_MULTIPROC_DIR"}
    }
    environment |= {"SECRET_KEY": secrets["secret_key"], "SECOND_FACTOR": "everyone"}
    environment |= {
        "OIDC_ISSUER": "https://id.example.org",
        "OIDC_CLIENT_ID": "x",
        "OIDC_ROLES": "a=administrator",
    }
    result = manage(root, tmp_path, "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    assert "no issues" in result.stdout


def test_wrong_settings_are_named_together_and_at_once(root, tmp_path):
    result = manage(
        root,
        tmp_path,
        "check",
        DATABASE_URL="oracle://x",
        REDIS_URL="http://x",
        JOB_LEASE_SECONDS="soon",
        HTTPS="maybe",
    )
    assert result.returncode != 0
    for name in ("DATABASE_URL", "REDIS_URL", "JOB_LEASE_SECONDS", "HTTPS"):
        assert name in result.stderr

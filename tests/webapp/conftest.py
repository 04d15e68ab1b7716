"""For every test of the site: users of each role at two sites, API clients, storage, jobs done in process."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.settings"
if os.environ.get("HEPASTAGE_TEST_DATABASE") == "postgres":  # make test DATABASE=postgres
    from tests.webapp.postgres import Postgres

    _server = Postgres().start()
    atexit.register(_server.stop)
    os.environ["DATABASE_URL"] = _server.database("hepastage")

import django

django.setup()

import pytest
from django.db import connections
from django.test import TransactionTestCase
from rest_framework.test import APIClient

from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.jobs import execution
from webapp.jobs.models import Job, JobState

PASSWORD = "correct-horse-battery"


def _teardown_past_triggers(original: Callable[[Any], None]) -> Callable[[Any], None]:
    """Transactional tests empty every table, which the append-only triggers would refuse."""

    def teardown(case: Any) -> None:
        connection = connections["default"]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for (name,) in cursor.fetchall():
                    cursor.execute(f'DROP TRIGGER "{name}"')
        original(case)  # its flush sends post_migrate, which puts the triggers back

    return teardown


TransactionTestCase._fixture_teardown = _teardown_past_triggers(TransactionTestCase._fixture_teardown)


class _Heartbeat(execution.Heartbeat):
    """The real one; except in a test's own transaction, where another connection sees no job and thinks it
    lost (PostgreSQL) or waits for the writer (SQLite)."""

    def start(self) -> None:
        if not connections["default"].in_atomic_block:
            super().start()

    def stop(self) -> None:
        if self.ident is not None:
            super().stop()


execution.Heartbeat = _Heartbeat  # type: ignore[misc]


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> Path:
    """Folders of this test's own: ``settings.STORAGE_DIR`` and ``settings.WORK_DIR`` lie in it."""
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.WORK_DIR = tmp_path / "work"
    settings.STORAGE_DIR.mkdir()
    settings.WORK_DIR.mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed
    return tmp_path


@pytest.fixture
def site_a(db: None) -> Site:
    return Site.objects.create(code="A", name="Hospital A")


@pytest.fixture
def site_b(db: None) -> Site:
    return Site.objects.create(code="B", name="Hospital B")


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """``make_user(Role.CLINICIAN, site_a)`` with the password ``PASSWORD``."""

    def make(role: Role | str, *sites: Site, username: str | None = None) -> User:
        name = username or f"{Role(role)}-{'-'.join(site.code.lower() for site in sites) or 'nowhere'}"
        user = User.objects.create_user(name, password=PASSWORD, role=Role(role))
        user.sites.set(sites)
        return user

    return make


@pytest.fixture
def clinician(make_user: Callable[..., User], site_a: Site) -> User:
    return make_user(Role.CLINICIAN, site_a, username="clinician")


@pytest.fixture
def annotator(make_user: Callable[..., User], site_a: Site) -> User:
    return make_user(Role.ANNOTATOR, site_a, username="annotator")


@pytest.fixture
def researcher(make_user: Callable[..., User], site_a: Site) -> User:
    return make_user(Role.RESEARCHER, site_a, username="researcher")


@pytest.fixture
def administrator(make_user: Callable[..., User], site_a: Site) -> User:
    return make_user(Role.ADMINISTRATOR, site_a, username="administrator")


@pytest.fixture
def outsider(make_user: Callable[..., User], site_b: Site) -> User:
    """A clinician of the other site, for whom site A's objects do not exist."""
    return make_user(Role.CLINICIAN, site_b, username="outsider")


@pytest.fixture
def client_of() -> Callable[[User | None], APIClient]:
    """``client_of(user)`` is a signed-in API client; ``client_of(None)`` is a stranger."""

    def make(user: User | None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.force_authenticate(user=user)
        return client

    return make


@pytest.fixture
def api(client_of: Callable[[User | None], APIClient], clinician: User) -> APIClient:
    """The clinician of site A."""
    return client_of(clinician)


@pytest.fixture
def run_job() -> Callable[[Any], Job]:
    """``run_job(job)`` does one queued job here and now, with its real handler; returns it settled."""

    def run(job: Job | Any) -> Job:
        pk = getattr(job, "pk", job)
        assert execution.execute(pk, worker="tests"), f"job {pk} was not queued"
        return Job.objects.get(pk=pk)

    return run


@pytest.fixture
def run_queued(run_job: Callable[[Any], Job]) -> Callable[..., list[Job]]:
    """``run_queued()`` does all queued jobs in order, also those that they queue; ``queue=`` picks one."""

    def run(queue: str | None = None, limit: int = 20) -> list[Job]:
        done: list[Job] = []
        while len(done) < limit:
            waiting = Job.objects.filter(state=JobState.QUEUED).order_by("queued_at")
            job = (waiting.filter(queue=queue) if queue else waiting).first()
            if job is None:
                break
            done.append(run_job(job))
        return done

    return run

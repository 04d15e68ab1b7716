"""Whatever is sent to the API by whomever, the answer is never a server error (schemathesis)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, settings

from webapp.accounts.models import User
from webapp.accounts.roles import Role
from webapp.accounts.tokens import create_token

pytestmark = pytest.mark.django_db
ROLES = (Role.CLINICIAN, Role.ANNOTATOR, Role.RESEARCHER, Role.ADMINISTRATOR)  # who may most comes last
SHARE = 24  # of the operations, one in so many is tried by the normal tests


def described() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))
    return found


schema = schemathesis.openapi.from_dict(described())
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The test's transaction stays open from request to request, as Django's own test client sees to it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def tokens(site_a: Any) -> list[str]:
    """One of each role; the administrator's sees to it that what is refused is refused for its content."""
    made = []
    for role in ROLES:
        user = User.objects.create_user(f"any-{role}", role=role)
        user.sites.add(site_a)
        made.append(create_token(user=user, name="any", scope="write", days=1)[1])
    return made


def try_it(case: schemathesis.Case, tokens: list[str]) -> None:
    for token in tokens:
        answer = case.call(headers={"Authorization": f"Token {token}", "Host": "localhost"})
        assert answer.status_code < 500, case.as_curl_command()


def few(number: int) -> Any:
    return settings(
        max_examples=number, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


@schema.parametrize()
@few(8)
@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_request_makes_a_server_error(case: schemathesis.Case, tokens: list[str]):
    try_it(case, tokens)


def of_the_share(context: Any) -> bool:
    return zlib.crc32(context.operation.label.encode()) % SHARE == 0


@schema.include(of_the_share).parametrize()
@few(1)
def test_few_requests_make_no_server_error(case: schemathesis.Case, tokens: list[str]):
    """The same over a part of the operations, so that the normal tests notice the worst."""
    try_it(case, tokens)

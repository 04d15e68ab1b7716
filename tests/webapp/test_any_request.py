"""Whatever is sent to the API, the answer is never a server error (schemathesis, over the whole schema)."""

from __future__ import annotations

import json
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

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(1800)]


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
def token(site_a: Any) -> str:
    """An administrator's: so that what is refused is refused for its content."""
    user = User.objects.create_user("any", role=Role.ADMINISTRATOR)
    user.sites.add(site_a)
    return create_token(user=user, name="any", scope="write", days=1)[1]


@schema.parametrize()
@settings(
    max_examples=8, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_no_request_makes_a_server_error(case: schemathesis.Case, token: str):
    answer = case.call(headers={"Authorization": f"Token {token}", "Host": "localhost"})
    assert answer.status_code < 500, case.as_curl_command()

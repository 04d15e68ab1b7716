"""A PostgreSQL server for this folder's tests, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import absent
from tests.webapp.postgres import Postgres, programs


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if programs() is None:
        absent("PostgreSQL is not installed (Debian: apt install postgresql)")
    server = Postgres().start()
    yield server
    server.stop()

"""A frozen version to look at, made by the real job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.webapp.datasets.cohorts import add_cohort
from webapp.accounts.models import Site, User
from webapp.datasets import services
from webapp.datasets.models import DatasetVersion


@pytest.fixture
def frozen(site_a: Site, researcher: User, run_job: Callable[[Any], Any]) -> DatasetVersion:
    """Three simulated patients of each stage at site A."""
    add_cohort(site_a)
    version = services.freeze(name="Pilot", sites=[site_a], actor=researcher)
    assert run_job(version.job).state == "succeeded"
    version.refresh_from_db()
    return version

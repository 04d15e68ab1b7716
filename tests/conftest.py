"""For every test: an environment of its own, set before anything reads the settings.

Nothing here touches the checkout's ``var`` folder, a running HepaStage or its Redis. Django itself is set
up by ``tests/webapp/conftest.py``, so that the tests of ``ml`` run without it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent
BROWSER = "tests/browser"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

# This file may be imported under two names; a process has one home all the same.
_process, _, _home = os.environ.get("HEPASTAGE_TESTS_HOME", "").partition(":")
TEST_HOME = Path(_home if _process == str(os.getpid()) else tempfile.mkdtemp(prefix="hepastage-tests-"))
os.environ["HEPASTAGE_TESTS_HOME"] = f"{os.getpid()}:{TEST_HOME}"
for _name in ("DATABASE_URL", "REDIS_URL", "DEBUG", "HTTPS", "EXTRA_APPS", "ALLOWED_HOSTS"):
    os.environ.pop(_name, None)
os.environ.update(
    HEPASTAGE_HOME=str(TEST_HOME),
    SECRET_KEY="tests-only-" + "x" * 32,
    LOG_LEVEL="WARNING",
    JOB_LEASE_SECONDS="3",
    JOB_RECONCILE_SECONDS="0.3",
    JOB_CHILD_GRACE_SECONDS="3",
    OMP_NUM_THREADS="1",
)


def absent(what: str) -> NoReturn:
    """A part that a test needs is not on this machine: skip and say so; in CI it must be there, so fail."""
    if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        pytest.fail(f"{what} (CI has to have it)", pytrace=False)
    pytest.skip(what)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Each process reads the settings for itself, after this file has given it a home of its own."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What runs side by side: files; all browser tests stay together, in one house. They begin first: nobody
    can share their work, and they would end last."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return BROWSER if path.startswith(f"{BROWSER}/") else path

        def _assign_work_unit(self, node: Any) -> None:
            if BROWSER in self.workqueue:
                self.workqueue.move_to_end(BROWSER, last=False)
            super()._assign_work_unit(node)

    return ByFile(config, log)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session", autouse=True)
def _remove_home() -> Iterator[None]:
    yield
    shutil.rmtree(TEST_HOME, ignore_errors=True)

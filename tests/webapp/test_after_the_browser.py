"""Tests that stand behind browser tests in the same process are not spoilt by them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.browser import chromium
from tests.conftest import ROOT, absent

# While Playwright is started an event loop runs in its process: nothing else can have a loop there, and
# Django refuses the database. (pytest-django puts tests with a database first, so this asks for a loop.)
IN_THIS_ORDER = ("tests/browser/test_chromium.py", "tests/webapp/test_body_limit.py")


@pytest.mark.browser
def test_what_comes_after_finds_no_event_loop_of_theirs() -> None:
    if chromium.executable() is None or not (ROOT / "frontend" / "dist" / "index.html").exists():
        absent("needs Chromium and the built browser app (make prepare)")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *IN_THIS_ORDER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert ended.returncode == 0, ended.stdout

"""The browser app is typed by the API: its generated types are those of the schema as it is now."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.browser.house import ROOT
from tests.conftest import absent

FRONTEND = ROOT / "frontend"


def test_the_types_of_the_browser_app_are_those_of_the_api() -> None:
    if shutil.which("node") is None or not (FRONTEND / "node_modules" / "openapi-typescript").is_dir():
        absent("needs Node and frontend/node_modules (make prepare)")
    checked = subprocess.run(
        ["node", "scripts/types.mjs", "--check"],
        cwd=FRONTEND,
        env={**os.environ, "HEPASTAGE_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert checked.returncode == 0, checked.stderr

"""Imports go only downwards (the contracts are in pyproject.toml)."""

from __future__ import annotations

import os
import subprocess
import sys


def test_imports_go_only_downwards(root):
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
    assert "0 broken" in result.stdout


def test_every_app_and_room_is_on_a_floor(root):
    text = (root / "pyproject.toml").read_text()
    contracts = text[text.index("[tool.importlinter]") :]
    rooms = [
        path.parent.name for package in ("ml", "webapp") for path in root.glob(f"{package}/*/__init__.py")
    ]
    assert rooms
    missing = [room for room in rooms if room not in contracts]
    assert not missing, f"on no floor in pyproject.toml: {missing}"


def test_setting_up_the_site_loads_no_network_library(root, tmp_path):
    """Six processes start per machine; none may pay for PyTorch unless it stages."""
    program = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'webapp.settings'; "
        "import django; django.setup(); import webapp.urls; "
        "print([name for name in ('torch', 'sklearn', 'skimage', 'plotly') if name in sys.modules])"
    )
    environment = {**os.environ, "HEPASTAGE_HOME": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"

"""Lint, tests, benches and screenshots: ``make lint|test|test-all|bench|screenshots`` end up here.

Each part is run even when an earlier one failed; the exit status says whether all passed. What was skipped,
and why, is in pytest's summary; pytest's closing line comes last.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
PYTHON = sys.executable
MOST_AT_ONCE = 4  # each has a Redis, workers and servers of its own: 1 to 2 GB


def part(title: str, argv: list[str], cwd: Path = ROOT) -> bool:
    """Run one check in the foreground; True when it passed."""
    print(f"\n=== {title}", flush=True)
    return subprocess.run(argv, cwd=cwd, check=False).returncode == 0


def npm(*argv: str) -> list[str]:
    """npm as ``bootstrap.py`` found it."""
    command = os.environ.get("HEPASTAGE_NPM", "npm").split(os.pathsep)
    return [*command, *argv]


def lint(arguments: list[str]) -> bool:
    checks = [
        part("Style (ruff)", [PYTHON, "-m", "ruff", "check", "."]),
        part("Format (ruff)", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        part("Types (mypy)", [PYTHON, "-m", "mypy"]),
        part("Browser app (eslint, tsc)", npm("run", "lint"), FRONTEND),
    ]
    return all(checks)


def pytest(arguments: list[str]) -> list[str]:
    """Files side by side, one more than there are cores, for many wait for processes that they started;
    ``-n0`` among the arguments runs them one after the other."""
    side_by_side = ["-n", str(min((os.cpu_count() or 1) + 1, MOST_AT_ONCE)), "--dist", "loadscope"]
    return [PYTHON, "-m", "pytest", *side_by_side, *arguments]


def test(arguments: list[str]) -> bool:
    """The browser app's tests, then ours without the slow ones."""
    return _tests(["-m", "not slow", *arguments])


def test_all(arguments: list[str]) -> bool:
    return _tests(arguments)


def _tests(arguments: list[str]) -> bool:
    browser_app = part("Browser app (vitest)", npm("run", "test"), FRONTEND)
    ours = part("Tests (pytest)", pytest(arguments))
    if not browser_app:
        print("The browser app's own tests failed (above).", file=sys.stderr)
    return browser_app and ours


def audit(arguments: list[str]) -> bool:
    """Known weaknesses: pip-audit for our packages, npm for those of the browser app. Needs the network.

    Strict: a package that the advisory service did not answer for is a failure, not a pass.
    """
    ours = part(
        "Packages (pip-audit)", [PYTHON, "-m", "pip_audit", "--strict", "-r", "requirements.txt", *arguments]
    )
    return part("Browser app (npm audit)", npm("audit", "--omit=dev"), FRONTEND) and ours


def bench(arguments: list[str]) -> bool:
    return part("Benches", [PYTHON, "-m", "tests.bench", *arguments])


def screenshots(arguments: list[str]) -> bool:
    if not (shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")):
        print(
            "No Chromium on PATH: install it (Debian: `apt install chromium fonts-noto-cjk`).",
            file=sys.stderr,
        )
        return False
    return part("Screenshots", [PYTHON, "-m", "tests.browser.screenshots", *arguments])


def main() -> int:
    what, arguments = sys.argv[1], sys.argv[2:]
    checks = {
        "lint": lint,
        "audit": audit,
        "test": test,
        "test-all": test_all,
        "bench": bench,
        "screenshots": screenshots,
    }
    with tempfile.TemporaryDirectory(prefix="hepastage-check-") as home:
        os.environ["HEPASTAGE_HOME"] = home  # reading the settings makes a secret key: not in the checkout
        return 0 if checks[what](arguments) else 1


if __name__ == "__main__":
    sys.exit(main())

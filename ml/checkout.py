"""Which commit the running code comes from; without torch, so that a web server may ask too."""

from __future__ import annotations

import subprocess
from pathlib import Path


def commit_of(folder: Path) -> str | None:
    """Commit of the checkout that ``folder`` lies in, with ``-dirty`` after it where tracked files of the
    folder differ from it; ``None`` where there is no checkout or no git."""
    commit = _git(folder, "rev-parse", "HEAD")
    if not commit:
        return None
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no", "--", ".")
    return commit + ("-dirty" if changed else "")


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        answer = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None if answer.returncode == 0 else None

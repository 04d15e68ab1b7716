"""``python -m ml …`` as another program sees it, without starting Python for each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ml.cli.main import main


@dataclass(frozen=True)
class Done:
    """What a command left: exit status, stdout and stderr."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def ml(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """``python -m ml …`` in this process (starting Python and PyTorch takes seconds each time)."""

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["ml", *map(str, arguments)])
        capfd.readouterr()
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        return Done(status, *capfd.readouterr())

    return run

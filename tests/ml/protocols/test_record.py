"""What a run says of the code that made it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import ml
from ml.protocols import record


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.invalid"]
    return subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "ml"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.setattr(ml, "__file__", str(folder / "__init__.py"))
    return folder


def test_a_changed_checkout_is_not_taken_for_its_commit(package: Path) -> None:
    git(package, "init", "-q")
    git(package, "add", ".")
    git(package, "commit", "-qm", "first")
    commit = git(package, "rev-parse", "HEAD")
    assert record.git_commit() == commit
    (package / "__init__.py").write_text("changed = True")
    assert record.git_commit() == f"{commit}-dirty"


def test_outside_a_checkout_there_is_no_commit(package: Path) -> None:
    assert record.git_commit() is None

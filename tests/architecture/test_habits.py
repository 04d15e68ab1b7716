"""Habits that a reviewer would otherwise have to look for, file by file."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

LONGEST_FILE = 420


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository; where git is absent, those of the folders it would list."""
    result = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if result.returncode == 0 and result.stdout:
        return [ROOT / name for name in result.stdout.split("\0") if name and (ROOT / name).is_file()]
    folders = (ROOT / name for name in ("ml", "webapp", "tests", "docs"))
    return [path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".md"}]


PYTHON = [path for path in tracked("*.py") if "migrations" not in path.parts]


def test_no_room_is_a_cupboard():
    names = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [path for path in PYTHON if path.name in names] == []


def test_files_are_rooms_not_houses():
    long = {
        str(path.relative_to(ROOT)): count
        for path in PYTHON
        if (count := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long, "split these"


def test_every_module_says_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path in PYTHON
        if path.read_text().strip() and ast.get_docstring(ast.parse(path.read_text())) is None
        and path.name not in {"apps.py"}
    ]  # fmt: skip
    assert not silent


def test_nothing_is_left_for_later():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    left = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py", "*.ts", "*.tsx")
        if path.name != "test_habits.py" and marks.search(path.read_text(errors="replace"))
    ]
    assert not left


def test_no_machine_and_no_registry_is_named():
    words = re.compile(
        r"/work/(main|shared)|/root/|pypi\.org|files\.pythonhosted|registry\.npmjs|download\.pytorch"
    )
    texts = [
        path
        for path in tracked()
        if path.suffix in {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".sh", ".ts", ".tsx", ".cfg", ""}
        and path.name not in {"test_habits.py", "LICENSE"}
    ]
    named = [str(path.relative_to(ROOT)) for path in texts if words.search(path.read_text(errors="replace"))]
    assert not named


@pytest.mark.parametrize("package", ["webapp", "ml"])
def test_nothing_unpickles(package):
    """A model file is data; loading one must never run code."""
    calls = re.compile(
        r"\bpickle\.loads?\(|torch\.load\((?![^)]*weights_only=True)|allow_pickle=True|joblib\.load\("
    )
    bad = [
        str(path.relative_to(ROOT))
        for path in PYTHON
        if path.is_relative_to(ROOT / package) and calls.search(path.read_text())
    ]
    assert not bad


def test_no_security_rule_is_waved_through_without_a_reason(root):
    bare = re.compile(r"#\s*noqa:\s*[A-Z0-9, ]*\bS\d{3}[A-Z0-9, ]*$")
    found = [
        f"{path.relative_to(root)}:{number}"
        for folder in ("ml", "webapp")
        for path in sorted((root / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if bare.search(line)
    ]
    assert found == []

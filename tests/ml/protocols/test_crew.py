"""A worker of the benchmark is a program of its own."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest

from ml.protocols import crew
from ml.spec import Protocol


def test_a_worker_keeps_freed_memory_as_the_command_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it a quarter of a benchmark's processor time was the system's, with 415 million page faults."""
    asked = []
    monkeypatch.setattr("ml.models.keep_freed_memory", lambda: asked.append(True))
    order = crew.Order("hf", tmp_path / "absent", {}, tmp_path / "work", 0, "cpu", True, Protocol.STRICT)
    said: queue.Queue = queue.Queue()
    crew._work(7, order, said, 1)
    assert asked
    place, kind, problem = said.get_nowait()
    assert (place, kind) == (7, "failed")
    assert problem["code"]
    assert problem["remedy"]

"""A worker of the benchmark is a program of its own."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import time
from collections import deque
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from ml.cohort import CohortError
from ml.protocols import crew
from ml.spec import Protocol
from ml.spec.events import Note

NOTE = Note(message="still here").model_dump_json()


def order_for(path: Path, seed: int = 0) -> crew.Order:
    return crew.Order("hf", path / "absent", {}, path / "work", seed, "cpu", True, Protocol.STRICT)


def test_a_worker_keeps_freed_memory_as_the_command_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it a quarter of a benchmark's processor time was the system's, with 415 million page faults."""
    asked = []
    monkeypatch.setattr("ml.models.keep_freed_memory", lambda: asked.append(True))
    said, theirs = multiprocessing.Pipe(duplex=False)
    crew._work(order_for(tmp_path), theirs, 1)
    assert asked
    kind, problem = said.recv()
    assert kind == "failed"
    assert problem["code"]
    assert problem["remedy"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(28, "No space left on device", "/a"), "disk-full"),
        (NotADirectoryError(20, "Not a directory", "/a"), "file-unusable"),
        (MemoryError(), "out-of-memory"),
        (CohortError("torn", code="cache-damaged", remedy="Prepare it again."), "cache-damaged"),
    ],
)
def test_what_a_machine_refuses_a_worker_keeps_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    """With --jobs 2 a full disk was "a training process ended with status 1"."""

    def fail(path: Path) -> None:
        raise error

    monkeypatch.setattr("ml.cohort.load_cache", fail)
    said, theirs = multiprocessing.Pipe(duplex=False)
    crew._work(order_for(tmp_path), theirs, 1)
    kind, problem = said.recv()
    assert (kind, problem["code"]) == ("failed", code)


def test_a_fault_of_the_program_keeps_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ml.cohort.load_cache", fail)
    with pytest.raises(ZeroDivisionError):
        crew._work(order_for(tmp_path), multiprocessing.Pipe()[1], 1)


def killed_or_talking(order: crew.Order, said: Connection, threads: int) -> None:
    """The first says something and is killed in the middle of a word; the others never stop talking."""
    if order.seed == 0:
        said.send(("event", NOTE))
        os.write(said.fileno(), b"\x00\x00\x10\x00half a word")
        os.kill(os.getpid(), signal.SIGKILL)
    while True:
        said.send(("event", NOTE))
        time.sleep(0.05)


def test_a_lost_worker_is_noticed_whatever_the_others_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was looked for only while nobody had said anything for half a second."""
    monkeypatch.setattr(crew, "_work", killed_or_talking)
    deadline = time.monotonic() + 120
    events = crew.crew([order_for(tmp_path, seed) for seed in (0, 1)], 2)
    with pytest.raises(crew.WorkerLost, match="status -9"):
        deque(itertools.takewhile(lambda _: time.monotonic() < deadline, events), maxlen=0)
    assert not multiprocessing.active_children()

"""Only the newest attempt's process works in a run's folder, whatever became of the earlier ones."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from webapp.training import exclusive

SLEEP = "import sys, time; print('working', flush=True); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "run" / "lock"


@pytest.fixture
def start(lock: Path, root: Path) -> Iterator[Start]:
    """``start(attempt, code)``: a process that holds the lock once it has said that it works."""
    children: list[subprocess.Popen[str]] = []

    def begin(attempt: int, code: str = SLEEP) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "webapp.training.exclusive", str(lock), str(attempt), "--"]
        child = subprocess.Popen(
            [*command, sys.executable, "-c", code],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "working\n"
        return child

    yield begin
    for child in children:
        child.kill()
        child.communicate()


def test_the_lock_names_the_process_that_the_command_became(start: Start, lock: Path) -> None:
    child = start(1)
    record = json.loads(lock.read_text())
    assert (record["pid"], record["attempt"]) == (child.pid, 1)


@pytest.mark.parametrize(("code", "ended_by"), [(SLEEP, signal.SIGTERM), (STUBBORN, signal.SIGKILL)])
def test_an_orphan_of_an_earlier_attempt_is_ended(
    start: Start, lock: Path, code: str, ended_by: signal.Signals
) -> None:
    orphan = start(1, code)
    descriptor = exclusive.take(lock, 2, patience=0.2, grace=0.5)
    assert orphan.wait(timeout=5) == -ended_by
    os.close(descriptor)


def test_a_late_attempt_gives_way_to_a_newer_one_at_work(start: Start, lock: Path) -> None:
    newer = start(3)
    with pytest.raises(exclusive.Superseded):
        exclusive.take(lock, 2, patience=0.2, grace=0.2)
    assert newer.poll() is None


def test_a_late_attempt_gives_way_to_a_newer_one_that_has_ended(lock: Path) -> None:
    os.close(exclusive.take(lock, 3))
    with pytest.raises(exclusive.Superseded):
        exclusive.take(lock, 2)


def test_the_lock_ends_with_its_process(start: Start, lock: Path) -> None:
    child = start(1)
    child.kill()
    child.wait()
    began = time.monotonic()
    os.close(exclusive.take(lock, 2))
    assert time.monotonic() - began < 2


def test_a_process_that_merely_got_the_number_is_left_alone(start: Start, lock: Path) -> None:
    start(1)
    bystander = subprocess.Popen(["sleep", "60"])
    lock.write_text(json.dumps({**json.loads(lock.read_text()), "pid": bystander.pid}))
    with pytest.raises(TimeoutError):
        exclusive.take(lock, 2, patience=0.1, grace=0.1)
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_half_written_record_is_no_obstacle(lock: Path) -> None:
    lock.parent.mkdir()
    lock.write_text('{"pid": 12')
    os.close(exclusive.take(lock, 1))


def test_wrong_usage_is_status_2() -> None:
    assert exclusive.main(["lock", "1", "python"]) == 2

"""``python -m webapp.training.exclusive LOCK ATTEMPT -- command…``: run a command alone in a folder.

Only one process may write a run's work directory, yet a worker that died without warning can leave
its child behind for as long as the child needs to notice its closed stdin. So each attempt takes an
exclusive ``flock`` before it becomes the training process itself: the lock belongs to the open file,
survives ``exec`` and is released by the kernel when the process ends, however it ends. Whoever finds
the lock taken waits, then ends the process named in it if that is an earlier attempt. An attempt that
comes late, after a newer one has been here, gives way instead.

Runs before anything heavy is imported and knows nothing of Django.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

PATIENCE_S = 10.0  # what an orphan gets to notice its closed stdin and save a checkpoint
GRACE_S = 5.0  # between SIGTERM and SIGKILL
STEP_S = 0.1


class Superseded(Exception):
    """A newer attempt has been here; this one has no business in the folder any more."""


def take(lock: Path, attempt: int, *, patience: float = PATIENCE_S, grace: float = GRACE_S) -> int:
    """Take the lock, ending an earlier holder if need be, and return the inheritable descriptor."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    if not _wait(descriptor, patience):
        for number in (signal.SIGTERM, signal.SIGKILL):
            _end_holder(lock, descriptor, attempt, number)
            if _wait(descriptor, grace):
                break
        else:
            raise TimeoutError(
                f"{lock} is held by a process that cannot be ended from here: {_record(descriptor)}"
            )
    if _record(descriptor).get("attempt", 0) > attempt:
        raise Superseded(f"attempt {attempt} comes after attempt {_record(descriptor)['attempt']}")
    os.ftruncate(descriptor, 0)
    os.pwrite(
        descriptor,
        json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "attempt": attempt}).encode(),
        0,
    )
    os.set_inheritable(descriptor, True)
    return descriptor


def _wait(descriptor: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(STEP_S)
        else:
            return True


def _end_holder(lock: Path, descriptor: int, attempt: int, number: signal.Signals) -> None:
    """Signal the process that wrote itself into the lock, if it runs on this machine and is older."""
    record = _record(descriptor)
    if record.get("attempt", 0) > attempt:
        raise Superseded(f"attempt {record['attempt']} is at work")
    if record.get("host") == socket.gethostname() and _has_open(int(record["pid"]), lock):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(int(record["pid"]), number)


def _has_open(pid: int, lock: Path) -> bool:
    """Whether that process really holds this file, so that a reused number harms nobody.

    Where the system does not say (no /proc), the lock being taken has to be proof enough.
    """
    folder = Path(f"/proc/{pid}/fd")
    if not Path("/proc/self/fd").is_dir():
        return True
    with contextlib.suppress(OSError):
        return any(entry.samefile(lock) for entry in folder.iterdir() if entry.exists())
    return False


def _record(descriptor: int) -> dict[str, Any]:
    """What the last holder wrote; empty when nobody has, or when it died while writing."""
    try:
        record = json.loads(os.pread(descriptor, 4096, 0) or b"{}")
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def main(arguments: list[str]) -> int:
    """Exit status where the lock or the command cannot be had; otherwise this process is the command."""
    lock, attempt, separator, *command = arguments
    if separator != "--" or not command:
        sys.stderr.write("usage: python -m webapp.training.exclusive LOCK ATTEMPT -- command…\n")
        return 2
    try:
        take(Path(lock), int(attempt))
    except (TimeoutError, Superseded) as error:
        sys.stderr.write(f"workdir-busy: {error}\nEnd that process, then resume the run.\n")
        return 1
    return os.execvp(command[0], command)  # noqa: S606  # never returns; no shell wanted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""One command at a time in a work directory: two would write over each other's checkpoints and tables.

The lock is a ``flock`` on a file of the directory. The kernel releases it when the process ends, however it
ends, so nothing is left behind that a killed command would have to clear away. Runs of the browser have a
lock of their own beside their work directory, which ends an earlier attempt; this one never ends anybody.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO

from ml.spec import HepaStageError

LOCK = ".lock"
PATIENCE_S = 2.0  # what a command that was asked to stop takes to let go
STEP_S = 0.1


class WorkdirBusy(HepaStageError):
    """Another command is at work in the directory."""

    code = "workdir-busy"
    remedy = (
        "Wait until it has finished, or end it and give the same command again: it goes on from the last "
        "checkpoint. Or choose another work directory."
    )


@contextmanager
def alone_in(workdir: Path) -> Iterator[None]:
    """Hold the directory (made where it is missing) for as long as the block runs.

    Raises :class:`WorkdirBusy` where another process does not let go of it. A directory that cannot be
    written to, or a file system without locks, is left to the command itself.
    """
    file = _opened(workdir)
    with file if file is not None else nullcontext():
        if file is not None:
            _take(file, workdir, time.monotonic() + PATIENCE_S)
        yield


def _opened(workdir: Path) -> IO[bytes] | None:
    try:
        workdir.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(workdir / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), "r+b", 0)
    except OSError:
        return None


def _take(file: IO[bytes], workdir: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise WorkdirBusy(f"Another command is at work in {workdir}{_holder(file)}.") from None
            time.sleep(STEP_S)
        except OSError:
            return
        else:
            break
    file.truncate(0)
    file.write(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode())


def _holder(file: IO[bytes]) -> str:
    """Who wrote itself into the file, in words; nothing where that cannot be read."""
    try:
        held = json.loads(os.pread(file.fileno(), 4096, 0))
        return f" (process {int(held['pid'])} on {held['host']})"
    except (ValueError, KeyError, TypeError):
        return ""

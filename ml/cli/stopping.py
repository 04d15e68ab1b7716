"""Being asked to stop: SIGTERM, Ctrl-C, or the far end of stdin going away.

A request only raises a flag, which is looked at between events; the generator is then closed and
keeps what it has. A second Ctrl-C stops at once.
"""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

TERMINATED, INTERRUPTED = 143, 130  # 128 + the signal's number, as shells report it


class StopRequest:
    """``status`` is the exit status to stop with, or ``None``."""

    def __init__(self) -> None:
        self.status: int | None = None

    def ask(self, status: int) -> None:
        self.status = self.status or status


@contextmanager
def listening(*, stdin: bool) -> Iterator[StopRequest]:
    """Signals (and, if ``stdin``, the end of a pipe on it) raise the flag for the duration."""
    request = StopRequest()

    def on_signal(number: int, _: FrameType | None) -> None:
        if number == signal.SIGINT and request.status is not None:
            raise KeyboardInterrupt
        request.ask(TERMINATED if number == signal.SIGTERM else INTERRUPTED)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    if stdin and _is_pipe(sys.stdin.fileno() if sys.stdin else -1):
        threading.Thread(target=_await_end, args=(sys.stdin.fileno(), request), daemon=True).start()
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_pipe(descriptor: int) -> bool:
    """Only a pipe or socket has a far end that can go away; ``/dev/null`` and files always read as ended."""
    if descriptor < 0:
        return False
    mode = os.fstat(descriptor).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _await_end(descriptor: int, request: StopRequest) -> None:
    while os.read(descriptor, 4096):
        pass
    request.ask(INTERRUPTED)

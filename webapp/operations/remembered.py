"""A number that takes long to find out, found out beside the requests that ask for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")
log = logging.getLogger(__name__)


class Remembered(Generic[Value]):
    """What ``measure`` returned last, at most ``seconds`` old unless it takes longer; one thread at a time.

    ``measure`` must not touch the database: its thread would leave a connection behind.
    """

    def __init__(self, measure: Callable[[], Value], *, seconds: float) -> None:
        self._measure, self._seconds = measure, seconds
        self._lock = threading.Lock()
        self._known: tuple[Hashable, float, Value] | None = None
        self._thread: threading.Thread | None = None

    def get(self, *, of: Hashable, wait: float) -> Value | None:
        """What is known about ``of``, also if it is old; None where nothing is after ``wait`` seconds."""
        with self._lock:
            known = self._known if self._known and self._known[0] == of else None
            if known and time.monotonic() - known[1] < self._seconds:
                return known[2]
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, args=(of,), daemon=True)
                self._thread.start()
            thread = self._thread
        if known:
            return known[2]
        thread.join(wait)
        return self.known(of=of)

    def known(self, *, of: Hashable) -> Value | None:
        """What was found out last, however old; nothing is begun."""
        with self._lock:
            return self._known[2] if self._known and self._known[0] == of else None

    def _run(self, of: Hashable) -> None:
        try:
            value = self._measure()
        except Exception as error:  # the next who asks begins it again
            log.warning("what is stored could not be counted: %s", type(error).__name__)
            return
        with self._lock:
            self._known = (of, time.monotonic(), value)

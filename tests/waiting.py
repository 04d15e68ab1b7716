"""What tests with processes of their own need: a port that is free, and patience that ends."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any


def free_port() -> int:
    """A TCP port of loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(
    condition: Callable[[], Any], *, seconds: float = 15, why: str = "", every: float = 0.1
) -> Any:
    """The first true value of ``condition``, looked at ``every`` so many seconds; else AssertionError."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        value = condition()
        if value:
            return value
        time.sleep(every)
    raise AssertionError(f"not within {seconds:g} s: {why or condition}")

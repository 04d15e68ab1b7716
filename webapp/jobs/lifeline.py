"""Die with the parent: so that ``kill -9`` of a worker leaves no training behind that nobody watches.

Also a program: ``python -I -S lifeline.py PARENT_PID SIGNAL COMMAND…`` ties itself to its parent (0:
whichever started it) and becomes COMMAND. A wrapper rather than ``preexec_fn``, which is unsafe in a
process with threads. Linux only; elsewhere a child still ends when its stdin closes.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, sig: int = signal.SIGKILL) -> None:
    """Ask the kernel to send ``sig`` when the parent ends; exit if it has ended already."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
    if parent and os.getppid() != parent:
        os._exit(128 + int(sig))


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606  an argument list, as given

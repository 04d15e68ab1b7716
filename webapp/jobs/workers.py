"""Which worker processes live: each writes a row now and then, and the health page counts them.

Each also holds a lock on a file as long as it lives, however it ends: so a reconciler on the same machine
knows of its death at once, where one elsewhere has to wait until the lease has run out.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from webapp.jobs.models import Queue, Worker

SEEN_EVERY_SECONDS = 5
DEAD_AFTER = timedelta(seconds=20)
FORGET_AFTER = timedelta(minutes=10)


def new_name() -> str:
    """``host:pid:random``: unique, and tells an operator where to look."""
    return f"{_host()}:{os.getpid()}:{secrets.token_hex(3)}"


@contextmanager
def presence(name: str) -> Iterator[None]:
    """Hold this worker's lock for the length of the block; without one, only leases tell of its death."""
    try:
        handle = _hold(name)
    except OSError:  # a full disk, or a file system that knows no locks
        yield
        return
    try:
        yield
    finally:
        _file(name).unlink(missing_ok=True)
        os.close(handle)


def dead_here() -> list[str]:
    """Workers of this machine whose process has ended without a word: nobody holds their lock any more.

    Only of this machine: a lock on a network's file system need not be seen by others.
    """
    gone = []
    for path in _folder().glob(f"{_host()}:*") if _folder().is_dir() else ():
        with suppress(OSError):
            handle = os.open(path, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                gone.append(path.name)
            finally:
                os.close(handle)
    return gone


def _hold(name: str) -> int:
    """Locked before it has its name, so that nobody ever sees it unlocked."""
    path = _file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}")
    handle = os.open(draft, os.O_RDWR | os.O_CREAT, 0o600)  # not inherited by the children of the worker
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        draft.rename(path)
    except OSError:
        os.close(handle)
        raise
    return handle


def _host() -> str:
    return socket.gethostname()[:80].replace("/", "_")


def _folder() -> Path:
    return Path(settings.HOME) / "run" / "workers"


def _file(name: str) -> Path:
    return _folder() / name


def report(name: str, queues: Iterable[str]) -> None:
    """This worker lives and serves these queues."""
    Worker.objects.update_or_create(name=name, defaults={"queues": sorted(queues), "seen_at": timezone.now()})


def leave(name: str) -> None:
    Worker.objects.filter(name=name).delete()


def bury(name: str) -> None:
    """Remove what a dead worker left."""
    leave(name)
    with suppress(OSError):
        _file(name).unlink(missing_ok=True)


def alive() -> dict[str, int]:
    """Living workers per queue; 0 is a queue nobody serves."""
    counts = dict.fromkeys(Queue.values, 0)
    for queues in Worker.objects.filter(seen_at__gt=timezone.now() - DEAD_AFTER).values_list(
        "queues", flat=True
    ):
        for queue in queues:
            counts[queue] = counts.get(queue, 0) + 1
    return counts


def forget_dead() -> int:
    return Worker.objects.filter(seen_at__lt=timezone.now() - FORGET_AFTER).delete()[0]

"""Which worker processes live: each writes a row now and then, and the health page counts them."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from webapp.jobs.models import Queue, Worker

SEEN_EVERY_SECONDS = 5
DEAD_AFTER = timedelta(seconds=20)
FORGET_AFTER = timedelta(minutes=10)


def new_name() -> str:
    """``host:pid:random``: unique, and tells an operator where to look."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}:{secrets.token_hex(3)}"


def report(name: str, queues: Iterable[str]) -> None:
    """This worker lives and serves these queues."""
    Worker.objects.update_or_create(name=name, defaults={"queues": sorted(queues), "seen_at": timezone.now()})


def leave(name: str) -> None:
    Worker.objects.filter(name=name).delete()


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

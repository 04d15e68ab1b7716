"""The Dramatiq side: one actor per queue, whose message holds nothing but the job's id.

Idempotent (a job that is not queued is left alone), any duration, no retries of its own: attempts are
counted in the row, because a redelivery after a kill is counted by nobody here. Import this only where
``REDIS_URL`` is set.
"""

from __future__ import annotations

import os
import threading
from typing import Any

os.environ.setdefault("dramatiq_queue_prefetch", "1")  # a second job must not wait behind a busy worker

import dramatiq
from django.conf import settings
from django.db import close_old_connections
from dramatiq.brokers.redis import RedisBroker
from redis import ConnectionPool, Redis

from webapp.jobs import execution, workers
from webapp.jobs.models import Queue

WORKER_NAME = workers.new_name()
AT_ONCE = 500  # messages of one reading
stopping = threading.Event()
"""Set when this process must stop; running jobs then hand themselves back."""

# No middleware at all: time limits, retries and pipelines are the job row's business.
broker = RedisBroker(
    client=Redis(
        connection_pool=ConnectionPool.from_url(
            settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=5, health_check_interval=10
        )
    ),
    middleware=[],
    namespace="hepastage",
    heartbeat_timeout=15_000,
    maintenance_chance=100_000,
)
dramatiq.set_broker(broker)


def _run(job_id: str) -> None:
    if stopping.is_set():
        return  # the row is still queued, and the reconciler sends another hint
    close_old_connections()
    try:
        execution.execute(job_id, worker=WORKER_NAME, shutdown=stopping)
    finally:
        close_old_connections()


_actors: dict[str, Any] = {
    queue.value: dramatiq.actor(actor_name=f"run-{queue.value}", queue_name=queue.value)(_run)
    for queue in Queue
}


def actor_of(queue: str) -> Any:
    return _actors[queue]


def waiting(queue: str) -> int:
    """Hints that lie in Redis for this queue."""
    return int(broker.client.llen(f"{broker.namespace}:{queue}"))


def told(queue: str) -> set[str]:
    """Ids of the jobs whose hints lie in Redis for this queue; not those that a worker has taken out."""
    key = f"{broker.namespace}:{queue}"
    marks: Any = broker.client.lrange(key, 0, -1)
    found: set[str] = set()
    for begin in range(0, len(marks), AT_ONCE):
        messages: Any = broker.client.hmget(f"{key}.msgs", marks[begin : begin + AT_ONCE])
        for message in messages:
            if message is not None:
                found.update(map(str, dramatiq.Message.decode(message).args))
    return found

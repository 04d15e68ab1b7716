"""Which function does which kind of job. Apps register theirs in ``tasks.py``; jobs knows none of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.jobs.errors import JobFailed
from webapp.jobs.models import Queue

if TYPE_CHECKING:
    from webapp.jobs.handle import JobHandle
    from webapp.jobs.models import Job

Run = Callable[["JobHandle"], None]
Settled = Callable[["Job"], None]


@dataclass(frozen=True)
class Handler:
    """``max_attempts`` counts attempts lost with their worker; a reasoned failure is never retried."""

    kind: str
    queue: Queue
    max_attempts: int
    run: Run


_handlers: dict[str, Handler] = {}
_settled: dict[str, list[Settled]] = defaultdict(list)


def handler(kind: str, *, queue: str, max_attempts: int = 3) -> Callable[[Run], Run]:
    """Decorator: this function does the jobs of this kind, in this queue.

    It must be idempotent: after a worker's death it is called again, and finds what the last attempt left.
    """

    def register(run: Run) -> Run:
        if kind in _handlers and _handlers[kind].run is not run:
            raise ValueError(f"two handlers for job kind {kind!r}")
        _handlers[kind] = Handler(kind, Queue(queue), max_attempts, run)
        return run

    return register


@dataclass(frozen=True)
class Round:
    """Something short that is done again and again while the house stands."""

    name: str
    every_seconds: float
    run: Callable[[], object]


_rounds: dict[str, Round] = {}


def every(seconds: float, name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Decorator: the reconciler calls this function at its start and then every so many seconds.

    It must be short, idempotent, and safe to run twice at once. What it raises is logged; it is tried again
    next time.
    """

    def register(run: Callable[[], object]) -> Callable[[], object]:
        _rounds[name] = Round(name, seconds, run)
        return run

    return register


def rounds() -> list[Round]:
    return list(_rounds.values())


def handler_of(kind: str) -> Handler:
    try:
        return _handlers[kind]
    except KeyError:
        raise JobFailed(
            "unknown-job-kind",
            f"No handler is registered for jobs of kind {kind!r}.",
            "Start workers of the same version as the web server.",
        ) from None


def on_settled(kind: str, hook: Settled | None = None) -> Callable[[Settled], Settled]:
    """Call ``hook(job)`` in the transaction that settles such a job (succeeded, failed, cancelled).

    Works as ``on_settled("kind", hook)`` and as a decorator. Keep it short, and free of outside effects.
    """

    def register(function: Settled) -> Settled:
        if function not in _settled[kind]:
            _settled[kind].append(function)
        return function

    if hook is not None:
        register(hook)
    return register


def settled_hooks(kind: str) -> list[Settled]:
    return list(_settled[kind])

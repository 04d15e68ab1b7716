"""Several trainings of a benchmark at a time, each in a process of its own.

A worker opens the cohort itself (pictures stay memory-mapped and are not copied through a pipe) and ends
when the benchmark does, however that ends: it watches its parent. What it had learned is in its checkpoint.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from ml.spec import HepaStageError, Protocol, Split
from ml.spec.events import EVENT, Event
from ml.spec.machine import refusal_of


class WorkerLost(HepaStageError):
    """A training process ended without a word."""

    code = "benchmark-worker-lost"
    remedy = "Run the command again: it goes on from the checkpoints. Use fewer --jobs if memory is short."


@dataclass(frozen=True)
class Order:
    """What a worker has to train; everything in it is small."""

    row: str
    cohort: Path
    assignments: dict[str, Split]
    workdir: Path
    seed: int
    device: str
    quick: bool
    protocol: Protocol


@dataclass(frozen=True)
class _Worker:
    """A process and the end of its pipe that is read; the other end is the process's alone, so that the pipe
    ends when the process does, whatever ended it and whatever the other workers have to say."""

    place: int
    process: BaseProcess
    said: Connection


def crew(orders: Sequence[Order], jobs: int) -> Iterator[tuple[int, Event]]:
    """Events of all orders, each with its place, ``jobs`` at a time; the first failure ends them all.

    Raises what a worker refused under its own code, and :class:`WorkerLost` where one ended without a word.
    """
    threads = max(1, (os.cpu_count() or 1) // jobs)
    waiting = list(enumerate(orders))
    running: dict[Connection, _Worker] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                worker = _start(*waiting.pop(0), threads)
                running[worker.said] = worker
            for said in wait(list(running)):
                worker = running[said]  # type: ignore[index]  # nothing else was waited for
                try:
                    kind, content = worker.said.recv()
                except (EOFError, OSError):  # it ended between two words, or within one
                    worker.process.join()
                    raise WorkerLost(
                        f"A training process ended with status {worker.process.exitcode}."
                    ) from None
                if kind == "event":
                    yield worker.place, EVENT.validate_json(content)
                elif kind == "done":
                    del running[worker.said]
                    worker.process.join()
                    worker.said.close()
                else:
                    raise HepaStageError(content["message"], code=content["code"], remedy=content["remedy"])
    finally:
        for worker in running.values():
            worker.process.terminate()
        for worker in running.values():
            worker.process.join()
            worker.said.close()


def _start(place: int, order: Order, threads: int) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(order, theirs, threads), daemon=True)
    process.start()
    theirs.close()
    return _Worker(place, process, ours)


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _work(order: Order, said: Connection, threads: int) -> None:
    """Body of a worker."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    import torch

    from ml.cohort import load_cache, shrunk
    from ml.models import keep_freed_memory
    from ml.protocols.rows import QUICK_SIZE, row_of

    keep_freed_memory()  # this is a program of its own, and inherits nothing that its parent asked for
    torch.set_num_threads(threads)
    try:
        cohort = load_cache(order.cohort).with_split(order.assignments)
        if order.quick:
            cohort = shrunk(cohort, QUICK_SIZE)
        events = row_of(order.row).run(
            cohort,
            order.workdir,
            seed=order.seed,
            device=order.device,
            quick=order.quick,
            protocol=order.protocol,
        )
        for event in events:
            said.send(("event", event.model_dump_json()))
        said.send(("done", None))
    except Exception as error:
        refusal = error if isinstance(error, HepaStageError) else refusal_of(error)
        if refusal is None:  # a fault of the program: its traceback is on stderr
            raise
        with suppress(BrokenPipeError):  # nobody listens any more
            said.send(("failed", refusal.as_dict()))

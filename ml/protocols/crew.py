"""Several trainings of a benchmark at a time, each in a process of its own.

A worker opens the cohort itself (pictures stay memory-mapped and are not copied through a pipe) and ends
when the benchmark does, however that ends: it watches its parent. What it had learned is in its checkpoint.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from ml.spec import HepaStageError, Protocol, Split
from ml.spec.events import EVENT, Event

POLL_S = 0.5


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


def crew(orders: Sequence[Order], jobs: int) -> Iterator[tuple[int, Event]]:
    """Events of all orders, each with its place, ``jobs`` at a time; the first failure ends them all."""
    context = multiprocessing.get_context("spawn")
    said: Any = context.Queue()
    threads = max(1, (os.cpu_count() or 1) // jobs)
    waiting = list(enumerate(orders))
    running: dict[int, BaseProcess] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                place, order = waiting.pop(0)
                running[place] = context.Process(
                    target=_work, args=(place, order, said, threads), daemon=True
                )
                running[place].start()
            try:
                place, kind, content = said.get(timeout=POLL_S)
            except queue.Empty:
                _check(running)
                continue
            if kind == "event":
                yield place, EVENT.validate_json(content)
            elif kind == "done":
                running.pop(place).join()
            else:
                raise HepaStageError(content["message"], code=content["code"], remedy=content["remedy"])
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.join()


def _check(running: dict[int, BaseProcess]) -> None:
    for process in running.values():
        if not process.is_alive() and process.exitcode != 0:
            raise WorkerLost(f"A training process ended with status {process.exitcode}.")


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _work(place: int, order: Order, said: Any, threads: int) -> None:
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
            said.put((place, "event", event.model_dump_json()))
        said.put((place, "done", None))
    except HepaStageError as error:
        said.put((place, "failed", error.as_dict()))

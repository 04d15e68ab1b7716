"""The resident memory of every server process while something is measured."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any

import psutil

from tests.faults.house import PROGRAMS, FaultHouse

EVERY_SECONDS = 1.0


class Memory:
    """Sampled once a second, children of a worker not counted (a training has its own life)."""

    def __init__(self, house: FaultHouse) -> None:
        self._processes = {name: psutil.Process(house.pid(name)) for name in PROGRAMS}
        self._samples: dict[str, list[float]] = defaultdict(list)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)

    def _sample(self) -> None:
        while True:
            for name, process in self._processes.items():
                self._samples[name].append(process.memory_info().rss / 2**20)
            if self._stopping.wait(EVERY_SECONDS):
                return

    def found(self) -> dict[str, Any]:
        """MiB of each process: at the beginning, after the first third, at the end, and the most."""
        return {
            name: {
                "first": round(values[0]),
                "third": round(values[len(values) // 3]),
                "last": round(values[-1]),
                "most": round(max(values)),
            }
            for name, values in self._samples.items()
        }

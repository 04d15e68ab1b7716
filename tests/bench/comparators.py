"""Training steps of the comparators, texture features of the SVM: ``python -m tests.bench comparators``.

Samples (a pair of HF and LF as two channels of 256×256) a core-second on one thread, the best of two steps
of eight after a warm-up. Processor time, because it hardly depends on what else the machine is doing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

from ml.models import autocast, build_network, keep_freed_memory, place
from ml.models.comparators import extract_features
from ml.spec import TrainSpec
from ml.spec.training import NETWORK_COMPARATORS

CPU = torch.device("cpu")
BATCH = 8


def main(argv: list[str]) -> int:
    keep_freed_memory()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        pictures = np.random.default_rng(0).integers(0, 255, (BATCH, 2, 256, 256), dtype=np.uint8)
        tell("svm-features", "uint8", best(lambda: extract_features(pictures)))
        for name in NETWORK_COMPARATORS:
            for precision in ("fp32", "bf16"):
                tell(str(name), precision, best(step_of(str(name), precision)))
    finally:
        torch.set_num_threads(threads)
    return 0


def step_of(name: str, precision: str) -> Callable[[], object]:
    """One whole training step of a fresh network."""
    network = place(build_network(name, TrainSpec(architecture=name)), CPU).train()
    optimiser = torch.optim.Adam(network.parameters())
    planes = torch.rand(BATCH, 2, 256, 256).contiguous(memory_format=torch.channels_last)
    labels = torch.arange(BATCH) % 5

    def step() -> None:
        with autocast(CPU, precision):  # type: ignore[arg-type]
            logits = network(planes)
        functional.cross_entropy(logits.float(), labels).backward()
        optimiser.step()
        optimiser.zero_grad()

    return step


def best(work: Callable[[], object]) -> float:
    """Fewest seconds of processor time of two calls after one to warm up."""
    seconds = []
    for _ in range(3):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds[1:])


def tell(name: str, precision: str, seconds: float) -> None:
    rate = round(BATCH / seconds, 2)
    print(json.dumps({"name": name, "precision": precision, "samples_per_core_second": rate}), flush=True)

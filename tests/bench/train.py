"""Images a second of one training epoch on this machine: ``python -m tests.bench train``.

Texture pictures of 256×256 stand in for ultrasound: the work is the same. The first epoch warms up and is
not counted. ``loop_over_bare`` is the whole epoch (feeding, augmentation, events) over the same steps in a
bare loop on batches that are already in memory. ``images_per_core_second`` counts processor time and is the
steadier figure on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import torch
from torch.nn import functional

from ml.augmentation import Augmenter
from ml.models import BandClassifier, FusionNetwork, autocast, choose_precision, keep_freed_memory, place
from ml.protocols.feeding import Batch, Samples, TrainingFeed
from ml.protocols.fitting import fit, seeded
from ml.protocols.results import samples_of
from ml.protocols.run import Phase, Run
from ml.spec import Band, Split, TrainSpec
from tests.ml.conftest import make_cohort

CPU = torch.device("cpu")


def main(argv: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m tests.bench train")
    options.add_argument("--images", type=int, default=16, help="pictures of each band and patient")
    chosen = options.parse_args(argv)
    keep_freed_memory()
    with tempfile.TemporaryDirectory() as folder:
        cohort = make_cohort(Path(folder), images={Band.HF: chosen.images, Band.LF: chosen.images}, size=256)
        for name, build in (("hf", BandClassifier), ("fusion", FusionNetwork)):
            measure(name, build, samples_of(cohort, Split.TRAIN, TrainSpec().bands_of(name)), Path(folder))
    return 0


def measure(
    name: str, build: type[BandClassifier] | type[FusionNetwork], samples: Samples, folder: Path
) -> None:
    """One warm epoch of one network, then the same steps in a bare loop."""
    spec = TrainSpec()
    planes = 2 if name == "fusion" else 1
    precision = choose_precision("auto", CPU, build, planes)
    run = Run(spec, folder / name, CPU, precision, {})
    feed = TrainingFeed(
        samples, Augmenter(spec.augmentation, spec.seed), batch_size=spec.batch_size, device=CPU
    )
    few = Samples(samples.images, samples.choices[:2], samples.labels[:2])
    phase = Phase(
        name,
        feed,
        few,
        epochs=2,
        learning_rate=spec.learning_rate,
        patience=2,
        augmentation=spec.augmentation,
    )
    run.costs = {name: phase.cost}
    network = seeded(build, 0, name)
    cores, began = 0.0, 0.0
    for event in fit(run, phase, network):
        if event.kind == "epoch-finished":
            cores, began = time.process_time() - began, time.process_time()
            last = event
    bare = bare_seconds(network, list(feed.batches(1)), run)
    print(
        json.dumps(
            {
                "bench": "train", "what": f"{name} epoch", "precision": precision,
                "threads": torch.get_num_threads(), "samples": feed.epoch_size,
                "samples_per_second": round(last.images_per_second, 1),
                "images_per_second": round(last.images_per_second * planes, 1),
                "images_per_core_second": round(feed.epoch_size * planes / cores, 1),
                "loop_over_bare": round(last.seconds / bare, 3),
            }
        ),
        flush=True,
    )  # fmt: skip


def bare_seconds(network: torch.nn.Module, batches: list[Batch], run: Run) -> float:
    """The same steps and nothing else."""
    place(network, CPU).train()
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-4, weight_decay=1e-4)
    began = time.monotonic()
    for batch in batches:
        with autocast(CPU, run.precision):
            logits = network(batch.planes)
        functional.cross_entropy(logits.float(), batch.labels).backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    return time.monotonic() - began

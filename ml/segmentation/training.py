"""Training of the segmenter as a generator of events, resumable at every epoch."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor
from torch.nn import functional

from ml import __version__
from ml.models.device import Precision, autocast, choose_precision, place, resolve_device
from ml.models.folder import write_whole
from ml.segmentation.examples import Examples, boxes_bound_the_liver, draw_example, load_examples
from ml.segmentation.labelme import LabelmeRefused, Outline, read_labelme
from ml.segmentation.network import DEPTH, WIDTH, build_unet
from ml.segmentation.overlays import write_examples
from ml.segmentation.scoring import score_outlines
from ml.segmentation.segmenter import (
    Segmenter,
    SegmenterInfo,
    SegmenterUnusable,
    load_segmenter,
    save_segmenter,
)
from ml.spec import SegmenterSpec
from ml.spec.events import (
    CheckpointSaved,
    EpochFinished,
    Evaluated,
    Event,
    Finished,
    Note,
    PhaseStarted,
    Progressed,
    Started,
)

PHASE = "segmentation"
DEFAULTS = SegmenterSpec()
SIZE = 160
BATCH = 8
LEARNING_RATE = 2e-3
PULSE_SECONDS = 0.5
WHOLE = 0.99  # share of trusted pixels from which on an outline is known whole
PARTS = (0.8, 0.1, 0.1)


@dataclass(frozen=True)
class Parts:
    """Outlined images for training, for choosing the best epoch, and for the final figures."""

    train: list[Outline]
    validation: list[Outline]
    test: list[Outline]


def split_outlines(outlines: Sequence[Outline], *, seed: int) -> Parts:
    """8:1:1 by group, in the order of a hash of group and seed: the same on every machine.

    A group is what ``flags.group`` of the labelme files names (a patient), else one image. From three
    groups on no part is empty.
    """
    groups: dict[str, list[Outline]] = {}
    for outline in outlines:
        groups.setdefault(outline.group or outline.sha256, []).append(outline)
    ordered = sorted(groups, key=lambda group: hashlib.sha256(f"{seed}:{group}".encode()).hexdigest())
    count = len(ordered)
    held = max(1, round(PARTS[1] * count)) if count >= 3 else 0
    validation, test, train = ordered[:held], ordered[held : 2 * held], ordered[2 * held :]
    return Parts(
        *([outline for group in part for outline in groups[group]] for part in (train, validation, test))
    )


def train_segmenter(
    folder: Path | str,
    *,
    workdir: Path | str,
    device: str = "auto",
    epochs: int = DEFAULTS.epochs,
    seed: int = DEFAULTS.seed,
    extra: Sequence[Path | str] = (),
    label: str | None = None,
    size: int = SIZE,
    width: int = WIDTH,
    least_examples: int = DEFAULTS.examples,
    precision: Literal["auto", "fp32", "bf16"] = "auto",
) -> Iterator[Event]:
    """Train on labelme outlines; ``extra`` folders (outlines of annotators) are added to ``folder``.

    Writes ``model/``, ``metrics.json``, ``examples/`` (held-out images with both outlines) and
    ``checkpoint.safetensors`` into ``workdir``. Closing the
    generator leaves the last epoch's checkpoint; calling again with the same arguments resumes there
    and gives the weights of an uninterrupted run. ``precision="auto"`` is settled by timing at the first
    call and kept from then on. In the epochs' events *accuracy* is the Dice overlap.
    """
    began = time.monotonic()
    if size % 2**DEPTH or epochs < 1:
        raise SegmenterUnusable(f"the canvas edge must be a multiple of {2**DEPTH}, the epochs at least 1")
    outlines = read_labelme(folder, *extra, label=label)
    parts = split_outlines(outlines.items, seed=seed)
    if not any(outline.kind != "none" for outline in parts.train):
        raise LabelmeRefused("no training image has an outlined liver", code="labelme-no-liver")
    settings = {
        "epochs": epochs, "seed": seed, "size": size, "width": width, "batch": BATCH,
        "least_examples": least_examples, "precision": precision,
    }  # fmt: skip
    run = _Run.prepare(Path(workdir), parts, settings, device=device)
    yield Started(
        title="Liver segmentation", phases=[PHASE], resumed=run.epoch > 0 or run.done, record=run.record
    )  # fmt: skip
    for problem in outlines.problems:
        yield Note(level="warning", message=f"left out: {problem}")
    if not run.done:
        yield from _fit(run)
        run.finish()
    metrics = run.info().metrics
    yield Evaluated(split="test", level="image", metrics=metrics)
    yield Finished(seconds=time.monotonic() - began, result={"model": "model", "metrics": "metrics.json"})


class _Run:
    """One training in its work directory: network, optimiser, and how far it is."""

    def __init__(self, workdir: Path, parts: Parts, record: dict[str, Any], device: torch.device) -> None:
        self.workdir, self.parts, self.record, self.device = workdir, parts, record, device
        self.settings: dict[str, Any] = record["settings"]
        self.boxes_bound: bool = record["boxes_bound"]
        torch.manual_seed(self.settings["seed"])
        self.network = place(build_unet(self.settings["width"]), device)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=LEARNING_RATE)
        self.best: dict[str, Tensor] = {}
        self.best_loss = math.inf
        self.epoch = 0
        self.precision: Precision = "fp32"

    @classmethod
    def prepare(cls, workdir: Path, parts: Parts, settings: dict[str, Any], *, device: str) -> _Run:
        workdir.mkdir(parents=True, exist_ok=True)
        hashes = [
            [outline.sha256 for outline in part] for part in (parts.train, parts.validation, parts.test)
        ]
        shapes = [
            [ring.tolist() for ring in outline.rings]
            for part in (parts.train, parts.validation, parts.test)
            for outline in part
        ]
        data = hashlib.sha256(json.dumps([hashes, shapes]).encode()).hexdigest()
        where = resolve_device(device)
        record = {
            "settings": settings, "dataset_hash": data, "device": str(where),
            "images": {"train": len(hashes[0]), "validation": len(hashes[1]), "test": len(hashes[2])},
            "boxes_bound": boxes_bound_the_liver(parts.train),
            "versions": {"hepastage": __version__, "torch": version("torch"), "monai": version("monai")},
        }  # fmt: skip
        run = cls(workdir, parts, record, where)
        if not run._restore():
            run.precision = choose_precision(
                settings["precision"], where, lambda: build_unet(settings["width"]), 1
            )
        return run

    @property
    def checkpoint(self) -> Path:
        return self.workdir / "checkpoint.safetensors"

    @property
    def done(self) -> bool:
        written = all((self.workdir / name).exists() for name in ("model/model.json", "metrics.json"))
        return written and self.epoch == self.settings["epochs"]

    def info(self) -> SegmenterInfo:
        return load_segmenter(self.workdir / "model", device="cpu").info

    def examples(self, outlines: Sequence[Outline]) -> Examples:
        return load_examples(outlines, self.settings["size"], boxes_bound=self.boxes_bound)

    def finish(self) -> None:
        """Score the best epoch on the test images and write what is found, the model folder last."""
        self.network.load_state_dict(self.best)
        known = [*self.parts.train, *self.parts.validation]
        everything = [*known, *self.parts.test]
        info = SegmenterInfo(
            size=self.settings["size"], width=self.settings["width"], epochs=self.settings["epochs"],
            seed=self.settings["seed"], simulated=any(outline.simulated for outline in everything),
            boxes_bound=self.boxes_bound, trained_on=sorted({outline.sha256 for outline in known}),
            trained_groups=sorted({outline.group_hash for outline in known} - {""}),
            record=self.record,
        )  # fmt: skip
        segmenter = Segmenter(self.network.eval(), info, self.device)
        scores = score_outlines(self.parts.test, segmenter)
        metrics = {name: metric.model_dump() for name, metric in scores.items()}
        write_examples(self.parts.test, segmenter, self.workdir / "examples")
        write_whole(self.workdir / "metrics.json", json.dumps({"test": metrics}, indent=1).encode())
        save_segmenter(self.workdir / "model", self.network, info.model_copy(update={"metrics": metrics}))

    def save(self) -> None:
        """Write the checkpoint whole, its JSON in the header of the same file."""
        moments = {
            f"{place}.{name}": value
            for place, values in self.optimiser.state_dict()["state"].items()
            for name, value in values.items()
        }
        tensors = {"network": self.network.state_dict(), "moments": moments, "best": self.best}
        state = {
            "epoch": self.epoch, "best_loss": self.best_loss, "precision": self.precision,
            "settings": self.settings, "dataset_hash": self.record["dataset_hash"],
        }  # fmt: skip
        flat = {
            f"{group}/{name}": v.detach().cpu().contiguous()
            for group, t in tensors.items()
            for name, v in t.items()
        }
        write_whole(self.checkpoint, to_bytes(flat, metadata={"state": json.dumps(state)}))

    def _restore(self) -> bool:
        if not self.checkpoint.exists():
            return False
        try:
            with safe_open(self.checkpoint, framework="pt") as file:
                state = json.loads(file.metadata()["state"])
                tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
            raise SegmenterUnusable(
                f"{self.checkpoint} cannot be read: {error}", code="checkpoint-unusable",
                remedy="Remove the work directory and start again.",
            ) from error  # fmt: skip
        if (state["settings"], state["dataset_hash"]) != (self.settings, self.record["dataset_hash"]):
            raise SegmenterUnusable(
                "the work directory holds another training", code="workdir-of-another-run",
                remedy="Choose a new work directory, or repeat the settings and images of the first call.",
            )  # fmt: skip
        groups: dict[str, dict[str, Tensor]] = {"network": {}, "moments": {}, "best": {}}
        for key, value in tensors.items():
            group, name = key.split("/", 1)
            groups[group][name] = value
        self.network.load_state_dict(groups["network"])
        moments: dict[int, dict[str, Tensor]] = {}
        for name, value in groups["moments"].items():
            number, moment = name.split(".", 1)
            moments.setdefault(int(number), {})[moment] = value
        self.optimiser.load_state_dict({**self.optimiser.state_dict(), "state": moments})
        self.best = groups["best"]
        self.epoch, self.best_loss, self.precision = state["epoch"], state["best_loss"], state["precision"]
        return True


def _fit(run: _Run) -> Iterator[Event]:
    epochs, seed = run.settings["epochs"], run.settings["seed"]
    train, validation = run.examples(run.parts.train), run.examples(run.parts.validation or run.parts.train)
    yield PhaseStarted(phase=PHASE, epochs=epochs)
    pulse = time.monotonic()
    while run.epoch < epochs:
        began, rate = time.monotonic(), LEARNING_RATE * (1 + math.cos(math.pi * run.epoch / epochs)) / 2
        for group in run.optimiser.param_groups:
            group["lr"] = rate
        order = _order(run, len(train))
        tally, seen = _Tally(), 0
        run.network.train()
        for start in range(0, len(order), BATCH):
            batch = [
                draw_example(train, index, seed=seed, epoch=run.epoch, turn=turn)
                for index, turn in order[start : start + BATCH]
            ]
            tally.add(*_step(run, *(np.stack(part) for part in zip(*batch, strict=True))))
            seen += len(batch)
            if time.monotonic() - pulse >= PULSE_SECONDS:
                pulse = time.monotonic()
                speed = seen / max(pulse - began, 1e-9)
                yield Progressed(
                    phase=PHASE, progress=(run.epoch + seen / len(order)) / epochs,
                    message=f"epoch {run.epoch + 1} of {epochs}", images_per_second=speed,
                )  # fmt: skip
        checked = _validate(run, validation)
        run.epoch += 1
        if checked.loss <= run.best_loss:
            run.best_loss = checked.loss
            run.best = {name: value.detach().clone() for name, value in run.network.state_dict().items()}
        run.save()
        seconds = time.monotonic() - began
        yield EpochFinished(
            phase=PHASE, epoch=run.epoch, epochs=epochs, progress=run.epoch / epochs, train_loss=tally.loss,
            train_accuracy=tally.overlap, validation_loss=checked.loss, validation_accuracy=checked.overlap,
            learning_rate=rate, images_per_second=seen / max(seconds, 1e-9), seconds=seconds,
        )  # fmt: skip
        yield CheckpointSaved(phase=PHASE, epoch=run.epoch, path=run.checkpoint.name)


def _order(run: _Run, count: int) -> list[tuple[int, int]]:
    """Examples of an epoch as (index, turn): every one equally often, in an order of its own."""
    turns = math.ceil(run.settings["least_examples"] / count) if count < run.settings["least_examples"] else 1
    places = np.random.default_rng([run.settings["seed"], run.epoch]).permutation(count * turns)
    return [(int(place) % count, int(place) // count) for place in places]


class _Tally:
    """Mean loss and overall Dice of many batches."""

    def __init__(self) -> None:
        self.losses: list[tuple[float, int]] = []
        self.shared, self.areas = 0.0, 0.0

    def add(self, loss: float, count: int, shared: float, areas: float) -> None:
        self.losses.append((loss, count))
        self.shared += shared
        self.areas += areas

    @property
    def loss(self) -> float:
        return sum(loss * n for loss, n in self.losses) / sum(n for _, n in self.losses)

    @property
    def overlap(self) -> float:
        return 2 * self.shared / self.areas if self.areas else 1.0


def _step(
    run: _Run, canvases: np.ndarray, masks: np.ndarray, trusted: np.ndarray
) -> tuple[float, int, float, float]:
    loss, measured = _loss(run, canvases, masks, trusted)
    loss.backward()
    run.optimiser.step()
    run.optimiser.zero_grad(set_to_none=True)
    return float(loss.detach()), *measured


@torch.inference_mode()
def _validate(run: _Run, examples: Examples) -> _Tally:
    run.network.eval()
    tally = _Tally()
    for start in range(0, len(examples), BATCH):
        part = slice(start, start + BATCH)
        loss, measured = _loss(run, examples.canvases[part], examples.masks[part], examples.trusted[part])
        tally.add(float(loss), *measured)
    return tally


def _loss(
    run: _Run, canvases: np.ndarray, masks: np.ndarray, trusted: np.ndarray
) -> tuple[Tensor, tuple[int, float, float]]:
    """Cross-entropy plus one minus Dice, both over trusted pixels; and count, overlap, areas for the Dice."""
    x = torch.from_numpy(canvases)[:, None].to(run.device).float().div_(255)
    y = torch.from_numpy(masks)[:, None].to(run.device).float()
    w = torch.from_numpy(trusted)[:, None].to(run.device).float()
    with autocast(run.device, run.precision):
        logits = run.network(x.contiguous(memory_format=torch.channels_last))
    loss = masked_loss(logits.float(), y, w)
    said = (logits.detach() >= 0).float() * w
    return loss, (len(x), float((said * y).sum()), float(said.sum() + (y * w).sum()))


def masked_loss(logits: Tensor, masks: Tensor, trusted: Tensor) -> Tensor:
    """Cross-entropy plus one minus soft Dice of ``(B, 1, S, S)``; pixels with trust 0 have no say.

    The Dice counts where the whole outline is known: inside a box alone it would reward liver everywhere.
    """
    entropy = functional.binary_cross_entropy_with_logits(logits, masks, weight=trusted, reduction="sum")
    likely = torch.sigmoid(logits) * trusted
    wanted = masks * trusted
    shared = (likely * wanted).sum(dim=(1, 2, 3))
    areas = likely.sum(dim=(1, 2, 3)) + wanted.sum(dim=(1, 2, 3))
    whole = (trusted.mean(dim=(1, 2, 3)) > WHOLE).float()
    overlap = (1 - (2 * shared + 1) / (areas + 1)) * whole
    return entropy / trusted.sum().clamp(min=1) + overlap.sum() / whole.sum().clamp(min=1)

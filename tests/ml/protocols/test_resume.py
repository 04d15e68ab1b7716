"""A run that was stopped and called again is the run that was not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ml.cohort import Cohort
from ml.protocols import fitting, train
from ml.protocols.checkpoint import CheckpointUnusable, read_checkpoint, save_checkpoint
from ml.protocols.run import Run
from ml.spec import Architecture, TrainSpec, TransferSpec
from ml.spec.events import Event


def outcome(workdir: Path) -> tuple[bytes, dict, list[tuple]]:
    """Weights, metrics and learning curve, without what a clock decides."""
    curve = []
    for path in sorted((workdir / "checkpoints").iterdir()):
        saved = read_checkpoint(path)
        assert saved is not None
        curve += [
            (e["phase"], e["epoch"], e["train_loss"], e["train_accuracy"], e["validation_loss"])
            for e in saved[1]["history"]
        ]
    weights = (workdir / "model" / "model.safetensors").read_bytes()
    return weights, json.loads((workdir / "metrics.json").read_text("utf-8")), curve


@pytest.fixture(autouse=True)
def every_batch_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events at every batch, so that a run can be stopped at any of them."""
    monkeypatch.setattr(Run, "pulse_due", lambda self: True)


@pytest.fixture(scope="module")
def unbroken(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> Callable[[TrainSpec], Path]:
    """Work directory of the same specification, run without a break (once)."""
    done: dict[str, Path] = {}

    def run(spec: TrainSpec) -> Path:
        key = spec.model_dump_json()
        if key not in done:
            done[key] = tmp_path_factory.mktemp("unbroken")
            list(train(spec, cohort, workdir=done[key], device="cpu"))
        return done[key]

    return run


def stop_at(cohort: Cohort, spec: TrainSpec, workdir: Path, when: Callable[[Event], bool]) -> None:
    events = train(spec, cohort, workdir=workdir, device="cpu")
    for event in events:
        if when(event):
            events.close()
            return
    raise AssertionError("the run ended before it could be stopped")


STOPS: dict[str, Callable[[Event], bool]] = {
    "first batch": lambda e: e.kind == "progressed",
    "mid-epoch of the second phase": lambda e: (
        e.kind == "progressed" and e.phase == "lf" and "2 of" in e.message
    ),
    "right after an epoch": lambda e: e.kind == "epoch-finished" and e.phase == "hf",
    "between phases": lambda e: e.kind == "phase-started" and e.phase == "fusion",
    "during the evaluation": lambda e: e.kind == "evaluated",
    "when all was done": lambda e: e.kind == "finished",
}


@pytest.mark.parametrize("where", STOPS)
def test_stopped_and_resumed_equals_unbroken(
    cohort: Cohort, quick: TrainSpec, tmp_path: Path, unbroken: Callable[[TrainSpec], Path], where: str
) -> None:
    stop_at(cohort, quick, tmp_path, STOPS[where])
    events = list(train(quick, cohort, workdir=tmp_path, device="cpu"))
    assert events[0].kind == "started"
    assert events[0].resumed
    assert outcome(tmp_path) == outcome(unbroken(quick))
    told = [(e.phase, e.epoch) for e in events if e.kind == "epoch-finished"]
    assert told == [
        (phase, epoch) for phase in ("hf", "lf", "fusion") for epoch in range(1, quick.epochs + 1)
    ], "a listener that missed the end of the first call must hear of every epoch"


def test_stopped_at_every_second_batch_equals_unbroken(
    cohort: Cohort, quick: TrainSpec, tmp_path: Path, unbroken: Callable[[TrainSpec], Path]
) -> None:
    for _ in range(200):
        told = 0
        events = train(quick, cohort, workdir=tmp_path, device="cpu")
        for event in events:
            told += event.kind == "progressed"
            if told == 2:
                events.close()
        if event.kind == "finished":
            break
    assert outcome(tmp_path) == outcome(unbroken(quick))


def test_killed_without_warning_loses_at_most_the_epoch(
    cohort: Cohort, quick: TrainSpec, tmp_path: Path, unbroken: Callable[[TrainSpec], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A crash in the middle of an epoch leaves the checkpoint of the one before."""
    steps = 0
    step = fitting._step

    def crash(*args: object) -> tuple[float, int]:
        nonlocal steps
        steps += 1
        if steps == 6:
            raise MemoryError
        return step(*args)

    monkeypatch.setattr(fitting, "_step", crash)
    with pytest.raises(MemoryError):
        list(train(quick, cohort, workdir=tmp_path, device="cpu"))
    monkeypatch.setattr(fitting, "_step", step)
    list(train(quick, cohort, workdir=tmp_path, device="cpu"))
    assert outcome(tmp_path) == outcome(unbroken(quick))


def test_first_transfer_is_resumed_too(
    cohort: Cohort, quick: TrainSpec, tmp_path: Path, tiny_source: str
) -> None:
    transfer = TransferSpec(source=tiny_source, epochs=2, second=False)
    spec = quick.model_copy(update={"architecture": Architecture.HF, "epochs": 1, "transfer": transfer})
    stop_at(cohort, spec, tmp_path / "a", lambda e: e.kind == "progressed" and e.phase == "first-transfer:hf")
    list(train(spec, cohort, workdir=tmp_path / "a", device="cpu"))
    list(train(spec, cohort, workdir=tmp_path / "b", device="cpu"))
    assert outcome(tmp_path / "a") == outcome(tmp_path / "b")


def test_checkpoint_that_failed_to_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "phase.safetensors"
    save_checkpoint(path, {}, {"epoch": 1})
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        save_checkpoint(path, {}, {"epoch": 2})
    assert [entry.name for entry in tmp_path.iterdir()] == ["phase.safetensors"]
    assert read_checkpoint(path) == ({}, {"epoch": 1})


def test_damaged_checkpoint_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "phase.safetensors"
    path.write_bytes(b"\x00" * 100)
    with pytest.raises(CheckpointUnusable, match="phase"):
        read_checkpoint(path)

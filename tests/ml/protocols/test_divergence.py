"""A loss that is no number any more: what was learned before is kept, and everybody can be told."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from ml.cohort import Cohort
from ml.protocols import fitting, train
from ml.protocols.checkpoint import read_checkpoint, save_checkpoint
from ml.spec import Architecture, TrainSpec, TransferSpec
from ml.spec.events import EVENT

SPEC = TrainSpec(
    architecture=Architecture.HF,
    epochs=3,
    batch_size=8,
    learning_rate=1e-3,
    precision="fp32",
    transfer=TransferSpec(first=False, second=False),
)


@pytest.fixture
def break_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """After so many steps a weight is NaN, as after an overflow."""

    def arrange(steps: int) -> None:
        original, done = fitting._step, []

        def step(run: Any, network: torch.nn.Module, *rest: Any) -> tuple[float, int]:
            done.append(1)
            if len(done) > steps:
                torch.nn.init.constant_(next(network.parameters()), math.nan)
            return original(run, network, *rest)

        monkeypatch.setattr(fitting, "_step", step)

    return arrange


def steps_of_an_epoch(cohort: Cohort, folder: Path) -> int:
    events = train(SPEC, cohort, workdir=folder, device="cpu")
    budget = next(events).record["budget"]["hf"]
    events.close()
    return math.ceil(budget["samples_per_epoch"] / budget["batch_size"])


def test_the_best_epoch_before_is_kept_and_every_event_can_be_read_back(
    cohort: Cohort, tmp_path: Path, break_after: Callable[[int], None]
) -> None:
    """With --jobs 2 the whole benchmark ended in a traceback: NaN goes out as null and does not come back."""
    break_after(steps_of_an_epoch(cohort, tmp_path / "counted") + 1)
    events = []
    for event in train(SPEC, cohort, workdir=tmp_path / "w", device="cpu"):
        assert EVENT.validate_json(event.model_dump_json()) == event
        events.append(event)
    assert events[-1].kind == "finished"
    assert [event.epoch for event in events if event.kind == "epoch-finished"] == [1]
    warnings = [event.message for event in events if event.kind == "note" and event.level == "warning"]
    (words,) = warnings
    assert words.startswith("hf: the loss was no number in epoch 2, so training ended there; ")
    assert words.endswith("the weights of epoch 1, the best before, are kept.")


def test_without_an_epoch_to_keep_the_training_is_refused(
    cohort: Cohort, tmp_path: Path, break_after: Callable[[int], None]
) -> None:
    break_after(0)
    for _ in range(2):
        with pytest.raises(fitting.TrainingDiverged, match="epoch 1") as refused:
            list(train(SPEC, cohort, workdir=tmp_path, device="cpu"))
        assert refused.value.code == "training-diverged"
        assert refused.value.remedy
    assert not (tmp_path / "model").exists()


def test_a_checkpoint_whose_best_epoch_was_none_is_refused(cohort: Cohort, tmp_path: Path) -> None:
    """Earlier versions kept epoch 1 for ever where its loss was no number: nothing is less than NaN."""
    events = train(SPEC, cohort, workdir=tmp_path, device="cpu")
    next(event for event in events if event.kind == "checkpoint-saved")
    events.close()
    path = tmp_path / "checkpoints" / "hf.safetensors"
    saved = read_checkpoint(path)
    assert saved is not None
    save_checkpoint(path, saved[0], saved[1] | {"best_loss": math.nan})
    with pytest.raises(fitting.TrainingDiverged):
        list(train(SPEC, cohort, workdir=tmp_path, device="cpu"))

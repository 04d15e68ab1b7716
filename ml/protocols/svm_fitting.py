"""Fitting the SVM comparator: texture features of one augmented epoch, then one fit (paper §4.3).

The features are nearly all of the work. They are saved as they come, so that a stopped run goes on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ml.augmentation import standard_pictures
from ml.cohort import Cohort
from ml.models.comparators import TextureSvm, extract_features
from ml.protocols.checkpoint import of_prefix, read_checkpoint, save_checkpoint, with_prefix
from ml.protocols.feeding import Samples
from ml.protocols.run import Phase, Run
from ml.spec.events import CheckpointSaved, Event, Note, PhaseStarted, Progressed

EPOCH = 1
"""The augmented samples of the first epoch are what it learns from: as many as a network sees in one."""

SAVE_SECONDS = 30.0


def fit_svm(run: Run, phase: Phase, network: TextureSvm, cohort: Cohort) -> Iterator[Event]:
    """Fit ``network`` in place. Stopped and called again, it goes on from the features that it has."""
    path = run.checkpoint_path(phase.name)
    found, state = _restore(path)
    before_that = float(state.get("seconds", 0.0))  # checkpoints of before they were kept have none
    if state.get("done"):
        run.fitting_seconds += before_that
        network.load_state_dict(of_prefix("svm", found))
        yield Note(message=state["note"])
        return
    yield PhaseStarted(phase=phase.name, epochs=None)
    rows = [found["train"].numpy()] if "train" in found else []
    which = [found["which"].numpy()] if "which" in found else []
    step, done = int(state.get("step", 0)), sum(map(len, which))
    total = phase.feed.epoch_size + len(phase.validation)
    began, before, saved = time.monotonic(), done, time.monotonic()

    for batch in phase.feed.batches(EPOCH, start=step):
        pictures = (batch.planes.cpu() * 255).round().to(torch.uint8).numpy()
        rows.append(extract_features(pictures))
        which.append(np.asarray(batch.which))
        step, done = step + 1, done + len(batch.which)
        if time.monotonic() - saved > SAVE_SECONDS:
            _save(path, rows, which, step, seconds=before_that + time.monotonic() - began)
            saved = time.monotonic()
        if run.pulse_due():
            try:
                yield _progressed(run, phase, done, total, (done - before) / (time.monotonic() - began))
            except GeneratorExit:
                _save(path, rows, which, step, seconds=before_that + time.monotonic() - began)
                raise

    order = np.concatenate(which)
    skill = network.fit_features(
        np.concatenate(rows),
        phase.feed.samples.labels[order],
        _patients(cohort, phase)[order],
        _validation_features(phase),
        phase.validation.labels,
        seed=run.spec.seed,
    )
    note = _note(network, skill)
    seconds = before_that + time.monotonic() - began
    run.fitting_seconds += seconds
    save_checkpoint(
        path, with_prefix("svm", network.state_dict()), {"done": True, "note": note, "seconds": seconds}
    )
    yield CheckpointSaved(phase=phase.name, epoch=EPOCH, path=str(path.relative_to(run.workdir)))
    yield Note(message=note)


def _patients(cohort: Cohort, phase: Phase) -> np.ndarray:
    """The patient of each training sample."""
    samples = phase.feed.samples
    rows = samples.rows(np.arange(len(samples)))[:, 0]
    return cohort.index["patient"].to_numpy(dtype=str)[rows]


def _validation_features(phase: Phase) -> np.ndarray:
    samples = phase.validation
    assert isinstance(samples, Samples)  # whole patients are for attention pooling, which an SVM has not
    planes = samples.planes(np.arange(len(samples)))
    seen = standard_pictures(phase.augmentation, planes.reshape(-1, *planes.shape[2:]))
    return extract_features(seen.reshape(planes.shape))


def _note(network: TextureSvm, skill: dict[float, float]) -> str:
    tried = ", ".join(f"C {cost:g}: {value:.3f}" for cost, value in skill.items())
    return (
        f"SVM on {network.features} texture features: {network.vectors.shape[0]} support vectors at "
        f"C {network.cost.item():g}. Balanced accuracy by image on the validation part, {tried}."
    )


def _progressed(run: Run, phase: Phase, done: int, total: int, rate: float) -> Progressed:
    return Progressed(
        phase=phase.name,
        progress=run.progress(phase.name, done / total),
        message=f"texture features of {done} of {total} samples",
        images_per_second=rate,
    )


def _restore(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    saved = read_checkpoint(path)
    return saved if saved is not None else ({}, {})


def _save(path: Path, rows: list[np.ndarray], which: list[np.ndarray], step: int, *, seconds: float) -> None:
    tensors = {
        "train": torch.from_numpy(np.concatenate(rows)),
        "which": torch.from_numpy(np.concatenate(which)),
    }
    save_checkpoint(path, tensors, {"done": False, "step": step, "seconds": seconds})

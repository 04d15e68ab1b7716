"""Fitting one network: the loop of every phase, with its checkpoints.

Randomness is keyed by (seed, phase, epoch, step). A checkpoint therefore holds weights, optimiser
and counters only, and a run that was stopped at any batch and called again gives, on the same
device with the same number of threads, the very weights of one that was not.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from pydantic import BaseModel, Field
from torch import Tensor, nn
from torch.nn import functional

from ml.models import PatientNetwork, autocast, place
from ml.models.device import Network
from ml.protocols.checkpoint import of_prefix, read_checkpoint, save_checkpoint, with_prefix
from ml.protocols.feeding import Batch, Samples, sample_logits
from ml.protocols.patients import Patients, patient_logits
from ml.protocols.run import Phase, Run, keyed_seed
from ml.spec import HepaStageError
from ml.spec.events import CheckpointSaved, EpochFinished, Event, Note, PhaseStarted, Progressed


class TrainingDiverged(HepaStageError):
    """The loss was no number before there was an epoch to keep."""

    code = "training-diverged"
    remedy = (
        "Start in a new work directory with a smaller learning rate (--set learning_rate=0.0001) or with "
        "precision=fp32."
    )


class FitState(BaseModel):
    """The counters of a phase. ``epoch`` and ``step`` say what comes next; ``ended`` why it ended early."""

    epoch: int = 1
    step: int = 0
    loss_sum: float = 0.0
    correct: int = 0
    seen: int = 0
    seconds: float = 0.0
    best_epoch: int = 0
    best_loss: float | None = None
    done: bool = False
    ended: str = ""
    history: list[EpochFinished] = Field(default_factory=list)


def fit(run: Run, phase: Phase, network: nn.Module) -> Iterator[Event]:
    """Train ``network`` in place and leave it with the weights of its best validation epoch.

    The epochs of an earlier call are told again first: whoever listened then may have stopped before hearing
    of the last ones, which are in the checkpoint and will not be run a second time.

    Once a loss is not finite the weights are lost: the phase ends there, a note says so, and the best epoch
    before is kept. Raises :class:`TrainingDiverged` where there is none.
    """
    place(network, run.device)
    optimiser = torch.optim.Adam(
        network.parameters(),
        lr=phase.learning_rate,
        weight_decay=run.spec.weight_decay,
    )
    path = run.checkpoint_path(phase.name)
    state, best = _restore(path, network, optimiser)
    if state.best_loss is not None and not math.isfinite(state.best_loss):  # kept by an earlier version
        raise TrainingDiverged(f"{phase.name}: the loss was no number in epoch {state.best_epoch}.")
    run.history.extend(state.history)
    yield from state.history
    if state.done:
        network.load_state_dict(best)
        yield from _ended(state)
        return
    yield PhaseStarted(phase=phase.name, epochs=phase.epochs)

    while not state.done:
        network.train()
        began = time.monotonic() - state.seconds
        for batch in phase.feed.batches(state.epoch, start=state.step):
            optimiser.param_groups[0]["lr"] = _learning_rate(run, phase, state)
            torch.manual_seed(keyed_seed(run.spec.seed, phase.name, state.epoch, state.step))
            loss, correct = _step(run, network, optimiser, batch)
            state.loss_sum += loss * len(batch.labels)
            if not math.isfinite(state.loss_sum):
                break
            state.correct += correct
            state.seen += len(batch.labels)
            state.step += 1
            state.seconds = time.monotonic() - began
            if run.pulse_due():
                try:
                    yield _progressed(run, phase, state)
                except GeneratorExit:  # cancelled: nothing of this epoch is lost
                    _save(path, network, optimiser, best, state)
                    raise

        validation_loss = validation_accuracy = math.nan
        if math.isfinite(state.loss_sum):
            validation_loss, validation_accuracy = _validate(run, phase, network)
        if not math.isfinite(validation_loss):
            state.ended = _diverged(phase, state)
            state.done, state.loss_sum = True, 0.0
            _save(path, network, optimiser, best, state)
            break
        if state.best_loss is None or validation_loss < state.best_loss:
            state.best_loss, state.best_epoch = validation_loss, state.epoch
            best = {name: value.detach().clone() for name, value in network.state_dict().items()}
        finished = EpochFinished(
            phase=phase.name,
            epoch=state.epoch,
            epochs=phase.epochs,
            progress=run.progress(phase.name, state.epoch / phase.epochs),
            train_loss=state.loss_sum / state.seen,
            train_accuracy=state.correct / state.seen,
            validation_loss=validation_loss,
            validation_accuracy=validation_accuracy,
            learning_rate=_learning_rate(run, phase, state),
            images_per_second=_images_per_second(phase, state),
            seconds=time.monotonic() - began,
        )
        state.history.append(finished)
        run.history.append(finished)
        state.done = state.epoch >= phase.epochs or state.epoch - state.best_epoch >= phase.patience
        state.epoch += 1
        state.step, state.loss_sum, state.correct, state.seen, state.seconds = 0, 0.0, 0, 0, 0.0
        _save(path, network, optimiser, best, state)
        yield finished
        yield CheckpointSaved(
            phase=phase.name,
            epoch=finished.epoch,
            path=str(path.relative_to(run.workdir)),
        )
    network.load_state_dict(best)
    yield from _ended(state)


def _diverged(phase: Phase, state: FitState) -> str:
    """What is said of a phase whose loss is no number any more."""
    if state.best_loss is None:
        raise TrainingDiverged(f"{phase.name}: the loss was no number in epoch {state.epoch}.")
    return (
        f"{phase.name}: the loss was no number in epoch {state.epoch}, so training ended there; "
        f"the weights of epoch {state.best_epoch}, the best before, are kept."
    )


def _ended(state: FitState) -> Iterator[Event]:
    if state.ended:
        yield Note(level="warning", message=state.ended)


def _step(run: Run, network: nn.Module, optimiser: torch.optim.Optimizer, batch: Batch) -> tuple[float, int]:
    with autocast(run.device, run.precision):
        logits = network(*batch.inputs)
    loss = functional.cross_entropy(logits.float(), batch.labels)
    loss.backward()
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return float(loss.detach()), int((logits.argmax(1) == batch.labels).sum())


def _learning_rate(run: Run, phase: Phase, state: FitState) -> float:
    """The rate of the next step (at the end of an epoch: where it has come to); a function of the place."""
    if run.spec.schedule == "constant":
        return phase.learning_rate
    done = (state.epoch - 1 + state.seen / phase.feed.epoch_size) / phase.epochs
    return phase.learning_rate * 0.5 * (1 + math.cos(math.pi * done))


def _validate(run: Run, phase: Phase, network: nn.Module) -> tuple[float, float]:
    """Mean cross-entropy and accuracy over the images or pairs (or patients) of the validation part."""
    shown, reading = phase.validation, run.reading(phase.augmentation)
    if isinstance(shown, Patients) and isinstance(network, PatientNetwork):
        logits = torch.from_numpy(patient_logits(network, shown, reading))
    elif isinstance(shown, Samples):
        logits = torch.from_numpy(sample_logits(network, shown, reading))
    else:
        raise TypeError(f"{type(network).__name__} cannot be shown {type(shown).__name__}")
    labels = torch.from_numpy(shown.labels)
    return float(functional.cross_entropy(logits, labels)), float((logits.argmax(1) == labels).float().mean())


def _progressed(run: Run, phase: Phase, state: FitState) -> Progressed:
    share = (state.epoch - 1 + state.seen / phase.feed.epoch_size) / phase.epochs
    return Progressed(
        phase=phase.name,
        progress=run.progress(phase.name, min(share, 1.0)),
        message=f"epoch {state.epoch} of {phase.epochs}",
        images_per_second=_images_per_second(phase, state),
    )


def _images_per_second(phase: Phase, state: FitState) -> float:
    """Samples a second; a pair of images is one sample."""
    return state.seen / max(state.seconds, 1e-9)


def _save(
    path: Any,
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    best: dict[str, Tensor],
    state: FitState,
) -> None:
    moments = {
        f"{place}.{name}": value
        for place, values in optimiser.state_dict()["state"].items()
        for name, value in values.items()
    }
    save_checkpoint(
        path,
        with_prefix("network", network.state_dict())
        | with_prefix("optimiser", moments)
        | with_prefix("best", best),
        state.model_dump(mode="json"),
    )


@torch.no_grad()
def _restore(
    path: Any,
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
) -> tuple[FitState, dict[str, Tensor]]:
    saved = read_checkpoint(path)
    if saved is None:
        return FitState(), {}
    tensors, state = saved
    network.load_state_dict(of_prefix("network", tensors))
    moments = of_prefix("optimiser", tensors)
    for place_, parameter in enumerate(optimiser.param_groups[0]["params"]):
        for name in ("step", "exp_avg", "exp_avg_sq"):
            value = moments.get(f"{place_}.{name}")
            if value is not None:
                # The moments must lie in memory like their parameter (channels last), or the sums differ.
                own = value.clone() if name == "step" else torch.empty_like(parameter).copy_(value)
                optimiser.state[parameter][name] = own
    found = FitState.model_validate(state)
    # Earlier versions kept epochs whose loss was no number; no listener can read those back.
    found.history = [epoch for epoch in found.history if math.isfinite(epoch.train_loss)]
    return found, of_prefix("best", tensors)


def seeded(build: Callable[..., Network], *parts: object, **options: Any) -> Network:
    """A network whose starting weights depend on the key alone, not on what ran before."""
    with torch.random.fork_rng():
        torch.manual_seed(keyed_seed("initial", *parts))
        return build(**options)


def class_counts(labels: np.ndarray) -> dict[int, int]:
    """Label → how often, ascending."""
    values, counts = np.unique(labels, return_counts=True)
    return {int(value): int(count) for value, count in zip(values, counts, strict=True)}

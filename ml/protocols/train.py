"""Training, from a specification and a cohort to an evaluated model folder (paper §4)."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor, nn

from ml.cohort import Cohort, assert_no_leak
from ml.evaluation import write_predictions
from ml.models import (
    PATIENT,
    BandClassifier,
    Familiarity,
    FusionNetwork,
    ModelInfo,
    Moved,
    PatientNetwork,
    build_network,
    fit_familiarity,
    move_encoders,
    move_picture_network,
    move_shallow_layers,
    save_model,
)
from ml.models.comparators import Comparator, TextureSvm, load_published_weights, read_published_weights
from ml.protocols.fitting import fit, seeded
from ml.protocols.paper import WARNING, DividedCopies, divided_copies, draw_copies
from ml.protocols.planning import assert_enough, open_run, own_bands, plan, said_of_counts, sharpen
from ml.protocols.record import now, read_record, write_json
from ml.protocols.results import (
    calibrations_of,
    evaluate_split,
    marks_of,
    predictions_of,
    samples_of,
    write_results,
)
from ml.protocols.run import Phase, Run
from ml.protocols.svm_fitting import fit_svm
from ml.sources import load_source
from ml.spec import Architecture, Band, Head, Pooling, Protocol, Split, TrainSpec
from ml.spec.events import (
    EpochFinished,
    Evaluated,
    Event,
    Finished,
    Note,
    PhaseStarted,
    Started,
    WeightsTransferred,
)
from ml.spec.presets import PRESETS
from ml.spec.training import NO_WEIGHTS

EVALUATION = "evaluation"
EPOCHS = "epochs.json"  # of all phases, for whoever asks a finished run again


def train(
    spec: TrainSpec,
    cohort: Cohort,
    *,
    workdir: Path | str,
    device: str = "auto",
    sources: Path | str = "",
) -> Iterator[Event]:
    """Train, evaluate and save the model that ``spec`` describes, as a generator of events.

    Writes ``model/``, ``metrics.json``, ``predictions.csv`` and ``figures/`` below ``workdir``.
    Calling again with the same ``workdir`` resumes, telling what is done already once more (an event has the
    same place in its phase, so a listener can drop what it has heard); closing the generator cancels with
    the last batch kept. The training part alone is augmented and fitted, the validation part chooses epochs
    and calibrates, the test part is looked at once, at the end. Under the protocol ``paper`` these are
    parts of the augmented copies of all patients (:mod:`ml.protocols.paper`).

    ``sources`` is the folder below which ``spec``'s published weights and first-transfer source are looked
    up, so that a specification can name them without saying where on this machine they lie.
    """
    began = time.monotonic()
    workdir = Path(workdir)
    if spec.protocol is Protocol.STRICT:
        assert_no_leak(cohort)
    weights = _published_weights(spec, Path(sources))
    record = read_record(workdir, spec, cohort)
    if record is not None and "result" in record:
        yield from _already_finished(workdir, record)
        return
    whole = cohort
    if spec.protocol is Protocol.PAPER:
        assert_enough(spec, whole)
        cohort = divided_copies(whole, spec, workdir)
    assert_enough(spec, cohort)
    run, resumed = open_run(spec, whole, workdir, device, record)
    if weights is not None:
        with (Path(sources) / spec.pretrained).open("rb") as file:
            run.record["pretrained_sha256"] = hashlib.file_digest(file, "sha256").hexdigest()
    if isinstance(cohort, DividedCopies):
        run.record["copies"] = cohort.counts()
    source = load_source(spec.transfer.source, seed=spec.seed, below=sources) if spec.transfer.first else None
    phases = plan(run, cohort, source)
    run.costs = {name: phase.cost for name, phase in phases.items()}
    yield Started(title=title_of(spec), phases=[*phases, EVALUATION], resumed=resumed, record=run.record)
    if source is not None and not resumed:
        yield Note(message=source.description)
    if not resumed:
        yield Note(message=said_of_counts(run))
    if isinstance(cohort, DividedCopies):
        if not resumed:
            yield Note(level="warning", message=WARNING)
        yield from draw_copies(cohort, whole, spec, phase=next(iter(phases)), device=str(run.device))

    yield from sharpen(run, cohort, phases)
    if spec.architecture.is_comparator:
        networks = yield from _comparator(run, cohort, phases, weights)
    else:
        networks = yield from _own_networks(run, phases)
    yield from _evaluate_and_save(run, cohort, networks, began)


def _published_weights(spec: TrainSpec, below: Path) -> dict[str, Tensor] | None:
    """The tensors to start from, refused here, before anything is written, where they do not fit."""
    if spec.pretrained == NO_WEIGHTS:
        return None
    weights = read_published_weights(below / spec.pretrained)
    network = build_network(str(spec.architecture), spec)
    if isinstance(network, Comparator):
        load_published_weights(network, weights)
    return weights


def _comparator(
    run: Run,
    cohort: Cohort,
    phases: dict[str, Phase],
    weights: dict[str, Tensor] | None,
) -> Generator[Event, None, dict[str, nn.Module]]:
    """One network on one picture: no transfer of ours, published weights where the user has them."""
    name = str(run.spec.architecture)
    network = seeded(build_network, run.spec.seed, name, name=name, spec=run.spec)
    if weights is not None and isinstance(network, Comparator):
        moved = load_published_weights(network, weights)
        yield from _transferred(run, f"published weights ({Path(run.spec.pretrained).name})", name, moved)
    if isinstance(network, TextureSvm):
        yield from fit_svm(run, phases[name], network, cohort)
    else:
        yield from fit(run, phases[name], network)
    return {name: network}


def _own_networks(run: Run, phases: dict[str, Phase]) -> Generator[Event, None, dict[str, nn.Module]]:
    """The paper's networks with the transfers that the specification asks for (paper §4.2)."""
    spec = run.spec
    classifiers: dict[Band, BandClassifier] = {}
    sources: dict[Band, BandClassifier] = {}
    for band in own_bands(spec):
        low = str(band).lower()
        classifiers[band] = seeded(BandClassifier, spec.seed, low, head=spec.head)
        if spec.transfer.first:
            sources[band] = seeded(BandClassifier, spec.seed, low, classes=10)
            yield from fit(run, phases[f"first-transfer:{low}"], sources[band])
            yield _convergence(run, phases[f"first-transfer:{low}"])
        if low in phases:
            if spec.transfer.first:
                moved = move_shallow_layers(sources[band], classifiers[band])
                yield from _transferred(run, f"first-transfer:{low}", low, moved)
            yield from fit(run, phases[low], classifiers[band])
    networks: dict[str, nn.Module] = {str(band).lower(): network for band, network in classifiers.items()}
    if spec.architecture is Architecture.FUSION:
        fusion = seeded(FusionNetwork, spec.seed, "fusion", head=spec.head)
        if spec.transfer.second:
            moved = move_encoders(classifiers[Band.HF], classifiers[Band.LF], fusion)
            yield from _transferred(run, "hf, lf", "fusion", moved)
        else:
            for band, trained in sources.items():
                low = str(band).lower()
                moved = move_shallow_layers(trained, fusion, encoder=f"{low}_encoder")
                yield from _transferred(run, f"first-transfer:{low}", "fusion", moved)
        yield from fit(run, phases["fusion"], fusion)
        # The fine-tuned band networks stay with the model: they answer when one band is missing.
        networks = {"fusion": fusion} | (networks if spec.transfer.second else {})
    if spec.pooling is Pooling.ATTENTION:
        own = str(spec.architecture)
        patient = seeded(build_network, spec.seed, PATIENT, name=PATIENT, spec=spec)
        if isinstance(patient, PatientNetwork):
            yield from _transferred(run, own, PATIENT, move_picture_network(networks[own], patient))
        yield from fit(run, phases[PATIENT], patient)
        networks[PATIENT] = patient
    return networks


def _convergence(run: Run, phase: Phase) -> Note:
    """Whether the ten classes were learned to convergence, for the record and for the log."""
    own = [epoch for epoch in run.history if epoch.phase == phase.name]
    best = min(own, key=lambda epoch: (epoch.validation_loss or 0.0, epoch.epoch))
    converged = own[-1].epoch - best.epoch >= phase.patience
    run.record.setdefault("convergence", {})[phase.name] = {
        "epochs": own[-1].epoch,
        "best_epoch": best.epoch,
        "validation_accuracy": best.validation_accuracy,
        "converged": converged,
    }
    how = (
        f"converged: no better for {phase.patience} epochs"
        if converged
        else f"still improving at the limit of {phase.epochs} epochs"
    )
    return Note(
        message=f"{phase.name}: best after epoch {best.epoch} of {own[-1].epoch} with "
        f"{best.validation_accuracy or 0:.1%} of the validation images right; {how}."
    )


def _transferred(run: Run, source: str, target: str, moved: Moved) -> Iterator[Event]:
    """Put the transfer on the run's record and tell it (again, where a run is resumed)."""
    run.transfers.append({"source": source, "target": target, "moved": moved.moved, "kept": moved.kept})
    yield WeightsTransferred(phase=target, source=source, target=target, moved=moved.moved, kept=moved.kept)


def _evaluate_and_save(
    run: Run,
    cohort: Cohort,
    networks: dict[str, nn.Module],
    began: float,
) -> Iterator[Event]:
    evaluation_began = time.monotonic()
    yield PhaseStarted(phase=EVALUATION)
    name = title_of(run.spec)
    own = str(run.spec.architecture)
    calibration = calibrations_of(cohort, run.spec, networks, run.reading())
    found: dict[str, Any] = {}
    frames = {}
    for split in (Split.VALIDATION, Split.TEST):
        samples = samples_of(cohort, split, run.spec.bands)
        frames[split] = predictions_of(
            cohort, samples, networks, calibration, own=own, reading=run.reading(), name=name
        )
        found[str(split)] = yield from evaluate_split(str(split), frames[split])
    run.record |= {
        "transfers": run.transfers,
        "finished_at": now(),
        "seconds": sum(epoch.seconds for epoch in run.history)
        + run.fitting_seconds
        + (time.monotonic() - evaluation_began),
    }
    # Operating points are chosen on these, by whoever compares models later.
    write_predictions(run.workdir / "validation.csv", frames[Split.VALIDATION])
    result = write_results(
        run.workdir, frames[Split.TEST], run.history, marks=marks_of(run.spec, cohort.simulated)
    )
    write_json(
        run.workdir / "metrics.json",
        {
            "model": name,
            "protocol": str(run.spec.protocol),
            "simulated": cohort.simulated,
            "dataset_hash": cohort.dataset_hash,
            "split": "test",
            **found["test"],
            "validation": found["validation"],
        },
    )
    save_model(
        run.workdir / "model",
        networks,
        ModelInfo(
            name=name,
            spec=run.spec,
            dataset_hash=cohort.dataset_hash,
            simulated=cohort.simulated,
            size=cohort.size,
            crop=cohort.crop,
            networks=list(networks),
            calibration=calibration,
            familiarity=_familiarity(run.spec, cohort),
            precision=run.precision,
            metrics={split: found[split]["patient"] for split in found},
            record=run.record,
            created_at=now(),
        ),
    )
    run.record["result"] = {"model": "model", **result}
    write_json(run.workdir / EPOCHS, [epoch.model_dump(mode="json") for epoch in run.history])
    write_json(run.workdir / "run.json", run.record)
    yield Finished(seconds=time.monotonic() - began, result=run.record["result"])


def _familiarity(spec: TrainSpec, cohort: Cohort) -> dict[Band, Familiarity]:
    """What the pictures look like that the model learned from; under ``paper`` they are of nobody."""
    if spec.protocol is Protocol.PAPER:
        return {}
    found: dict[Band, Familiarity] = {}
    whose = cohort.index["patient"].to_numpy()
    for band in spec.bands:
        rows = np.concatenate([cohort.rows(split, band) for split in (Split.TRAIN, Split.VALIDATION)])
        fitted = fit_familiarity(np.asarray(cohort.images[rows]), whose[rows].tolist())
        if fitted is not None:
            found[band] = fitted
    return found


def _already_finished(workdir: Path, record: dict[str, Any]) -> Iterator[Event]:
    """A finished run called again: everything is told once more, nothing computed.

    Whoever listened to the first call may have gone before its end.
    """
    metrics = json.loads((workdir / "metrics.json").read_text("utf-8"))
    yield Started(title=metrics["model"], phases=[EVALUATION], resumed=True, record=record)
    epochs = workdir / EPOCHS
    for epoch in json.loads(epochs.read_text("utf-8")) if epochs.is_file() else ():  # older runs have none
        yield EpochFinished.model_validate(epoch)
    for moved in record.get("transfers", ()):
        yield WeightsTransferred(phase=moved["target"], **moved)
    for split, found in (("validation", metrics["validation"]), ("test", metrics)):
        for level in ("patient", "image"):
            yield Evaluated(split=split, level=level, metrics=found[level])
    yield Finished(seconds=record["seconds"], result=record["result"])


def title_of(spec: TrainSpec) -> str:
    """The model's name: its row of the table, and what is different about it."""
    parts = [_row_title(spec)]
    if spec.architecture.is_comparator and len(spec.bands) == 1:
        parts.append(f"{spec.bands[0]} alone")
    if spec.pretrained != NO_WEIGHTS:
        parts.append("published weights")
    if spec.head is Head.ORDINAL:
        parts.append("ordinal head")
    if spec.pooling is Pooling.ATTENTION:
        parts.append("attention pooling")
    if spec.protocol is Protocol.PAPER:
        parts.append("paper protocol")
    return ", ".join(parts)


def _row_title(spec: TrainSpec) -> str:
    if spec.architecture.is_comparator:
        return PRESETS[str(spec.architecture)].title
    if spec.architecture is not Architecture.FUSION:
        return f"{spec.architecture.upper()} alone" + (", first transfer" if spec.transfer.first else "")
    return {
        (True, True): "Dual-transfer fusion",
        (True, False): "Fusion, first transfer",
        (False, True): "Fusion, second transfer",
        (False, False): "Fusion, no transfer",
    }[spec.transfer.first, spec.transfer.second]

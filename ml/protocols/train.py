"""Training, from a specification and a cohort to an evaluated model folder (paper §4)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import nn

from ml.augmentation import Augmenter, effective_counts, variants_of
from ml.cohort import Cohort, assert_no_leak
from ml.evaluation import write_predictions
from ml.models import (
    BandClassifier,
    FusionNetwork,
    ModelInfo,
    Moved,
    choose_precision,
    move_encoders,
    move_shallow_layers,
    resolve_device,
    save_model,
)
from ml.protocols.feeding import Samples, TrainingFeed, array_samples, sample_logits
from ml.protocols.fitting import class_counts, fit, seeded
from ml.protocols.record import new_record, now, read_record, write_json
from ml.protocols.results import (
    calibrate,
    evaluate_split,
    predictions_frame,
    samples_of,
    with_patients,
    write_results,
)
from ml.protocols.run import Phase, Run
from ml.sources import Source, load_source
from ml.spec import Architecture, Band, HepaStageError, Protocol, Split, Stage, TrainSpec
from ml.spec.events import (
    Evaluated,
    Event,
    Finished,
    Note,
    PhaseStarted,
    Progressed,
    Started,
    WeightsTransferred,
)

EVALUATION = "evaluation"
SOURCE_PATIENCE = 3  # epochs without a better validation loss: the first transfer has converged
SOURCE_LEARNING_RATE = 1e-3  # the source is easy and large; the paper names no rate for it


class TrainingRefused(HepaStageError):
    """A specification or cohort that cannot be trained."""

    code = "training-refused"


def train(
    spec: TrainSpec,
    cohort: Cohort,
    *,
    workdir: Path | str,
    device: str = "auto",
) -> Iterator[Event]:
    """Train, evaluate and save the model that ``spec`` describes, as a generator of events.

    Writes ``model/``, ``metrics.json``, ``predictions.csv`` and ``figures/`` below ``workdir``.
    Calling again with the same ``workdir`` resumes, telling what is done already once more (an event has the
    same place in its phase, so a listener can drop what it has heard); closing the generator cancels with
    the last batch kept. The training part alone is augmented and fitted, the validation part chooses epochs
    and calibrates, the test part is looked at once, at the end.
    """
    began = time.monotonic()
    workdir = Path(workdir)
    _refuse_unknown(spec)
    assert_no_leak(cohort)
    record = read_record(workdir, spec, cohort)
    if record is not None and "result" in record:
        yield from _already_finished(workdir, record)
        return
    run, resumed = _open_run(spec, cohort, workdir, device, record)
    source = load_source(spec.transfer.source, seed=spec.seed) if spec.transfer.first else None
    phases = _plan(run, cohort, source)
    run.costs = {name: phase.cost for name, phase in phases.items()}
    yield Started(title=_title(spec), phases=[*phases, EVALUATION], resumed=resumed, record=run.record)
    if source is not None and not resumed:
        yield Note(message=source.description)
    if not resumed:
        yield Note(message=_said_of_counts(run))

    yield from _sharpen(run, cohort, phases)
    classifiers: dict[Band, BandClassifier] = {}
    sources: dict[Band, BandClassifier] = {}
    for band in _bands(spec):
        low = str(band).lower()
        classifiers[band] = seeded(BandClassifier, spec.seed, low)
        if spec.transfer.first:
            sources[band] = seeded(BandClassifier, spec.seed, low, classes=10)
            yield from fit(run, phases[f"first-transfer:{low}"], sources[band])
        if low in phases:
            if spec.transfer.first:
                moved = move_shallow_layers(sources[band], classifiers[band])
                yield from _transferred(run, f"first-transfer:{low}", low, moved)
            yield from fit(run, phases[low], classifiers[band])

    networks: dict[str, nn.Module] = {str(band).lower(): network for band, network in classifiers.items()}
    if spec.architecture is Architecture.FUSION:
        fusion = seeded(FusionNetwork, spec.seed, "fusion")
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

    yield from _evaluate_and_save(run, cohort, networks, began)


def _refuse_unknown(spec: TrainSpec) -> None:
    if spec.protocol is Protocol.PAPER:
        raise TrainingRefused(
            "The paper's protocol (images split after augmentation) cannot be trained by this version.",
            code="paper-protocol-unavailable",
            remedy="Train with the protocol 'strict'.",
        )


def _open_run(
    spec: TrainSpec,
    cohort: Cohort,
    workdir: Path,
    device: str,
    record: dict[str, Any] | None,
) -> tuple[Run, bool]:
    """A new run, or the one in the directory with the precision that it was started in."""
    where = resolve_device(device)
    resumed = record is not None
    if record is None:
        fusion = spec.architecture is Architecture.FUSION
        precision = choose_precision(
            spec.precision,
            where,
            FusionNetwork if fusion else BandClassifier,
            planes=2 if fusion else 1,
        )
        record = new_record(spec, cohort, where, precision)
        write_json(workdir / "run.json", record)
    return Run(spec, workdir, where, record["precision"], record), resumed


def _plan(run: Run, cohort: Cohort, source: Source | None) -> dict[str, Phase]:
    """The fits of this run in order; what each is fed is decided here and nowhere else."""
    spec = run.spec
    phases: dict[str, Phase] = {}
    for band in _bands(spec):
        low = str(band).lower()
        if source is not None:
            name = f"first-transfer:{low}"
            phases[name] = Phase(
                name,
                _feed(run, array_samples(source.train, source.train_labels), source=True),
                array_samples(source.validation, source.validation_labels),
                spec.transfer.epochs,
                SOURCE_LEARNING_RATE,
                SOURCE_PATIENCE,
            )
        if spec.architecture is not Architecture.FUSION or spec.transfer.second:
            phases[low] = _ultrasound_phase(run, cohort, low)
    if spec.architecture is Architecture.FUSION:
        phases["fusion"] = _ultrasound_phase(run, cohort, "fusion")
    own = phases[str(spec.architecture)].feed.samples.labels
    counts = {Stage(label): count for label, count in class_counts(own).items()}
    run.record["train_counts"] = {stage.label: count for stage, count in counts.items()}
    run.record["effective_counts"] = {
        stage.label: count for stage, count in effective_counts(counts, spec.augmentation.policy).items()
    }
    return phases


def _ultrasound_phase(run: Run, cohort: Cohort, name: str) -> Phase:
    parts = {split: samples_of(cohort, split, name) for split in (Split.TRAIN, Split.VALIDATION)}
    for split, samples in parts.items():
        if len(samples) < 2:
            raise TrainingRefused(
                f"The {split} part has too few samples for {name}.",
                code=f"too-few-{split}-samples",
                remedy="Prepare a cohort with more patients (at least three of a stage) and both bands.",
            )
    spec = run.spec
    return Phase(
        name,
        _feed(run, parts[Split.TRAIN]),
        parts[Split.VALIDATION],
        spec.epochs,
        spec.learning_rate,
        spec.patience,
    )


def _sharpen(run: Run, cohort: Cohort, phases: dict[str, Phase]) -> Iterator[Event]:
    """Give the ultrasound phases their deconvolved pictures, computed once for as long as the cohort lies
    there (a picture alone decides its own, so the test part learns and tells nothing by it)."""
    augmentation = run.spec.augmentation
    if not augmentation.deconvolution or augmentation.policy == "none":
        return
    told = time.monotonic()
    for done, variants in variants_of(
        cohort.images, [cohort.path / "derived", run.workdir / "derived"], run.device
    ):
        if variants is None and time.monotonic() - told >= 0.5:
            told = time.monotonic()
            message = f"blind deconvolution: {done} of {len(cohort)} pictures"
            yield Progressed(phase=next(iter(phases)), progress=0.0, message=message)
        if variants is not None:
            for name, phase in phases.items():
                if not name.startswith("first-transfer"):
                    phase.feed.samples = replace(phase.feed.samples, variants=variants)


def _said_of_counts(run: Run) -> str:
    """What the policy makes of the training counts, for whoever reads the log."""
    before, after = run.record["train_counts"], run.record["effective_counts"]
    counts = ", ".join(f"{stage} {count} → {after[stage]}" for stage, count in before.items())
    return f"Samples an epoch under the policy {run.spec.augmentation.policy}: {counts}."


def _feed(run: Run, samples: Samples, *, source: bool = False) -> TrainingFeed:
    """The paper's factors speak of stages; the ten classes of the source are balanced instead."""
    chosen = run.spec.augmentation
    if source and chosen.policy == "paper":
        chosen = chosen.model_copy(update={"policy": "balanced"})
    augmenter = Augmenter(chosen, run.spec.seed)
    return TrainingFeed(samples, augmenter, batch_size=run.spec.batch_size, device=run.device)


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
    name = _title(run.spec)
    own = str(run.spec.architecture)
    calibration = {}
    for key, network in networks.items():
        samples = samples_of(cohort, Split.VALIDATION, key)
        calibration[key] = calibrate(
            cohort,
            samples,
            sample_logits(network, samples, run.reading),
        )
    found: dict[str, Any] = {}
    frames = {}
    for split in (Split.VALIDATION, Split.TEST):
        samples = samples_of(cohort, split, own)
        if not len(samples):
            raise TrainingRefused(f"The {split} part is empty.", code=f"too-few-{split}-samples")
        logits = sample_logits(networks[own], samples, run.reading)
        frames[split] = with_patients(
            predictions_frame(
                cohort,
                samples,
                calibration[own].probabilities(logits),
                name=name,
            )
        )
        found[str(split)] = yield from evaluate_split(str(split), frames[split])
    run.record |= {
        "transfers": run.transfers,
        "finished_at": now(),
        "seconds": sum(epoch.seconds for epoch in run.history) + time.monotonic() - evaluation_began,
    }
    # Operating points are chosen on these, by whoever compares models later.
    write_predictions(run.workdir / "validation.csv", frames[Split.VALIDATION])
    result = write_results(run.workdir, cohort, frames[Split.TEST], run.history)
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
            precision=run.precision,
            metrics={split: found[split]["patient"] for split in found},
            record=run.record,
            created_at=now(),
        ),
    )
    run.record["result"] = {"model": "model", **result}
    write_json(run.workdir / "run.json", run.record)
    yield Finished(seconds=time.monotonic() - began, result=run.record["result"])


def _already_finished(workdir: Path, record: dict[str, Any]) -> Iterator[Event]:
    """A finished run called again: the same answer, nothing computed."""
    metrics = json.loads((workdir / "metrics.json").read_text("utf-8"))
    yield Started(title=metrics["model"], phases=[EVALUATION], resumed=True, record=record)
    for split, found in (("validation", metrics["validation"]), ("test", metrics)):
        for level in ("patient", "image"):
            yield Evaluated(split=split, level=level, metrics=found[level])
    yield Finished(seconds=record["seconds"], result=record["result"])


def _bands(spec: TrainSpec) -> list[Band]:
    if spec.architecture is Architecture.FUSION:
        return [Band.HF, Band.LF]
    return [Band(spec.architecture.upper())]


def _title(spec: TrainSpec) -> str:
    if spec.architecture is not Architecture.FUSION:
        return f"{spec.architecture.upper()} alone" + (", first transfer" if spec.transfer.first else "")
    return {
        (True, True): "Dual-transfer fusion",
        (True, False): "Fusion, first transfer",
        (False, True): "Fusion, second transfer",
        (False, False): "Fusion, no transfer",
    }[spec.transfer.first, spec.transfer.second]

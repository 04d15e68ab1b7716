"""What a training will do, decided before it starts: the run, its phases, and what each is fed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import nn

from ml.augmentation import Augmenter, effective_counts, variants_of
from ml.cohort import Cohort
from ml.models import PATIENT, build_network, choose_precision, resolve_device
from ml.protocols.feeding import Samples, TrainingFeed, array_samples
from ml.protocols.fitting import class_counts
from ml.protocols.paper import DividedCopies
from ml.protocols.patients import PatientFeed, patients_of
from ml.protocols.record import new_record, write_json
from ml.protocols.results import samples_of
from ml.protocols.run import Phase, Run
from ml.sources import Source
from ml.spec import (
    Architecture,
    AugmentationSpec,
    Band,
    HepaStageError,
    Pooling,
    Protocol,
    Split,
    Stage,
    TrainSpec,
)
from ml.spec.events import Event, Progressed

SOURCE_PATIENCE = 3  # epochs without a better validation loss: the first transfer has converged
LEAST = {Split.TRAIN: 2, Split.VALIDATION: 2, Split.TEST: 1}  # samples of each part
PATIENT_RATE = 0.1  # of the learning rate: the network is trained already, the attention is not
SOURCE_LEARNING_RATE = 1e-3  # the source is easy and large; the paper names no rate for it


class TrainingRefused(HepaStageError):
    """A specification or cohort that cannot be trained."""

    code = "training-refused"


def assert_enough(spec: TrainSpec, cohort: Cohort) -> None:
    """Raise :class:`TrainingRefused` where a part has too few samples for a network of ``spec``.

    Asked before anything is written: an empty test part would otherwise be noticed only when all is
    trained. Under the protocol ``paper`` a cohort that is not yet divided needs one sample, somewhere.
    """
    own = str(spec.architecture)
    whole = spec.protocol is Protocol.PAPER and not isinstance(cohort, DividedCopies)
    for name in fitted_networks(spec):
        bands = spec.bands_of(name)
        images = " and ".join(bands) + (" in one exam" if len(bands) > 1 else "")
        for split, least in ({None: 1} if whole else LEAST).items():
            if split is Split.TEST and name != own:  # the others are never asked
                continue
            count = sample_count(cohort, split, bands)
            if count < least:
                part = f"The {split} part" if split is not None else "The cohort"
                raise TrainingRefused(
                    f"{part} has {'too few samples' if count else 'no sample'} for {name}.",
                    code=f"too-few-{split or Split.TRAIN}-samples",
                    remedy=f"It needs patients with {images}, at least three of a stage: use a cohort that "
                    "has them, or train a network of what there is.",
                )


def fitted_networks(spec: TrainSpec) -> list[str]:
    """Names of the networks that learn from ultrasound, in order; the last is the model's own."""
    own = str(spec.architecture)
    before = [str(band).lower() for band in own_bands(spec)]
    return [*dict.fromkeys([*(before if spec.transfer.second else []), own])]


def sample_count(cohort: Cohort, split: Split | None, bands: Sequence[Band]) -> int:
    """The length of :func:`samples_of`, without looking at a picture or an outline."""
    exams = list(zip(cohort.index["patient"], cohort.index["exam"], strict=True))
    shown = [Counter(exams[row] for row in cohort.rows(split, band)) for band in bands]
    if len(shown) == 1:
        return shown[0].total()
    return sum(max(band[exam] for band in shown) for exam in set.intersection(*map(set, shown)))


def open_run(
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
        precision = (
            "fp32"
            if spec.architecture is Architecture.SVM
            else choose_precision(spec.precision, where, lambda: _own_network(spec), planes=len(spec.bands))
        )
        record = new_record(spec, cohort, where, precision)
        write_json(workdir / "run.json", record)
    write_json(workdir / "split.json", {"assignments": {p: str(part) for p, part in cohort.split.items()}})
    return Run(spec, workdir, where, record["precision"], record), resumed


def plan(run: Run, cohort: Cohort, source: Source | None) -> dict[str, Phase]:
    """The fits of this run in order; what each is fed is decided here and nowhere else.

    The cohort has passed :func:`assert_enough`.
    """
    spec = run.spec
    phases: dict[str, Phase] = {}
    for band in own_bands(spec):
        low = str(band).lower()
        if source is not None:
            name = f"first-transfer:{low}"
            phases[name] = _source_phase(run, source, name)
        if low in fitted_networks(spec):
            phases[low] = _ultrasound_phase(run, cohort, low)
    own = str(spec.architecture)
    if own not in phases:
        phases[own] = _ultrasound_phase(run, cohort, own)
    if spec.pooling is Pooling.ATTENTION:
        phases[PATIENT] = _patient_phase(run, cohort)
    run.record["input"] = [str(band) for band in spec.bands]
    run.record["budget"] = {name: _budget(phase) for name, phase in phases.items()}
    counts = {Stage(label): count for label, count in class_counts(phases[own].feed.samples.labels).items()}
    run.record["train_counts"] = {stage.label: count for stage, count in counts.items()}
    run.record["effective_counts"] = {
        stage.label: count for stage, count in effective_counts(counts, run.augmentation.policy).items()
    }
    return phases


def own_bands(spec: TrainSpec) -> tuple[Band, ...]:
    """Bands with a network of the paper's own shape, to which the transfers apply; none of a comparator."""
    return () if spec.architecture.is_comparator else spec.bands


def _own_network(spec: TrainSpec) -> nn.Module:
    return build_network(str(spec.architecture), spec)


def _source_phase(run: Run, source: Source, name: str) -> Phase:
    """Training on the ten classes until it converges: at most ``transfer.epochs``, at the constant work of
    small pictures. The paper's factors speak of stages; the ten classes are balanced instead."""
    chosen = run.spec.augmentation
    if chosen.policy == "paper":
        chosen = chosen.model_copy(update={"policy": "balanced"})
    return Phase(
        name,
        _feed(run, array_samples(source.train, source.train_labels), chosen),
        array_samples(source.validation, source.validation_labels),
        run.spec.transfer.epochs,
        SOURCE_LEARNING_RATE,
        SOURCE_PATIENCE,
        chosen,
    )


def _ultrasound_phase(run: Run, cohort: Cohort, name: str) -> Phase:
    spec = run.spec
    bands = spec.bands_of(name)
    parts = {split: samples_of(cohort, split, bands) for split in (Split.TRAIN, Split.VALIDATION)}
    return Phase(
        name,
        _feed(run, parts[Split.TRAIN], run.augmentation),
        parts[Split.VALIDATION],
        spec.epochs,
        spec.learning_rate,
        spec.patience,
        run.augmentation,
    )


def _patient_phase(run: Run, cohort: Cohort) -> Phase:
    """The network of pictures goes on learning from whole patients, in smaller steps."""
    spec = run.spec
    parts = {
        split: patients_of(cohort, samples_of(cohort, split, spec.bands))
        for split in (Split.TRAIN, Split.VALIDATION)
    }
    augmenter = Augmenter(run.augmentation, spec.seed)
    return Phase(
        PATIENT,
        PatientFeed(parts[Split.TRAIN], augmenter, batch_size=spec.batch_size, device=run.device),
        parts[Split.VALIDATION],
        spec.epochs,
        spec.learning_rate * PATIENT_RATE,
        spec.patience,
        run.augmentation,
    )


def sharpen(run: Run, cohort: Cohort, phases: dict[str, Phase]) -> Iterator[Event]:
    """Give the ultrasound phases their deconvolved pictures, computed once for as long as the cohort lies
    there (a picture alone decides its own, so the test part learns and tells nothing by it)."""
    if not run.augmentation.deconvolution or run.augmentation.policy == "none":
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


def said_of_counts(run: Run) -> str:
    """What the policy makes of the training counts, for whoever reads the log."""
    before, after = run.record["train_counts"], run.record["effective_counts"]
    counts = ", ".join(f"{stage} {count} → {after[stage]}" for stage, count in before.items())
    return f"Samples an epoch under the policy {run.augmentation.policy}: {counts}."


def _feed(run: Run, samples: Samples, augmentation: AugmentationSpec) -> TrainingFeed:
    augmenter = Augmenter(augmentation, run.spec.seed)
    return TrainingFeed(samples, augmenter, batch_size=run.spec.batch_size, device=run.device)


def _budget(phase: Phase) -> dict[str, Any]:
    """What a phase may spend, for the record: the same for every row of a comparison."""
    return {
        "epochs": phase.epochs,
        "patience": phase.patience,
        "samples_per_epoch": phase.feed.epoch_size,
        "batch_size": phase.feed.batch_size,
        "learning_rate": phase.learning_rate,
        "validation_samples": len(phase.validation),
    }

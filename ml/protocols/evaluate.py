"""Evaluating a model that is on disk, on the test part of its cohort or on another cohort."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ml.cohort import Cohort, assert_no_leak
from ml.models import Model, load_model
from ml.protocols.feeding import Samples
from ml.protocols.paper import ALREADY_AUGMENTED, WARNING, divided_copies, draw_copies
from ml.protocols.predict import Reading
from ml.protocols.record import describe_device, now, versions, write_json
from ml.protocols.results import (
    evaluate_split,
    marks_of,
    predictions_of,
    samples_of,
    write_results,
)
from ml.spec import HepaStageError, Protocol, Split
from ml.spec.events import Event, Finished, Note, PhaseStarted, Started

PHASE = "evaluation"


class EvaluationRefused(HepaStageError):
    """A cohort that the model cannot be evaluated on."""

    code = "evaluation-refused"


def evaluate(
    model_dir: Path | str, cohort: Cohort, out: Path | str, *, device: str = "auto"
) -> Iterator[Event]:
    """Metrics with intervals, predictions and figures of a model, written to ``out``.

    On the cohort that the model was trained from, only the test part is evaluated; for a model of the
    protocol ``paper`` that is a part of the augmented copies, made again. On any other
    cohort every patient is, as an external test; whether some of them were trained on under another
    dataset version cannot be known from here, and a note says so.
    """
    began = time.monotonic()
    model = load_model(model_dir, device=device)
    out = Path(out)
    own = model.info.dataset_hash == cohort.dataset_hash
    if own and model.info.record.get("split_hash", cohort.split_hash) != cohort.split_hash:
        raise EvaluationRefused(
            "The model was trained under another division of this cohort: the test part of this one "
            "holds patients that it was trained on.",
            code="other-split",
            remedy="Give --split the split.json of the model's work directory (or the file that it was "
            "trained with), or evaluate it on another cohort.",
        )
    assert_no_leak(cohort)
    yield Started(
        title=f"Evaluation of {model.info.name}",
        phases=[PHASE],
        record={
            "model": model.info.name,
            "sha256": model.info.sha256,
            "dataset_hash": cohort.dataset_hash,
            "device": describe_device(model.device),
            "versions": versions(),
            "started_at": now(),
        },
    )
    if not own:
        yield Note(
            level="warning",
            message="This is not the cohort that the model was trained from: every patient "
            "is evaluated. Make sure that none of them was in its training part.",
        )
    yield PhaseStarted(phase=PHASE)
    spec, reading = model.info.spec, Reading.of(model)
    if own and spec.protocol is Protocol.PAPER:
        yield Note(level="warning", message=WARNING)
        copied = divided_copies(cohort, spec, out)
        yield from draw_copies(copied, cohort, spec, phase=PHASE, device=str(model.device))
        cohort, reading = copied, replace(reading, augmentation=ALREADY_AUGMENTED)
    samples = _samples(model, cohort, Split.TEST if own else None)
    network = str(model.info.architecture)
    frame = predictions_of(
        cohort, samples, model.networks, model.info.calibration,
        own=network, reading=reading, name=model.info.name,
    )  # fmt: skip
    found = yield from evaluate_split("test" if own else "external", frame)
    simulated = cohort.simulated or model.info.simulated
    result = write_results(out, frame, [], marks=marks_of(spec, simulated), pages=True)
    write_json(
        out / "metrics.json",
        {
            "model": model.info.name,
            "sha256": model.info.sha256,
            "protocol": str(model.info.spec.protocol),
            "simulated": simulated,
            "dataset_hash": cohort.dataset_hash,
            "split": "test" if own else "external",
            **found,
        },
    )
    yield Finished(seconds=time.monotonic() - began, result=result)


def _samples(model: Model, cohort: Cohort, split: Split | None) -> Samples:
    if cohort.size != model.info.size:
        raise EvaluationRefused(
            f"The model sees {model.info.size} pixels, the cohort has {cohort.size}.",
            code="picture-size",
            remedy="Prepare the cohort again with this version.",
        )
    if cohort.crop != model.info.crop:
        raise EvaluationRefused(
            f"The model was trained on the {model.info.crop.kind}, the cohort shows another crop.",
            code="crop-differs",
            remedy="Prepare the cohort with the segmenter that the model was trained with "
            f"({model.info.crop.segmenter[:12]}), or without one.",
        )
    samples = samples_of(cohort, split, model.info.spec.bands)
    if not len(samples):
        raise EvaluationRefused(
            f"The cohort has no test sample for {model.info.name}.",
            code="no-test-samples",
            remedy="A model of both bands needs exams with both; a model of one band needs images of it.",
        )
    return samples

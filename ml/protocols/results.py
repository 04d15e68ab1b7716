"""The end of a training or evaluation: predictions, metrics and figures of the test part."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from plotly.graph_objects import Figure
from torch import nn

from ml.cohort import Cohort
from ml.evaluation import (
    evaluate_predictions,
    evaluate_stages,
    pool_patients,
    write_predictions,
)
from ml.evaluation.figures import (
    ON_SITE,
    PAPER_PROTOCOL,
    SIMULATED,
    confusion_figure,
    learning_curve_figure,
    roc_figure,
)
from ml.models import PATIENT, Calibration, PatientNetwork, conformal_threshold, fit_temperature
from ml.models.folder import write_whole
from ml.protocols.feeding import Samples, band_samples, pair_samples, sample_logits
from ml.protocols.patients import Patients, patient_logits, patients_of
from ml.protocols.predict import Reading
from ml.spec import STAGE_LABELS, Band, Protocol, Split, TrainSpec
from ml.spec.events import EpochFinished, Evaluated, Event

Metrics = dict[str, dict[str, float | None]]


def samples_of(cohort: Cohort, split: Split | None, bands: Sequence[Band]) -> Samples:
    """What a network that sees these bands is shown: images of one, pairs (HF first) of both."""
    if len(bands) == 1:
        return band_samples(cohort, split, bands[0])
    return pair_samples(cohort, split)


def calibrate(cohort: Cohort, samples: Samples, logits: NDArray[np.floating]) -> Calibration:
    """Temperature from the validation images, conformal threshold from the validation patients."""
    temperature = fit_temperature(logits, samples.labels)
    fitted = Calibration(temperature=temperature)
    patients = pool_patients(predictions_frame(cohort, samples, fitted.probabilities(logits), name=""))
    threshold = conformal_threshold(
        patients[list(STAGE_LABELS)].to_numpy(),
        patients["truth"].to_numpy(),
        fitted.coverage,
    )
    return fitted.model_copy(update={"threshold": threshold, "patients": len(patients)})


def calibrate_patients(patients: Patients, logits: NDArray[np.floating]) -> Calibration:
    """Temperature and conformal threshold from the validation patients, whose answers ``logits`` are."""
    fitted = Calibration(temperature=fit_temperature(logits, patients.labels))
    threshold = conformal_threshold(fitted.probabilities(logits), patients.labels, fitted.coverage)
    return fitted.model_copy(update={"threshold": threshold, "patients": len(patients)})


def calibrations_of(
    cohort: Cohort, spec: TrainSpec, networks: Mapping[str, nn.Module], reading: Reading
) -> dict[str, Calibration]:
    """Of each network, on the validation part of what it is shown."""
    found = {}
    for name, network in networks.items():
        samples = samples_of(cohort, Split.VALIDATION, spec.bands_of(name))
        if isinstance(network, PatientNetwork):
            patients = patients_of(cohort, samples)
            found[name] = calibrate_patients(patients, patient_logits(network, patients, reading))
        else:
            found[name] = calibrate(cohort, samples, sample_logits(network, samples, reading))
    return found


def predictions_of(
    cohort: Cohort,
    samples: Samples,
    networks: Mapping[str, nn.Module],
    calibration: Mapping[str, Calibration],
    *,
    own: str,
    reading: Reading,
    name: str,
) -> pd.DataFrame:
    """Image rows of the model's ``own`` network, and patient rows: their mean, or what the network of
    patients says where the model has one."""
    logits = sample_logits(networks[own], samples, reading)
    images = predictions_frame(cohort, samples, calibration[own].probabilities(logits), name=name)
    pooled = networks.get(PATIENT)
    if not isinstance(pooled, PatientNetwork):
        return with_patients(images)
    patients = patients_of(cohort, samples)
    answers = calibration[PATIENT].probabilities(patient_logits(pooled, patients, reading))
    rows = images.groupby("patient", sort=True).first().reset_index().assign(image="")
    if rows["patient"].tolist() != patients.names:
        raise AssertionError("the patients of the images are not those that were asked about")
    rows[list(STAGE_LABELS)] = answers
    return pd.concat([images, rows], ignore_index=True)


def predictions_frame(
    cohort: Cohort,
    samples: Samples,
    probabilities: NDArray[np.floating],
    *,
    name: str,
) -> pd.DataFrame:
    """Image rows of the table of predictions; the image of a pair is ``HF image|LF image``."""
    rows = samples.rows(np.arange(len(samples)))
    images = cohort.index["image"].to_numpy()[rows]
    frame = pd.DataFrame(
        {
            "model": name,
            "repeat": 0,
            "fold": 0,
            "patient": cohort.index["patient"].to_numpy()[rows[:, 0]],
            "image": ["|".join(parts) for parts in images],
            "truth": samples.labels,
        }
    )
    frame[list(STAGE_LABELS)] = probabilities
    return frame


def with_patients(images: pd.DataFrame) -> pd.DataFrame:
    """Image rows and, below them, the patient rows that they pool to."""
    return pd.concat([images, pool_patients(images)], ignore_index=True)


def evaluate_split(split: str, frame: pd.DataFrame) -> Generator[Event, None, dict[str, Any]]:
    """Metrics by patient and by image as events; returns ``{"patient", "image", "stages"}``."""
    found: dict[str, Any] = {}
    for level in ("patient", "image"):
        metrics = {
            name: value.model_dump() for name, value in evaluate_predictions(frame, level=level).items()
        }
        found[level] = metrics
        yield Evaluated(split=split, level=level, metrics=metrics)
    found["stages"] = {
        stage: {name: value.model_dump() for name, value in values.items()}
        for stage, values in evaluate_stages(frame).items()
    }
    return found


def marks_of(spec: TrainSpec, simulated: bool) -> list[str]:
    """What has to be written on every figure of a model."""
    return [SIMULATED] * simulated + [PAPER_PROTOCOL] * (spec.protocol is Protocol.PAPER)


def write_results(
    folder: Path,
    test: pd.DataFrame,
    history: list[EpochFinished],
    *,
    marks: list[str],
    pages: bool = False,
) -> dict[str, Any]:
    """``predictions.csv`` and the figures as Plotly JSON (and, as ``pages``, HTML); returns their names."""
    watermark = marks or None
    figures = {
        "roc": roc_figure(test, watermark=watermark),
        "confusion": confusion_figure(test, watermark=watermark),
    }
    if history:
        figures["learning_curve"] = learning_curve_figure(history, watermark=watermark)
    folder.mkdir(parents=True, exist_ok=True)
    write_predictions(folder / "predictions.csv", test)
    return {
        "predictions": "predictions.csv",
        "metrics": "metrics.json",
        "figures": write_figures(folder, figures, pages=pages),
    }


def write_figures(folder: Path, figures: Mapping[str, Figure], *, pages: bool) -> dict[str, str]:
    """``figures/<name>.json``, and as ``pages`` also ``.html`` beside one copy of Plotly's script."""
    target = folder / "figures"
    target.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        write_whole(target / f"{name}.json", figure.to_json().encode())
        if pages:
            figure.write_html(target / f"{name}.html", include_plotlyjs="directory", config=ON_SITE)
    return {name: f"figures/{name}.json" for name in figures}

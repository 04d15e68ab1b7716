"""``predictions.csv``: one row per prediction, from which anyone can compute every metric again.

Columns: ``model, repeat, fold, patient, image, truth, S0, S1, S2, S3, S4``. A row whose ``image``
is empty is a patient's result; the other rows are results of single images (or image pairs).
``truth`` is written ``S0``–``S4`` and held as the integer 0–4 in memory.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from ml.spec import STAGE_LABELS, HepaStageError, Stage

Level = Literal["patient", "image"]

PROBABILITY_COLUMNS: list[str] = list(STAGE_LABELS)
COLUMNS: list[str] = ["model", "repeat", "fold", "patient", "image", "truth", *PROBABILITY_COLUMNS]
SUM_TOLERANCE = 1e-3  # single-precision softmax and six written digits stay far below this


class PredictionsRefused(HepaStageError):
    """A table of predictions that cannot be evaluated."""

    code = "predictions-refused"
    remedy = "Write the table with ml.evaluation.write_predictions, one row per patient or image."


def validate_predictions(frame: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` with the contract's columns, order and types; refuse what cannot be right.

    ``model``, ``repeat``, ``fold`` and ``image`` may be missing and are then ``""``, 0, 0 and ``""``.
    Probabilities must lie in [0, 1] and each row must sum to 1; they are never rescaled here.
    """
    missing = [c for c in ("patient", "truth", *PROBABILITY_COLUMNS) if c not in frame.columns]
    if missing:
        raise PredictionsRefused(f"columns missing from the predictions: {', '.join(missing)}")
    if len(frame) == 0:
        raise PredictionsRefused("the predictions hold no rows", code="predictions-empty")
    table = pd.DataFrame(index=pd.RangeIndex(len(frame)))
    for column in ("model", "repeat", "fold", "patient", "image"):
        numeric = column in ("repeat", "fold")
        values = (
            frame[column].to_numpy() if column in frame.columns else np.full(len(frame), 0 if numeric else "")
        )
        table[column] = _numbers(column, values, np.int64) if numeric else _text(values)
    table["truth"] = _stages(frame["truth"].to_numpy())
    probabilities = _numbers("S0–S4", frame[PROBABILITY_COLUMNS].to_numpy(), np.float64)
    _check_probabilities(probabilities)
    table[PROBABILITY_COLUMNS] = probabilities
    if (table["patient"] == "").any():
        raise PredictionsRefused("a prediction has no patient")
    if table.duplicated(["model", "repeat", "patient", "image"]).any():
        raise PredictionsRefused("the same patient or image is predicted twice by one model in one repeat")
    return table[COLUMNS]


def _numbers(column: str, values: np.ndarray, dtype: type) -> np.ndarray:
    try:
        return values.astype(dtype)
    except (ValueError, TypeError) as error:
        raise PredictionsRefused(f"{column} holds something that is not a number: {error}") from error


def _text(values: np.ndarray) -> list[str]:
    return ["" if pd.isna(value) else str(value) for value in values.tolist()]


def _stages(values: np.ndarray) -> np.ndarray:
    try:
        return np.array([int(Stage.parse(_whole(value))) for value in values.tolist()], dtype=np.int64)
    except ValueError as error:
        raise PredictionsRefused(f"the truth of a prediction is {error}") from error


def _whole(value: object) -> str | int:
    return int(value) if isinstance(value, float) and value.is_integer() else str(value)


def _check_probabilities(probabilities: np.ndarray) -> None:
    if not np.isfinite(probabilities).all():
        raise PredictionsRefused("a probability is missing or not finite")
    if (probabilities < -SUM_TOLERANCE).any() or (probabilities > 1 + SUM_TOLERANCE).any():
        raise PredictionsRefused("a probability lies outside 0 to 1")
    off = np.abs(probabilities.sum(axis=1) - 1)
    if (off > SUM_TOLERANCE).any():
        row = int(off.argmax())
        raise PredictionsRefused(
            f"the probabilities of row {row + 1} sum to {probabilities[row].sum():.4f}, not to 1"
        )


def select_level(frame: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Validated rows of one level; refuses a level that the table does not hold."""
    table = validate_predictions(frame)
    wanted = (table["image"] == "") if level == "patient" else (table["image"] != "")
    if not wanted.any():
        raise PredictionsRefused(
            f"the predictions hold no {level} rows",
            code="predictions-level-missing",
            remedy="Patient rows have an empty image; pool image rows with ml.evaluation.pool_patients.",
        )
    return table[wanted].reset_index(drop=True)


def pool_patients(frame: pd.DataFrame) -> pd.DataFrame:
    """Patient rows from image rows: the mean of the probabilities over a patient's images.

    The mean of probabilities is the rule because it keeps calibration (a vote does not) and
    gives every image of a patient the same say.
    """
    images = select_level(frame, "image")
    keys = ["model", "repeat", "fold", "patient"]
    if (images.groupby(keys)["truth"].nunique() > 1).any():
        raise PredictionsRefused("images of one patient carry different stages")
    pooled = images.groupby(keys, sort=True).agg(
        {"truth": "first", **dict.fromkeys(PROBABILITY_COLUMNS, "mean")}
    )
    return validate_predictions(pooled.reset_index())


def write_predictions(path: Path | str, frame: pd.DataFrame) -> Path:
    """Write the validated table; the file appears whole or not at all."""
    path = Path(path)
    table = validate_predictions(frame)
    table["truth"] = [STAGE_LABELS[stage] for stage in table["truth"]]
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    table.to_csv(temporary, index=False, lineterminator="\n")
    temporary.replace(path)
    return path


def read_predictions(path: Path | str) -> pd.DataFrame:
    """Read and validate a table that :func:`write_predictions` (or anyone) wrote."""
    text = dict.fromkeys(("model", "patient", "image", "truth"), str)
    try:
        frame = pd.read_csv(path, dtype=text, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise PredictionsRefused(f"{Path(path).name} is not a table of predictions: {error}") from error
    return validate_predictions(frame)

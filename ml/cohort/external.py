"""An external test: one cohort to train and validate on, another one, from elsewhere, to be tested on."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.cohort.cache import OUTLINES, Cohort, CohortImage, load_cache, write_cache
from ml.cohort.durable import reserved
from ml.cohort.errors import CohortError
from ml.cohort.folds import VALIDATION_SHARE
from ml.cohort.leak import assert_no_leak
from ml.cohort.split import split_patients
from ml.spec import Band, Split, Stage

ORIGIN = "external.json"


def join_external(training: Cohort, external: Cohort, out: Path, *, seed: int = 0) -> Cohort:
    """One cache at ``out`` whose test part is all of ``external`` and whose other parts are ``training``.

    All patients of ``training`` are divided 8:1 into training and validation. The leak test then runs over
    both, so that a picture that lies in both cohorts is found. An identifier in both is refused,
    because nobody here can know whether it is the same person. Liver outlines come along where the training
    cohort has them: pictures are cropped to them in training only. Calling again with the same cohorts and
    seed opens what is there.
    """
    origin: dict[str, object] = {
        "training": training.dataset_hash,
        "external": external.dataset_hash,
        "seed": seed,
    }
    if training.outlines is not None:
        origin["outlines"] = True  # a copy of before they came along is made again
    if (out / ORIGIN).is_file() and _origin(out) == origin:
        joined = load_cache(out)
        assert_no_leak(joined)
        return joined
    shared = sorted(training.stages.keys() & external.stages.keys())
    if shared:
        raise CohortError(
            f"{len(shared)} patient identifiers are in both cohorts, e.g. {', '.join(shared[:4])}.",
            code="external-patients-shared",
            remedy="If they are the same people, leave them out of one cohort; if not, give them other "
            "identifiers in the stage table.",
        )
    if training.crop != external.crop:
        raise CohortError(
            "The cohorts show different parts of the frame.",
            code="external-crop-differs",
            remedy="Prepare both with the same segmenter, or both without one.",
        )
    split = split_patients(
        training.stages, seed=seed, ratios=(1 - VALIDATION_SHARE, VALIDATION_SHARE, 0.0)
    ) | dict.fromkeys(external.stages, Split.TEST)
    with tempfile.TemporaryDirectory(prefix="join-") as scratch:
        attachments = {ORIGIN: Path(scratch) / ORIGIN}
        attachments[ORIGIN].write_text(json.dumps(origin), "utf-8")
        clinical = [table for cohort in (training, external) if (table := cohort.clinical) is not None]
        if clinical:
            attachments["clinical.csv"] = Path(scratch) / "clinical.csv"
            pd.concat(clinical).to_csv(attachments["clinical.csv"], index_label="patient")
        if training.outlines is not None:
            attachments[OUTLINES] = Path(scratch) / OUTLINES
            _write_outlines(attachments[OUTLINES], training.outlines, external.outlines, len(external))
        joined = write_cache(
            out,
            _items(training, external),
            simulated=training.simulated or external.simulated,
            split_seed=seed,
            split=split,
            attachments=attachments,
            crop=training.crop,
        )
    assert_no_leak(joined)
    return joined


def _items(*cohorts: Cohort) -> Iterator[tuple[CohortImage, NDArray[np.uint8]]]:
    for cohort in cohorts:
        for row, record in enumerate(cohort.index.drop(columns="row").to_dict("records")):
            named = {str(key): value for key, value in record.items()}
            named |= {"band": Band(named["band"]), "stage": Stage(int(named["stage"]))}
            yield CohortImage(**named), cohort.images[row]


def _write_outlines(
    path: Path, training: NDArray[np.uint8], external: NDArray[np.uint8] | None, many: int
) -> None:
    """The masks of both in the order of :func:`_items`; 0, that is none, for ``many`` without any."""
    size = training.shape[1]
    masks = reserved(path, (len(training) + many, size, size))
    masks[: len(training)] = training
    if external is not None:
        masks[len(training) :] = external
    masks.flush()


def _origin(out: Path) -> object:
    """What the cache there was joined from; None where that cannot be read, and it is made again."""
    try:
        return json.loads((out / ORIGIN).read_text("utf-8"))
    except ValueError:
        return None

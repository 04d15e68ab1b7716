"""A training takes a share of its samples from the deconvolved pictures, and computes those once."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import torch

from ml.augmentation import Augmenter
from ml.cohort import Cohort
from ml.protocols import train
from ml.protocols.feeding import TrainingFeed, band_samples
from ml.spec import Architecture, AugmentationSpec, Band, Split, TrainSpec


def test_the_feed_mixes_in_sharpened_pictures_and_leaves_the_cohort_alone(cohort: Cohort) -> None:
    off = AugmentationSpec(crop=False, rotation=False, intensity=False)
    samples = band_samples(cohort, Split.TRAIN, Band.HF)
    white = dataclasses.replace(samples, variants=np.full(cohort.images.shape, 255, np.uint8))
    before = np.array(cohort.images)
    feed = TrainingFeed(white, Augmenter(off, 0), batch_size=15, device=torch.device("cpu"))
    planes = torch.cat([batch.planes for epoch in range(6) for batch in feed.batches(epoch)])
    assert 0.1 < float((planes.amin(dim=(1, 2, 3)) == 1).float().mean()) < 0.4
    assert np.array_equal(before, cohort.images)


def test_a_run_computes_them_once_beside_the_cohort(cohort: Cohort, quick: TrainSpec, tmp_path: Path) -> None:
    own = dataclasses.replace(cohort, path=tmp_path / "cohort")
    spec = quick.model_copy(update={"architecture": Architecture.HF, "epochs": 1})
    events = list(train(spec, own, workdir=tmp_path / "one", device="cpu"))
    (kept,) = (tmp_path / "cohort" / "derived").iterdir()
    written = kept.stat().st_mtime_ns
    list(train(spec, own, workdir=tmp_path / "two", device="cpu"))
    assert kept.stat().st_mtime_ns == written
    notes = [event.message for event in events if event.kind == "note"]
    assert (
        "Samples an epoch under the policy balanced: S0 6 → 6, S1 6 → 6, S2 6 → 6, S3 6 → 6, S4 6 → 6."
        in notes
    )


def test_switched_off_nothing_is_computed(cohort: Cohort, quick: TrainSpec, tmp_path: Path) -> None:
    own = dataclasses.replace(cohort, path=tmp_path / "cohort")
    spec = quick.model_copy(
        update={
            "architecture": Architecture.HF,
            "epochs": 1,
            "augmentation": AugmentationSpec(deconvolution=False),
        }
    )
    list(train(spec, own, workdir=tmp_path / "one", device="cpu"))
    assert not (tmp_path / "cohort").exists()

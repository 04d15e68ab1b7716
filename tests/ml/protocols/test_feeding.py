"""Which samples there are, and in which batches they come."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from ml.augmentation import Augmenter
from ml.cohort import Cohort
from ml.protocols.feeding import TrainingFeed, band_samples, pair_samples
from ml.spec import AugmentationSpec, Band, Split

CPU = torch.device("cpu")


@pytest.fixture
def uneven(cohort_of: Callable[..., Cohort]) -> Cohort:
    return cohort_of({Band.HF: 3, Band.LF: 2})


def feed(cohort: Cohort, batch_size: int = 8) -> TrainingFeed:
    augmenter = Augmenter(AugmentationSpec(), seed=0)
    return TrainingFeed(pair_samples(cohort, Split.TRAIN), augmenter, batch_size=batch_size, device=CPU)


def test_band_samples_are_the_rows_of_the_split_and_band(cohort: Cohort) -> None:
    samples = band_samples(cohort, Split.VALIDATION, Band.HF)
    rows = samples.rows(np.arange(len(samples)))[:, 0]
    assert rows.tolist() == cohort.rows(Split.VALIDATION, Band.HF).tolist()
    assert samples.labels.tolist() == cohort.index["stage"].to_numpy()[rows].tolist()


def test_every_image_is_in_a_pair_and_pairs_never_mix_patients(uneven: Cohort) -> None:
    samples = pair_samples(uneven, Split.TRAIN)
    rows = samples.rows(np.arange(len(samples)))
    assert set(rows.ravel()) == set(uneven.rows(Split.TRAIN).tolist())
    assert len(samples) == 3 * len(uneven.patients(Split.TRAIN))
    patients, bands = (uneven.index[name].to_numpy()[rows] for name in ("patient", "band"))
    assert (patients[:, 0] == patients[:, 1]).all()
    assert (bands == [["HF", "LF"]]).all()


def test_partner_of_a_picture_changes_from_epoch_to_epoch_in_training(uneven: Cohort) -> None:
    samples = pair_samples(uneven, Split.TRAIN)
    every = np.arange(len(samples))
    assert not np.array_equal(samples.rows(every, epoch=0), samples.rows(every, epoch=1))
    assert np.array_equal(samples.rows(every, epoch=0), samples.rows(every, epoch=2))


def test_batches_from_a_step_on_are_the_rest_of_the_epoch(uneven: Cohort) -> None:
    whole = list(feed(uneven).batches(epoch=3))
    rest = list(feed(uneven).batches(epoch=3, start=2))
    assert len(rest) == len(whole) - 2
    for one, other in zip(whole[2:], rest, strict=True):
        assert torch.equal(one.planes, other.planes)
        assert torch.equal(one.labels, other.labels)


def test_batches_are_float_planes_in_zero_to_one_channels_last(uneven: Cohort) -> None:
    batch = next(iter(feed(uneven).batches(epoch=1)))
    assert batch.planes.shape == (8, 2, uneven.size, uneven.size)
    assert batch.planes.dtype == torch.float32
    assert 0 <= batch.planes.min() <= batch.planes.max() <= 1
    assert batch.planes.is_contiguous(memory_format=torch.channels_last)


def test_a_last_batch_of_one_is_left_out(cohort: Cohort) -> None:
    samples = band_samples(cohort, Split.TRAIN, Band.HF)
    size = len(samples) - 1
    stage_feed = TrainingFeed(samples, Augmenter(AugmentationSpec(), 0), batch_size=size, device=CPU)
    assert [len(batch.labels) for batch in stage_feed.batches(epoch=1)] == [size]
    assert stage_feed.epoch_size == size


def test_abandoned_epoch_leaves_no_thread_behind(uneven: Cohort) -> None:
    import threading

    batches = feed(uneven).batches(epoch=1)
    next(batches)
    batches.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("augment")]

"""A training from start to model folder, and what it must never do."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.augmentation import Augmenter
from ml.cohort import Cohort, LeakDetected
from ml.evaluation import read_predictions
from ml.models import load_model
from ml.protocols import TrainingRefused, train
from ml.protocols.checkpoint import of_prefix, read_checkpoint
from ml.protocols.planning import sample_count
from ml.protocols.record import WorkdirTaken
from ml.protocols.results import samples_of
from ml.spec import Architecture, AugmentationSpec, Band, Protocol, Split, TrainSpec, TransferSpec
from ml.spec.events import EVENT, Event, WeightsTransferred


@pytest.fixture(scope="module")
def dual(
    cohort: Cohort, tiny_source: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Event]]:
    """A dual-transfer run: its work directory and its events."""
    workdir = tmp_path_factory.mktemp("dual")
    spec = TrainSpec(
        epochs=2,
        batch_size=8,
        learning_rate=1e-3,
        precision="fp32",
        transfer=TransferSpec(source=tiny_source, epochs=1),
    )
    return workdir, list(train(spec, cohort, workdir=workdir, device="cpu"))


def test_dual_transfer_goes_through_its_phases_in_order(dual: tuple[Path, list[Event]]) -> None:
    _, events = dual
    phases = [event.phase for event in events if event.kind == "phase-started"]
    assert phases == ["first-transfer:hf", "hf", "first-transfer:lf", "lf", "fusion", "evaluation"]
    assert [*events[0].phases] == phases
    assert events[-1].kind == "finished"


def test_events_survive_json_and_progress_never_falls(dual: tuple[Path, list[Event]]) -> None:
    _, events = dual
    assert [EVENT.validate_json(event.model_dump_json()) for event in events] == events
    progress = [event.progress for event in events if event.kind in {"epoch-finished", "progressed"}]
    assert progress == sorted(progress)
    assert progress[-1] == pytest.approx(1.0)


def test_every_transfer_is_told_and_recorded_layer_by_layer(dual: tuple[Path, list[Event]]) -> None:
    workdir, events = dual
    told = [event for event in events if isinstance(event, WeightsTransferred)]
    assert [(e.source, e.target) for e in told] == [
        ("first-transfer:hf", "hf"), ("first-transfer:lf", "lf"), ("hf, lf", "fusion"),
    ]  # fmt: skip
    recorded = json.loads((workdir / "run.json").read_text("utf-8"))["transfers"]
    assert [entry["moved"] for entry in recorded] == [event.moved for event in told]


def test_workdir_holds_what_the_contract_names(dual: tuple[Path, list[Event]]) -> None:
    workdir, events = dual
    metrics = json.loads((workdir / "metrics.json").read_text("utf-8"))
    assert set(metrics["patient"]["accuracy"]) == {"value", "low", "high"}
    assert metrics["split"] == "test"
    assert metrics["protocol"] == "strict"
    assert sorted(path.name for path in (workdir / "figures").iterdir()) == [
        "confusion.json", "learning_curve.json", "roc.json",
    ]  # fmt: skip
    assert set(events[-1].result) == {"model", "metrics", "predictions", "figures"}


def test_predictions_are_of_the_test_part_by_image_and_by_patient(
    dual: tuple[Path, list[Event]], cohort: Cohort
) -> None:
    frame = read_predictions(dual[0] / "predictions.csv")
    assert set(frame["patient"]) == set(cohort.patients(Split.TEST))
    patients = frame[frame["image"] == ""]
    assert len(patients) == len(cohort.patients(Split.TEST))
    assert [int(stage) for stage in patients["truth"]] == [
        int(cohort.stage_of(patient)) for patient in patients["patient"]
    ]


def test_model_carries_band_networks_calibration_and_record(dual: tuple[Path, list[Event]]) -> None:
    model = load_model(dual[0] / "model", device="cpu")
    assert list(model.networks) == ["fusion", "hf", "lf"]
    assert set(model.info.calibration) == {"fusion", "hf", "lf"}
    record = model.info.record
    for key in ("seed", "versions", "git_commit", "dataset_hash", "device", "precision", "seconds",
                "train_counts", "effective_counts", "transfers"):  # fmt: skip
        assert key in record, key
    assert record["train_counts"] == dict.fromkeys(["S0", "S1", "S2", "S3", "S4"], 6)


def test_finished_run_called_again_answers_without_training(
    dual: tuple[Path, list[Event]], cohort: Cohort
) -> None:
    workdir, events = dual
    spec = TrainSpec.model_validate(events[0].record["spec"])
    again = list(train(spec, cohort, workdir=workdir, device="cpu"))
    for kind in ("epoch-finished", "weights-transferred", "evaluated"):
        told = [event for event in again if event.kind == kind]
        assert told, kind
        assert told == [event for event in events if event.kind == kind], (
            f"{kind} is told once more, as it was"
        )


def test_workdir_of_another_run_is_refused(dual: tuple[Path, list[Event]], cohort: Cohort) -> None:
    with pytest.raises(WorkdirTaken):
        next(train(TrainSpec(seed=99), cohort, workdir=dual[0]))


@pytest.mark.parametrize(
    ("first", "second", "moves"),
    [
        (True, False, [("first-transfer:hf", "fusion"), ("first-transfer:lf", "fusion")]),
        (False, True, [("hf, lf", "fusion")]),
        (False, False, []),
    ],
)
def test_each_transfer_can_be_switched_off(
    cohort: Cohort, tiny_source: str, tmp_path: Path, first: bool, second: bool, moves: list[tuple[str, str]]
) -> None:
    spec = TrainSpec(
        epochs=1,
        batch_size=16,
        precision="fp32",
        transfer=TransferSpec(first=first, second=second, source=tiny_source, epochs=1),
    )
    events = list(train(spec, cohort, workdir=tmp_path, device="cpu"))
    assert [(e.source, e.target) for e in events if e.kind == "weights-transferred"] == moves
    assert list(load_model(tmp_path / "model").networks) == (["fusion", "hf", "lf"] if second else ["fusion"])


def test_only_training_pictures_are_augmented(
    cohort: Cohort, quick: TrainSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[int] = set()
    original = Augmenter.pictures

    def spy(
        self: Augmenter, pictures: np.ndarray, keys: list[tuple[int, int]], epoch: int, *aims: object
    ) -> np.ndarray:
        seen.update(row for row, _ in keys)
        return original(self, pictures, keys, epoch, *aims)

    monkeypatch.setattr(Augmenter, "pictures", spy)
    list(train(quick.model_copy(update={"architecture": Architecture.HF}), cohort, workdir=tmp_path))
    assert seen == set(cohort.rows(Split.TRAIN).tolist()) & set(cohort.rows(band="HF").tolist())


def test_test_part_decides_nothing(cohort: Cohort, quick: TrainSpec, tmp_path: Path) -> None:
    """Pictures of test patients replaced by noise: the very same model."""
    spec = quick.model_copy(update={"architecture": Architecture.HF})
    images = cohort.images.copy()
    images[cohort.rows(Split.TEST)] = np.random.default_rng(1).integers(
        0, 255, images[0].shape, dtype=np.uint8
    )
    images[cohort.rows(Split.TEST), 0, 0] = np.arange(len(cohort.rows(Split.TEST)))  # no two alike
    changed = dataclasses.replace(cohort, images=images)
    list(train(spec, cohort, workdir=tmp_path / "a", device="cpu"))
    list(train(spec, changed, workdir=tmp_path / "b", device="cpu"))
    one, other = (load_model(tmp_path / name / "model", device="cpu") for name in "ab")
    assert one.info.sha256 == other.info.sha256
    assert one.info.calibration == other.info.calibration


def test_leaking_cohort_is_refused_before_anything_is_written(
    cohort: Cohort, quick: TrainSpec, tmp_path: Path
) -> None:
    images = cohort.images.copy()
    images[cohort.rows(Split.TEST)[0]] = images[cohort.rows(Split.TRAIN)[0]]
    with pytest.raises(LeakDetected):
        next(train(quick, dataclasses.replace(cohort, images=images), workdir=tmp_path / "w"))
    assert not (tmp_path / "w").exists()


def test_cohort_without_validation_patients_is_refused(
    cohort: Cohort, quick: TrainSpec, tmp_path: Path
) -> None:
    split = {p: Split.TRAIN if part is Split.VALIDATION else part for p, part in cohort.split.items()}
    with pytest.raises(TrainingRefused, match="validation"):
        next(train(quick, dataclasses.replace(cohort, split=split), workdir=tmp_path))


@pytest.mark.parametrize("protocol", Protocol)
def test_what_cannot_be_tested_is_not_trained(
    cohort: Cohort, quick: TrainSpec, tmp_path: Path, protocol: Protocol
) -> None:
    """Without an LF picture to test on (or, under ``paper``, at all) nothing is written, no record either."""
    lacking = cohort.index["patient"].map(cohort.split) == Split.TEST
    keep = ~((lacking | (protocol is Protocol.PAPER)) & (cohort.index["band"] == "LF")).to_numpy()
    index = cohort.index[keep].reset_index(drop=True).assign(row=range(keep.sum()))
    fewer = dataclasses.replace(cohort, index=index, images=cohort.images[keep])
    with pytest.raises(TrainingRefused, match="no sample for"):
        next(train(quick.under(protocol), fewer, workdir=tmp_path / "w"))
    assert not (tmp_path / "w").exists()


def test_samples_are_counted_as_they_are_shown(cohort_of: Callable[[dict[Band, int]], Cohort]) -> None:
    for counts in ({Band.HF: 2, Band.LF: 3}, {Band.HF: 4, Band.LF: 1}):
        made = cohort_of(counts)
        for split in (*Split, None):
            for bands in ((Band.HF,), (Band.LF,), (Band.HF, Band.LF)):
                assert sample_count(made, split, bands) == len(samples_of(made, split, bands))


def test_patience_ends_a_phase_early_and_the_best_epoch_is_kept(cohort: Cohort, tmp_path: Path) -> None:
    spec = TrainSpec(
        architecture=Architecture.HF,
        epochs=12,
        patience=2,
        batch_size=8,
        learning_rate=0.05,
        precision="fp32",
        transfer=TransferSpec(first=False),
        augmentation=AugmentationSpec(policy="none"),
    )
    events = list(train(spec, cohort, workdir=tmp_path, device="cpu"))
    losses = [event.validation_loss for event in events if event.kind == "epoch-finished"]
    best = int(np.argmin(losses))
    assert len(losses) == min(12, best + 1 + 2)
    saved = read_checkpoint(tmp_path / "checkpoints" / "hf.safetensors")
    assert saved is not None
    assert saved[1]["best_epoch"] == best + 1
    model = load_model(tmp_path / "model", device="cpu").networks["hf"].state_dict()
    assert all(torch.equal(model[name], value) for name, value in of_prefix("best", saved[0]).items())


def test_a_network_learns_the_stages_of_easy_pictures(cohort: Cohort, tmp_path: Path) -> None:
    spec = TrainSpec(
        architecture=Architecture.HF,
        epochs=24,
        patience=24,
        batch_size=8,
        learning_rate=3e-3,
        precision="fp32",
        transfer=TransferSpec(first=False),
    )
    list(train(spec, cohort, workdir=tmp_path, device="cpu"))
    metrics = json.loads((tmp_path / "metrics.json").read_text("utf-8"))
    assert metrics["patient"]["auc_macro"]["value"] > 0.85

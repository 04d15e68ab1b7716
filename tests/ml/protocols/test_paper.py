"""The paper's protocol: the leak is there, is told everywhere, and is measured on the same data."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ml.augmentation import effective_counts
from ml.cohort import Cohort
from ml.evaluation import read_predictions
from ml.evaluation.figures import PAPER_PROTOCOL, SIMULATED
from ml.models import load_model
from ml.protocols import evaluate, train
from ml.protocols.paper import DividedCopies, divided_copies, draw_copies
from ml.protocols.results import samples_of
from ml.spec import AugmentationSpec, Band, Protocol, Split, Stage, TrainSpec, TransferSpec


def paper_spec(**changes: object) -> TrainSpec:
    base = {
        "architecture": "hf",
        "protocol": "paper",
        "epochs": 2,
        "batch_size": 32,
        "precision": "fp32",
        "augmentation": {"policy": "paper"},
        "transfer": {"first": False},
    }
    return TrainSpec.model_validate({**base, **changes})


@pytest.fixture(scope="module")
def copied(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> DividedCopies:
    copies = divided_copies(cohort, paper_spec(), tmp_path_factory.mktemp("scratch"))
    list(draw_copies(copies, cohort, paper_spec(), phase="hf"))
    return copies


def test_every_pair_is_copied_as_often_as_the_paper_says_before_anything_is_divided(
    cohort: Cohort, copied: DividedCopies
) -> None:
    pairs = Counter(Stage(int(cohort.index["stage"].iloc[hf])) for hf, _ in cohort.pairs())
    copies = Counter(Stage(int(copied.index["stage"].iloc[hf])) for hf, _ in copied.pairs())
    assert copies == effective_counts(pairs, "paper")
    assert copied.index["image"].is_unique


def test_parts_are_eight_to_one_to_one_and_every_stage_is_in_every_part(copied: DividedCopies) -> None:
    pairs = {part: len(copied.pairs(part)) for part in Split}
    assert sum(pairs.values()) == len(copied.pairs())
    assert pairs[Split.TEST] == pytest.approx(len(copied.pairs()) / 10, abs=1)
    for part in Split:
        assert set(copied.index["stage"].iloc[copied.rows(part)]) == {int(stage) for stage in Stage}


def test_the_leak_is_there_copies_of_one_picture_lie_in_training_and_test(copied: DividedCopies) -> None:
    """The reason why the protocol is barred: this is what the strict one must never show."""
    train_rows, test_rows = copied.rows(Split.TRAIN), copied.rows(Split.TEST)
    assert set(copied.origin[test_rows]) & set(copied.origin[train_rows])
    assert set(copied.patients(Split.TEST)) & set(copied.patients(Split.TRAIN))
    assert not set(test_rows) & set(train_rows)


def test_bands_and_pairs_share_one_division(copied: DividedCopies) -> None:
    for part in Split:
        pairs = copied.pairs(part)
        for place, band in enumerate(Band):
            assert {pair[place] for pair in pairs} == set(copied.rows(part, band))


def test_no_two_copies_are_the_same_picture(copied: DividedCopies) -> None:
    assert len({picture.tobytes() for picture in np.asarray(copied.images)}) == len(copied)


def test_an_exam_that_lacks_a_band_is_copied_for_the_other(cohort_of, tmp_path: Path) -> None:
    copies = divided_copies(cohort_of({Band.LF: 2}), paper_spec(), tmp_path)
    assert len(copies.pairs()) == 0
    assert len(samples_of(copies, Split.TRAIN, (Band.LF,))) > 0


@pytest.mark.parametrize("architecture", ["hf", "fusion", "svm"])
def test_a_run_is_trained_on_copies_marked_everywhere_and_evaluated_again_to_the_same_numbers(
    architecture: str, cohort: Cohort, tmp_path: Path
) -> None:
    spec = paper_spec(architecture=architecture)
    events = list(train(spec, cohort, workdir=tmp_path / "w", device="cpu"))
    warnings = [event.message for event in events if event.kind == "note" and event.level == "warning"]
    assert any("optimistic" in warning for warning in warnings)
    metrics = json.loads((tmp_path / "w" / "metrics.json").read_text("utf-8"))
    assert metrics["protocol"] == "paper"
    assert "paper protocol" in metrics["model"]
    assert set(read_predictions(tmp_path / "w" / "predictions.csv")["model"]) == {metrics["model"]}
    for figure in (tmp_path / "w" / "figures").glob("*.json"):
        assert PAPER_PROTOCOL in figure.read_text("utf-8")
        assert SIMULATED in figure.read_text("utf-8")
    record = json.loads((tmp_path / "w" / "run.json").read_text("utf-8"))
    assert record["protocol"] == "paper"
    assert record["copies"]["train"]["copies"] > 8 * record["copies"]["test"]["copies"] * 0.9
    card = (tmp_path / "w" / "model" / "card.md").read_text("utf-8")
    assert "paper protocol" in card
    assert "cannot be promoted" in card
    list(evaluate(tmp_path / "w" / "model", cohort, tmp_path / "again", device="cpu"))
    again = json.loads((tmp_path / "again" / "metrics.json").read_text("utf-8"))
    for level in ("patient", "image"):
        assert again[level] == metrics[level]


def test_stopped_and_resumed_equals_unbroken_under_the_paper_protocol(
    cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ml.protocols.run.PULSE_SECONDS", 0)
    events = train(paper_spec(), cohort, workdir=tmp_path / "a", device="cpu")
    for event in events:
        if event.kind == "progressed" and event.message.startswith("epoch 2"):
            break
    events.close()
    list(train(paper_spec(), cohort, workdir=tmp_path / "a", device="cpu"))
    list(train(paper_spec(), cohort, workdir=tmp_path / "b", device="cpu"))
    one, other = (load_model(tmp_path / name / "model", device="cpu").info.sha256 for name in "ab")
    assert one == other


def test_pictures_without_a_trace_of_the_stage_look_learnable_under_the_paper_protocol_alone(
    cohort: Cohort, tmp_path: Path
) -> None:
    """Noise with stages dealt out at random: a network that knows the copies again seems to stage them."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 255, cohort.images.shape, dtype=np.uint8)
    for picture in noise:  # each has a brightness of its own, which its copies share
        picture[:] = (picture * rng.uniform(0.2, 0.5) + rng.uniform(0, 110)).astype(np.uint8)
    meaningless = Cohort(
        path=tmp_path, images=noise, index=cohort.index, split=cohort.split,
        dataset_hash="1" * 64, simulated=True, meta=cohort.meta,
    )  # fmt: skip
    found = {}
    for protocol in Protocol:
        spec = TrainSpec(
            architecture="svm",
            protocol=protocol,
            augmentation=AugmentationSpec(policy="paper", intensity=False, deconvolution=False),
            transfer=TransferSpec(first=False, second=False),
        )
        list(train(spec, meaningless, workdir=tmp_path / str(protocol), device="cpu"))
        metrics = json.loads((tmp_path / str(protocol) / "metrics.json").read_text("utf-8"))
        found[protocol] = metrics["image"]["balanced_accuracy"]["value"]
    assert found[Protocol.PAPER] > found[Protocol.STRICT] + 0.2

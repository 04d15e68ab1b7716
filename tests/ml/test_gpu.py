"""What a CUDA device has to give: the results of the CPU within tolerance, resuming, staging, its own feed.

Run by ``pytest -m gpu``; where there is no device every test is skipped and says so.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.augmentation import Augmenter
from ml.cohort import Cohort
from ml.models import build_network, load_model, place
from ml.protocols import evaluate, stage_patient, train
from ml.protocols.feeding import TrainingFeed, sample_logits
from ml.protocols.predict import Reading
from ml.protocols.results import samples_of
from ml.spec import AugmentationSpec, Band, Split, TrainSpec
from ml.spec.training import NETWORK_COMPARATORS
from tests.ml.conftest import make_cohort

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine"),
]

CPU, CUDA = torch.device("cpu"), torch.device("cuda")


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    """25 patients at 64 pixels, which every comparator can take."""
    return make_cohort(tmp_path_factory.mktemp("cohort"), size=64)


def small(architecture: str, **changes: object) -> TrainSpec:
    base = {"epochs": 2, "batch_size": 8, "learning_rate": 1e-3, "precision": "fp32"}
    spec = {"architecture": architecture, "transfer": {"first": False}, **base, **changes}
    return TrainSpec.model_validate(spec)


@pytest.mark.parametrize("name", ["hf", "lf", "fusion", *NETWORK_COMPARATORS])
@pytest.mark.parametrize(("precision", "tolerance"), [("fp32", 1e-3), ("bf16", 5e-2)])
def test_a_network_answers_as_on_the_cpu(name: str, precision: str, tolerance: float, cohort: Cohort) -> None:
    torch.manual_seed(0)
    spec = small(name)
    network = build_network(name, spec).eval()
    samples = samples_of(cohort, Split.TEST, spec.bands)
    expected = sample_logits(place(network, CPU), samples, Reading(CPU, "fp32", spec.augmentation))
    reading = Reading(CUDA, precision, spec.augmentation)  # type: ignore[arg-type]
    found = sample_logits(place(network, CUDA), samples, reading)
    scale = np.abs(expected).max()
    assert np.abs(found - expected).max() <= tolerance * scale


def test_the_feed_of_the_device_shows_what_the_one_of_the_cpu_shows(cohort: Cohort) -> None:
    """Grey table and one grid_sample there, OpenCV here: the same pictures but for interpolation."""
    samples = samples_of(cohort, Split.TRAIN, (Band.HF, Band.LF))
    feeds = [
        TrainingFeed(samples, Augmenter(AugmentationSpec(), 0), batch_size=8, device=device)
        for device in (CPU, CUDA)
    ]
    for one, other in zip(*(feed.batches(1) for feed in feeds), strict=True):
        assert other.planes.device.type == "cuda"
        assert torch.equal(one.labels, other.labels.cpu())
        difference = (one.planes - other.planes.cpu()).abs()
        assert float(difference.mean()) < 0.01
        assert float(difference.max()) < 0.15


@pytest.mark.parametrize("architecture", ["hf", "fusion"])
def test_training_gives_the_losses_of_the_cpu_within_tolerance(
    architecture: str, cohort: Cohort, tmp_path: Path
) -> None:
    losses = {}
    for device in ("cpu", "cuda"):
        events = train(small(architecture, epochs=1), cohort, workdir=tmp_path / device, device=device)
        losses[device] = [event.train_loss for event in events if event.kind == "epoch-finished"]
    assert losses["cuda"] == pytest.approx(losses["cpu"], rel=0.15)


def test_stopped_and_resumed_on_the_device_equals_unbroken_within_tolerance(
    cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ml.protocols.run.PULSE_SECONDS", 0)
    spec = small("fusion")
    events = train(spec, cohort, workdir=tmp_path / "a", device="cuda")
    for event in events:
        if event.kind == "progressed" and event.phase == "fusion":
            break
    events.close()
    list(train(spec, cohort, workdir=tmp_path / "a", device="cuda"))
    list(train(spec, cohort, workdir=tmp_path / "b", device="cuda"))
    one, other = (
        load_model(tmp_path / name / "model", device="cpu").networks["fusion"].state_dict() for name in "ab"
    )
    for name, value in one.items():
        assert torch.allclose(value.float(), other[name].float(), rtol=1e-2, atol=1e-3), name


def test_bf16_and_fp32_learn_alike(cohort: Cohort, tmp_path: Path) -> None:
    found = {}
    for precision in ("fp32", "bf16"):
        spec = small("hf", precision=precision, epochs=6)
        events = list(train(spec, cohort, workdir=tmp_path / precision, device="cuda"))
        found[precision] = [event.train_loss for event in events if event.kind == "epoch-finished"]
    assert found["bf16"] == pytest.approx(found["fp32"], rel=0.25)
    assert found["bf16"][-1] < found["bf16"][0]


def test_a_model_of_the_device_stages_and_evaluates_on_either(cohort: Cohort, tmp_path: Path) -> None:
    list(train(small("fusion"), cohort, workdir=tmp_path / "w", device="cuda"))
    hf, lf = (cohort.images[cohort.rows(band=band)[0]] for band in Band)
    answers = [
        stage_patient(load_model(tmp_path / "w" / "model", device=device), [hf], [lf]).probabilities
        for device in ("cpu", "cuda")
    ]
    assert answers[0] == pytest.approx(answers[1], abs=1e-2)
    for device in ("cpu", "cuda"):
        list(evaluate(tmp_path / "w" / "model", cohort, tmp_path / device, device=device))
    values = [
        json.loads((tmp_path / device / "metrics.json").read_text("utf-8"))["image"]["auc_macro"]["value"]
        for device in ("cpu", "cuda")
    ]
    assert values[0] == pytest.approx(values[1], abs=0.05)


@pytest.mark.parametrize("name", [*NETWORK_COMPARATORS, "svm"])
def test_comparators_train_on_the_device(name: str, cohort: Cohort, tmp_path: Path) -> None:
    spec = TrainSpec.model_validate({"architecture": name, "epochs": 1, "batch_size": 8})
    events = list(train(spec, cohort, workdir=tmp_path, device="cuda"))
    assert events[-1].kind == "finished"
    assert json.loads((tmp_path / "run.json").read_text("utf-8"))["device"].startswith("cuda")

"""Every comparator is trained, saved, loaded, evaluated and asked like the paper's own networks."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from ml.cohort import Cohort
from ml.models import build_network, load_model
from ml.models.comparators import WeightsRefused
from ml.protocols import evaluate, stage_patient, train
from ml.protocols.checkpoint import read_checkpoint
from ml.protocols.stage import StagingRefused
from ml.spec import Band, Split, TrainSpec
from ml.spec.presets import PRESETS
from ml.spec.training import COMPARATORS, NETWORK_COMPARATORS
from tests.ml.conftest import make_cohort


def small(architecture: str, **changes: object) -> TrainSpec:
    """One epoch of 64-pixel pictures in fp32."""
    base = {"epochs": 1, "batch_size": 8, "learning_rate": 1e-4, "precision": "fp32"}
    return TrainSpec.model_validate({"architecture": architecture, **base, **changes})


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    """As the one of the house, at 64 pixels: VGG halves the sides six times."""
    return make_cohort(tmp_path_factory.mktemp("cohort"), size=64)


@pytest.fixture(scope="module")
def trained(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, list]]:
    """Each comparator, run once: its work directory and its events."""
    found = {}
    for architecture in COMPARATORS:
        workdir = tmp_path_factory.mktemp(str(architecture))
        events = list(train(small(architecture), cohort, workdir=workdir, device="cpu"))
        found[str(architecture)] = (workdir, events)
    return found


@pytest.mark.parametrize("name", COMPARATORS)
def test_comparator_is_trained_saved_and_evaluated_from_disk_with_the_same_numbers(
    name: str, trained: dict[str, tuple[Path, list]], cohort: Cohort, tmp_path: Path
) -> None:
    workdir, events = trained[name]
    assert events[0].phases == [name, "evaluation"]
    assert events[-1].kind == "finished"
    assert sorted(path.name for path in (workdir / "model").iterdir()) == [
        "card.md", "model.json", "model.safetensors",
    ]  # fmt: skip
    list(evaluate(workdir / "model", cohort, tmp_path / "again", device="cpu"))
    one, other = (
        json.loads((folder / "metrics.json").read_text("utf-8")) for folder in (workdir, tmp_path / "again")
    )
    for level in ("patient", "image"):
        assert one[level] == other[level]
    lines = (workdir / "predictions.csv").read_text("utf-8").splitlines()
    assert len(lines) > len(cohort.patients(Split.TEST))


@pytest.mark.parametrize("name", COMPARATORS)
def test_channels_model_answers_from_both_bands_and_refuses_one(
    name: str, trained: dict[str, tuple[Path, list]], cohort: Cohort
) -> None:
    model = load_model(trained[name][0] / "model", device="cpu")
    hf, lf = (cohort.images[cohort.rows(band=band)[0]] for band in Band)
    result = stage_patient(model, [hf], [lf])
    assert result.bands == [Band.HF, Band.LF]
    assert sum(result.probabilities.values()) == pytest.approx(1)
    with pytest.raises(StagingRefused) as refused:
        stage_patient(model, [hf], [])
    assert refused.value.code == "band-missing"


def test_all_rows_are_fitted_to_the_same_samples_for_the_same_epochs(
    trained: dict[str, tuple[Path, list]], cohort: Cohort, tmp_path: Path
) -> None:
    list(train(small("fusion", transfer={"first": False}), cohort, workdir=tmp_path, device="cpu"))
    budget = json.loads((tmp_path / "run.json").read_text("utf-8"))["budget"]["fusion"]
    for name, (workdir, _) in trained.items():
        record = json.loads((workdir / "run.json").read_text("utf-8"))
        assert record["budget"][name] == budget
        assert record["dataset_hash"] == cohort.dataset_hash
        assert record["input"] == ["HF", "LF"]


@pytest.mark.parametrize(("seen", "ignored"), [("hf", Band.LF), ("lf", Band.HF)])
def test_comparator_of_one_band_sees_that_band_alone(
    seen: str, ignored: Band, cohort: Cohort, tmp_path: Path
) -> None:
    list(train(small("svm", comparator_input=seen), cohort, workdir=tmp_path, device="cpu"))
    model = load_model(tmp_path / "model", device="cpu")
    own, other = (cohort.images[cohort.rows(band=band)[0]] for band in (Band(seen.upper()), ignored))
    pictures = {Band(seen.upper()): [own], ignored: [other]}
    with_both = stage_patient(model, pictures[Band.HF], pictures[Band.LF])
    assert with_both.bands == [Band(seen.upper())]
    assert any(str(ignored) in warning for warning in with_both.warnings)
    pictures[ignored] = []
    assert stage_patient(model, pictures[Band.HF], pictures[Band.LF]).probabilities == with_both.probabilities
    assert model.info.name == f"SVM, {seen.upper()} alone"


def test_stopped_svm_goes_on_from_its_features_to_the_same_model(
    trained: dict[str, tuple[Path, list]], cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ml.protocols.run.PULSE_SECONDS", 0)
    events = train(small("svm"), cohort, workdir=tmp_path, device="cpu")
    for event in events:
        if event.kind == "progressed" and "8 of" not in event.message:
            break
    events.close()
    before = seconds_kept(tmp_path)
    measured: list[int] = []
    original = extract_rows(monkeypatch, measured)
    again = list(train(small("svm"), cohort, workdir=tmp_path, device="cpu"))
    assert again[0].resumed
    assert original
    samples = json.loads((tmp_path / "run.json").read_text("utf-8"))["budget"]["svm"]
    assert sum(measured) < samples["samples_per_epoch"] + samples["validation_samples"]
    hashes = {load_model(folder / "model").info.sha256 for folder in (tmp_path, trained["svm"][0])}
    assert len(hashes) == 1
    told = json.loads((tmp_path / "run.json").read_text("utf-8"))["seconds"]
    assert 0 < before < seconds_kept(tmp_path) < told, "features and fit, before the stop and after it"


def seconds_kept(workdir: Path) -> float:
    saved = read_checkpoint(workdir / "checkpoints" / "svm.safetensors")
    assert saved is not None
    return float(saved[1]["seconds"])


def extract_rows(monkeypatch: pytest.MonkeyPatch, measured: list[int]) -> bool:
    """Note how many samples are measured from now on in fitting."""
    from ml.protocols import svm_fitting

    original = svm_fitting.extract_features

    def noting(images: np.ndarray) -> np.ndarray:
        measured.append(len(images))
        return original(images)

    monkeypatch.setattr(svm_fitting, "extract_features", noting)
    return True


def published(name: str, path: Path) -> dict[str, torch.Tensor]:
    """A file as torchvision publishes it: three channels, a thousand classes."""
    from ml.models.building import PUBLISHED_NAMES
    from ml.models.comparators import build_comparator

    torch.manual_seed(1)
    weights = build_comparator(PUBLISHED_NAMES[name], 3, 1000).state_dict()
    torch.save(weights, path)
    return weights


def test_published_weights_are_where_training_begins(cohort: Cohort, tmp_path: Path) -> None:
    path = tmp_path / "resnet18.pth"
    weights = published("resnet", path)
    spec = small("resnet", pretrained=path.name, learning_rate=1e-12, weight_decay=0)
    events = list(train(spec, cohort, workdir=tmp_path / "w", device="cpu", sources=tmp_path))
    moved = next(event for event in events if event.kind == "weights-transferred")
    assert moved.source == "published weights (resnet18.pth)"
    assert moved.kept == ["fc.weight", "fc.bias"]
    network = load_model(tmp_path / "w" / "model", device="cpu").networks["resnet"].state_dict()
    assert torch.allclose(network["layer2.0.conv1.weight"], weights["layer2.0.conv1.weight"], atol=1e-6)
    assert load_model(tmp_path / "w" / "model").info.name == "ResNet, published weights"
    card = (tmp_path / "w" / "model" / "card.md").read_text("utf-8")
    assert f"resnet18.pth (SHA-256 `{sha256(path.read_bytes()).hexdigest()}`)" in card
    assert str(tmp_path) not in "".join(file.read_text("utf-8") for file in tmp_path.glob("w/**/*.json"))


def test_published_vgg_has_the_width_of_the_published_one() -> None:
    with torch.device("meta"):
        own, whole = (build_network("vgg", small("vgg", pretrained=path)) for path in ("none", "vgg.pth"))
    assert own.get_parameter("classifier.3.weight").shape == (512, 512)
    assert whole.get_parameter("classifier.3.weight").shape == (4096, 4096)


def test_weights_of_another_network_are_refused_before_anything_is_trained(
    cohort: Cohort, tmp_path: Path
) -> None:
    published("resnet", tmp_path / "resnet18.pth")
    spec = small("googlenet", pretrained=str(tmp_path / "resnet18.pth"))
    with pytest.raises(WeightsRefused) as refused:
        list(train(spec, cohort, workdir=tmp_path / "w", device="cpu"))
    assert refused.value.code == "published-weights-refused"
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"architecture": "svm", "transfer": {"first": True}}, "transfer-not-applicable"),
        ({"architecture": "vgg", "transfer": {"second": True}}, "transfer-not-applicable"),
        ({"architecture": "hf", "transfer": {"second": True}}, "transfer-not-applicable"),
        ({"architecture": "fusion", "comparator_input": "hf"}, "setting-not-applicable"),
        ({"architecture": "svm", "pretrained": "weights.pth"}, "setting-not-applicable"),
    ],
)
def test_what_cannot_apply_is_refused_with_a_code(content: dict, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TrainSpec.model_validate(content)
    assert [error["type"] for error in refused.value.errors()] == [code]


def test_transfers_that_were_not_spoken_of_are_those_that_can_apply() -> None:
    transfers = {name: TrainSpec(architecture=name).transfer for name in ("hf", "fusion", *COMPARATORS)}
    assert {name: (t.first, t.second) for name, t in transfers.items()} == {
        "hf": (True, False), "fusion": (True, True), **dict.fromkeys(COMPARATORS, (False, False)),
    }  # fmt: skip


def test_specification_of_an_earlier_version_is_still_read() -> None:
    old = TrainSpec(architecture="hf").model_dump(mode="json")
    old["transfer"]["second"] = True
    del old["comparator_input"], old["pretrained"]
    assert TrainSpec.stored(old) == TrainSpec(architecture="hf")


def test_presets_are_the_rows_of_table_1_in_its_order() -> None:
    assert list(PRESETS) == [
        "svm", "vgg", "resnet", "googlenet", "lf", "hf", "fusion_no_transfer", "dual_transfer",
    ]  # fmt: skip
    budgets = {(p.spec.epochs, p.spec.batch_size, p.spec.patience, p.spec.seed) for p in PRESETS.values()}
    assert len(budgets) == 1
    assert set(NETWORK_COMPARATORS) < set(COMPARATORS)

"""Staging one patient from pictures and from files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from ml.models import BandClassifier, Calibration, FusionNetwork, Model, ModelInfo, load_model, save_model
from ml.protocols import stage_patient
from ml.protocols.predict import probabilities_of
from ml.protocols.stage import StagingRefused
from ml.spec import Architecture, Band, TrainSpec

SIZE = 48


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.integers(1, 255, (SIZE, SIZE), dtype=np.uint8) for _ in range(6)]


def model(folder: Path, architecture: Architecture, *networks: str, simulated: bool = False) -> Model:
    torch.manual_seed(0)
    built = {name: FusionNetwork() if name == "fusion" else BandClassifier() for name in networks}
    info = ModelInfo(
        name="Test", spec=TrainSpec(architecture=architecture), dataset_hash="0" * 64, simulated=simulated,
        size=SIZE, networks=list(networks),
        calibration={name: Calibration(temperature=2.0, threshold=0.85) for name in networks},
    )  # fmt: skip
    save_model(folder, built, info)
    return load_model(folder, device="cpu")


@pytest.fixture
def dual(tmp_path: Path) -> Model:
    return model(tmp_path, Architecture.FUSION, "fusion", "hf", "lf")


def test_answer_is_a_distribution_with_its_thresholds(dual: Model, pictures: list[np.ndarray]) -> None:
    result = stage_patient(dual, pictures[:2], pictures[2:3])
    p = result.probabilities
    assert sum(p.values()) == pytest.approx(1)
    assert result.stage == max(p, key=lambda stage: p[stage])
    assert result.at_least["S3"] == pytest.approx(p["S3"] + p["S4"])
    assert list(result.at_least) == ["S2", "S3", "S4"]
    assert result.prediction_set == [stage for stage in p if 1 - p[stage] <= 0.85] or [result.stage]
    assert result.bands == [Band.HF, Band.LF]
    assert result.images == {Band.HF: 2, Band.LF: 1}
    assert result.seconds > 0
    assert not result.warnings


def test_several_images_count_alike_as_the_mean_over_pairs(dual: Model, pictures: list[np.ndarray]) -> None:
    result = stage_patient(dual, pictures[:2], pictures[2:3])
    pairs = np.stack([[pictures[0], pictures[2]], [pictures[1], pictures[2]]])
    mean = probabilities_of(dual, "fusion", pairs).mean(axis=0)
    assert list(result.probabilities.values()) == pytest.approx(mean.tolist())


@pytest.mark.parametrize("band", list(Band))
def test_missing_band_is_answered_from_the_other_and_said_to_be_weaker(
    dual: Model, pictures: list[np.ndarray], band: Band
) -> None:
    given = {Band.HF: [], Band.LF: []} | {band: pictures[:2]}
    result = stage_patient(dual, given[Band.HF], given[Band.LF])
    assert result.bands == [band]
    assert any("weaker" in warning for warning in result.warnings)
    alone = probabilities_of(dual, str(band).lower(), np.stack(pictures[:2])[:, None]).mean(axis=0)
    assert list(result.probabilities.values()) == pytest.approx(alone.tolist())


def test_fusion_without_band_networks_refuses_a_missing_band(
    tmp_path: Path, pictures: list[np.ndarray]
) -> None:
    with pytest.raises(StagingRefused) as refused:
        stage_patient(model(tmp_path, Architecture.FUSION, "fusion"), pictures[:1], [])
    assert refused.value.code == "band-missing"


def test_band_model_says_that_it_did_not_use_the_other_band(
    tmp_path: Path, pictures: list[np.ndarray]
) -> None:
    result = stage_patient(model(tmp_path, Architecture.HF, "hf"), pictures[:1], pictures[1:])
    assert result.bands == [Band.HF]
    assert any("LF images were not used" in warning for warning in result.warnings)


def test_model_of_simulated_data_says_so_every_time(tmp_path: Path, pictures: list[np.ndarray]) -> None:
    result = stage_patient(model(tmp_path, Architecture.HF, "hf", simulated=True), pictures[:1], [])
    assert result.model.simulated
    assert any("simulated" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    ("picture", "code"), [(None, "no-pictures"), (np.zeros((9, 9), np.uint8), "picture-shape"),
                          (np.zeros((SIZE, SIZE)), "picture-shape")]
)  # fmt: skip
def test_unusable_pictures_are_refused(dual: Model, picture: np.ndarray | None, code: str) -> None:
    with pytest.raises(StagingRefused) as refused:
        stage_patient(dual, [] if picture is None else [picture], [])
    assert refused.value.code == code

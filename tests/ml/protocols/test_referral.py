"""When a specialist should look: too little ruled out, or pictures unlike the training's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from ml.models import (
    BandClassifier,
    Calibration,
    Familiarity,
    FusionNetwork,
    Model,
    ModelInfo,
    fit_familiarity,
    load_model,
    save_model,
)
from ml.protocols import stage_patient, train
from ml.spec import Architecture, Band, Protocol, TrainSpec
from ml.spec.referral import Referral, referral_of

SIZE = 48


def pictures(seed: int, count: int, level: int = 80) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.integers(level - 40, level + 40, (SIZE, SIZE), dtype=np.uint8) for _ in range(count)]


def model(folder: Path, *, seen: int, threshold: float = 0.5) -> Model:
    """A fusion network that answers S0 with certainty; ``seen`` pictures of each band in its training."""
    torch.manual_seed(0)
    networks = {"fusion": FusionNetwork(), "hf": BandClassifier(), "lf": BandClassifier()}
    familiarity: dict[Band, Familiarity] = {}
    for band in Band:
        fitted = fit_familiarity(np.stack(pictures(1, seen)), [str(number // 2) for number in range(seen)])
        assert fitted is not None
        familiarity[band] = fitted
    info = ModelInfo(
        name="Test", spec=TrainSpec(architecture=Architecture.FUSION), dataset_hash="0" * 64, simulated=False,
        size=SIZE, networks=list(networks), familiarity=familiarity,
        calibration={name: Calibration(threshold=threshold) for name in networks},
    )  # fmt: skip
    save_model(folder, networks, info)
    return load_model(folder, device="cpu")


def test_familiar_pictures_are_not_referred(tmp_path: Path) -> None:
    result = stage_patient(model(tmp_path, seen=300), pictures(2, 2), pictures(3, 1))
    assert result.familiarity is not None
    assert result.familiarity.p_value > result.familiarity.level
    assert result.referral == []


def test_one_unfamiliar_picture_refers_the_patient_and_is_named(tmp_path: Path) -> None:
    odd = pictures(4, 1, level=180)
    result = stage_patient(model(tmp_path, seen=300), pictures(2, 2), pictures(3, 1) + odd)
    assert result.referral == [Referral.UNFAMILIAR]
    assert result.familiarity is not None
    (unlike,) = result.familiarity.unlike
    assert (unlike.band, unlike.number, unlike.direction) == (Band.LF, 1, "high")
    assert result.familiarity.p_value <= result.familiarity.level


def test_too_few_training_pictures_to_tell_is_said_and_nobody_is_referred(tmp_path: Path) -> None:
    odd = pictures(4, 2, level=180)
    result = stage_patient(model(tmp_path, seen=60), odd, odd)
    assert result.familiarity is not None
    assert result.familiarity.p_value is None
    assert result.referral == []


def test_a_wide_prediction_set_refers(tmp_path: Path) -> None:
    result = stage_patient(model(tmp_path, seen=300, threshold=1.0), pictures(2, 1), pictures(3, 1))
    assert result.prediction_set == ["S0", "S1", "S2", "S3", "S4"]
    assert result.referral == [Referral.WIDE_SET]


@pytest.mark.parametrize(
    ("stages", "referred"), [(["S0", "S1"], []), (["S0", "S1", "S2"], [Referral.WIDE_SET])]
)
def test_answers_of_older_versions_are_judged_alike(stages: list[str], referred: list[Referral]) -> None:
    assert referral_of({"prediction_set": stages}) == referred


def test_a_model_of_the_paper_protocol_knows_no_pictures(cohort, quick, tmp_path: Path) -> None:
    """Its training part is made of copies, so nobody's pictures are left out of the fit."""
    for protocol in Protocol:
        spec = quick.model_copy(update={"protocol": protocol, "architecture": Architecture.HF, "epochs": 1})
        list(train(spec, cohort, workdir=tmp_path / protocol, device="cpu"))
    known = {p: load_model(tmp_path / p / "model", device="cpu").info.familiarity for p in Protocol}
    assert list(known[Protocol.STRICT]) == [Band.HF]
    assert known[Protocol.PAPER] == {}

"""Every row of the table, stopped in the middle and called again, is the row that was not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml.cohort import Cohort
from ml.protocols import train
from ml.protocols.run import Run
from ml.spec import TrainSpec
from ml.spec.presets import PRESETS
from tests.ml.conftest import make_cohort

LARGE = ("vgg", "resnet", "googlenet")  # a minute of one core together


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    """At 64 pixels: VGG halves the sides six times."""
    return make_cohort(tmp_path_factory.mktemp("cohort"), size=64)


def tiny(key: str, source: str, **changes: object) -> TrainSpec:
    """A preset with all that makes it what it is, for two epochs of a few batches."""
    content = PRESETS[key].spec.model_dump(mode="json")
    content["transfer"] |= {"source": source, "epochs": 1}
    content["augmentation"]["deconvolution"] = False
    return TrainSpec.model_validate(
        {**content, "epochs": 2 if content["learning_rate"] > 1e-3 else 1, "batch_size": 8}
        | {"precision": "fp32", **changes}
    )


def left(workdir: Path) -> tuple[bytes, dict, str]:
    """Weights, metrics and predictions."""
    return (
        (workdir / "model" / "model.safetensors").read_bytes(),
        json.loads((workdir / "metrics.json").read_text("utf-8")),
        (workdir / "predictions.csv").read_text("utf-8"),
    )


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        *(pytest.param(key, {}, marks=pytest.mark.slow if key in LARGE else ()) for key in PRESETS),
        ("hf", {"head": "ordinal"}),
    ],
    ids=str,
)
def test_stopped_and_resumed_gives_the_same_metrics(
    key: str,
    changes: dict[str, object],
    cohort: Cohort,
    tiny_source: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Run, "pulse_due", lambda self: True)
    spec = tiny(key, tiny_source, **changes)
    last = str(spec.architecture)
    events = train(spec, cohort, workdir=tmp_path / "stopped", device="cpu")
    for event in events:
        if event.kind == "progressed" and event.phase == last:
            events.close()  # in the middle of the network's own fit
            break
    else:
        raise AssertionError("the run ended before it could be stopped")
    assert not (tmp_path / "stopped" / "metrics.json").exists()
    again = list(train(spec, cohort, workdir=tmp_path / "stopped", device="cpu"))
    assert again[0].kind == "started"
    assert again[0].resumed
    list(train(spec, cohort, workdir=tmp_path / "unbroken", device="cpu"))
    assert left(tmp_path / "stopped") == left(tmp_path / "unbroken")

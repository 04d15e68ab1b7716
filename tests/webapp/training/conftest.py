"""A frozen tiny dataset, quick specifications, and runs that look finished without training."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

from ml.evaluation import evaluate_predictions, write_predictions
from ml.evaluation.figures import confusion_figure, roc_figure
from ml.spec import Stage, TrainSpec, TransferSpec
from tests.webapp.datasets.cohorts import add_cohort
from webapp.accounts.models import Site, User
from webapp.datasets import services as datasets
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job, JobState
from webapp.training import services
from webapp.training.models import ModelVersion, Run
from webapp.training.registry import store_model

QUICK = TrainSpec(
    architecture="hf",
    epochs=2,
    batch_size=4,
    precision="fp32",
    transfer=TransferSpec(first=False, second=False),
)


@pytest.fixture
def frozen(site_a: Site, researcher: User, run_job: Callable[[Any], Any]) -> DatasetVersion:
    """Three simulated patients of each stage at site A."""
    add_cohort(site_a)
    version = datasets.freeze(name="Pilot", sites=[site_a], actor=researcher)
    assert run_job(version.job).state == "succeeded"
    version.refresh_from_db()
    return version


@pytest.fixture
def quick() -> TrainSpec:
    """Two epochs of the HF encoder alone: the smallest honest run."""
    return QUICK


@pytest.fixture
def finished(frozen: DatasetVersion, researcher: User) -> Callable[..., Run]:
    """``finished(name, skill=…)``: a succeeded run with predictions, metrics and a registered model."""

    def make(
        name: str = "Run", *, skill: float = 1.0, protocol: str = "strict", dataset: Any = None, **spec: Any
    ) -> Run:
        chosen = TrainSpec.model_validate({**QUICK.model_dump(), "protocol": protocol, **spec})
        run = services.launch_run(dataset=dataset or frozen, spec=chosen, actor=researcher, name=name)
        predictions = _predictions(name, skill)
        _leave_files(run, predictions)
        metrics = {
            key: value.model_dump() for key, value in evaluate_predictions(predictions, resamples=50).items()
        }
        Run.objects.filter(pk=run.pk).update(
            metrics=metrics, image_metrics=metrics, figures=["confusion", "roc"]
        )
        Job.objects.filter(pk=run.job_id).update(state=JobState.SUCCEEDED, progress=1.0)
        stored = store_model(run.workdir / "model")
        ModelVersion.objects.create(
            run=run,
            name=name,
            path=stored.path,
            digest=stored.digest,
            sha256=stored.sha256,
            card=stored.card,
            architecture=run.architecture,
            protocol=run.protocol,
            dataset_hash=run.dataset.hash,
            metrics=metrics,
            simulated=run.dataset.simulated,
        )
        return Run.objects.with_rows().get(pk=run.pk)

    return make


def _predictions(model: str, skill: float) -> pd.DataFrame:
    rng = np.random.default_rng(len(model))
    rows = []
    for stage in Stage:
        for number in range(4):
            weights = rng.random(5)
            weights[int(stage)] += 4 * skill
            probabilities = weights / weights.sum()
            rows.append(
                {
                    "model": model,
                    "patient": f"{stage.label}{number}",
                    "image": "",
                    "truth": stage.label,
                    **{f"S{k}": probabilities[k] for k in range(5)},
                }
            )
    return pd.DataFrame(rows)


def _leave_files(run: Run, predictions: pd.DataFrame) -> None:
    (run.workdir / "figures").mkdir(parents=True)
    write_predictions(run.workdir / "predictions.csv", predictions)
    (run.workdir / "metrics.json").write_text(json.dumps({"patient": {}, "image": {}}))
    for name, figure in (("roc", roc_figure(predictions)), ("confusion", confusion_figure(predictions))):
        (run.workdir / "figures" / f"{name}.json").write_text(figure.to_json())
    write_model(run.workdir / "model", run.name)


def write_model(folder: Path, name: str) -> None:
    """A folder that is a model as far as the registry looks."""
    folder.mkdir(parents=True)
    save_file({"hf.weight": np.full((2, 2), len(name), np.float32)}, folder / "model.safetensors")
    (folder / "model.json").write_text(json.dumps({"name": name}))
    (folder / "card.md").write_text(f"# {name}\n")

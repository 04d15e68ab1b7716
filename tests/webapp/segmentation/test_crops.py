"""The crop goes with the data: a dataset frozen on the liver, a model staged on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml.cohort import load_cache
from ml.spec import Architecture, Band, Stage, TrainSpec
from ml.spec.crop import Crop
from webapp.accounts.models import User
from webapp.datasets.models import DatasetState, DatasetVersion
from webapp.imaging.models import Image
from webapp.imaging.rendering import region_of
from webapp.jobs.models import Job, JobState
from webapp.patients.models import StageSource
from webapp.patients.services import record_stage
from webapp.segmentation.models import Segmenter
from webapp.staging.models import Staging
from webapp.training.models import Alias, ModelVersion, Run
from webapp.training.registry import store_model


@pytest.fixture
def freeze(
    client_of: Callable[[User], Any], researcher: User, add_image: Callable[..., Image]
) -> Callable[..., Any]:
    """Three patients of each stage with a pair of real files."""
    for number in range(15):
        for band in Band:
            exam = add_image(f"P{number}", band=band).exam
        record_stage(
            patient=exam.patient, stage=Stage(number % 5), source=StageSource.BIOPSY, actor=researcher
        )
    return lambda **body: client_of(researcher).post("/api/v1/datasets/", {"name": "Pilot", **body})


def test_a_dataset_is_frozen_on_the_liver_with_the_segmenter_in_use_then(
    freeze: Callable[..., Any], add_segmenter: Callable[..., Segmenter], run_job: Callable[[Any], Job]
) -> None:
    segmenter = add_segmenter(active=True)
    made = freeze(crop="liver")
    assert made.status_code == 201, made.data
    Segmenter.objects.update(active=False)  # another one is taken into use before the job comes to it
    job = run_job(made.data["job"])
    assert job.state == "succeeded", job.failure
    version = DatasetVersion.objects.get(pk=made.data["id"])
    assert version.state == DatasetState.FROZEN
    cohort = load_cache(version.folder, verify=True)
    assert cohort.crop == Crop(kind="liver", segmenter=segmenter.sha256)
    assert version.counts["crop"]["segmenter"] == segmenter.sha256
    assert version.counts["liver_found"] == len(cohort)
    assert set(cohort.index["crop"]) == {"liver"}
    image = Image.objects.get(pk=cohort.index["image"].iloc[0].partition("#")[0])
    region = region_of(image)
    assert cohort.index["box"].iloc[0] == f"{region.x0} {region.y0} {region.x1} {region.y1}"
    assert cohort.outlines is not None
    assert all(mask.any() for mask in cohort.outlines)


def test_without_a_segmenter_in_use_the_liver_cannot_be_frozen(
    client_of: Callable[[User], Any], researcher: User
) -> None:
    refused = client_of(researcher).post("/api/v1/datasets/", {"name": "Pilot", "crop": "liver"})
    assert (refused.status_code, refused.data["code"]) == (409, "no-segmenter")


def test_the_region_is_frozen_as_ever(
    freeze: Callable[..., Any], add_segmenter: Callable[..., Segmenter], run_job: Callable[[Any], Job]
) -> None:
    add_segmenter(active=True)
    made = freeze()
    assert run_job(made.data["job"]).state == "succeeded"
    cohort = load_cache(DatasetVersion.objects.get(pk=made.data["id"]).folder)
    assert cohort.crop == Crop()
    assert cohort.outlines is None
    assert "crop" not in cohort.index.columns


@pytest.fixture
def champion(tmp_path: Path, db: None) -> Callable[[Crop], ModelVersion]:
    """``champion(crop)``: an untrained HF model of that crop stages."""

    def add(crop: Crop) -> ModelVersion:
        from ml.models import BandClassifier, Calibration, ModelInfo, save_model

        spec = TrainSpec(architecture=Architecture.HF)
        info = ModelInfo(
            name="untrained", spec=spec, dataset_hash="d" * 64, simulated=False, networks=["hf"],
            calibration={"hf": Calibration()}, crop=crop,
        )  # fmt: skip
        save_model(tmp_path / "model", {"hf": BandClassifier()}, info)
        stored = store_model(tmp_path / "model")
        dataset = DatasetVersion.objects.create(name="tests", version=1)
        job = Job.objects.create(kind="training.run", queue="gpu.train", title="", state=JobState.SUCCEEDED)
        run = Run.objects.create(
            name="run", spec=spec.model_dump(mode="json"), dataset=dataset, architecture="hf",
            protocol="strict", job=job,
        )  # fmt: skip
        model = ModelVersion.objects.create(
            name="Model", run=run, path=stored.path, digest=stored.digest, sha256=stored.sha256,
            architecture="hf", protocol="strict", dataset_hash="d" * 64, simulated=False,
        )  # fmt: skip
        Alias.objects.create(name="champion", model=model)
        return model

    return add


@pytest.fixture
def stage(
    api: Any, add_image: Callable[..., Image], run_job: Callable[[Any], Job]
) -> Callable[[], tuple[Staging, Job]]:
    def run() -> tuple[Staging, Job]:
        made = api.post("/api/v1/stagings/", {"exam": str(add_image().exam_id)})
        assert made.status_code == 201, made.data
        job = run_job(made.data["job"])
        return Staging.objects.get(pk=made.data["id"]), job

    return run


def test_a_model_of_the_liver_stages_with_its_own_segmenter_whichever_is_active(
    champion: Callable[[Crop], ModelVersion],
    stage: Callable[[], tuple[Staging, Job]],
    add_segmenter: Callable[..., Segmenter],
) -> None:
    own = add_segmenter(finds=True)
    add_segmenter(finds=False, active=True)
    champion(Crop(kind="liver", segmenter=own.sha256))
    staging, job = stage()
    assert job.state == "succeeded", job.failure
    (crop,) = staging.result["crops"]
    region = region_of(Image.objects.get(pk=crop["image"]))
    assert crop["box"] == [region.x0, region.y0, region.x1, region.y1]
    assert (crop["kind"], crop["liver_found"], crop["used"]) == ("liver", True, True)


def test_an_exam_without_a_liver_is_refused_by_a_model_of_the_liver(
    champion: Callable[[Crop], ModelVersion],
    stage: Callable[[], tuple[Staging, Job]],
    add_segmenter: Callable[..., Segmenter],
) -> None:
    champion(Crop(kind="liver", segmenter=add_segmenter(finds=False).sha256))
    staging, job = stage()
    assert job.state == "failed"
    assert job.failure["code"] == "no-liver-found"
    assert staging.result is None


def test_a_model_whose_segmenter_is_not_registered_is_refused_at_once(
    champion: Callable[[Crop], ModelVersion], api: Any, add_image: Callable[..., Image]
) -> None:
    champion(Crop(kind="liver", segmenter="f" * 64))
    refused = api.post("/api/v1/stagings/", {"exam": str(add_image().exam_id)})
    assert (refused.status_code, refused.data["code"]) == (409, "segmenter-unknown")


@pytest.mark.parametrize("active", [False, True])
def test_a_model_of_the_region_is_told_of_a_missing_liver_where_a_segmenter_is_active(
    active: bool,
    champion: Callable[[Crop], ModelVersion],
    stage: Callable[[], tuple[Staging, Job]],
    add_segmenter: Callable[..., Segmenter],
) -> None:
    add_segmenter(finds=False, active=active)
    champion(Crop())
    staging, job = stage()
    assert job.state == "succeeded", job.failure
    (crop,) = staging.result["crops"]
    assert (crop["kind"], crop["liver_found"], crop["used"]) == ("region", False if active else None, True)
    said = "No liver was found in 1 of 1 HF pictures; look at them." in staging.result["warnings"]
    assert said is active

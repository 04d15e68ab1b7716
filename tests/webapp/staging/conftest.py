"""Real networks in the registry (untrained: what they answer is no matter here) and exams from real files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml.models.familiarity import Familiarity
from ml.spec import Architecture, Band, TrainSpec
from tests.webapp.conftest import PASSWORD
from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import Site, User
from webapp.datasets.models import DatasetVersion
from webapp.imaging.services import ingest_file, start_upload
from webapp.jobs.models import Job, JobState
from webapp.patients.models import Exam
from webapp.staging import reporting
from webapp.staging.models import Decision, Report, Staging
from webapp.staging.services import request_staging
from webapp.training.models import Alias, ModelVersion, Run
from webapp.training.registry import store_model

DATASET_HASH = "d" * 64


@pytest.fixture
def add_model(tmp_path: Path, db: None) -> Callable[..., ModelVersion]:
    """``add_model("fusion", "fusion", "hf", "lf")``: a registered model of these networks."""

    def add(
        architecture: str,
        *networks: str,
        champion: bool = False,
        seed: int = 0,
        familiarity: dict[Band, Familiarity] | None = None,
    ) -> ModelVersion:
        import torch

        from ml.models import BandClassifier, Calibration, FusionNetwork, ModelInfo, save_model

        torch.manual_seed(seed)
        built = {name: FusionNetwork() if name == "fusion" else BandClassifier() for name in networks}
        spec = TrainSpec(architecture=Architecture(architecture))
        info = ModelInfo(
            name="untrained", spec=spec, dataset_hash=DATASET_HASH, simulated=True, networks=list(networks),
            calibration={name: Calibration() for name in networks}, familiarity=familiarity or {},
        )  # fmt: skip
        folder = tmp_path / f"model-{architecture}-{len(networks)}-{seed}"
        save_model(folder, built, info)
        stored = store_model(folder)
        number = Run.objects.count()
        dataset = DatasetVersion.objects.create(name="tests", version=number + 1)
        job = Job.objects.create(kind="training.run", queue="gpu.train", title="", state=JobState.SUCCEEDED)
        run = Run.objects.create(
            name="run", spec=spec.model_dump(mode="json"), dataset=dataset, architecture=architecture,
            protocol="strict", job=job,
        )  # fmt: skip
        model = ModelVersion.objects.create(
            name=f"Model {number}", run=run, path=stored.path, digest=stored.digest, sha256=stored.sha256,
            architecture=architecture, protocol="strict", dataset_hash=DATASET_HASH, simulated=True,
        )  # fmt: skip
        if champion:
            Alias.objects.create(name="champion", model=model)
        return model

    return add


@pytest.fixture
def champion(add_model: Callable[..., ModelVersion]) -> ModelVersion:
    return add_model("fusion", "fusion", "hf", "lf", champion=True)


@pytest.fixture
def add_exam(site_a: Site, clinician: User) -> Callable[..., Exam]:
    """``add_exam("P1", "HF", "LF", "LF")``: an exam with images of these bands, through the hallway.

    ``visit`` is the day, as YYYYMMDD, of a further exam of a patient.
    """

    def add(patient: str, *bands: str, site: Site = site_a, visit: str = "") -> Exam:
        upload = start_upload(site=site, actor=clinician)
        key = int.from_bytes(f"{patient}{visit}".encode())
        rows = [
            row
            for number, band in enumerate(bands)
            for row in ingest_file(
                upload=upload, name="x", actor=clinician,
                data=ultrasound(patient=patient, study=f"1.2.{key}", band=Band(band),
                                seed=number + 10 * key % 9973, **({"date": visit} if visit else {})),
            )
        ]  # fmt: skip
        image = rows[0].image
        assert image is not None, rows[0].code
        return image.exam

    return add


@pytest.fixture
def answered(
    add_exam: Callable[..., Exam],
    champion: ModelVersion,
    clinician: User,
    run_job: Callable[..., Job],
) -> Callable[..., Staging]:
    """``answered("P1")``: a new exam with a pair that the champion has answered about."""

    def make(patient: str = "P1", exam: Exam | None = None) -> Staging:
        staging = request_staging(exam=exam or add_exam(patient, "HF", "LF"), actor=clinician)
        assert run_job(staging.job).state == JobState.SUCCEEDED
        return Staging.objects.with_rows().get(pk=staging.pk)

    return make


@pytest.fixture
def signed(answered: Callable[..., Staging], clinician: User) -> Callable[..., Report]:
    """``signed("P1")``: the first version of a report that agrees with the model."""

    def make(patient: str = "P1", **judgement: Any) -> Report:
        judgement.setdefault("decision", Decision.AGREE)
        review = reporting.begin_review(staging=answered(patient), actor=clinician, **judgement)
        return reporting.sign(review=review, actor=clinician, password=PASSWORD, revision=review.revision)

    return make

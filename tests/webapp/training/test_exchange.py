"""Models that leave and enter: what was sent is what comes, and what comes is evaluated here first."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from ml.spec import TrainSpec
from webapp.accounts.models import Site, User
from webapp.audit.models import Entry
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job, JobState
from webapp.training import services
from webapp.training.models import ModelVersion
from webapp.training.registry import REQUIRED, verify_model

RunJob = Callable[[Any], Job]
ClientOf = Callable[[User], APIClient]


@pytest.fixture
def trained(frozen: DatasetVersion, quick: TrainSpec, researcher: User, run_job: RunJob) -> ModelVersion:
    run = services.launch_run(dataset=frozen, spec=quick, actor=researcher, name="Ours")
    assert run_job(run.job).state == JobState.SUCCEEDED
    return ModelVersion.objects.get(run=run)


def exported(client: APIClient, model: ModelVersion) -> bytes:
    answer = client.get(f"/api/v1/models/{model.pk}/export/")
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def repacked(archive: bytes, **changes: bytes | None) -> bytes:
    """The archive with members replaced (``model_json=…``), removed (``None``) or added."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        files: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()}
    files |= {name.replace("__", "/").replace("_", ".", 1): content for name, content in changes.items()}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as new:
        for name, content in files.items():
            if content is not None:
                new.writestr(name, content)
    return sink.getvalue()


def send(client: APIClient, archive: bytes, dataset: DatasetVersion, **more: str) -> Any:
    file = SimpleUploadedFile("model.zip", archive, "application/zip")
    body = {"file": file, "dataset": str(dataset.pk), **more}
    return client.post("/api/v1/models/import/", body, format="multipart")


def test_a_model_leaves_comes_back_is_evaluated_and_may_stage(
    trained: ModelVersion, frozen: DatasetVersion, researcher: User, client_of: ClientOf, run_job: RunJob,
    settings: Any,
) -> None:  # fmt: skip
    client = client_of(researcher)
    archive = exported(client, trained)
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        assert sorted(whole.namelist()) == sorted(REQUIRED)
        assert whole.read("card.md") == (trained.folder / "card.md").read_bytes()
    assert exported(client, trained) == archive, "the same model gives the same bytes"

    again = send(client, archive, frozen)
    assert (again.status_code, again.json()["code"]) == (409, "model-known")

    answer = send(client, repacked(archive, card_md=b"# From elsewhere\n"), frozen, name="Theirs")
    assert answer.status_code == 202, answer.content
    assert not ModelVersion.objects.filter(name="Theirs").exists(), "not before it was evaluated"
    job = run_job(Job.objects.get(pk=answer.json()["job"]["id"]))
    assert job.state == JobState.SUCCEEDED, job.failure

    detail = client.get(f"/api/v1/models/{answer.json()['model']}/").json()
    assert (detail["name"], detail["run"], detail["imported_by"]) == ("Theirs", None, researcher.display_name)
    assert detail["dataset"] == str(frozen)
    # Same weights, same dataset, same part: our evaluation finds what the training found.
    assert detail["metrics"]["accuracy"] == trained.metrics["accuracy"]
    model = ModelVersion.objects.get(pk=answer.json()["model"])
    verify_model(model.folder, model.digest)
    assert services.promote(model=model, alias="champion", actor=researcher) == services.champion()
    assert list((Path(settings.WORK_DIR) / "imports").iterdir()) == []
    assert set(Entry.objects.values_list("action", flat=True)) >= {
        "model.exported", "model.import-begun", "model.imported",
    }  # fmt: skip


def test_a_folder_that_is_no_model_fails_with_its_reason_and_leaves_nothing(
    trained: ModelVersion, frozen: DatasetVersion, researcher: User, client_of: ClientOf, run_job: RunJob,
    settings: Any,
) -> None:  # fmt: skip
    client = client_of(researcher)
    info = json.loads((trained.folder / "model.json").read_text("utf-8"))
    other = json.dumps({**info, "networks": ["lf"]}).encode()
    answer = send(client, repacked(exported(client, trained), model_json=other), frozen)
    assert answer.status_code == 202
    job = run_job(Job.objects.get(pk=answer.json()["job"]["id"]))
    assert (job.state, job.failure["code"]) == (JobState.FAILED, "model-unusable")
    assert job.failure["message"].startswith("The model holds a network"), job.failure
    assert str(settings.WORK_DIR) not in job.failure["message"], "a folder of the server is nobody's business"
    assert ModelVersion.objects.count() == 1
    assert list((Path(settings.WORK_DIR) / "imports").iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"model_safetensors": b"\x80\x04\x95pickle"}, "model-folder-refused"),
        ({"model_json": b"[]"}, "model-folder-refused"),
        ({"model_json": b"[" * 200_000}, "model-folder-refused"),
        ({"card_md": None}, "model-archive-refused"),
        ({"model_py": b"import os"}, "model-archive-refused"),
        ({"..__model_safetensors": b""}, "model-archive-refused"),
        ({"card_md": b"#" * (5 << 20)}, "model-archive-refused"),
    ],
)
def test_what_is_not_a_model_is_refused_at_once(
    finished: Any, frozen: DatasetVersion, researcher: User, client_of: ClientOf, settings: Any,
    changes: dict[str, Any], code: str,
) -> None:  # fmt: skip
    client = client_of(researcher)
    archive = exported(client, finished("Any").model)
    answer = send(client, repacked(archive, **changes), frozen)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Job.objects.filter(kind="training.import").exists()
    assert list((Path(settings.WORK_DIR) / "imports").iterdir()) == []


def test_weights_that_the_description_does_not_name_are_refused_at_once(
    finished: Any, frozen: DatasetVersion, researcher: User, client_of: ClientOf, settings: Any
) -> None:
    client = client_of(researcher)
    archive = exported(client, finished("Any").model)
    with zipfile.ZipFile(io.BytesIO(archive)) as whole:
        weights = bytearray(whole.read("model.safetensors"))
    weights[-1] ^= 1
    named = json.dumps({"name": "Any", "sha256": hashlib.sha256(weights).hexdigest()}).encode()
    weights[-2] ^= 1
    answer = send(client, repacked(archive, model_safetensors=bytes(weights), model_json=named), frozen)
    assert (answer.status_code, answer.json()["code"]) == (400, "model-changed")
    assert answer.json()["remedy"]
    assert not Job.objects.filter(kind="training.import").exists()
    assert list((Path(settings.WORK_DIR) / "imports").iterdir()) == []


def test_a_file_that_is_no_zip_is_refused(
    frozen: DatasetVersion, researcher: User, client_of: ClientOf
) -> None:
    answer = send(client_of(researcher), b"GIF89a", frozen)
    assert (answer.status_code, answer.json()["code"]) == (400, "model-archive-refused")
    assert answer.json()["detail"] == "The file cannot be taken: it is not a zip, or not whole."


def test_the_dataset_must_be_ones_own_and_frozen(
    finished: Any, frozen: DatasetVersion, researcher: User, make_user: Any, site_b: Site, client_of: ClientOf
) -> None:
    archive = exported(client_of(researcher), finished("Any").model)
    stranger = make_user("researcher", site_b)
    answer = send(client_of(stranger), archive, frozen)
    assert answer.status_code == 400
    assert "dataset" in str(answer.json()["errors"])
    building = DatasetVersion.objects.create(name="Open", version=1, created_by=researcher)
    building.sites.set(frozen.sites.all())
    assert send(client_of(researcher), archive, building).json()["code"] == "dataset-not-frozen"


def test_a_damaged_model_does_not_leave(finished: Any, researcher: User, client_of: ClientOf) -> None:
    model = finished("Any").model
    path = model.folder / "model.json"
    path.chmod(0o644)
    path.write_text("{}")
    answer = client_of(researcher).get(f"/api/v1/models/{model.pk}/export/")
    assert (answer.status_code, answer.json()["code"]) == (409, "model-damaged")


def test_clinicians_neither_take_nor_bring_models(
    finished: Any, frozen: DatasetVersion, clinician: User, client_of: ClientOf
) -> None:
    client = client_of(clinician)
    assert client.get(f"/api/v1/models/{finished('Any').model.pk}/export/").status_code == 403
    assert send(client, b"", frozen).status_code == 403

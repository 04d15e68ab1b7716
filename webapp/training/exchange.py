"""Models that leave and enter: a zip of the model folder, and nothing else in it.

What enters is never believed: the folder is loaded and evaluated on a frozen dataset of this house, in a
child process, before it is registered. Its own metrics stay in its card; those of the registry are ours.
"""

from __future__ import annotations

import json
import shutil
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from ml.spec import HepaStageError
from ml.spec.events import Event
from webapp.audit import services as audit
from webapp.bucket.kept import forget_folder, keep_folder, kept_folder
from webapp.datasets.errors import DatasetNotFrozen
from webapp.datasets.models import DatasetState, DatasetVersion
from webapp.imaging.archives import ZipLimits, members
from webapp.imaging.outcomes import FileRefused
from webapp.jobs import services as jobs
from webapp.jobs.child import TRAINING_ENVIRONMENT, run_child
from webapp.jobs.errors import JobFailed
from webapp.jobs.handle import JobHandle
from webapp.jobs.models import Job
from webapp.training.models import ModelVersion
from webapp.training.registry import (
    REQUIRED,
    ModelFolderRefused,
    StoredModel,
    check_folder,
    digest_of,
    hashes_of,
    store_model,
    verify_model,
)

if TYPE_CHECKING:
    from webapp.accounts.models import User

LIMITS = ZipLimits(max_members=8, max_member_bytes=2 * 2**30, max_total_bytes=2 * 2**30)
MAX_TEXT = 4 * 2**20  # bytes of model.json and of card.md


class ModelArchiveRefused(HepaStageError):
    """A file that is not the zip of one model folder."""

    code = "model-archive-refused"
    remedy = (
        "Send the zip that the page of a model gives, or a zip of model.safetensors, model.json and card.md."
    )


class ModelKnown(HepaStageError):
    """The very same model is in the registry already."""

    code = "model-known"
    remedy = "Use the one in the registry."
    http_status = 409


class ModelChanged(HepaStageError):
    """Weights that are not those that the model's own description names."""

    code = "model-changed"
    remedy = "Export the model anew where it was trained, and send that file."


@dataclass(frozen=True)
class Arrival:
    """An import under way: its job, and the id that the model will have."""

    job: Job
    model: uuid.UUID


def write_archive(model: ModelVersion, sink: IO[bytes]) -> None:
    """The model's folder as a zip, after its files were compared with their hashes.

    Weights do not compress; times are fixed, so that the same model gives the same bytes.
    """
    verify_model(model.folder, model.digest)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name in REQUIRED:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            with (
                (model.folder / name).open("rb") as source,
                archive.open(entry, "w", force_zip64=True) as out,
            ):
                shutil.copyfileobj(source, out, 1 << 20)


def import_model(
    *, archive: Path, dataset: DatasetVersion, actor: User | None, name: str = "", request: Any = None
) -> Arrival:
    """Take a model's zip in and queue its evaluation on ``dataset``; registered only if that succeeds."""
    if dataset.state != DatasetState.FROZEN:
        raise DatasetNotFrozen(f"{dataset} is {dataset.state}, not frozen.")
    pk = uuid.uuid4()
    folder = _folder(pk)
    try:
        _unpack(archive, folder / "model")
        check_folder(folder / "model")
        hashes = hashes_of(folder / "model")
        known = ModelVersion.objects.filter(digest=digest_of(hashes)).first()
        if known is not None:
            raise ModelKnown(f"This model is in the registry as {known.name}.")
        calls_itself = _described(folder / "model", hashes)
        title = name or calls_itself
        keep_folder(_path(pk), folder / "model")
        with transaction.atomic():
            job = jobs.enqueue(
                kind="training.import",
                title=f"Import {title}, evaluated on {dataset}",
                payload={"model": str(pk), "dataset": str(dataset.pk), "name": title},
                created_by=actor,
                sites=dataset.sites.all(),
                idempotency_key=str(pk),
            )
            audit.record(
                actor=actor,
                action="model.import-begun",
                object=dataset,
                site=job.site,
                request=request,
                detail={"model": pk, "sha256": hashes["model.safetensors"], "name": title},
            )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Arrival(job, pk)


def evaluate_import(job: JobHandle) -> None:
    """Load and evaluate what came, then register it. Safe to repeat: the model's id was given beforehand."""
    pk = uuid.UUID(job.payload["model"])
    if ModelVersion.objects.filter(pk=pk).exists():
        return
    dataset = DatasetVersion.objects.get(pk=job.payload["dataset"])
    folder = _folder(pk)
    kept_folder(_path(pk))
    out = folder / f"evaluation-{job.attempt}"
    argv = ["evaluate", "--model", str(folder / "model"), "--cohort", str(dataset.folder), "--out", str(out)]

    def tell(event: Event) -> None:
        job.record(event.model_dump(mode="json"))

    try:
        run_child(job, argv, on_event=tell, environment=TRAINING_ENVIRONMENT)
    except JobFailed as failed:
        # Whoever sent the file does not know the folder that it was unpacked to, and has no use for it.
        told = str(failed).replace(str(folder / "model"), "The model").replace(str(folder), "The import")
        raise JobFailed(failed.code, told, failed.remedy) from failed
    job.check()
    metrics = json.loads((out / "metrics.json").read_text("utf-8"))
    info = json.loads(
        (folder / "model" / "model.json").read_text("utf-8")
    )  # the child has found it to be one
    stored = store_model(folder / "model")
    with job.fenced():
        _register(job, pk, dataset, stored, metrics, info)


def _register(
    job: JobHandle,
    pk: uuid.UUID,
    dataset: DatasetVersion,
    stored: StoredModel,
    metrics: dict[str, Any],
    info: dict[str, Any],
) -> None:
    model = ModelVersion.objects.create(
        pk=pk,
        run=None,
        evaluated_on=dataset,
        imported_by=job.created_by,
        name=job.payload["name"],
        path=stored.path,
        digest=stored.digest,
        sha256=stored.sha256,
        card=stored.card,
        architecture=info["spec"]["architecture"],
        protocol=metrics["protocol"],
        dataset_hash=info["dataset_hash"],
        metrics=metrics["patient"],
        simulated=bool(metrics["simulated"]),
    )
    audit.record(
        actor=job.created_by,
        action="model.imported",
        object=model,
        site=job.site,
        detail={"sha256": stored.sha256, "evaluated_on": dataset.hash, "split": metrics["split"]},
    )


def clear_import(job: Job) -> None:
    """The registry has its own copy, and what was not registered is not kept."""
    pk = uuid.UUID(job.payload["model"])
    shutil.rmtree(_folder(pk), ignore_errors=True)
    forget_folder(_path(pk))


def _path(pk: uuid.UUID) -> str:
    return f"imports/{pk}/model"


def _folder(pk: uuid.UUID) -> Path:
    return Path(settings.WORK_DIR) / "imports" / str(pk)


def _unpack(archive: Path, target: Path) -> None:
    """The three files, at the top of the zip or in one folder of it. Anything else is refused."""
    target.mkdir(parents=True)
    seen: set[str] = set()
    try:
        for given, file in members(archive, LIMITS):
            name = PurePosixPath(given).name
            if isinstance(file, FileRefused):
                raise ModelArchiveRefused(f"{name} in the zip cannot be read. {file.message}")
            if name not in REQUIRED or name in seen or len(PurePosixPath(given).parts) > 2:
                raise ModelArchiveRefused(f"The zip holds {given[:80]!r}, which is no file of a model.")
            if name != "model.safetensors" and file.stat().st_size > MAX_TEXT:
                raise ModelArchiveRefused(f"{name} is larger than {MAX_TEXT >> 20} MiB.")
            shutil.move(file, target / name)
            seen.add(name)
    except FileRefused as refusal:
        said = "it is not a zip, or not whole." if refusal.code == "zip-damaged" else refusal.message
        raise ModelArchiveRefused(f"The file cannot be taken: {said}") from refusal
    missing = sorted(set(REQUIRED) - seen)
    if missing:
        raise ModelArchiveRefused(f"The zip lacks {', '.join(missing)}.")


def _described(folder: Path, hashes: dict[str, str]) -> str:
    """What the model calls itself, for the title of the job; its description must be of these weights."""
    try:
        info = json.loads((folder / "model.json").read_text("utf-8"))
        name, weights = info["name"], info["sha256"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelFolderRefused("model.json is not that of a model.") from error
    if weights != hashes["model.safetensors"]:
        raise ModelChanged("The weights are not those that model.json names: the file was changed or cut.")
    text = "".join(letter for letter in str(name) if letter.isprintable()).strip()
    return text[:100] or "Imported model"

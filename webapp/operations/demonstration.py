"""The demonstration hospital: simulated patients, imported as real ones are, a frozen dataset, a first model.

One job simulates and imports in portions, so that the first patients are there within a minute. What
follows (freeze, train, promote) are the ordinary jobs of those apps; after each, a small job takes the next
step. All of it can be cut short anywhere and goes on from there: :func:`begin` is called at every start.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ml.spec import HepaStageError, TrainSpec
from ml.spec.events import Event, Note, Progressed
from ml.spec.presets import PRESETS
from webapp.accounts.models import User
from webapp.accounts.roles import Role
from webapp.datasets.models import DatasetState
from webapp.datasets.services import freeze
from webapp.imaging.ingest import ingest_file, start_upload
from webapp.imaging.models import Upload, UploadSource
from webapp.jobs import services as jobs
from webapp.jobs.child import run_child
from webapp.jobs.handle import JobHandle
from webapp.jobs.models import JobState
from webapp.operations.models import Demonstration
from webapp.operations.people import demo_site
from webapp.patients.models import StageSource
from webapp.patients.stage_table import import_stage_table
from webapp.training.models import AliasName
from webapp.training.services import champion, launch_run, promote

COHORT = 266
NORMALS = 500
PORTIONS = (12, 30, 90, 180)  # patients after each portion; then all
STEP = "operations.demonstration-step"


class DemonstrationRefused(HepaStageError):
    """HEPASTAGE_DEMO_PATIENTS is not a usable number."""

    code = "demonstration-refused"
    remedy = (
        "Set HEPASTAGE_DEMO_PATIENTS to a number from 50 (each stage needs three patients) to 5000, "
        "or HEPASTAGE_DEMO=0 for no demonstration."
    )


def folder() -> Path:
    """Where the simulated export lies: as an outside system would hand it over."""
    return Path(settings.WORK_DIR) / "demonstration"


def wanted_patients() -> int:
    text = os.environ.get("HEPASTAGE_DEMO_PATIENTS") or str(COHORT)
    if not text.isdecimal() or not 50 <= int(text) <= 5000:
        raise DemonstrationRefused(f"HEPASTAGE_DEMO_PATIENTS={text!r} cannot be used.")
    return int(text)


@transaction.atomic
def begin() -> Demonstration:
    """Start the demonstration if there is none; go on with one that was cut short."""
    patients = wanted_patients()
    demonstration, made = Demonstration.objects.select_for_update().get_or_create(
        id=1, defaults={"patients": patients}
    )
    if made:
        demonstration.job = jobs.enqueue(
            kind="operations.demonstration",
            title="Demonstration: simulate and import patients",
            payload={},
            created_by=_actor(),
            sites=[demo_site()],
            idempotency_key="demonstration",
        )
        demonstration.save(update_fields=["job"])
        return demonstration
    last = demonstration.current_job
    if last is not None and last.state == JobState.FAILED:
        jobs.retry(job=last, actor=None)
    elif last is not None and last.state == JobState.SUCCEEDED:
        enqueue_step(demonstration)
    return demonstration


def enqueue_step(demonstration: Demonstration) -> None:
    """Ask for whatever comes next; once per state that there is something to do in."""
    if demonstration.dataset_id is None:
        key = "freeze"
    elif demonstration.run_id is None:
        key = f"train-{demonstration.dataset_id}"
    else:
        key = f"promote-{demonstration.run_id}"
    job = jobs.enqueue(
        kind=STEP, title=f"Demonstration: {key.partition('-')[0]}", payload={}, created_by=_actor(),
        sites=[demo_site()], idempotency_key=key,
    )  # fmt: skip
    if job.state == JobState.FAILED:
        jobs.retry(job=job, actor=None)
    Demonstration.objects.filter(id=1).update(step=job)


# --- The importing job ------------------------------------------------------------------------------


def fill(job: JobHandle) -> None:
    """Simulate and import, portion by portion; then ask for the next step."""
    demonstration = Demonstration.objects.get(id=1)
    upload: Upload | None = None
    for goal in [*(size for size in PORTIONS if size < demonstration.patients), demonstration.patients]:
        if len(demonstration.imported) >= goal:
            continue
        _simulate(job, goal, demonstration)
        upload = upload or start_upload(site=demo_site(), actor=_actor(), source=UploadSource.DEMONSTRATION)
        _import(job, upload, demonstration)
        with job.fenced():
            import_stage_table(
                site=demo_site(),
                table=folder() / "stages.csv",
                actor=_actor(),
                dry_run=False,
                source=StageSource.SIMULATION,
            )
        count, whole = len(demonstration.imported), demonstration.patients
        job.record(Note(message=f"{count} of {whole} simulated patients are in.").model_dump(mode="json"))
    with job.fenced():
        enqueue_step(demonstration)


def _simulate(job: JobHandle, patients: int, demonstration: Demonstration) -> None:
    """Enlarge the simulated export to ``patients``; what is there already stays as it is."""
    begun, portion = len(demonstration.imported), patients - len(demonstration.imported)

    def hear(event: Event) -> None:
        if isinstance(event, Progressed):
            done = begun + portion * event.progress / 2  # the other half is importing
            share = done / demonstration.patients
            _progress(job, "simulate", share, f"Simulating up to patient {patients}")

    argv = ["simulate", str(folder()), "--patients", str(patients), "--normals", "0", "--site", "DEMO"]
    run_child(job, argv, on_event=hear)


def _import(job: JobHandle, upload: Upload, demonstration: Demonstration) -> None:
    """Take in the files of every simulated patient that is not in yet, as an upload of a folder."""
    actor = _actor()
    for patient, files in _waiting(set(demonstration.imported)):
        for file in files:
            job.check()
            ingest_file(upload=upload, name=file.name, data=file, actor=actor, limited=False)
        demonstration.imported.append(patient)
        with job.fenced():
            Demonstration.objects.filter(id=1).update(imported=demonstration.imported)
        count = len(demonstration.imported)
        _progress(
            job,
            "import",
            count / demonstration.patients,
            f"Imported {count} of {demonstration.patients} patients",
        )


def _progress(job: JobHandle, phase: str, progress: float, message: str) -> None:
    event = Progressed(phase=phase, progress=min(1.0, progress), message=message)
    job.record(event.model_dump(mode="json"), message=message)


def _waiting(imported: set[str]) -> Iterator[tuple[str, list[Path]]]:
    for patient in sorted(path for path in (folder() / "export").iterdir() if path.is_dir()):
        if patient.name not in imported:
            yield patient.name, sorted(patient.rglob("*.dcm"))


# --- What follows -----------------------------------------------------------------------------------


def step(job: JobHandle) -> None:
    """Freeze, or train, or promote: whichever is next. Each ends by being found done."""
    with job.fenced():
        demonstration = Demonstration.objects.select_for_update().get(id=1)
        dataset, run = demonstration.dataset, demonstration.run
        if dataset is None:
            demonstration.dataset = freeze(
                name="Demonstration", sites=[demo_site()], actor=_actor(), note="Simulated patients"
            )
            demonstration.save(update_fields=["dataset"])
        elif run is None and dataset.state == DatasetState.FROZEN:
            demonstration.run = launch_run(
                dataset=dataset,
                spec=first_spec(),
                actor=_actor(),
                name="First model (demonstration)",
                preset="dual_transfer",
            )
            demonstration.save(update_fields=["run"])
        elif run is not None and run.state == JobState.SUCCEEDED and champion() is None:
            promote(model=run.model, alias=AliasName.CHAMPION, actor=None)
    if demonstration.run_id is not None:
        _outline_normals(job)


def _outline_normals(job: JobHandle) -> None:
    """Outlined normal livers for segmentation: last, because nothing of the first model needs them."""
    count = NORMALS if Demonstration.objects.get(id=1).patients >= COHORT else 20
    argv = ["simulate", str(folder()), "--patients", str(Demonstration.objects.get(id=1).patients),
            "--normals", str(count), "--site", "DEMO"]  # fmt: skip
    run_child(job, argv, on_event=lambda event: None)


def first_spec() -> TrainSpec:
    """The paper's method with a budget of minutes on two cores; a researcher launches longer ones."""
    spec = PRESETS["dual_transfer"].spec
    transfer = spec.transfer.model_copy(update={"epochs": 3})
    return spec.model_copy(update={"epochs": 8, "patience": 4, "transfer": transfer})


def _actor() -> User | None:
    """The demonstration's researcher, who may then cancel and repeat these jobs."""
    return User.objects.filter(username=Role.RESEARCHER.value, role=Role.RESEARCHER).first()

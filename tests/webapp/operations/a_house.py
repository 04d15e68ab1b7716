"""Programs that the tests of backup and restore run, each in a process of its own with a house of its own.

``python a_house.py fill BACKUP KEYS`` makes a house with something of everything and backs it up while it is
written to; ``… look`` says as JSON what a restored house holds and whether it works.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.settings"

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

PASSWORD = "a-house-to-be-restored"


def fill(backup: str, keys: str) -> dict[str, Any]:
    """Labelled patients, a frozen dataset, a champion, a staging, a quarantined file; then backups."""
    from ml.spec import Stage
    from tests.webapp.imaging.files import PROBES, ultrasound
    from webapp.accounts.models import Site, User
    from webapp.accounts.roles import Role
    from webapp.audit import services as audit
    from webapp.datasets.services import freeze
    from webapp.imaging.services import ingest_file, start_upload
    from webapp.patients.models import Exam, Patient
    from webapp.patients.services import record_stage
    from webapp.staging.services import request_staging

    call_command("migrate", verbosity=0)
    site = Site.objects.create(code="A", name="Hospital A")
    user = User.objects.create_user("researcher", password=PASSWORD, role=Role.RESEARCHER)
    user.sites.add(site)
    upload = start_upload(site=site, actor=user)
    for number in range(15):
        for place, band in enumerate(PROBES):
            seed = 2 * number + place + 1
            data = ultrasound(patient=f"P{number}", study=f"1.2.{number + 1}", band=band, seed=seed)
            ingest_file(upload=upload, name="x", data=data, actor=user)
    kept_out = ultrasound(patient="P99", study="1.2.99", SequenceOfUltrasoundRegions=None)
    ingest_file(upload=upload, name="no-region.dcm", data=kept_out, actor=user)
    for number, patient in enumerate(Patient.objects.order_by("created_at")):
        record_stage(patient=patient, stage=Stage(number % 5), source="biopsy", actor=user)
    dataset = freeze(name="Frozen", sites=[site], actor=user, note="")
    _do(dataset.job)
    _champion(dataset)
    staging = request_staging(exam=Exam.objects.filter(hf_count=1, lf_count=1).first(), actor=user)
    _do(staging.job)

    stop = threading.Event()

    def write_meanwhile() -> None:
        while not stop.is_set():
            audit.record(actor=None, action="test.written-meanwhile")
        connection.close()

    writer = threading.Thread(target=write_meanwhile)
    writer.start()
    try:
        call_command("backup", backup, "--keys", keys)
    finally:
        stop.set()
        writer.join()
    return {"repeated": _repeated(Path(backup)), **look()}


def _repeated(backup: Path) -> dict[str, Any]:
    """Two more backups: what the next one copies anew, and what is left when only one is kept."""
    objects = backup / "objects"
    before = {path: path.stat().st_mtime_ns for path in objects.glob("??/*")}
    call_command("backup", str(backup))
    after = {path: path.stat().st_mtime_ns for path in objects.glob("??/*")}
    call_command("backup", str(backup), "--keep", "1")
    return {
        "untouched": before.items() <= after.items(),
        "new": len(after) - len(before),
        "snapshots": len(list((backup / "snapshots").glob("*.json"))),
        "objects": len(list(objects.glob("??/*"))) - len(before),
    }


def _do(job: Any) -> None:
    from webapp.jobs import execution
    from webapp.jobs.models import JobState

    assert execution.execute(job.pk, worker="tests")
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED, job.failure


def _champion(dataset: Any) -> None:
    """An untrained network: what it answers is no matter here, as long as it stays the same."""
    import torch

    from ml.models import BandClassifier, Calibration, FusionNetwork, ModelInfo, save_model
    from ml.spec import Architecture, TrainSpec
    from webapp.jobs.models import Job, JobState
    from webapp.training.models import Alias, ModelVersion, Run
    from webapp.training.registry import store_model

    torch.manual_seed(0)
    names = ["fusion", "hf", "lf"]
    spec = TrainSpec(architecture=Architecture.FUSION)
    info = ModelInfo(
        name="untrained", spec=spec, dataset_hash=dataset.hash, simulated=True, networks=names,
        calibration={name: Calibration() for name in names},
    )  # fmt: skip
    folder = Path(settings.HOME) / "made"
    save_model(folder, {n: FusionNetwork() if n == "fusion" else BandClassifier() for n in names}, info)
    stored = store_model(folder)
    job = Job.objects.create(kind="training.run", queue="gpu.train", title="", state=JobState.SUCCEEDED)
    run = Run.objects.create(
        name="run", spec=spec.model_dump(mode="json"), dataset=dataset, architecture="fusion",
        protocol="strict", job=job,
    )  # fmt: skip
    model = ModelVersion.objects.create(
        name="Model", run=run, path=stored.path, digest=stored.digest, sha256=stored.sha256,
        architecture="fusion", protocol="strict", dataset_hash=dataset.hash, simulated=True,
    )  # fmt: skip
    Alias.objects.create(name="champion", model=model)


def look() -> dict[str, Any]:
    """What is here, what the model answers, whether one can sign in, which triggers refuse."""
    from webapp.accounts.models import User
    from webapp.audit import services as audit
    from webapp.audit.models import Entry
    from webapp.datasets.models import DatasetMember, DatasetVersion
    from webapp.imaging import originals
    from webapp.imaging.models import Image, UploadFile
    from webapp.imaging.storage import Room, existing
    from webapp.operations import storage_check
    from webapp.patients.pseudonyms import installation_key
    from webapp.staging.models import Staging
    from webapp.staging.services import request_staging

    first = Staging.objects.order_by("created_at").first()
    again = request_staging(exam=first.exam, actor=User.objects.get())
    _do(again.job)
    again.refresh_from_db()
    report = storage_check.check()
    chained = not list(audit.broken_links())
    return {
        "vendor": connection.vendor,
        "signs_in": (_sign_in(PASSWORD), _sign_in("wrong")),
        "images": {
            str(image.pk): hashlib.sha256(existing(Room.IMAGES, image.sha256).read_bytes()).hexdigest()
            for image in Image.objects.all()
        },
        "quarantined": [
            hashlib.sha256(originals.content(row).read()).hexdigest() == row.sha256
            for row in UploadFile.objects.exclude(quarantine_sha256="")
        ],
        "created": [image.created_at.isoformat() for image in Image.objects.order_by("pk")],
        "stages": sorted(DatasetMember.objects.values_list("pseudonym", "stage", "split")),
        "hash": DatasetVersion.objects.get().hash,
        "first": first.result["probabilities"],
        "again": again.result["probabilities"],
        "chained": chained,
        "audit_rows": Entry.objects.count(),
        "fine": report.fine,
        "counts": report.counts,
        "refused": {
            "audit": _refused(lambda: Entry.objects.filter(number=1).update(actor_name="nobody")),
            "frozen": _refused(lambda: DatasetVersion.objects.update(note="changed")),
            "member": _refused(lambda: DatasetMember.objects.all().delete()),
        },
        "key": hashlib.sha256(installation_key()).hexdigest(),
        "next_user": _next_user(),
    }


def _sign_in(password: str) -> int:
    """The status that the sign-in page would get."""
    from django.test import Client

    body = {"username": "researcher", "password": password}
    browser = Client(SERVER_NAME="localhost")
    return browser.post("/api/v1/auth/session/", body, content_type="application/json").status_code


def _refused(change: Any) -> bool:
    try:
        with transaction.atomic():
            change()
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return False


def _next_user() -> bool:
    """A generated key does not meet one that was restored."""
    from webapp.accounts.models import User

    with transaction.atomic():
        made = User.objects.create_user("another", password=None)
        fresh = made.pk > User.objects.exclude(pk=made.pk).get().pk
        transaction.set_rollback(True)
    return fresh


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    answer = fill(*arguments) if what == "fill" else look()
    print("\n" + json.dumps(answer))

"""Several acts at once on a real PostgreSQL: none waits for one that waits for it; no two pass one guard.

Each test stops one side where the other used to run into it: the other is seen waiting by the server itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import override_settings
from django.utils import timezone

from ml.spec import Stage
from tests.conftest import absent
from tests.waiting import wait_until
from tests.webapp.postgres import Postgres, programs
from webapp.accounts import people
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.audit import services as audit
from webapp.audit.models import Entry
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job, JobState
from webapp.patients import services as patients
from webapp.patients.clinical_table import import_clinical_table
from webapp.patients.models import ClinicalValues, PathologyStage, Patient
from webapp.patients.stage_table import import_stage_table
from webapp.training import experiments
from webapp.training.models import Experiment, ExperimentRow, Run

pytestmark = pytest.mark.processes


class _NoMigrations(dict[str, None]):
    """Tables as the models are: faster than the way there."""

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> None:
        return None


@pytest.fixture(scope="module")
def postgres(django_db_blocker: Any) -> Iterator[None]:
    """The database of all threads, with every table."""
    if programs() is None:
        absent("PostgreSQL is not installed (Debian: apt install postgresql)")
    server = Postgres().start()
    server.database("turns")
    held, held_settings = connections["default"], connections.databases["default"]
    address = {"HOST": "127.0.0.1", "PORT": server.port, "NAME": "turns", "USER": "hepastage", "PASSWORD": ""}
    kind = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {}, "CONN_MAX_AGE": 0}
    connections.databases["default"] = {**held_settings, **address, **kind}
    del connections["default"]
    try:
        with django_db_blocker.unblock(), override_settings(MIGRATION_MODULES=_NoMigrations()):
            call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
            yield
    finally:
        connection.close()
        connections.databases["default"] = held_settings
        connections["default"] = held
        server.stop()


@pytest.fixture
def house(postgres: None) -> Iterator[Site]:
    with connection.cursor() as cursor:
        tables = ", ".join(f'"{name}"' for name in connection.introspection.table_names(cursor))
        cursor.execute(f"TRUNCATE {tables} CASCADE")
    return Site.objects.create(code="A", name="Hospital A")


class Act(threading.Thread):
    """Something done by another process, as it were; :meth:`result` raises what it raised."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._act, self._found, self._error = act, None, None
        self.start()

    def run(self) -> None:
        try:
            self._found = self._act()
        except Exception as error:
            self._error = error
        finally:
            connection.close()

    def result(self) -> Any:
        self.join(20)
        assert not self.is_alive(), "it waits for good"
        if self._error is not None:
            raise self._error
        return self._found


def somebody_waits() -> None:
    """Until the server says that one of its clients waits for a lock."""

    def asked() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return bool(cursor.fetchone()[0])

    wait_until(asked, seconds=10, every=0.02, why="nobody waits for a lock")


def table_of(folder: Path, head: str, row: str, *known: Patient) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join([head, *(row.format(patient.pseudonym) for patient in known)]) + "\n")
    return path


@pytest.fixture
def three(house: Site) -> list[Patient]:
    return [
        patients.find_or_create_patient(site=house, identity_key=str(n) * 64, actor=None) for n in range(1, 4)
    ]


@pytest.mark.parametrize(
    ("head", "row", "read"),
    [
        ("patient,stage", "{},S3", import_stage_table),
        ("patient,ALT (U/L)", "{},31", import_clinical_table),
    ],
)
def test_a_table_and_an_image_of_one_of_its_patients(
    house: Site, three: list[Patient], tmp_path: Path, head: str, row: str, read: Callable[..., Any]
) -> None:
    """Intake has the last patient and writes its row of the log; the table has the others by then."""
    table = table_of(tmp_path, head, row, *three)
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=three[-1].pk)
        applied = Act(lambda: read(site=house, table=table, actor=None, dry_run=False))
        somebody_waits()
        audit.record(actor=None, action="file.accepted", object=three[-1], site=house)
    assert applied.result().counts["new"] == 3
    model = PathologyStage if read is import_stage_table else ClinicalValues
    assert model.objects.count() == 3
    assert list(audit.broken_links()) == []


def test_two_tables_name_the_same_patients_the_other_way_round(
    house: Site, three: list[Patient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forward = table_of(tmp_path, "patient,stage", "{},S3", *three)
    (tmp_path / "other").mkdir()
    backward = table_of(tmp_path / "other", "patient,stage", "{},S1", *reversed(three))
    record, others = patients.record_stage, []

    def record_and_let_the_other_begin(**given: Any) -> Any:
        done = record(**given)
        if threading.current_thread() is threading.main_thread() and not others:
            others.append(
                Act(lambda: import_stage_table(site=house, table=backward, actor=None, dry_run=False))
            )
            somebody_waits()
        return done

    monkeypatch.setattr(patients, "record_stage", record_and_let_the_other_begin)
    import_stage_table(site=house, table=forward, actor=None, dry_run=False)
    others[0].result()
    assert set(PathologyStage.objects.current().values_list("stage", flat=True)) == {int(Stage.S1)}
    assert list(audit.broken_links()) == []


def test_an_experiment_is_cancelled_while_a_worker_reports(house: Site) -> None:
    """A worker that settles holds its job and writes its row of the log."""
    dataset = DatasetVersion.objects.create(name="tests", version=1)
    experiment = Experiment.objects.create(name="three", dataset=dataset)
    jobs = []
    for n in range(3):
        job = Job.objects.create(
            kind="training.run", queue="gpu.train", title=f"{n}", state=JobState.RUNNING,
            lease_expires_at=timezone.now() + timedelta(hours=1),
        )  # fmt: skip
        run = Run.objects.create(
            name=f"{n}", spec={}, dataset=dataset, architecture="hf", protocol="strict", job=job
        )
        ExperimentRow.objects.create(experiment=experiment, run=run, title=f"{n}", line=n, position=n)
        jobs.append(job)
    administrator = User.objects.create(username="a", role=Role.ADMINISTRATOR)
    with transaction.atomic():
        Job.objects.select_for_update().get(pk=jobs[-1].pk)
        cancelled = Act(lambda: experiments.cancel(experiment=experiment, actor=administrator))
        somebody_waits()
        audit.record(actor=None, action="model.registered", object=jobs[-1])
    assert cancelled.result() == 3
    assert Entry.objects.filter(action="run.cancelled").count() == 3
    assert list(audit.broken_links()) == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.CLINICIAN}])
def test_two_administrators_do_not_remove_each_other(house: Site, change: dict[str, Any]) -> None:
    one, two = (User.objects.create(username=name, role=Role.ADMINISTRATOR) for name in ("one", "two"))
    with transaction.atomic():
        people.change_user(user=two, actor=one, changes=change)
        other = Act(lambda: people.change_user(user=one, actor=two, changes=change))
        somebody_waits()
    with pytest.raises(people.LastAdministrator):
        other.result()
    left = User.objects.filter(is_active=True, role=Role.ADMINISTRATOR)
    assert list(left) == [one]

"""From labelled pairs to a version that never changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from ml.cohort import assert_no_leak, load_cache
from ml.spec import Band, Stage
from tests.webapp.datasets.cohorts import add_cohort, add_exam, add_image, add_pair, add_patient
from webapp.accounts.models import Site, User
from webapp.audit.models import Entry
from webapp.datasets import building, services
from webapp.datasets.errors import DatasetFrozen, FreezeRefused
from webapp.datasets.models import DatasetMember, DatasetState, DatasetVersion
from webapp.jobs import execution
from webapp.jobs import services as jobs
from webapp.jobs.models import Job, JobEvent
from webapp.patients.models import PathologyStage

RunJob = Callable[[Any], Job]
INSERT_MEMBER = """
    INSERT INTO datasets_datasetmember
        (dataset_id, patient_id, pseudonym, site_id, stage, split, hf_images, lf_images)
    SELECT dataset_id, patient_id, 'again', site_id, stage, split, 1, 1 FROM datasets_datasetmember
"""


def test_a_frozen_version_has_files_that_prove_what_its_rows_say(frozen: DatasetVersion) -> None:
    cohort = load_cache(frozen.folder, verify=True)
    assert_no_leak(cohort)
    assert (frozen.state, frozen.hash, frozen.simulated) == ("frozen", cohort.dataset_hash, True)
    assert frozen.counts["total"] == {"patients": 15, "images": 30}
    assert frozen.counts["by_stage"] == dict.fromkeys(["S0", "S1", "S2", "S3", "S4"], 3)
    assert frozen.counts["by_site"] == {"A": dict.fromkeys(["S0", "S1", "S2", "S3", "S4"], 3)}
    assert frozen.counts["flow"][-1]["patients"] == 15
    rows = {member.pseudonym: member for member in frozen.members.all()}
    assert {name: member.split for name, member in rows.items()} == {
        name: str(part) for name, part in cohort.split.items()
    }
    assert {(member.hf_images, member.lf_images) for member in rows.values()} == {(1, 1)}


def test_every_stage_is_in_every_part_and_no_patient_in_two(frozen: DatasetVersion) -> None:
    for part in ("train", "validation", "test"):
        stages = frozen.members.filter(split=part).values_list("stage", flat=True)
        assert sorted(stages) == [0, 1, 2, 3, 4]
    assert frozen.members.values("patient").distinct().count() == 15


def test_a_name_has_versions(frozen: DatasetVersion, site_a: Site, researcher: User) -> None:
    second = services.freeze(name="Pilot", sites=[site_a], actor=researcher)
    other = services.freeze(name="Other", sites=[site_a], actor=researcher)
    assert (frozen.version, second.version, other.version) == (1, 2, 1)


def test_the_same_labels_and_seed_give_the_same_hash(
    frozen: DatasetVersion, site_a: Site, researcher: User, run_job: RunJob
) -> None:
    same = services.freeze(name="Same", sites=[site_a], actor=researcher)
    other = services.freeze(name="Other seed", sites=[site_a], actor=researcher, split_seed=1)
    run_job(same.job)
    run_job(other.job)
    same.refresh_from_db()
    other.refresh_from_db()
    assert same.hash == frozen.hash
    assert other.hash != frozen.hash


def test_a_later_label_does_not_reach_a_frozen_version(frozen: DatasetVersion, site_a: Site) -> None:
    patient = frozen.members.filter(stage=2).first().patient
    PathologyStage.objects.filter(patient=patient).update(stage=4)
    add_pair(site_a, Stage.S1)
    frozen.refresh_from_db()
    assert frozen.members.get(patient=patient).stage == 2
    assert frozen.counts["total"]["patients"] == 15


def test_cines_enter_frame_by_frame(site_a: Site, researcher: User, run_job: RunJob) -> None:
    add_cohort(site_a, {Stage.S0: 3, Stage.S4: 3})
    exam = add_exam(add_patient(site_a, Stage.S0))
    add_image(exam, Band.HF, frames=12)
    add_image(exam, Band.LF)
    version = services.freeze(name="Cine", sites=[site_a], actor=researcher)
    assert run_job(version.job).state == "succeeded"
    assert version.members.get(patient=exam.patient).hf_images == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE datasets_datasetversion SET note = 'changed'",
        "UPDATE datasets_datasetversion SET state = 'failed'",
        "DELETE FROM datasets_datasetversion_sites",
        "DELETE FROM datasets_datasetmember",
        "UPDATE datasets_datasetmember SET stage = 0",
        "UPDATE datasets_datasetmember SET split = 'test'",
        INSERT_MEMBER,
    ],
)
def test_the_database_itself_refuses_to_change_a_frozen_version(
    frozen: DatasetVersion, statement: str
) -> None:
    refused = pytest.raises(DatabaseError, match="dataset-frozen")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(statement)
    frozen.refresh_from_db()
    assert (frozen.state, frozen.note, frozen.members.count()) == ("frozen", "", 15)


def test_the_database_itself_refuses_to_remove_a_frozen_version(frozen: DatasetVersion) -> None:
    with pytest.raises(DatabaseError, match="dataset-frozen"), transaction.atomic():
        frozen.delete()
    frozen.note = "changed"
    with pytest.raises(DatabaseError, match="dataset-frozen"), transaction.atomic():
        frozen.save()


def test_the_service_refuses_before_the_database_has_to(frozen: DatasetVersion, researcher: User) -> None:
    with pytest.raises(DatasetFrozen):
        services.discard(version=frozen, actor=researcher)


def test_a_version_under_construction_can_still_change(site_a: Site, researcher: User) -> None:
    add_cohort(site_a)
    version = services.freeze(name="Open", sites=[site_a], actor=researcher)
    version.note = "changed"
    version.save()
    assert DatasetVersion.objects.get(pk=version.pk).note == "changed"


def test_one_picture_under_two_patients_is_a_leak_and_nothing_is_frozen(
    site_a: Site, researcher: User, run_job: RunJob
) -> None:
    add_cohort(site_a, {Stage.S4: 3})
    for _ in range(3):  # the same pixels in train, validation and test
        add_pair(site_a, Stage.S0, seed=7)
    version = services.freeze(name="Leaky", sites=[site_a], actor=researcher)
    job = run_job(version.job)
    version.refresh_from_db()
    assert (job.state, job.failure["code"]) == ("failed", "split-leak")
    assert (version.state, version.failure["code"]) == (DatasetState.FAILED, "split-leak")
    assert not DatasetMember.objects.filter(dataset=version).exists()


def test_an_impossible_freeze_is_refused_with_a_remedy(site_a: Site, researcher: User) -> None:
    add_cohort(site_a, {Stage.S0: 2, Stage.S4: 3})
    with pytest.raises(FreezeRefused) as refusal:
        services.freeze(name="Small", sites=[site_a], actor=researcher)
    assert refusal.value.code == "dataset-stage-too-small"
    assert "1 more labelled pairs of S0" in refusal.value.remedy
    assert not DatasetVersion.objects.exists()


def test_labels_withdrawn_before_the_job_ran_fail_it_with_the_same_words(
    site_a: Site, researcher: User, run_job: RunJob
) -> None:
    add_cohort(site_a)
    version = services.freeze(name="Late", sites=[site_a], actor=researcher)
    PathologyStage.objects.all().delete()
    job = run_job(version.job)
    assert job.failure["code"] == "dataset-empty"


def test_a_second_attempt_adopts_the_folder_that_the_first_left(
    site_a: Site, researcher: User, monkeypatch: pytest.MonkeyPatch, run_job: RunJob
) -> None:
    add_cohort(site_a)
    version = services.freeze(name="Adopted", sites=[site_a], actor=researcher)
    freeze = building._freeze

    def die(*_: Any) -> None:
        raise RuntimeError("the machine went dark")

    monkeypatch.setattr(building, "_freeze", die)
    assert run_job(version.job).state == "failed"
    folder = Path(building.settings.WORK_DIR) / "datasets" / str(version.pk)
    made = (folder / "cache.json").stat().st_mtime_ns
    monkeypatch.setattr(building, "_freeze", freeze)
    jobs.retry(job=Job.objects.get(pk=version.job_id), actor=researcher)
    assert run_job(version.job).state == "succeeded"
    version.refresh_from_db()
    assert (version.state, version.failure) == (DatasetState.FROZEN, None)
    assert (folder / "cache.json").stat().st_mtime_ns == made


def test_a_folder_that_was_tampered_with_is_built_again(
    site_a: Site, researcher: User, monkeypatch: pytest.MonkeyPatch, run_job: RunJob
) -> None:
    add_cohort(site_a)
    version = services.freeze(name="Tampered", sites=[site_a], actor=researcher)
    folder = Path(building.settings.WORK_DIR) / "datasets" / str(version.pk)
    shutil.copytree(_built(site_a, researcher, run_job), folder)
    with (folder / "images.npy").open("r+b") as file:
        file.seek(1000)
        file.write(b"\x00\xff\x00")
    assert run_job(version.job).state == "succeeded"
    load_cache(folder, verify=True)


def _built(site: Site, researcher: User, run_job: RunJob) -> Path:
    other = services.freeze(name="Whole", sites=[site], actor=researcher)
    run_job(other.job)
    other.refresh_from_db()
    return other.folder


def test_an_attempt_that_lost_its_lease_freezes_nothing(
    site_a: Site, researcher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_cohort(site_a)
    version = services.freeze(name="Late", sites=[site_a], actor=researcher)
    leak_test = building.assert_no_leak

    def and_lose_the_lease(cohort: Any) -> None:
        leak_test(cohort)
        Job.objects.filter(pk=version.job_id).update(attempt=99)

    monkeypatch.setattr(building, "assert_no_leak", and_lose_the_lease)
    execution.execute(version.job_id, worker="tests")
    version.refresh_from_db()
    assert version.state == DatasetState.BUILDING
    assert not version.members.exists()


def test_cancelling_before_it_began_marks_the_version_as_failed(site_a: Site, researcher: User) -> None:
    add_cohort(site_a)
    version = services.freeze(name="Cancelled", sites=[site_a], actor=researcher)
    jobs.request_cancel(job=version.job, actor=researcher)
    version.refresh_from_db()
    assert (version.state, version.failure["code"]) == (DatasetState.FAILED, "cancelled")
    services.discard(version=version, actor=researcher)
    assert not DatasetVersion.objects.exists()


def test_progress_is_told_and_the_act_is_on_the_audit_log(frozen: DatasetVersion) -> None:
    kinds = set(JobEvent.objects.filter(job=frozen.job).values_list("kind", flat=True))
    assert "progressed" in kinds
    actions = list(Entry.objects.order_by("number").values_list("action", flat=True))
    assert actions[-2:] == ["dataset.started", "dataset.frozen"]

"""Nothing that a reader can ask tells what a blinded reader must not know: every address is walked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from django.utils import timezone

from ml.spec import Stage
from webapp.audit import services as audit
from webapp.audit.models import Entry
from webapp.datasets.models import DatasetMember, DatasetVersion
from webapp.jobs.models import Job, JobEvent, JobState
from webapp.patients import services as patients
from webapp.patients.models import PathologyStage
from webapp.reading import blinding, reads
from webapp.reading.models import QualityRead, StageRead
from webapp.staging.models import Staging
from webapp.training.models import ModelVersion, Run

pytestmark = pytest.mark.django_db
NOTE = "the-other-readers-words"  # of the read that must not be seen
PROBABILITY = 0.123456789  # of the staging that must not be seen
SOURCE = "surgery"  # of the pathology stage that must not be seen


@pytest.fixture
def secret_staging(exam):
    """A finished answer of a model about the exam."""
    dataset = DatasetVersion.objects.create(name="tests", version=1)
    settled = {"queue": "gpu.infer", "title": "", "state": JobState.SUCCEEDED, "finished_at": timezone.now()}
    run = Run.objects.create(
        name="run", spec={}, dataset=dataset, architecture="fusion", protocol="strict",
        job=Job.objects.create(kind="training.run", **settled),
    )  # fmt: skip
    model = ModelVersion.objects.create(
        name="model", run=run, path="x", digest="0" * 64, sha256="0" * 64, architecture="fusion",
        protocol="strict", dataset_hash="0" * 64, simulated=True,
    )  # fmt: skip
    rest = (1 - PROBABILITY) / 4
    result = {
        "stage": "S1", "probabilities": {"S0": PROBABILITY, **{f"S{n}": rest for n in range(1, 5)}},
        "at_least": {"S2": 0.5, "S3": 0.4, "S4": 0.2}, "prediction_set": ["S1"], "coverage": 0.9,
        "bands": ["HF", "LF"], "images": {"HF": 1, "LF": 1}, "seconds": 0.1, "warnings": [],
        "model": {"id": str(model.pk), "name": "model", "sha256": "0" * 64, "architecture": "fusion",
                  "protocol": "strict", "dataset_hash": "0" * 64, "simulated": True},
    }  # fmt: skip
    job = Job.objects.create(kind="staging.stage", **settled)
    job.sites.add(exam.site)
    return Staging.objects.create(exam=exam, model=model, job=job, result=result, seconds=0.1)


@pytest.fixture
def blind(exam, annotator, second_reader, researcher, secret_staging):
    """The exam with all that ``annotator`` must not see: the other's reads, pathology and the model."""
    patients.record_stage(patient=exam.patient, stage=Stage.S3, source=SOURCE, actor=researcher)
    version = secret_staging.model.run.dataset
    version.sites.add(exam.site)
    DatasetMember.objects.create(
        dataset=version, patient=exam.patient, site=exam.site, pseudonym=exam.patient.pseudonym, stage=3,
        split="train", hf_images=1, lf_images=1,
    )  # fmt: skip
    for kind in ("quality", "stage"):
        reads.assign(exams=[exam], kind=kind, readers=[annotator, second_reader], actor=researcher)
    reads.lock_quality(exam=exam, reader=second_reader, quality="unacceptable", reasons=["shadow"], note=NOTE)
    reads.lock_stage(exam=exam, reader=second_reader, stage=Stage.S4, note=NOTE)
    return exam


def open_addresses(known: list[str]) -> Iterator[str]:
    """Every GET address under /api/v1/, its holes filled with each id that could fit."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route, pattern

    for _, pattern in walk(get_resolver().url_patterns, ""):
        callback = pattern.callback
        actions = getattr(callback, "actions", None)
        if not getattr(callback, "cls", None) or (actions is not None and "get" not in actions):
            continue
        name = pattern.name or ""
        names = set(pattern.pattern.regex.groupindex)
        from django.urls import NoReverseMatch, reverse

        if not names - {"format"}:
            yield reverse(name)
            continue
        for key in known:
            try:
                yield reverse(name, kwargs={hole: key if hole in {"pk", "id"} else 1 for hole in names})
            except NoReverseMatch:
                continue


def told(client: Any, known: list[str]) -> dict[str, list[str]]:
    """Which of the three secrets each address tells."""
    leaks: dict[str, list[str]] = {}
    for address in sorted(set(open_addresses(known))):
        if "/frames/" in address or "schema" in address:
            continue
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        content = b"".join(answer) if answer.streaming else answer.content
        secrets = [word for word in (NOTE, str(PROBABILITY), SOURCE) if word.encode() in content]
        if secrets:
            leaks[address] = secrets
    return leaks


def ids_of(exam: Any) -> list[str]:
    staging = Staging.objects.get()
    run = staging.model.run
    objects = [exam, exam.patient, staging, staging.model, run, run.dataset, staging.job,
               *StageRead.objects.all(), *QualityRead.objects.all(), *exam.images.all()]  # fmt: skip
    return [str(row.pk) for row in objects]


def test_no_address_tells_a_reader_before_the_own_read_is_locked(blind, client_of, annotator):
    assert told(client_of(annotator), ids_of(blind)) == {}


def test_the_walk_would_find_every_leak(blind, client_of, administrator):
    leaks = told(client_of(administrator), ids_of(blind))
    assert {word for words in leaks.values() for word in words} == {NOTE, str(PROBABILITY), SOURCE}
    assert f"/api/v1/exams/{blind.pk}/" in leaks
    assert "/api/v1/stage-reads/" in leaks


def test_an_administrator_who_reads_is_as_blind(
    exam, client_of, administrator, second_reader, secret_staging
):
    patients.record_stage(patient=exam.patient, stage=Stage.S3, source=SOURCE, actor=administrator)
    reads.assign(exams=[exam], kind="stage", readers=[administrator, second_reader], actor=administrator)
    reads.lock_stage(exam=exam, reader=second_reader, stage=Stage.S4, note=NOTE)
    leaks = told(client_of(administrator), ids_of(exam))
    assert leaks == {}


def test_the_audit_log_tells_a_blinded_administrator_no_stage(
    exam, client_of, administrator, make_user, site_a, secret_staging
):
    first = patients.record_stage(patient=exam.patient, stage=Stage.S3, source=SOURCE, actor=administrator)
    said = {"exam": exam.pk, "decision": "change", "stage": 4, "content_hash": "0" * 64, "previous": None}
    for action, detail in (
        ("staging.answered", {"stage": "S1", "model": 1}),
        ("review.saved", {"exam": exam.pk, "decision": "change"}),
        ("report.signed", said),
        ("report.amended", said),
    ):
        audit.record(actor=administrator, action=action, object=first.patient, detail=detail)
    reads.assign(exams=[exam], kind="stage", readers=[administrator], actor=administrator)
    reading, other = client_of(administrator), client_of(make_user("administrator", site_a))
    told_words = {"stage", "source", "before", "decision", "content_hash", "previous"}
    rows = reading.get("/api/v1/audit/").json()["results"]
    withheld = {row["action"]: row["detail"] for row in rows if row["withheld"]}
    assert set(withheld) == {
        "stage.recorded", "staging.answered", "review.saved", "report.signed", "report.amended",
    }  # fmt: skip
    assert all(told_words.isdisjoint(detail) for detail in withheld.values()), withheld
    assert {row["hash"] for row in rows} == {""}, "a stage is guessed from the rest of its row and its hash"
    number = Entry.objects.get(action="stage.recorded").number
    one = reading.get(f"/api/v1/audit/{number}/").json()
    assert (one["detail"], one["hash"], one["withheld"]) == ({"exam": None}, "", True)
    refused = reading.get("/api/v1/audit/export/")
    assert (refused.status_code, refused.json()["code"]) == (409, "audit-blinded")
    assert not Entry.objects.filter(action="audit.exported").exists()
    (row,) = other.get("/api/v1/audit/?action=stage.recorded").json()["results"]
    assert (row["detail"]["stage"], row["withheld"], len(row["hash"])) == ("S3", False, 64)
    reads.lock_stage(exam=exam, reader=administrator, stage=Stage.S2)
    (row,) = reading.get("/api/v1/audit/?action=stage.recorded").json()["results"]
    assert (row["detail"]["stage"], row["withheld"]) == ("S3", False)
    assert b"".join(reading.get("/api/v1/audit/export/")).count(b"S3") == 1


def test_after_locking_one_sees_stage_and_staging_and_after_both_the_other(blind, client_of, annotator):
    client = client_of(annotator)
    client.post("/api/v1/stage-reads/", {"exam": str(blind.pk), "stage": "S2"})
    assert client.get(f"/api/v1/exams/{blind.pk}/").data["blinded"], "the quality read is still open"
    client.post("/api/v1/quality-reads/", {"exam": str(blind.pk), "quality": "acceptable"})
    seen = client.get(f"/api/v1/exams/{blind.pk}/").data
    assert (seen["blinded"], seen["pathology_stage"], len(seen["stagings"])) == (False, 3, 1)
    readers = {row["reader"] for row in client.get("/api/v1/stage-reads/").data["results"]}
    assert readers == {"annotator", "second-reader"}


def test_the_first_to_lock_waits_for_the_second(blind, client_of, second_reader, annotator):
    client = client_of(second_reader)
    assert {row["reader"] for row in client.get("/api/v1/stage-reads/").data["results"]} == {"second-reader"}
    assert client.get("/api/v1/adjudications/compared/?kind=stage").data == []
    assert client.get("/api/v1/adjudications/agreement/?kind=stage").data["exams"] == 0
    reads.lock_stage(exam=blind, reader=annotator, stage=Stage.S2, note="mine")
    assert len(client.get("/api/v1/stage-reads/").data["results"]) == 2


def test_somebody_without_a_part_in_it_waits_for_both(blind, client_of, third_reader, annotator):
    client = client_of(third_reader)
    assert client.get("/api/v1/stage-reads/").data["results"] == []
    assert client.get(f"/api/v1/stage-reads/{StageRead.objects.get().pk}/").status_code == 404
    reads.lock_stage(exam=blind, reader=annotator, stage=Stage.S2)
    assert len(client.get("/api/v1/stage-reads/").data["results"]) == 2


@pytest.mark.parametrize("stage", range(5))
def test_no_filter_and_no_count_tells_the_stage(blind, client_of, annotator, stage):
    client = client_of(annotator)
    for address in ("exams", "patients"):
        assert client.get(f"/api/v1/{address}/", {"stage": stage}).data["results"] == []
    assert client.get("/api/v1/stage-reads/", {"stage": stage}).data["results"] == []
    dataset = DatasetVersion.objects.get().pk
    rows = client.get(f"/api/v1/datasets/{dataset}/patients/", {"stage": f"S{stage}"}).data["results"]
    assert rows == []


@pytest.mark.parametrize("staged", ["yes", "no"])
def test_no_filter_tells_whether_a_model_has_answered(blind, client_of, annotator, staged):
    assert client_of(annotator).get("/api/v1/exams/", {"staged": staged}).data["results"] == []


def test_a_blinded_reader_neither_stages_nor_records_a_stage(blind, client_of, annotator):
    client = client_of(annotator)
    asked = client.post("/api/v1/stagings/", {"exam": str(blind.pk)})
    assert (asked.status_code, asked.json()["code"]) == (409, "blinded")
    body = {"stage": "S3", "source": SOURCE}
    recorded = client.post(f"/api/v1/patients/{blind.patient_id}/stage/", body)
    assert (recorded.status_code, recorded.json()["code"]) == (409, "blinded")


def test_a_dry_run_of_a_table_tells_nothing(blind, client_of, annotator):
    table = f"patient_id,stage\n{blind.patient.pseudonym},S1\n".encode()
    answer = client_of(annotator).post(
        "/api/v1/patients/stage-table/",
        {"file": SimpleUploadedFile("s.csv", table), "site": "A", "dry_run": "true"},
        format="multipart",
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "blinded")


def test_the_audit_log_holds_no_answer(blind, client_of, administrator):
    rows = client_of(administrator).get("/api/v1/audit/", {"action": "stage-read"}).data["results"]
    rows += client_of(administrator).get("/api/v1/audit/", {"action": "quality-read"}).data["results"]
    assert len(rows) == 2
    assert all(set(row["detail"]) == {"read"} for row in rows), json.dumps(rows, default=str)


def test_reads_reach_no_socket(blind, annotator, monkeypatch):
    from webapp.jobs import hints

    sent: list[Any] = []
    monkeypatch.setattr(hints, "announce", lambda *args, **kwargs: sent.append(args))
    reads.lock_stage(exam=blind, reader=annotator, stage=Stage.S0)
    assert sent == []


def test_open_sockets_ask_anew_for_whom_something_is_to_read(
    exam, annotator, researcher, monkeypatch, django_capture_on_commit_callbacks
):
    from webapp.jobs import hints

    asked: list[int] = []
    monkeypatch.setattr(hints, "reconsider", lambda users: asked.extend(user.pk for user in users))
    with django_capture_on_commit_callbacks(execute=True):
        (given,) = reads.assign(exams=[exam], kind="stage", readers=[annotator], actor=researcher)
    assert asked == [annotator.pk]
    reads.withdraw(assignment=given, actor=researcher)
    with django_capture_on_commit_callbacks(execute=True):
        reads.restore(assignment=given, actor=researcher)
    assert asked == [annotator.pk] * 2


def test_another_exam_of_the_patient_keeps_the_veil(blind, annotator, add_exam, researcher, second_reader):
    reads.lock_stage(exam=blind, reader=annotator, stage=Stage.S2)
    reads.lock_quality(exam=blind, reader=annotator, quality="acceptable")
    assert not blinding.still_to_read(annotator).exists()
    other = blind.patient.exams.create(study_key="another")
    reads.assign(exams=[other], kind="stage", readers=[annotator], actor=researcher)
    assert set(blinding.visible_reads(StageRead.objects.all(), annotator)) == {
        StageRead.objects.get(reader=annotator)
    }


def test_other_sites_know_nothing_of_it(blind, client_of, make_user, site_b):
    client = client_of(make_user("researcher", site_b))
    for address in ("read-assignments", "quality-reads", "stage-reads", "adjudications"):
        assert client.get(f"/api/v1/{address}/").data["results"] == []
    assert client.get("/api/v1/adjudications/compared/?kind=stage").data == []


def everything(client: Any, known: list[str]) -> dict[str, Any]:
    """What every address answers, for one who asks it all."""
    return {
        address: (answer.status_code, None if answer.streaming else answer.content)
        for address in sorted(set(open_addresses(known)))
        if "schema" not in address and "auth/session" not in address  # which has a new CSRF token each time
        for answer in [client.get(address)]
    }


def tell_results(stage: int, table: dict[str, int]) -> None:
    """What a training would have found had the hidden patient this stage."""
    metrics = {"accuracy": {"value": stage / 10, "low": 0.0, "high": 1.0}}
    told = {"metrics": metrics, "image_metrics": metrics, "record": {"train_counts": table}}
    Run.objects.update(figures=["roc"], **told)
    run = Run.objects.get()
    run.job.sites.set(run.dataset.sites.all())
    ModelVersion.objects.update(metrics=metrics, card=f"Patients of S3: {table['S3']}")
    JobEvent.objects.update_or_create(
        job=run.job, seq=1,
        defaults={"attempt": 1, "kind": "evaluated", "data": {"kind": "evaluated", "metrics": metrics}},
    )  # fmt: skip


def test_whatever_the_hidden_stage_is_every_address_answers_the_same(
    blind, client_of, make_user, site_a, researcher, add_exam
):
    """Lists, counts, previews, audits and results together, for one who sees most of them and is to read."""
    reader = make_user("researcher", site_a, username="reading-researcher")
    other = add_exam("P2", "HF", "LF").patient
    patients.record_stage(patient=other, stage=Stage.S1, source="biopsy", actor=researcher)
    late = blind.patient.exams.create(study_key="another")
    reads.assign(exams=[late], kind="quality", readers=[reader], actor=researcher)
    version, member = DatasetVersion.objects.get(), DatasetMember.objects.get()
    DatasetMember.objects.create(
        dataset=version, patient=other, site=other.site, pseudonym=other.pseudonym, stage=1,
        split="train", hf_images=1, lf_images=1,
    )  # fmt: skip
    client, known = client_of(reader), ids_of(blind)
    seen = []
    for stage in (Stage.S0, Stage.S3):
        table = {each.label: int(each in {Stage.S1, stage}) for each in Stage}
        nobody = dict.fromkeys(table, 0)
        DatasetVersion.objects.update(
            counts={
                "total": {"patients": 2, "images": 4}, "by_stage": table, "by_site": {"A": table},
                "by_split": {"train": table, "validation": nobody, "test": nobody}, "flow": [],
            }
        )  # fmt: skip
        DatasetMember.objects.filter(pk=member.pk).update(stage=int(stage))
        tell_results(int(stage), table)
        PathologyStage.objects.filter(patient=blind.patient).update(stage=int(stage))
        seen.append(everything(client, known))
    different = [address for address, answer in seen[0].items() if answer != seen[1][address]]
    assert different == []
    run, model = Run.objects.get(), ModelVersion.objects.get()
    for address in (f"runs/{run.pk}/", f"models/{model.pk}/"):
        hidden, open_ = (client_of(one).get(f"/api/v1/{address}").json() for one in (reader, researcher))
        assert (hidden["withheld"], hidden["metrics"]) == (True, {})
        assert (open_["withheld"], open_["metrics"]["accuracy"]["value"]) == (False, 0.3)
    told = client_of(researcher).get(f"/api/v1/jobs/{run.job_id}/events/").json()["events"]
    assert [row["data"]["metrics"] for row in told] == [run.metrics]
    export = client.get(f"/api/v1/models/{model.pk}/export/")
    assert (export.status_code, export.json()["code"]) == (409, "blinded")
    shown = client.get(f"/api/v1/datasets/{version.pk}/").json()
    assert shown["hidden"] == 1
    assert sum(shown["counts"]["by_stage"].values()) == 1
    audit = client.get(f"/api/v1/datasets/{version.pk}/audit/")
    assert (audit.status_code, audit.json()["code"]) == (409, "blinded")
    assert client_of(researcher).get(f"/api/v1/datasets/{version.pk}/").json()["hidden"] == 0

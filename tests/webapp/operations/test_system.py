"""What administrators and monitors see of the house: condition, metrics, storage checks, log lines."""

from __future__ import annotations

import json
import logging
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from rest_framework.test import APIClient

from tests.webapp.imaging.files import ultrasound
from webapp import observing
from webapp.audit.models import Entry
from webapp.bucket import pending
from webapp.imaging.ingest import ingest_file, start_upload
from webapp.imaging.storage import Room, path_of
from webapp.jobs import services as jobs
from webapp.jobs import workers
from webapp.jobs.models import Job, JobState
from webapp.observing import JsonFormatter
from webapp.operations import holdings
from webapp.operations.models import StorageCheck
from webapp.operations.remembered import Remembered

TOKEN = "for-the-monitor-only"


@pytest.fixture
def image(site_a, clinician):
    upload = start_upload(site=site_a, actor=clinician)
    (row,) = ingest_file(upload=upload, name="x", data=ultrasound(), actor=clinician)
    return row.image


def scraped(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.django_db
def test_the_system_page_says_what_runs_where(client_of, administrator, image):
    workers.report("machine:1:abc", ["cpu"])
    made = client_of(administrator).post("/api/v1/storage-checks/", {})
    Job.objects.update(state=JobState.RUNNING, worker="machine:1:abc", lease_expires_at=timezone.now())
    found = client_of(administrator).get("/api/v1/system/").json()
    assert (found["status"], found["database"], found["redis"]) == ("degraded", "ok", "absent")
    (worker,) = found["workers"]
    assert (worker["name"], worker["alive"], worker["job"]["id"]) == (
        "machine:1:abc", True, made.json()["job"]["id"],
    )  # fmt: skip
    queue = next(row for row in found["queues"] if row["queue"] == "cpu")
    assert (queue["workers"], queue["running"], queue["waiting"]) == (1, 1, 0)
    assert {disk["name"] for disk in found["disks"]} == {"storage", "work"}
    assert all(0 < disk["free"] <= disk["total"] for disk in found["disks"])


@pytest.mark.django_db
def test_a_storage_check_is_a_job_that_leaves_its_report(client_of, administrator, image, run_job):
    client = client_of(administrator)
    path_of(Room.IMAGES, image.sha256).unlink()
    asked = client.post("/api/v1/storage-checks/", {"hashing": False})
    assert (asked.status_code, asked.json()["report"]) == (201, None)
    assert run_job(asked.json()["job"]["id"]).state == JobState.SUCCEEDED
    found = client.get(f"/api/v1/storage-checks/{asked.json()['id']}/").json()["report"]
    assert (found["counts"], found["fine"], found["hashed"]) == (
        {"missing": 1, "orphan": 0, "changed": 0}, False, False,
    )  # fmt: skip
    assert found["findings"][0]["row"] == f"imaging.Image {image.pk}"
    assert {entry.action for entry in Entry.objects.filter(object_id=asked.json()["id"])} == {
        "storage.check-requested", "storage.checked",
    }  # fmt: skip


@pytest.mark.django_db
def test_only_administrators_look_at_the_house(client_of, researcher):
    for address in ("/api/v1/system/", "/api/v1/storage-checks/"):
        assert client_of(researcher).get(address).status_code == 403
    assert client_of(researcher).post("/api/v1/storage-checks/", {}).status_code == 403
    assert not StorageCheck.objects.exists()


@pytest.mark.django_db
def test_metrics_are_for_the_monitor_and_for_administrators(client, settings, administrator, clinician):
    assert client.get("/metrics").status_code == 403
    settings.METRICS_TOKEN = TOKEN
    for sent in ("", "Bearer ", "Bearer wrong", f"Token {TOKEN}"):
        assert client.get("/metrics", headers={"Authorization": sent}).status_code == 403, sent
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    client.force_login(clinician)
    assert client.get("/metrics").status_code == 403
    client.force_login(administrator)
    assert client.get("/metrics").status_code == 200


@pytest.mark.django_db
def test_metrics_count_what_there_is(client, settings, image):
    settings.METRICS_TOKEN = TOKEN
    jobs.enqueue(kind="operations.storage-check", title="", payload={})
    workers.report("machine:1:abc", ["cpu"])
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    found = scraped(answer.content.decode())
    assert found["hepastage_jobs", "operations.storage-check", "queued"] == 1
    assert found["hepastage_queue_waiting", "cpu"] == 1
    assert found["hepastage_queue_oldest_seconds", "cpu"] >= 0
    assert found["hepastage_queue_workers", "cpu"] == 1
    assert found["hepastage_files_taken_in_total", "accepted"] == 1
    assert found["hepastage_stagings_total",] == 0
    assert found["hepastage_up", "database"] == 1
    assert found["hepastage_disk_free_bytes", "storage"] > 0


@pytest.mark.django_db
def test_requests_are_measured_by_pattern_and_never_by_what_was_filled_in(client, settings, image):
    settings.METRICS_TOKEN = TOKEN
    secret = str(image.pk)
    client.get(f"/api/v1/images/{secret}/")
    client.get("/api/v1/no-such-thing-as-Jane-Doe/")
    client.get("/patients/Jane-Doe")
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert "hepastage_request_seconds_bucket" in text
    assert 'route="api/v1/images/<pk>/"' in text
    for word in (secret, "Jane"):
        assert word not in text


@pytest.mark.django_db
def test_each_answer_names_its_request_and_so_does_its_line(client, caplog, clinician):
    client.force_login(clinician)
    with caplog.at_level(logging.INFO, logger="webapp.requests"):
        first, second = client.get("/api/v1/me/?name=Jane"), client.get("/api/v1/me/")
    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert [record.getMessage() for record in caplog.records] == ["GET api/v1/me/ 200"] * 2
    assert caplog.records[0].user == clinician.pk
    assert "Jane" not in caplog.text


@given(st.text(max_size=60))
def test_a_line_stays_one_line_whatever_it_holds(text: str):
    record = logging.LogRecord("webapp.x", logging.INFO, "", 0, "%s", (text,), None)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == text


def test_a_line_tells_of_its_exception_and_its_request():
    held = observing.request_id.set("abc")
    try:
        raise ValueError("no")
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("webapp.x", logging.ERROR, "", 0, "failed", (), info)
    line = json.loads(JsonFormatter().format(record))
    observing.request_id.reset(held)
    assert (line["request"], line["level"], line["logger"]) == ("abc", "ERROR", "webapp.x")
    assert "ValueError: no" in line["exception"]


def test_the_page_for_strangers_says_nothing_of_the_house(db):
    assert APIClient().get("/api/v1/system/").status_code == 401


# --- What is stored, and what workers did ------------------------------------------------------------


def counted(client) -> dict:
    """What the page says of stored files once they are counted."""
    for _ in range(100):
        found = client.get("/api/v1/system/").json()["holdings"]
        if found["counted"] is not None:
            return found
        time.sleep(0.1)
    raise AssertionError("nothing was counted")


@pytest.mark.django_db
def test_the_system_page_counts_what_is_on_the_disk(client_of, administrator, image, client, settings):
    pending.note(f"storage/images/{'0' * 2}/{'0' * 64}")
    found = counted(client_of(administrator))
    here = [path for path in settings.STORAGE_DIR.rglob("*") if path.is_file()]
    assert (found["bucket"], found["answers"], found["cache_limit"], found["to_remove"]) == (
        False, None, None, 1,
    )  # fmt: skip
    assert found["counted"]["complete"]
    assert found["counted"]["files"] == len(here) >= 2
    assert found["counted"]["bytes"] == sum(path.stat().st_size for path in here)
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    numbers = scraped(answer.content.decode())
    assert numbers["hepastage_stored_files",] == len(here)
    assert numbers["hepastage_files_to_remove",] == 1


def test_counting_ends_when_its_time_is_over(settings, monkeypatch):
    for name in ("a", "b"):
        (settings.STORAGE_DIR / name).mkdir()
        (settings.STORAGE_DIR / name / "file").write_bytes(b"x")
    monkeypatch.setattr(holdings, "LONGEST", -1.0)
    assert not holdings.count().complete


def test_what_takes_long_is_found_out_beside_who_asks():
    gate, asked = threading.Event(), []

    def measure() -> int:
        asked.append(1)
        gate.wait(30)
        return len(asked)

    slow = Remembered(measure, seconds=0.0)
    assert slow.get(of="a", wait=0.01) is None
    assert slow.get(of="a", wait=0.01) is None
    assert len(asked) == 1  # one at a time
    gate.set()
    assert slow.get(of="a", wait=30) == 1
    gate.clear()
    assert slow.get(of="a", wait=30) == 1  # old, and not waited for
    assert slow.known(of="another house") is None
    gate.set()


@pytest.mark.django_db
def test_metrics_add_up_what_workers_did(client, settings):
    settings.METRICS_TOKEN = TOKEN
    kind = "operations.storage-check"
    for worker, state in (("a:1:x", JobState.SUCCEEDED), ("b:2:y", JobState.FAILED), ("b:2:y", None)):
        job = jobs.enqueue(kind=kind, title="", payload={})
        first = jobs.claim(job_id=job.pk, worker="c:3:z")
        assert first is not None
        jobs.hand_back(job_id=job.pk, attempt=first.attempt)
        again = jobs.claim(job_id=job.pk, worker=worker)
        assert again is not None
        if state is JobState.SUCCEEDED:
            long_ago = timezone.now() - timedelta(seconds=100)
            Job.objects.filter(pk=job.pk).update(started_at=long_ago)
        if state is not None:
            failure = {"code": "x", "message": "x", "remedy": "x"} if state is JobState.FAILED else None
            jobs.settle(job_id=job.pk, attempt=again.attempt, state=state, failure=failure, hooks=False)
        if state is JobState.FAILED:
            jobs.retry(job=Job.objects.get(pk=job.pk), actor=None)  # what failed has failed all the same
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    found = scraped(answer.content.decode())
    runs = {key[2]: value for key, value in found.items() if key[:2] == ("hepastage_job_runs_total", kind)}
    assert runs == {"again": 3, "succeeded": 1, "failed": 1}
    assert 100 <= found["hepastage_job_run_seconds_total", kind, "succeeded"] < 110
    assert 0 <= found["hepastage_job_run_seconds_total", kind, "failed"] < 10

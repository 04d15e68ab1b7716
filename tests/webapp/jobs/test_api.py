"""Jobs over HTTP: who sees which, events after a number, cancel and run again."""

from __future__ import annotations

import pytest

from webapp.jobs import services

pytestmark = pytest.mark.django_db


def test_a_job_is_shown_with_its_place_in_the_queue(api, clinician, enqueue):
    first, second = (enqueue("probe.steps", steps=1, created_by=clinician) for _ in range(2))
    assert api.get(f"/api/v1/jobs/{first.pk}/").json()["queue_position"] == 1
    listed = api.get("/api/v1/jobs/?state=queued").json()["results"]
    assert [(row["id"], row["queue_position"]) for row in listed] == [(str(second.pk), 2), (str(first.pk), 1)]
    assert "payload" not in listed[0]


def test_listing_costs_the_same_for_any_number_of_jobs(
    api, clinician, enqueue, django_assert_max_num_queries
):
    for _ in range(12):
        enqueue("probe.steps", steps=1, created_by=clinician)
    with django_assert_max_num_queries(4):
        assert len(api.get("/api/v1/jobs/").json()["results"]) == 12


def test_events_after_a_number(api, clinician, enqueue, run_job):
    job = run_job(enqueue("probe.steps", steps=3, created_by=clinician))
    everything = api.get(f"/api/v1/jobs/{job.pk}/events/").json()
    assert [row["seq"] for row in everything["events"]] == list(range(1, everything["last_seq"] + 1))
    later = api.get(f"/api/v1/jobs/{job.pk}/events/?after=4").json()
    assert [row["seq"] for row in later["events"]] == list(range(5, everything["last_seq"] + 1))
    assert later["state"] == "succeeded"
    for wrong in ("-1", "9" * 4301, "²", "1e3"):
        refused = api.get(f"/api/v1/jobs/{job.pk}/events/?after={wrong}")
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "after"), wrong


def test_a_job_of_several_sites_is_seen_by_those_who_belong_to_all(
    client_of, clinician, outsider, researcher, site_a, site_b, enqueue
):
    shared = enqueue("probe.steps", steps=1, created_by=clinician)
    address = f"/api/v1/jobs/{shared.pk}/"
    assert client_of(researcher).get(address).status_code == 404  # no site: only its maker
    shared.sites.set([site_a, site_b])
    assert client_of(researcher).get(address).status_code == 404
    assert client_of(outsider).get(address).status_code == 404
    researcher.sites.set([site_a, site_b])
    assert client_of(researcher).get(address).status_code == 200
    assert client_of(clinician).get(address).status_code == 200


def test_another_sites_job_does_not_exist(client_of, clinician, outsider, administrator, site_a, enqueue):
    job = enqueue("probe.steps", steps=1, created_by=clinician, site=site_a)
    assert client_of(outsider).get(f"/api/v1/jobs/{job.pk}/").status_code == 404
    assert client_of(outsider).get("/api/v1/jobs/").json()["results"] == []
    assert client_of(administrator).get(f"/api/v1/jobs/{job.pk}/").status_code == 200
    assert client_of(None).get("/api/v1/jobs/").status_code == 401


def test_cancel_and_retry(api, clinician, enqueue):
    job = enqueue("probe.steps", steps=1, created_by=clinician)
    assert api.post(f"/api/v1/jobs/{job.pk}/cancel/").json()["state"] == "cancelled"
    again = api.post(f"/api/v1/jobs/{job.pk}/cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "job-state")
    assert again["Content-Type"] == "application/problem+json"
    assert api.post(f"/api/v1/jobs/{job.pk}/retry/").json()["state"] == "queued"


def test_somebody_elses_job_is_not_mine_to_cancel(client_of, clinician, researcher, site_a, enqueue):
    job = enqueue("probe.steps", steps=1, created_by=clinician, site=site_a)
    answer = client_of(researcher).post(f"/api/v1/jobs/{job.pk}/cancel/")
    assert (answer.status_code, answer.json()["code"]) == (403, "job-not-yours")


def test_a_failed_job_says_why(api, clinician, enqueue, run_job):
    job = run_job(enqueue("probe.refuses", created_by=clinician))
    body = api.get(f"/api/v1/jobs/{job.pk}/").json()
    assert body["failure"]["remedy"] == "Import some patients."


def test_the_health_page_counts_workers(api, db):
    from webapp.jobs import workers

    assert api.get("/healthz").json()["status"] == "degraded"
    workers.report("here", ["cpu", "gpu.infer", "gpu.train"])
    body = api.get("/healthz").json()
    assert body == {
        "status": "ok",
        "database": "ok",
        "redis": "absent",
        "workers": {"cpu": 1, "gpu.infer": 1, "gpu.train": 1},
    }


def test_a_job_of_an_unknown_kind_is_refused_at_once(db):
    with pytest.raises(Exception, match="No handler"):
        services.enqueue(kind="probe.nothing", title="x", payload={})

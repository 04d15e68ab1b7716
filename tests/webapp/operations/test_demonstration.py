"""The demonstration hospital, with the real simulation and the real import."""

from __future__ import annotations

import pytest

from webapp.accounts.models import User
from webapp.imaging.models import Image
from webapp.jobs.models import Job, JobState
from webapp.operations import demonstration, people
from webapp.operations.models import Demonstration, Phase
from webapp.patients.models import PathologyStage, Patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch) -> Demonstration:
    """Six patients: too few for a dataset, enough to see the import."""
    monkeypatch.setattr(demonstration, "wanted_patients", lambda: 6)
    monkeypatch.setattr(demonstration, "PORTIONS", (2,))
    people.first_users()
    return demonstration.begin()


def test_simulated_patients_come_in_as_real_ones_do_and_only_once(small, run_job, client_of):
    api = client_of(User.objects.get(username="researcher"))
    assert api.get("/api/v1/demonstration/").json()["state"] == "importing"
    job = run_job(small.job)
    assert job.state == JobState.SUCCEEDED, job.failure
    assert Patient.objects.filter(site__code="DEMO", simulated=True).count() == 6
    assert PathologyStage.objects.current().count() == 6
    assert Image.objects.filter(simulated=True, band="HF").exists()
    assert Image.objects.filter(simulated=True, band="LF").exists()
    images = Image.objects.count()

    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, failure={"code": "x"})
    Demonstration.objects.update(imported=[])  # as if the last thing written had been lost
    demonstration.begin()
    assert run_job(job).state == JobState.SUCCEEDED
    assert (Patient.objects.count(), Image.objects.count()) == (6, images)
    assert len(Demonstration.objects.get().imported) == 6

    step = run_job(Demonstration.objects.get().step)
    assert (step.state, step.failure["code"]) == (JobState.FAILED, "dataset-stage-too-small")
    body = api.get("/api/v1/demonstration/").json()
    assert (body["state"], body["imported"], body["job"]["failure"]["code"]) == (
        "failed",
        6,
        "dataset-stage-too-small",
    )


def test_beginning_twice_is_beginning_once(small):
    demonstration.begin()
    assert Job.objects.filter(kind="operations.demonstration").count() == 1
    assert Demonstration.objects.get().phase is Phase.IMPORTING


def test_nothing_is_shown_where_there_is_no_demonstration(api):
    assert api.get("/api/v1/demonstration/").json()["state"] == "absent"


@pytest.mark.parametrize("text", ["12", "many", "-5"])
def test_a_useless_size_is_refused(monkeypatch, text):
    monkeypatch.setenv("HEPASTAGE_DEMO_PATIENTS", text)
    with pytest.raises(demonstration.DemonstrationRefused):
        demonstration.wanted_patients()

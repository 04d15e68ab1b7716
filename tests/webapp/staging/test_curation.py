"""Lists for the curator: doubted labels, missing bands, missing serum; blind readers and other sites
see none.
"""

from __future__ import annotations

import pytest
from django.utils import timezone

from ml.cohort import ClinicalRow
from ml.spec import Stage
from webapp.accounts.roles import Role
from webapp.jobs.models import Job, JobState
from webapp.patients import services as patients
from webapp.reading import ranking, reads
from webapp.staging.models import Staging

pytestmark = pytest.mark.django_db
API = "/api/v1/curation/"


@pytest.fixture
def answered(champion):
    """``answered(exam, S3=0.8)``: a finished staging with this share, the rest spread over the other
    stages.
    """

    def add(exam, **shares):
        rest = (1 - sum(shares.values())) / (5 - len(shares))
        probabilities = {f"S{n}": shares.get(f"S{n}", rest) for n in range(5)}
        job = Job.objects.create(
            kind="staging.stage",
            queue="gpu.infer",
            title="",
            state=JobState.SUCCEEDED,
            finished_at=timezone.now(),
        )
        result = {
            "stage": max(probabilities, key=lambda stage: probabilities[stage]),
            "probabilities": probabilities,
        }
        return Staging.objects.create(exam=exam, model=champion, job=job, result=result, seconds=0.1)

    return add


def rows(client, name):
    return client.get(API, {"list": name}).json()


def test_a_confident_contradiction_is_listed_and_a_doubtful_one_is_not(
    add_exam, answered, client_of, annotator
):
    sure, unsure, right = add_exam("P1", "HF", "LF"), add_exam("P2", "HF", "LF"), add_exam("P3", "HF", "LF")
    for exam, shares in ((sure, {"S4": 0.9}), (unsure, {"S4": 0.5}), (right, {"S0": 0.9})):
        patients.record_stage(patient=exam.patient, stage=Stage.S0, source="biopsy", actor=None)
        answered(exam, **shares)
    (row,) = rows(client_of(annotator), "suspicious")
    assert (row["exam"], row["recorded"], row["answered"], row["in_training"]) == (
        str(sure.pk),
        0,
        "S4",
        False,
    )
    answered(sure, S0=0.9)
    assert rows(client_of(annotator), "suspicious") == [], "the newest answer counts"


def test_a_blinded_reader_is_not_told_by_it(add_exam, answered, client_of, annotator, researcher):
    exam = add_exam("P1", "HF", "LF")
    patients.record_stage(patient=exam.patient, stage=Stage.S0, source="biopsy", actor=None)
    answered(exam, S4=0.9)
    reads.assign(exams=[exam], kind="stage", readers=[annotator], actor=researcher)
    assert rows(client_of(annotator), "suspicious") == []
    assert len(rows(client_of(researcher), "suspicious")) == 1


def test_missing_bands_and_serum_are_listed_by_name(add_exam, client_of, annotator):
    alone, whole = add_exam("P1", "LF"), add_exam("P2", "HF", "LF")
    values = ClinicalRow("x", age=50.0, ast=30.0, alt=30.0, platelets=200.0)
    patients.record_clinical_values(patient=whole.patient, values=values, source="manual", actor=None)
    client = client_of(annotator)
    assert [(row["exam"], row["missing"]) for row in rows(client, "missing-band")] == [
        (str(alone.pk), ["HF"])
    ]
    (row,) = rows(client, "missing-serum")
    assert (row["exam"], row["missing"]) == (str(alone.pk), ["age_years", "ast", "alt", "platelets"])


def test_other_sites_and_other_roles_see_nothing(add_exam, client_of, make_user, site_b, clinician):
    add_exam("P1", "LF")
    assert rows(client_of(make_user(Role.RESEARCHER, site_b)), "missing-band") == []
    assert client_of(clinician).get(API, {"list": "missing-band"}).status_code == 403
    assert client_of(make_user(Role.ANNOTATOR, site_b)).get(API, {"list": "else"}).status_code == 400


def test_a_queue_by_uncertainty_asks_the_newest_answers(add_exam, answered, annotator, researcher):
    exams = [add_exam(f"P{n}", "HF", "LF") for n in range(3)]
    answered(exams[0], S1=0.97)
    answered(exams[1], S1=0.3)
    reads.assign(exams=exams, kind="stage", readers=[annotator], actor=researcher)
    order = [row.exam_id for row in ranking.queue_of(annotator, kind="stage", order="uncertain")]
    assert order == [exams[1].pk, exams[0].pk, exams[2].pk]

"""From an exam to an answer, through the real queue code and a real network."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from ml.models import load_model
from ml.protocols import stage_patient
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.audit.models import Entry
from webapp.imaging import storage
from webapp.imaging.models import Image, ImagePair
from webapp.imaging.services import exam_network_inputs, set_band
from webapp.imaging.storage import Room
from webapp.jobs.models import Job, JobState
from webapp.patients.models import Exam
from webapp.staging import services, warm
from webapp.staging.models import Staging
from webapp.training.models import ModelVersion

API = "/api/v1/stagings/"
AddExam = Callable[..., Exam]
AddModel = Callable[..., ModelVersion]


def test_two_files_are_staged_and_the_answer_says_where_it_comes_from(
    add_exam: AddExam, champion: ModelVersion, api: APIClient, run_job: Callable[[Any], Job]
) -> None:
    exam = add_exam("P1", "HF", "LF")
    asked = api.post(API, {"exam": str(exam.pk)})
    assert asked.status_code == 201, asked.content
    staging = asked.json()
    assert (staging["state"], staging["result"], staging["model"]) == ("queued", None, str(champion.pk))
    assert Job.objects.get(pk=staging["job"]).queue == "gpu.infer"
    assert run_job(staging["job"]).state == JobState.SUCCEEDED
    done = api.get(f"{API}{staging['id']}/").json()
    assert done["state"] == "succeeded"
    assert done["finished_at"]
    assert 0 < done["seconds"] < 30
    result = done["result"]
    assert sum(result["probabilities"].values()) == pytest.approx(1)
    assert result["at_least"]["S2"] == pytest.approx(sum(result["probabilities"][f"S{k}"] for k in (2, 3, 4)))
    assert result["bands"] == ["HF", "LF"]
    model = result["model"]
    assert (model["id"], model["name"]) == (str(champion.pk), champion.name)
    assert (model["dataset_hash"], model["simulated"]) == (champion.dataset_hash, True)
    assert result["referral"] == (["wide-prediction-set"] if len(result["prediction_set"]) > 2 else [])
    assert any("simulated" in warning for warning in result["warnings"])
    assert {entry.action for entry in Entry.objects.filter(object_id=staging["id"])} == {
        "staging.requested", "staging.answered",
    }  # fmt: skip


def test_the_answer_is_that_of_the_same_pictures_given_to_the_model_directly(
    add_exam: AddExam, champion: ModelVersion, clinician: User, run_job: Callable[[Any], Job]
) -> None:
    exam = add_exam("P1", "HF", "LF", "LF")
    staging = services.request_staging(exam=exam, actor=clinician)
    run_job(staging.job)
    staging.refresh_from_db()
    hf, lf = exam_network_inputs(exam)
    assert (len(hf), len(lf)) == (1, 2)
    direct = stage_patient(load_model(champion.folder), hf, lf)
    assert staging.result is not None
    assert staging.result["probabilities"] == pytest.approx(direct.probabilities)
    assert staging.result["images"] == {"HF": 1, "LF": 2}


def test_a_pair_is_staged_from_its_two_images_alone(
    add_exam: AddExam, champion: ModelVersion, api: APIClient, run_job: Callable[[Any], Job]
) -> None:
    exam = add_exam("P1", "HF", "LF", "LF")
    pair = ImagePair.objects.get(exam=exam)
    staging = api.post(API, {"pair": str(pair.pk)}).json()
    run_job(staging["job"])
    done = api.get(f"{API}{staging['id']}/").json()
    assert (done["exam"], done["pair"]) == (str(exam.pk), str(pair.pk))
    assert done["result"]["images"] == {"HF": 1, "LF": 1}


@pytest.mark.parametrize("band", ["HF", "LF"])
def test_one_band_is_answered_by_a_model_that_can_and_said_to_be_weaker(
    add_exam: AddExam, champion: ModelVersion, clinician: User, run_job: Callable[[Any], Job], band: str
) -> None:
    staging = services.request_staging(exam=add_exam("P1", band), actor=clinician)
    assert run_job(staging.job).state == JobState.SUCCEEDED
    staging.refresh_from_db()
    assert staging.result is not None
    assert staging.result["bands"] == [band]
    assert any("weaker" in warning for warning in staging.result["warnings"])


@pytest.mark.parametrize(
    ("networks", "bands", "code"),
    [
        (("fusion", "fusion"), ["HF"], "band-missing"),
        (("hf", "hf"), ["LF"], "band-missing"),
        (("lf", "lf"), ["HF"], "band-missing"),
        (("fusion", "fusion", "lf"), ["HF"], "band-missing"),
    ],
)
def test_a_model_that_cannot_answer_is_refused_at_once(
    add_exam: AddExam,
    add_model: AddModel,
    api: APIClient,
    networks: tuple[str, ...],
    bands: list[str],
    code: str,
) -> None:
    add_model(*networks, champion=True)
    exam = add_exam("P1", *bands)
    answer = api.post(API, {"exam": str(exam.pk)})
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert answer.json()["remedy"]
    assert not Staging.objects.exists()
    assert not Job.objects.filter(kind="staging.stage").exists()


def test_a_single_band_model_looks_at_its_band_and_says_so(
    add_exam: AddExam, add_model: AddModel, clinician: User, run_job: Callable[[Any], Job]
) -> None:
    add_model("hf", "hf", champion=True)
    staging = services.request_staging(exam=add_exam("P1", "HF", "LF"), actor=clinician)
    run_job(staging.job)
    staging.refresh_from_db()
    assert staging.result is not None
    assert staging.result["bands"] == ["HF"]


def test_without_champion_image_release_or_band_there_is_a_clear_no(
    add_exam: AddExam, add_model: AddModel, api: APIClient
) -> None:
    exam = add_exam("P1", "HF", "LF")

    def code() -> str:
        answer = api.post(API, {"exam": str(exam.pk)})
        assert answer.status_code == 409
        return str(answer.json()["code"])

    assert code() == "no-champion-model"
    add_model("fusion", "fusion", champion=True)
    Image.objects.update(released=False)
    assert code() == "not-released"
    Image.objects.update(released=True, band="")
    assert code() == "band-unknown"
    empty = Exam.objects.create(patient=exam.patient, study_key="e" * 64)
    answer = api.post(API, {"exam": str(empty.pk)})
    assert (answer.status_code, answer.json()["code"]) == (409, "no-images")


def test_a_named_model_answers_instead_of_the_champion(
    add_exam: AddExam, champion: ModelVersion, add_model: AddModel, api: APIClient
) -> None:
    other = add_model("hf", "hf", seed=1)
    exam = add_exam("P1", "HF", "LF")
    assert api.post(API, {"exam": str(exam.pk), "model": str(other.pk)}).json()["model"] == str(other.pk)
    wrong = api.post(API, {"exam": str(exam.pk), "model": str(exam.pk)})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "model")
    neither = api.post(API, {})
    assert (neither.status_code, neither.json()["errors"][0]["code"]) == (400, "exam-or-pair")


def test_a_model_whose_weights_were_changed_fails_with_its_reason(
    add_exam: AddExam, champion: ModelVersion, api: APIClient, clinician: User, run_job: Callable[[Any], Job]
) -> None:
    staging = services.request_staging(exam=add_exam("P1", "HF", "LF"), actor=clinician)
    weights = champion.folder / "model.safetensors"
    weights.chmod(0o644)
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    warm._models.clear()
    assert run_job(staging.job).state == JobState.FAILED
    shown = api.get(f"{API}{staging.pk}/").json()
    assert (shown["state"], shown["failure"]["code"], shown["result"]) == ("failed", "model-damaged", None)


def test_images_taken_back_after_the_question_are_not_used(
    add_exam: AddExam, champion: ModelVersion, clinician: User, run_job: Callable[[Any], Job]
) -> None:
    exam = add_exam("P1", "HF", "LF")
    staging = services.request_staging(exam=exam, actor=clinician)
    Image.objects.filter(exam=exam).update(released=False)
    job = run_job(staging.job)
    assert (job.state, (job.failure or {})["code"]) == (JobState.FAILED, "no-pictures")


def test_a_second_attempt_leaves_the_first_answer_as_it_is(
    add_exam: AddExam, champion: ModelVersion, clinician: User, run_job: Callable[[Any], Job]
) -> None:
    exam = add_exam("P1", "HF", "LF")
    staging = services.request_staging(exam=exam, actor=clinician)
    run_job(staging.job)
    staging.refresh_from_db()
    before = staging.result
    Job.objects.filter(pk=staging.job_id).update(state=JobState.QUEUED)
    assert run_job(staging.job).state == JobState.SUCCEEDED
    staging.refresh_from_db()
    assert staging.result == before
    assert Entry.objects.filter(action="staging.answered").count() == 1


def test_a_pair_may_go_while_its_staging_stays(
    add_exam: AddExam, champion: ModelVersion, clinician: User
) -> None:
    exam = add_exam("P1", "HF", "LF")
    pair = ImagePair.objects.get(exam=exam)
    staging = services.request_staging(exam=exam, pair=pair, actor=clinician)
    set_band(image=pair.lf, band="HF", actor=clinician)
    staging.refresh_from_db()
    assert staging.pair is None
    assert len(staging.images) == 2


def test_a_warm_model_answers_without_being_loaded_again(
    add_exam: AddExam, champion: ModelVersion, clinician: User, run_job: Callable[[Any], Job],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    exam = add_exam("P1", "HF", "LF")
    run_job(services.request_staging(exam=exam, actor=clinician).job)
    monkeypatch.setattr(warm, "load_model", lambda *_: pytest.fail("loaded again"))
    began = time.perf_counter()
    assert run_job(services.request_staging(exam=exam, actor=clinician).job).state == JobState.SUCCEEDED
    assert time.perf_counter() - began < 5


def test_the_cache_keeps_a_few_models_only(add_model: AddModel) -> None:
    warm._models.clear()
    models = [add_model("hf", "hf", seed=seed) for seed in range(warm.KEPT + 2)]
    for model in models:
        warm.warm_model(model.folder, model.sha256)
    assert [key[0] for key in warm._models] == [model.sha256 for model in models[-warm.KEPT :]]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_ask_at_its_own_site_and_nobody_elsewhere(
    add_exam: AddExam,
    champion: ModelVersion,
    make_user: Any,
    site_a: Site,
    site_b: Site,
    client_of: Any,
    role: Role,
) -> None:
    exam = add_exam("P1", "HF", "LF")
    pair = ImagePair.objects.get(exam=exam)
    own = client_of(make_user(role, site_a, username="own"))
    asked = own.post(API, {"exam": str(exam.pk)})
    assert asked.status_code == 201
    address = f"{API}{asked.json()['id']}/"
    assert own.get(address).status_code == 200
    if role is Role.ADMINISTRATOR:
        return  # sees every site
    other = client_of(make_user(role, site_b, username="other"))
    assert other.get(address).status_code == 404
    assert other.get(API).json()["results"] == []
    assert other.post(API, {"exam": str(exam.pk)}).json()["errors"][0]["field"] == "exam"
    assert other.post(API, {"pair": str(pair.pk)}).json()["errors"][0]["field"] == "pair"
    assert client_of(None).get(address).status_code in {401, 403}


def test_a_staging_whose_picture_is_missing_on_disk_fails_with_its_reason(
    add_exam: AddExam, champion: ModelVersion, api: APIClient, clinician: User, run_job: Callable[[Any], Job]
) -> None:
    staging = services.request_staging(exam=add_exam("P7", "HF", "LF"), actor=clinician)
    for image in Image.objects.all():
        storage.existing(Room.ANALYSIS, image.analysis_sha256).unlink()
    assert run_job(staging.job).state == JobState.FAILED
    shown = api.get(f"{API}{staging.pk}/").json()
    assert (shown["failure"]["code"], shown["result"]) == ("stored-file-missing", None)
    assert shown["failure"]["remedy"]

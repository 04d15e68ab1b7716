"""From an answer to a signed report, and what nobody can do to it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from rest_framework.test import APIClient

from ml.spec import Stage
from tests.webapp.conftest import PASSWORD
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.audit.models import Entry
from webapp.imaging import storage
from webapp.imaging.models import Image
from webapp.imaging.storage import Room
from webapp.patients.models import ClinicalValues
from webapp.staging import reporting, verification
from webapp.staging.models import Decision, Report, Review, Staging
from webapp.staging.report_content import canonical, digest

REVIEWS, REPORTS = "/api/v1/reviews/", "/api/v1/reports/"
Answered = Callable[..., Staging]
Signed = Callable[..., Report]


def other_stage(staging: Staging) -> int:
    assert staging.result
    return (int(Stage.parse(staging.result["stage"])) + 1) % 5


def test_a_review_is_saved_signed_and_pins_what_it_rests_on(
    answered: Answered, api: APIClient, clinician: User
) -> None:
    staging = answered()
    ClinicalValues.objects.create(
        patient=staging.exam.patient, age_years=50, alt=49, ast=60, platelets=150, source="manual"
    )
    draft = api.post(REVIEWS, {"staging": str(staging.pk), "decision": "agree"}).json()
    assert (draft["stage"], draft["revision"]) == (int(Stage.parse(staging.result["stage"])), 1)
    changed = {
        "decision": "change", "stage": other_stage(staging), "reasons": ["texture", "other"],
        "note": "Coarse.", "revision": 1,
    }  # fmt: skip
    saved = api.patch(f"{REVIEWS}{draft['id']}/", changed, format="json").json()
    assert saved["revision"] == 2
    answer = api.post(f"{REVIEWS}{draft['id']}/sign/", {"password": PASSWORD, "revision": 2})
    assert answer.status_code == 201, answer.content
    report = api.get(f"{REPORTS}{answer.json()['id']}/").json()
    assert (report["version"], report["decision"], report["superseded_by"]) == (1, "change", None)
    content = report["content"]
    assert content["model"]["id"] == str(staging.model_id)
    weights = staging.model.folder / "model.safetensors"
    assert content["model"]["weights_sha256"] == storage.digest_of(weights)
    assert content["dataset"]["hash"] == staging.model.dataset_hash
    assert content["staging"]["result"] == staging.result
    stored = {str(image.pk): image.sha256 for image in Image.objects.all()}
    assert {image["id"]: image["sha256"] for image in content["images"]} == stored
    assert {picture["band"] for picture in content["pictures"]} == {"HF", "LF"}
    assert content["serum"]["fib4"] == pytest.approx(50 * 60 / (150 * 7), abs=1e-3)
    assert content["serum"]["apri"] == 1.0
    assert content["signature"]["username"] == clinician.username
    assert content["simulated"]
    assert content["code"]["version"]
    assert digest(canonical(content)) == report["content_hash"]
    assert Review.objects.get(pk=draft["id"]).signed_at is not None
    assert api.get(f"{REVIEWS}{draft['id']}/").status_code == 404
    entry = Entry.objects.get(action="report.signed")
    assert entry.detail["content_hash"] == report["content_hash"]
    assert list(verification.flaws()) == []


@pytest.mark.parametrize(
    "judgement",
    [
        {"decision": "change"},
        {"decision": "change", "stage": "same", "reasons": ["texture"]},
        {"decision": "change", "stage": "other"},
        {"decision": "change", "stage": "other", "reasons": ["no-liver"]},
        {"decision": "change", "stage": "other", "reasons": ["other"]},
        {"decision": "cannot-be-staged"},
        {"decision": "cannot-be-staged", "reasons": ["texture"]},
        {"decision": "perhaps", "reasons": ["texture"]},
    ],
)
def test_a_judgement_without_its_reason_is_refused(
    judgement: dict[str, Any], answered: Answered, api: APIClient
) -> None:
    staging = answered()
    assert staging.result
    stages = {"same": staging.result["stage"], "other": other_stage(staging)}
    if "stage" in judgement:
        judgement = {**judgement, "stage": stages[judgement["stage"]]}
    answer = api.post(REVIEWS, {"staging": str(staging.pk), **judgement}, format="json")
    assert answer.status_code == 400
    assert answer.json()["code"] in {"review-incomplete", "invalid-request"}
    assert not Review.objects.exists()


def test_cannot_be_staged_is_an_answer(signed: Signed) -> None:
    report = signed(decision=Decision.CANNOT, reasons=["image-quality"])
    assert (report.stage, report.facts["review"]["stage"]) == (None, None)
    assert report.facts["review"]["reasons"] == ["image-quality"]


def test_a_second_tab_overwrites_nothing(answered: Answered, api: APIClient) -> None:
    staging = answered()
    draft = api.post(REVIEWS, {"staging": str(staging.pk), "decision": "agree"}).json()
    address = f"{REVIEWS}{draft['id']}/"
    assert api.patch(address, {"decision": "agree", "note": "first", "revision": 1}).status_code == 200
    late = api.patch(address, {"decision": "agree", "note": "second", "revision": 1})
    assert (late.status_code, late.json()["code"]) == (409, "review-changed")
    assert Review.objects.get().note == "first"
    late = api.post(f"{address}sign/", {"password": PASSWORD, "revision": 1})
    assert (late.status_code, late.json()["code"]) == (409, "review-changed")
    again = api.post(REVIEWS, {"staging": str(staging.pk), "decision": "agree"})
    assert (again.status_code, again.json()["code"]) == (409, "review-exists")


def test_a_wrong_password_signs_nothing_and_is_on_record(answered: Answered, api: APIClient) -> None:
    draft = api.post(REVIEWS, {"staging": str(answered().pk), "decision": "agree"}).json()
    answer = api.post(f"{REVIEWS}{draft['id']}/sign/", {"password": "not it", "revision": 1})
    assert (answer.status_code, answer.json()["code"]) == (403, "signature-refused")
    assert not Report.objects.exists()
    assert Entry.objects.filter(action="report.signature-refused").count() == 1


def test_drafts_are_their_writers_alone(
    answered: Answered, api: APIClient, make_user: Any, site_a: Site, client_of: Any, outsider: User
) -> None:
    staging = answered()
    draft = api.post(REVIEWS, {"staging": str(staging.pk), "decision": "agree"}).json()
    colleague = client_of(make_user(Role.CLINICIAN, site_a, username="colleague"))
    assert colleague.get(REVIEWS).json()["results"] == []
    for method in ("get", "delete"):
        assert getattr(colleague, method)(f"{REVIEWS}{draft['id']}/").status_code == 404
    own = colleague.post(REVIEWS, {"staging": str(staging.pk), "decision": "agree"})
    assert own.status_code == 201
    foreign = client_of(outsider).post(REVIEWS, {"staging": str(staging.pk), "decision": "agree"})
    assert foreign.status_code == 400
    assert foreign.json()["errors"][0]["code"] == "does-not-exist"


def test_only_one_of_two_reviewers_signs_the_first_version(
    answered: Answered, clinician: User, make_user: Any, site_a: Site
) -> None:
    staging = answered()
    colleague = make_user(Role.CLINICIAN, site_a, username="colleague")
    drafts = {
        user: reporting.begin_review(staging=staging, actor=user, decision="agree")
        for user in (clinician, colleague)
    }
    reporting.sign(review=drafts[clinician], actor=clinician, password=PASSWORD, revision=1)
    with pytest.raises(Exception, match="somebody else meanwhile") as refused:
        reporting.sign(review=drafts[colleague], actor=colleague, password=PASSWORD, revision=1)
    assert refused.value.code == "report-exists"
    assert Report.objects.count() == 1


def test_an_amendment_is_a_new_version_and_the_old_one_stays(
    signed: Signed, api: APIClient, client_of: Any, outsider: User
) -> None:
    first = signed()
    refused = api.post(REVIEWS, {"staging": str(first.staging_id), "decision": "agree"})
    assert (refused.status_code, refused.json()["code"]) == (409, "report-exists")
    draft = api.post(f"{REPORTS}{first.pk}/amend/", {"reason": "Biopsy came back"}).json()
    body = {"decision": "cannot-be-staged", "reasons": ["image-quality"], "revision": 1}
    assert api.patch(f"{REVIEWS}{draft['id']}/", body, format="json").status_code == 200
    second = api.post(f"{REVIEWS}{draft['id']}/sign/", {"password": PASSWORD, "revision": 2}).json()
    assert (second["version"], second["predecessor"]) == (2, str(first.pk))
    old = api.get(f"{REPORTS}{first.pk}/").json()
    assert old["superseded_by"] == second["id"]
    assert old["content"]["review"]["decision"] == "agree"
    content = api.get(f"{REPORTS}{second['id']}/").json()["content"]["report"]
    assert content["previous"] == {"id": str(first.pk), "content_hash": first.content_hash}
    assert content["amendment_reason"] == "Biopsy came back"
    late = api.post(f"{REPORTS}{first.pk}/amend/", {"reason": "Too late"})
    assert (late.status_code, late.json()["code"]) == (409, "report-superseded")
    ids = [row["id"] for row in api.get(f"{REPORTS}?current=true").json()["results"]]
    assert ids == [second["id"]]
    assert client_of(outsider).get(f"{REPORTS}{first.pk}/").status_code == 404
    assert client_of(outsider).get(REPORTS).json()["results"] == []
    assert list(verification.flaws()) == []


@pytest.mark.parametrize("change", [{"stage": 4}, {"content_hash": "0" * 64}, {"content": "{}"}])
def test_the_database_refuses_to_change_a_signed_report(change: dict[str, Any], signed: Signed) -> None:
    report = signed()
    for verb in (
        lambda: Report.objects.filter(pk=report.pk).update(**change),
        lambda: Report.objects.filter(pk=report.pk).delete(),
        lambda: Review.objects.filter(pk=report.review_id).update(note="later"),
    ):
        with pytest.raises(IntegrityError, match="report-signed"), transaction.atomic():
            verb()
    with pytest.raises(Exception, match="is signed") as refused:
        reporting.save_review(review=report.review, actor=report.signed_by, revision=1, decision="agree")
    assert refused.value.code == "report-signed"


def without_triggers(statement: str, *arguments: Any) -> None:
    """As somebody with the database's own tools would."""
    with connection.cursor() as cursor:
        for table in ("report", "review"):
            for verb in ("update", "delete"):
                name = f"{table}_signed_{verb}"
                suffix = f" ON staging_{table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")
        cursor.execute(statement, arguments)


def test_verification_finds_altered_rows_and_files(
    signed: Signed, api: APIClient, capsys: pytest.CaptureFixture[str]
) -> None:
    report = signed()
    call_command("verify_reports")
    assert "1 reports, all as they were signed" in capsys.readouterr().out
    without_triggers("UPDATE staging_report SET stage = %s", (report.stage + 1) % 5)
    assert list(verification.flaws_of(Report.objects.get())) == ["its column stage is not what was signed"]
    altered = report.content.replace('"decision":"agree"', '"decision":"change"')
    without_triggers("UPDATE staging_report SET content = %s", altered)
    assert "the content is not what was signed" in list(verification.flaws_of(Report.objects.get()))
    # Even with the hash made anew the audit log knows what was signed.
    without_triggers("UPDATE staging_report SET content_hash = %s", digest(altered))
    found = list(verification.flaws_of(Report.objects.get()))
    assert "the audit log noted another content" in found
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_reports")
    assert stopped.value.code == 1
    assert str(report.pk) in capsys.readouterr().err
    checked = api.get(f"{REPORTS}{report.pk}/verification/").json()
    assert not checked["intact"]
    assert checked["flaws"] == found


def test_verification_finds_removed_reports_and_files(signed: Signed) -> None:
    report = signed()
    image = storage.existing(Room.IMAGES, Image.objects.filter(band="HF").get().sha256)
    image.chmod(0o644)
    image.write_bytes(b"something else")
    assert [flaw.what for flaw in verification.flaws()] == [f"image {image.name[:12]} was altered"]
    assert list(verification.flaws(files=False)) == []
    image.unlink()
    assert [flaw.what for flaw in verification.flaws()] == [f"image {image.name[:12]} is missing"]
    without_triggers("DELETE FROM staging_report")
    (flaw,) = verification.flaws()
    assert flaw.report == str(report.pk)
    assert "gone" in flaw.what


def test_nothing_is_signed_on_a_file_that_was_altered(answered: Answered, clinician: User) -> None:
    review = reporting.begin_review(staging=answered(), actor=clinician, decision="agree")
    weights = review.staging.model.folder / "model.safetensors"
    weights.chmod(0o644)
    weights.write_bytes(weights.read_bytes() + b"\0")
    with pytest.raises(Exception, match="was altered") as refused:
        reporting.sign(review=review, actor=clinician, password=PASSWORD, revision=1)
    assert refused.value.code == "evidence-changed"
    assert not Report.objects.exists()
    review.refresh_from_db()
    assert review.signed_at is None


def test_an_unanswered_staging_cannot_be_reviewed(
    add_exam: Any, champion: Any, clinician: User, api: APIClient
) -> None:
    from webapp.staging.services import request_staging

    staging = request_staging(exam=add_exam("P1", "HF", "LF"), actor=clinician)
    answer = api.post(REVIEWS, {"staging": str(staging.pk), "decision": "agree"})
    assert (answer.status_code, answer.json()["code"]) == (409, "staging-unanswered")


def test_annotators_read_no_reports(signed: Signed, annotator: User, client_of: Any) -> None:
    report = signed()
    for address in (REPORTS, f"{REPORTS}{report.pk}/", f"{REPORTS}{report.pk}/verification/"):
        assert client_of(annotator).get(address).status_code == 403


def test_reading_a_report_is_on_record(signed: Signed, api: APIClient) -> None:
    report = signed()
    api.get(f"{REPORTS}{report.pk}/")
    entry = Entry.objects.get(action="report.read")
    assert (entry.object_id, entry.detail["form"]) == (str(report.pk), "page")

"""The check-list, the way back to a hospital's number, and values and tables from the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from ml.spec import Band, Stage
from tests.webapp.imaging.files import ultrasound
from tests.webapp.whole_database import every_row
from webapp.accounts.models import Site, User
from webapp.audit.models import Entry
from webapp.datasets.selection import select
from webapp.imaging.services import ingest_file, start_upload
from webapp.patients import way_back
from webapp.patients.criteria import DEFAULTS, Answer, Criterion, excludes, first_reason
from webapp.patients.eligibility import use_criterion, used_criteria
from webapp.patients.models import Patient, SealedIdentity
from webapp.patients.services import record_stage

NUMBER = "QZ-7351942"


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings: Any) -> None:
    """A key file of the test's own; the pseudonyms' key stays."""
    import shutil

    shutil.copytree(Path(settings.HOME) / "keys", tmp_path / "keys", dirs_exist_ok=True) if (
        Path(settings.HOME) / "keys"
    ).exists() else None
    settings.HOME = tmp_path


@pytest.fixture
def patient(site_a: Site, clinician: User) -> Patient:
    upload = start_upload(site=site_a, actor=clinician)
    for seed, band in enumerate(Band):
        data = ultrasound(patient=NUMBER, band=band, seed=seed)
        ingest_file(upload=upload, name="x", data=data, actor=clinician)
    found = Patient.objects.get()
    record_stage(patient=found, stage=Stage.S2, source="biopsy", actor=None)
    return found


@pytest.fixture
def admin(client_of: Callable[[User], APIClient], administrator: User) -> APIClient:
    return client_of(administrator)


# --- The way back -----------------------------------------------------------------------------------


def test_only_an_administrator_with_a_reason_learns_the_number_and_it_is_recorded(
    patient: Patient,
    admin: APIClient,
    api: APIClient,
    client_of: Callable[[User], APIClient],
    researcher: User,
) -> None:
    address, body = f"/api/v1/patients/{patient.pk}/reidentify/", {"reason": "the ward called"}
    assert api.post(address, body, format="json").status_code == 403
    assert client_of(researcher).post(address, body, format="json").status_code == 403
    assert admin.post(address, {"reason": " "}, format="json").status_code == 400
    assert not Entry.objects.filter(action="patient.reidentified").exists()
    answer = admin.post(address, body, format="json")
    assert answer.json() == {"numbers": [{"pseudonym": patient.pseudonym, "number": NUMBER}]}
    assert answer["Cache-Control"] == "private, no-store"
    entry = Entry.objects.get(action="patient.reidentified")
    assert entry.detail == {"reason": "the ward called"}
    assert entry.actor_name == "administrator"


def test_the_database_alone_does_not_know_the_number(patient: Patient) -> None:
    dump = every_row()
    assert NUMBER not in dump
    assert "7351942" not in dump
    assert way_back.key_file().read_text("ascii").split()[0] not in dump
    assert way_back.key_file().stat().st_mode & 0o077 == 0


def test_rotating_the_key_keeps_every_number_and_makes_the_old_key_useless(
    patient: Patient, capsys: Any
) -> None:
    (old,) = way_back.key_file().read_text("ascii").split()
    call_command("rotate_identity_key")
    assert "1 numbers" in capsys.readouterr().out
    (new,) = way_back.key_file().read_text("ascii").split()
    assert new != old
    token = SealedIdentity.objects.get().token.encode()
    assert Fernet(new.encode()).decrypt(token) == NUMBER.encode()
    with pytest.raises(InvalidToken):
        Fernet(old.encode()).decrypt(token)
    assert way_back.open_sealed(patient=patient, reason="after", actor=None) == [(patient.pseudonym, NUMBER)]


def test_a_rotation_that_is_cut_short_loses_nothing(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any, **__: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as cut:
        cut.setattr(SealedIdentity, "save", dies)
        with pytest.raises(RuntimeError):
            way_back.rotate()
    assert way_back.open_sealed(patient=patient, reason="after", actor=None) == [(patient.pseudonym, NUMBER)]
    assert way_back.rotate() == 1


def test_a_file_without_a_number_has_no_way_back(site_a: Site, clinician: User, admin: APIClient) -> None:
    upload = start_upload(site=site_a, actor=clinician)
    ingest_file(upload=upload, name="x", data=ultrasound(patient=""), actor=clinician)
    answer = admin.post(
        f"/api/v1/patients/{Patient.objects.get().pk}/reidentify/", {"reason": "asked"}, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "no-way-back")


# --- Eligibility -------------------------------------------------------------------------------------


def test_whom_the_check_list_excludes_is_out_with_the_reason_in_the_flow(
    patient: Patient, client_of: Callable[[User], APIClient], annotator: User, site_a: Site
) -> None:
    assert [one.reason for one in select([site_a]).candidates] == [""]
    reader = client_of(annotator)
    address = f"/api/v1/patients/{patient.pk}/eligibility/"
    body = {"criterion": "other-liver-disease", "answer": "yes"}
    assert reader.post(address, body, format="json").json()["code"] == "reason-missing"
    answer = reader.post(address, body | {"reason": "haemangioma in segment 6"}, format="json")
    assert answer.status_code == 201
    assert answer.json()["excluded_by"] == "other-liver-disease"
    selection = select([site_a])
    assert selection.included == []
    assert [step["step"] for step in selection.flow()] == [
        "assessed", "criterion-other-liver-disease", "included",
    ]  # fmt: skip
    reader.post(address, {"criterion": "other-liver-disease", "answer": "no"}, format="json")
    assert len(select([site_a]).included) == 1
    assert patient.eligibility.count() == 2


def test_cirrhosis_excludes_only_where_the_study_says_so(
    patient: Patient, client_of: Callable[[User], APIClient], researcher: User, site_a: Site
) -> None:
    assert "cirrhosis" not in used_criteria()
    client = client_of(researcher)
    client.post(
        f"/api/v1/patients/{patient.pk}/eligibility/",
        {"criterion": "cirrhosis", "answer": "yes", "reason": "nodular surface"}, format="json",
    )  # fmt: skip
    assert len(select([site_a]).included) == 1
    answer = client.post("/api/v1/criteria/", {"criterion": "cirrhosis", "used": True}, format="json")
    assert answer.status_code == 201
    assert next(row for row in answer.json() if row["criterion"] == "cirrhosis")["used"]
    assert [one.reason for one in select([site_a]).candidates] == ["criterion-cirrhosis"]
    use_criterion(criterion="cirrhosis", used=False, actor=None)
    assert len(select([site_a]).included) == 1


@given(st.dictionaries(st.sampled_from(Criterion.values), st.sampled_from(Answer.values)), st.data())
def test_a_reason_is_given_exactly_where_something_excludes(answers: dict[str, str], data: Any) -> None:
    used = data.draw(st.lists(st.sampled_from(Criterion.values), unique=True))
    reason = first_reason(answers, used)
    assert bool(reason) == any(excludes(key, answer) for key, answer in answers.items() if key in used)
    assert not reason or (reason in used and excludes(reason, answers[reason]))


def test_every_criterion_of_the_paper_is_used_but_cirrhosis() -> None:
    assert {key for key, used in DEFAULTS.items() if not used} == {"cirrhosis"}


# --- Values and tables --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"alt": 40, "ast": 35, "platelets": 180, "age_years": 44}, 201, None),
        ({}, 400, "values-refused"),
        ({"platelets": 180000}, 400, "values-refused"),
        ({"albumin": 4.1}, 400, "values-refused"),
        ({"age_years": 400}, 400, "invalid-request"),
    ],
)
def test_values_are_typed_in_one_unit_and_impossible_ones_refused(
    patient: Patient, api: APIClient, body: dict[str, Any], status: int, code: str | None
) -> None:
    answer = api.post(f"/api/v1/patients/{patient.pk}/clinical-values/", body, format="json")
    assert answer.status_code == status, answer.content
    assert answer.json().get("code") == code
    history = api.get(f"/api/v1/patients/{patient.pk}/").json()["clinical_history"]
    assert len(history) == (status == 201)


def test_a_clinical_table_says_first_what_it_would_change(
    patient: Patient, client_of: Callable[[User], APIClient], annotator: User
) -> None:
    client = client_of(annotator)
    content = f"patient_id,ALT (U/L),platelets (10^9/L)\n{NUMBER},40,180\nSOMEBODY,30,200\n".encode()

    def send(**more: Any) -> Any:
        file = SimpleUploadedFile("values.csv", content)
        return client.post(
            "/api/v1/patients/clinical-table/", {"file": file, "site": "A"} | more, format="multipart"
        )

    dry = send().json()
    assert (dry["applied"], dry["counts"]["new"], dry["counts"]["unknown-patient"]) == (False, 1, 1)
    assert not patient.clinical_values.exists()
    done = send(dry_run=False).json()
    assert done["applied"]
    assert patient.clinical_values.get().alt == 40
    assert NUMBER not in str(done)

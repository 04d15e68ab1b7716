"""Two rows that are one person become one, nothing is lost, and everything can be taken back."""

from __future__ import annotations

import io
from collections.abc import AsyncIterable, Callable
from datetime import date, datetime
from typing import Any

import pydicom
import pytest
from asgiref.sync import async_to_sync
from django.db.models import Model
from rest_framework.test import APIClient

from ml.cohort import ClinicalRow
from ml.spec import Band, Stage
from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import Site, User
from webapp.datasets.selection import select
from webapp.imaging.deidentification import DATES
from webapp.imaging.models import Image
from webapp.imaging.services import ingest_file, start_upload
from webapp.patients.eligibility import record_answer
from webapp.patients.merging import MergeRefused, merge, unmerge
from webapp.patients.models import (
    ClinicalValues,
    EligibilityAnswer,
    Exam,
    PathologyStage,
    Patient,
    SealedIdentity,
)
from webapp.patients.pseudonyms import uid_of_key
from webapp.patients.services import patients_by_identity, record_clinical_values, record_stage

LABELS: tuple[type[Model], ...] = (PathologyStage, ClinicalValues, EligibilityAnswer, Exam, Image)


@pytest.fixture
def take(site_a: Site, clinician: User) -> Callable[..., Patient]:
    """``take("OLD-1", date="20240310")`` sends an image of that number; returns its patient."""
    upload = start_upload(site=site_a, actor=clinician)

    def send(number: str, **more: Any) -> Patient:
        data = ultrasound(
            patient=number, **{"study": f"1.2.{len(number)}.{number.encode().hex()[:9]}"} | more
        )
        (row,) = ingest_file(upload=upload, name="x", data=data, actor=clinician)
        assert row.image is not None, row.code
        return row.image.exam.patient

    return send


@pytest.fixture
def pair(take: Callable[..., Patient]) -> tuple[Patient, Patient]:
    """The same person under an old and a new number, labelled under both."""
    new, old = take("NEW1", seed=1, date="20240310"), take("OLD22", seed=2, date="20240101")
    record_stage(patient=new, stage=Stage.S1, source="biopsy", actor=None)
    record_stage(patient=old, stage=Stage.S3, source="biopsy", actor=None)
    record_stage(patient=old, stage=Stage.S2, source="biopsy", actor=None)
    record_clinical_values(patient=old, values=ClinicalRow("", alt=40.0), source="manual", actor=None)
    record_answer(patient=old, criterion="pregnancy", answer="no", actor=None)
    return new, old


def everything() -> dict[str, Any]:
    """All rows that a merge may touch, whole."""
    found: dict[str, Any] = {}
    for model in (*LABELS, Patient, SealedIdentity):
        for row in model._default_manager.all():
            for field in row._meta.concrete_fields:
                found[f"{model.__name__} {row.pk} {field.attname}"] = getattr(row, field.attname)
    return found


def test_merging_and_unmerging_leaves_everything_as_it_was(pair: tuple[Patient, Patient]) -> None:
    before = everything()
    row = merge(survivor=pair[0], absorbed=pair[1], reason="one person, new number", actor=None)
    assert everything() != before
    unmerge(merged=row, reason="two persons after all", actor=None)
    assert everything() == before


def test_nothing_is_lost_by_merging(pair: tuple[Patient, Patient]) -> None:
    counts = {model: model._default_manager.count() for model in LABELS}
    new, old = pair
    merge(survivor=new, absorbed=old, reason="one person", actor=None)
    assert {model: model._default_manager.count() for model in LABELS} == counts
    for model in (PathologyStage, ClinicalValues, EligibilityAnswer, Exam):
        assert set(model._default_manager.values_list("patient", flat=True)) == {new.pk}
    assert [row.stage for row in PathologyStage.objects.current()] == [1]  # the survivor's own stays
    assert set(Exam.objects.values_list("stage", flat=True)) == {1}
    assert ClinicalValues.objects.current().get().alt == 40.0


def test_days_between_exams_stay_true(pair: tuple[Patient, Patient]) -> None:
    merge(survivor=pair[0], absorbed=pair[1], reason="one person", actor=None)
    first, second = Exam.objects.order_by("exam_date").values_list("exam_date", flat=True)
    assert second - first == date(2024, 3, 10) - date(2024, 1, 1)


def test_the_next_file_under_the_old_number_finds_the_survivor(
    pair: tuple[Patient, Patient], take: Callable[..., Patient]
) -> None:
    new, old = pair
    row = merge(survivor=new, absorbed=old, reason="one person", actor=None)
    assert take("OLD22", seed=7, study="1.9.9", date="20240401") == new
    assert take("OLD22", seed=8, study="1.9.8", date="20240401", band=Band.LF) == new
    days = sorted(Exam.objects.filter(patient=new).values_list("exam_date", flat=True))
    assert (days[-1] - days[0]).days == (date(2024, 4, 1) - date(2024, 1, 1)).days
    assert patients_by_identity(site=new.site, identities={"OLD22"})["OLD22"] == new
    assert patients_by_identity(site=new.site, identities={old.pseudonym})[old.pseudonym] == new
    unmerge(merged=row, reason="two persons", actor=None)
    assert take("OLD22", seed=9, study="1.9.7", date="20240501") == old


def test_two_exams_of_one_day_keep_both_and_get_their_dates_back(take: Callable[..., Patient]) -> None:
    new, old = take("NEW1", seed=1, date="20240310"), take("OLD22", seed=2, date="20240310")
    before = everything()
    row = merge(survivor=new, absorbed=old, reason="one person", actor=None)
    assert Exam.objects.filter(patient=new).count() == 2
    assert Exam.objects.filter(patient=new, exam_date__isnull=True).count() == 1
    unmerge(merged=row, reason="two persons", actor=None)
    assert everything() == before


def test_merges_are_undone_in_reverse_order(take: Callable[..., Patient]) -> None:
    one, two, three = (take(f"N{'0' * k}{k}", seed=k, date=f"2024010{k + 1}") for k in range(3))
    first = merge(survivor=two, absorbed=three, reason="one person", actor=None)
    two.refresh_from_db()
    second = merge(survivor=one, absorbed=two, reason="one person", actor=None)
    assert set(Exam.objects.values_list("patient", flat=True)) == {one.pk}
    with pytest.raises(MergeRefused):
        unmerge(merged=first, reason="too early", actor=None)
    unmerge(merged=second, reason="not the same", actor=None)
    unmerge(merged=first, reason="not the same", actor=None)
    assert not Patient.objects.filter(merged_into__isnull=False).exists()


def test_what_cannot_be_one_person_is_refused(
    pair: tuple[Patient, Patient], site_b: Site, outsider: User
) -> None:
    new, old = pair
    upload = start_upload(site=site_b, actor=outsider)
    (row,) = ingest_file(upload=upload, name="x", data=ultrasound(patient="B"), actor=outsider)
    assert row.image is not None
    for one, other in ((new, new), (new, row.image.exam.patient)):
        with pytest.raises(MergeRefused):
            merge(survivor=one, absorbed=other, reason="why not", actor=None)
    Patient.objects.filter(pk=new.pk).update(sex="M")
    Patient.objects.filter(pk=old.pk).update(sex="F")
    with pytest.raises(MergeRefused):
        merge(survivor=new, absorbed=old, reason="one person", actor=None)


def test_a_merged_person_is_listed_and_counted_once(
    pair: tuple[Patient, Patient], api: APIClient, site_a: Site
) -> None:
    new, old = pair
    merge(survivor=new, absorbed=old, reason="one person", actor=None)
    names = [row["pseudonym"] for row in api.get("/api/v1/patients/").json()["results"]]
    assert names == [new.pseudonym]
    assert [one.pseudonym for one in select([site_a]).candidates] == [new.pseudonym]


def test_an_administrator_merges_over_http_and_nobody_else(
    pair: tuple[Patient, Patient], api: APIClient, client_of: Callable[[User], APIClient], administrator: User
) -> None:
    new, old = pair
    body = {"absorbed": old.pseudonym, "reason": "one person"}
    address = f"/api/v1/patients/{new.pk}"
    assert api.post(f"{address}/merge/", body, format="json").status_code == 403
    admin = client_of(administrator)
    made = admin.post(f"{address}/merge/", body, format="json")
    assert made.status_code == 201, made.content
    assert made.json()["exams"] == 1
    assert admin.post(f"{address}/merge/", body, format="json").json()["code"] == "merge-refused"
    shown = admin.get(f"{address}/curation/").json()
    assert [row["absorbed"] for row in shown["merges"]] == [old.pseudonym]
    back = admin.post(
        f"{address}/unmerge/", {"merge": made.json()["id"], "reason": "two persons"}, format="json"
    )
    assert back.status_code == 200
    assert back.json()["undone_at"]


@async_to_sync
async def to_list(parts: AsyncIterable[bytes]) -> list[bytes]:
    return [part async for part in parts]


def _served(api: APIClient, image: Image) -> pydicom.Dataset:
    address = f"/dicomweb/studies?StudyInstanceUID={uid_of_key(image.study_key)}&includefield=PatientID"
    (study,) = api.get(address).json()
    address = study["00081190"]["Value"][0].removeprefix("http://testserver")
    address += f"/series/{image.series_uid}/instances/{uid_of_key(image.sop_key)}"
    (described,) = api.get(f"{address}/metadata").json()
    parts = to_list(api.get(address, HTTP_ACCEPT="application/dicom").streaming_content)
    dataset = pydicom.dcmread(io.BytesIO(b"".join(parts)))
    for tag in ("00100010", "00100020", "00080020"):
        assert described[tag] == dataset.to_json_dict()[tag]
    assert study["00100020"]["Value"] == [dataset.PatientID]
    assert study["00080020"]["Value"] == [dataset.StudyDate]
    return dataset


def test_files_are_served_under_the_surviving_pseudonym_and_as_stored_after_the_unmerge(
    pair: tuple[Patient, Patient], client_of: Callable[[User], APIClient], clinician: User
) -> None:
    """Their headers are written once; what is served names the person as the rows do."""
    new, old = pair
    api = client_of(clinician)
    first, second = Image.objects.get(exam__patient=new), Image.objects.get(exam__patient=old)
    stored = _served(api, second)
    assert stored.PatientID == old.pseudonym
    merged = merge(survivor=new, absorbed=old, reason="one person", actor=None)
    kept, moved = _served(api, first), _served(api, second)
    assert (moved.PatientID, str(moved.PatientName)) == (new.pseudonym, new.pseudonym)
    days = [datetime.strptime(one.StudyDate, "%Y%m%d") for one in (kept, moved)]
    assert days[0] - days[1] == date(2024, 3, 10) - date(2024, 1, 1)
    assert moved.PixelData == stored.PixelData
    assert moved.SOPInstanceUID == stored.SOPInstanceUID
    differing = {one.keyword for one in moved if one != stored.get(one.tag)}
    assert differing <= {"PatientID", "PatientName", "PatientSex", *DATES}
    unmerge(merged=merged, reason="two persons after all", actor=None)
    assert _served(api, second) == stored

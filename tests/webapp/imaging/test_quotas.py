"""What is over a quota is refused at every door, with a code, a remedy and nothing kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from ml.spec import Band
from tests.webapp.imaging.files import ultrasound, zipped
from tests.webapp.imaging.test_dicom_receiver import home, receiving, statuses, storescu  # noqa: F401  fixtures
from tests.webapp.imaging.test_dicomweb import stow
from webapp.accounts.models import User
from webapp.imaging import quotas
from webapp.imaging.folder import take_in, walk
from webapp.imaging.models import QuarantineItem, Upload, UploadFile
from webapp.imaging.services import ingest_file, start_upload
from webapp.imaging.storage import Room, path_of

pytestmark = pytest.mark.django_db
FIRST, SECOND = ultrasound(seed=1), ultrasound(seed=2, band=Band.LF)


@pytest.fixture(autouse=True)
def nothing_is_remembered(settings: Any) -> None:
    cache.clear()
    settings.UPLOAD_BYTES_PER_USER_AND_DAY = settings.UPLOAD_BYTES_PER_SITE = 0


@pytest.fixture(params=["UPLOAD_BYTES_PER_USER_AND_DAY", "UPLOAD_BYTES_PER_SITE"])
def full_after_one(request: Any, settings: Any) -> str:
    """A limit that one file fits into; the code of what is over it."""
    setattr(settings, request.param, len(FIRST) + len(SECOND) // 2)
    return {"D": "quota-of-the-day", "S": "quota-of-the-site"}["D" if "DAY" in request.param else "S"]


def send(client: APIClient, upload: Any, data: bytes) -> dict[str, Any]:
    file = SimpleUploadedFile("x.dcm", data)
    answer = client.post(f"/api/v1/uploads/{upload.pk}/files/", {"file": file}, format="multipart")
    assert answer.status_code == 201, answer.content
    return dict(answer.json()["results"][0])


def test_the_browser_and_programs_are_told_and_nothing_is_kept(api, upload, full_after_one):
    assert send(api, upload, FIRST)["outcome"] == "accepted"
    told = send(api, upload, SECOND)
    assert (told["outcome"], told["code"]) == ("refused", full_after_one)
    assert "administrator" in told["remedy"]
    assert send(api, upload, FIRST)["outcome"] == "duplicate", "what is here already costs nothing"
    row = UploadFile.objects.get(code=full_after_one)
    assert row.quarantine_sha256 == ""
    assert not path_of(Room.QUARANTINE, row.sha256).exists()
    assert not QuarantineItem.objects.exists()


def test_what_a_client_calls_its_door_changes_nothing(api, settings, site_a):
    settings.UPLOAD_BYTES_PER_SITE = 1
    made = api.post("/api/v1/uploads/", {"source": "folder", "site": "A"}).json()
    assert send(api, Upload.objects.get(pk=made["id"]), FIRST)["code"] == "quota-of-the-site"


def test_the_members_of_an_archive_count_one_by_one(upload, clinician, full_after_one):
    both = zipped({"a.dcm": FIRST, "b.dcm": SECOND})
    rows = ingest_file(upload=upload, name="x.zip", data=both, actor=clinician)
    assert [row.code for row in rows] == ["accepted", full_after_one]


def test_stow_says_out_of_resources(api, full_after_one):
    answer = stow(api, FIRST, SECOND)
    assert answer.status_code == 202
    failed = answer.json()["00081198"]["Value"][0]
    assert failed["00081197"]["Value"] == [0xA700]
    assert full_after_one in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_c_store_says_out_of_resources(home, clinician):  # noqa: F811
    paths = [home / "first.dcm", home / "second.dcm"]
    for path, content in zip(paths, (FIRST, SECOND), strict=True):
        path.write_bytes(content)
    limit = (len(FIRST) + len(SECOND) // 2) / 2**30
    with receiving(home, "US1=A/clinician", UPLOAD_GIB_PER_SITE=f"{limit:.12f}") as port:
        done = storescu(port, *paths)
        assert statuses(done) == ["Success", "Refused: OutOfResources"], done.stderr
    assert list(UploadFile.objects.order_by("at").values_list("code", flat=True)) == [
        "accepted", "quota-of-the-site",
    ]  # fmt: skip


def test_the_operators_folder_is_not_limited(settings, tmp_path: Path, site_a):
    folder = tmp_path / "export"
    folder.mkdir()
    for name, content in (("a.dcm", FIRST), ("b.dcm", SECOND)):
        (folder / name).write_bytes(content)
    settings.UPLOAD_BYTES_PER_SITE = 1
    reports = list(take_in(walked=walk(folder), site=site_a, actor=None))
    assert {row.outcome for batch in reports for row in batch} == {"accepted"}


def test_a_day_later_there_is_room_again_and_others_have_their_own(
    settings, upload, clinician, make_user: Callable[..., User], site_a
):
    settings.UPLOAD_BYTES_PER_USER_AND_DAY = len(FIRST) + len(SECOND) // 2
    colleague = make_user("clinician", site_a, username="colleague")
    (taken,) = ingest_file(upload=upload, name="a", data=FIRST, actor=clinician)
    theirs = start_upload(site=site_a, actor=colleague)
    (other,) = ingest_file(upload=theirs, name="b", data=SECOND, actor=colleague)
    assert (taken.outcome, other.outcome) == ("accepted", "accepted")
    third = ultrasound(seed=3)
    (refused,) = ingest_file(upload=upload, name="c", data=third, actor=clinician)
    assert refused.code == "quota-of-the-day"
    UploadFile.objects.filter(pk=taken.pk).update(at=timezone.now() - timedelta(hours=25))
    (tomorrow,) = ingest_file(upload=upload, name="c", data=third, actor=clinician)
    assert tomorrow.outcome == "accepted"


def test_what_waits_in_quarantine_counts_and_what_was_removed_does_not(upload, clinician, site_a):
    aside = ultrasound(seed=3, SequenceOfUltrasoundRegions=[])
    (row,) = ingest_file(upload=upload, name="a", data=aside, actor=clinician)
    assert row.outcome == "quarantined"
    assert {use.site.code: use.used for use in quotas.use_of_sites()} == {"A": len(aside)}
    UploadFile.objects.filter(pk=row.pk).update(quarantine_sha256="", quarantine_key="")
    assert {use.site.code: use.used for use in quotas.use_of_sites()} == {"A": 0}


def test_administrators_see_what_sites_hold(client_of, administrator, upload, clinician, settings, site_b):
    settings.UPLOAD_BYTES_PER_SITE = 10 * len(FIRST)
    ingest_file(upload=upload, name="a", data=FIRST, actor=clinician)
    found = client_of(administrator).get("/api/v1/system/").json()["sites"]
    limit = 10 * len(FIRST)
    assert found == [
        {"site": "A", "used": len(FIRST), "limit": limit}, {"site": "B", "used": 0, "limit": limit},
    ]  # fmt: skip

"""A stored file that is gone or damaged: every door says so, with a remedy, and none of them falls."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from ml.spec import Band
from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import User
from webapp.imaging import storage
from webapp.imaging.models import Image, UploadFile
from webapp.imaging.rewriting import rewrite
from webapp.imaging.storage import Room, StoredFileMissing
from webapp.patients.pseudonyms import uid_of_key


def damage(path: Path, how: str) -> None:
    path.chmod(0o600)
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:100] if how == "cut" else b"")


@pytest.fixture
def image(ingest: Callable[..., UploadFile]) -> Image:
    row = ingest(ultrasound(band=Band.LF, frames=2))
    assert row.image is not None
    return row.image


@pytest.mark.parametrize("how", ["gone", "cut", "empty"])
def test_every_address_of_a_missing_file_says_what_to_do(
    image: Image, how: str, client_of: Callable[[User], APIClient], administrator: User
) -> None:
    for room, digest in ((Room.IMAGES, image.sha256), (Room.ANALYSIS, image.analysis_sha256)):
        damage(storage.existing(room, digest), how)
    client = client_of(administrator)
    client.raise_request_exception = False
    study, instance = uid_of_key(image.study_key), uid_of_key(image.sop_key)
    web = f"/dicomweb/studies/{study}/series/{image.series_uid}/instances/{instance}"
    addresses = [
        f"/api/v1/images/{image.pk}/frames/0/rendered/",
        f"/api/v1/images/{image.pk}/frames/1/network-input/",
        f"/api/v1/images/{image.pk}/frames/{image.analysis_frames[0]}/network-input/",
        f"{web}/metadata",
        f"{web}/frames/1",
        f"{web}/rendered",
        f"{web}/thumbnail",
        f"{web}/bulkdata/7fe00010",
        f"/dicomweb/studies/{study}/metadata",
    ]
    if how == "gone":
        addresses += [web, f"/dicomweb/studies/{study}"]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 410, (address, answer.status_code)
        problem = answer.json()
        assert problem["code"] == "stored-file-missing", address
        assert problem["remedy"]


@pytest.mark.parametrize("how", ["gone", "cut"])
def test_a_search_goes_on_and_says_that_the_instance_is_unavailable(
    image: Image, how: str, client_of: Callable[[User], APIClient], administrator: User
) -> None:
    damage(storage.existing(Room.IMAGES, image.sha256), how)
    client = client_of(administrator)
    for level in ("studies", "series", "instances"):
        answer = client.get(f"/dicomweb/{level}", {"includefield": "all"})
        assert answer.status_code == 200, answer.content
        (found,) = json.loads(answer.content)
        assert found["00080056"]["Value"] == ["UNAVAILABLE"]


def test_masking_an_image_whose_file_is_cut_changes_nothing(image: Image) -> None:
    damage(storage.existing(Room.IMAGES, image.sha256), "cut")
    with pytest.raises(StoredFileMissing):
        rewrite(image, keep=(), masks=((0, 0, 5, 5),))
    assert Image.objects.get().sha256 == image.sha256


def test_a_picture_of_the_quarantine_whose_original_is_missing_says_so(
    ingest: Callable[..., UploadFile], client_of: Callable[[User], APIClient], administrator: User
) -> None:
    row = ingest(ultrasound(PatientID="", StudyInstanceUID=""))
    storage.existing(Room.QUARANTINE, row.quarantine_sha256).unlink()
    item, admin = row.quarantine.get(), client_of(administrator)
    bodies: list[Any] = [
        admin.get(f"/api/v1/quarantine/{item.pk}/frames/0/before/"),
        admin.get(f"/api/v1/quarantine/{item.pk}/frames/0/after/"),
        admin.get(f"/api/v1/uploads/{row.upload_id}/files/{row.pk}/original/"),
    ]
    for answer in bodies:
        assert (answer.status_code, answer.json()["code"]) == (410, "stored-file-missing")

"""An upload that broke off goes on: the server says what it has, and nothing is taken twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import Site, User
from webapp.imaging.models import Image, Upload, UploadFile


def announce(client: APIClient, upload: Upload, *contents: bytes) -> Any:
    files = [
        {"sha256": hashlib.sha256(one).hexdigest(), "name": "a.dcm", "size": len(one)} for one in contents
    ]
    return client.post(f"/api/v1/uploads/{upload.pk}/known/", {"files": files})


def test_what_this_upload_answered_keeps_its_outcome(
    api: APIClient, upload: Upload, ingest: Callable[..., UploadFile]
) -> None:
    good, aside, broken, fresh = (
        ultrasound(seed=1),
        ultrasound(seed=2, SequenceOfUltrasoundRegions=[]),
        b"x",
        b"y",
    )
    rows = [ingest(content) for content in (good, aside, broken)]
    known = announce(api, upload, good, aside, broken, fresh).json()["known"]
    assert {one["result"]["id"] for one in known} == {str(row.pk) for row in rows}
    assert sorted(one["result"]["outcome"] for one in known) == ["accepted", "quarantined", "refused"]
    assert upload.files.count() == 3, "asking records nothing of what was answered"


def test_what_the_site_has_is_a_duplicate_without_being_sent(
    api: APIClient, upload: Upload, ingest: Callable[..., UploadFile], clinician: User, site_a: Site
) -> None:
    content = ultrasound(seed=1)
    image = ingest(content).image
    later = Upload.objects.create(site=site_a, created_by=clinician, source="browser")
    (known,) = announce(api, later, content).json()["known"]
    assert (known["result"]["outcome"], known["result"]["image_id"]) == ("duplicate", str(image.pk))
    assert later.files.get().outcome == "duplicate"
    announce(api, later, content)
    assert later.files.count() == 1
    assert Image.objects.count() == 1


def test_another_site_learns_nothing(
    upload: Upload,
    ingest: Callable[..., UploadFile],
    outsider: User,
    site_b: Site,
    client_of: Callable[..., APIClient],
) -> None:
    content = ultrasound(seed=1)
    ingest(content)
    theirs = Upload.objects.create(site=site_b, created_by=outsider, source="browser")
    assert announce(client_of(outsider), theirs, content).json() == {"known": []}
    assert announce(client_of(outsider), upload, content).status_code == 404


@pytest.mark.parametrize("files", [None, "x", [{}], [{"sha256": "A" * 64}], [{"sha256": "a" * 64}] * 501])
def test_an_announcement_is_checked(api: APIClient, upload: Upload, files: Any) -> None:
    assert (
        api.post(f"/api/v1/uploads/{upload.pk}/known/", {"files": files}).json()["code"] == "invalid-request"
    )


def test_an_upload_can_be_asked_for_without_its_files(
    api: APIClient, upload: Upload, ingest: Callable[..., UploadFile]
) -> None:
    ingest(ultrasound(seed=1))
    light = api.get(f"/api/v1/uploads/{upload.pk}/", {"files": "false"}).json()
    assert (light["files"], len(light["exams"]), light["counts"]["accepted"]) == ([], 1, 1)
    assert len(api.get(f"/api/v1/uploads/{upload.pk}/").json()["files"]) == 1

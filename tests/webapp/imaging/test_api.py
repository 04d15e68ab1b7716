"""Uploads, images and pairs over HTTP, by role and by site."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from ml.dicom import crop_to_region, read_ultrasound, to_network_input
from ml.spec import Band
from tests.webapp.imaging.files import BOX, frame, ultrasound, zipped
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.audit.models import Entry
from webapp.imaging import rendering
from webapp.imaging.models import Image, ImagePair, Upload, UploadFile

API = "/api/v1"


@pytest.fixture
def send(api: APIClient) -> Callable[..., dict[str, Any]]:
    """``send(data)`` opens an upload as the clinician, posts the file, and returns the answer."""

    def post(data: bytes, name: str = "IM0001.dcm") -> dict[str, Any]:
        upload = api.post(f"{API}/uploads/", {"source": "browser"}).json()["id"]
        answer = api.post(
            f"{API}/uploads/{upload}/files/", {"file": SimpleUploadedFile(name, data)}, format="multipart"
        )
        assert answer.status_code == 201, answer.content
        return {"upload": upload, **answer.json()}

    return post


def pixels(content: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)


def test_two_files_become_a_pair_that_can_be_looked_at(send: Any, api: APIClient) -> None:
    (hf,) = send(ultrasound(band=Band.HF, seed=1), "刘_HF.dcm")["results"]
    (lf,) = send(ultrasound(band=Band.LF, seed=2), "LF.dcm")["results"]
    assert (hf["name"], hf["outcome"], hf["band"]) == ("刘_HF.dcm", "accepted", "HF")
    assert hf["exam_id"] == lf["exam_id"]
    assert {cue["cue"] for cue in lf["evidence"]} >= {"probe", "depth"}
    (pair,) = api.get(f"{API}/pairs/?exam={hf['exam_id']}").json()["results"]
    assert (pair["hf"], pair["lf"]) == (hf["image_id"], lf["image_id"])
    detail = api.get(f"{API}/pairs/{pair['id']}/").json()
    assert (detail["hf_image"]["band"], detail["lf_image"]["band"]) == ("HF", "LF")


def test_an_upload_lists_its_files_and_exams(send: Any, api: APIClient) -> None:
    sent = send(
        zipped({"wang-wei.dcm": ultrasound(seed=1), "b.dcm": ultrasound(band=Band.LF, seed=2), "c": b"junk"})
    )
    # The LF file says little of its probe: it is taken, and a person is asked.
    assert [row["code"] for row in sent["results"]] == ["accepted", "band-unsure", "not-dicom"]
    upload = api.get(f"{API}/uploads/{sent['upload']}/").json()
    assert [row["outcome"] for row in upload["files"]] == ["accepted", "accepted", "refused"]
    assert upload["counts"] == {"accepted": 2, "duplicate": 0, "quarantined": 0, "refused": 1}
    (exam,) = upload["exams"]
    assert exam["bands"] == ["HF", "LF"]
    assert exam["pair_id"] == str(ImagePair.objects.get().pk)
    assert exam["patient"].startswith("P-")
    assert "wang-wei" not in str(upload)  # names of files are not kept
    (listed,) = api.get(f"{API}/uploads/").json()["results"]
    assert listed["counts"]["accepted"] == 2
    assert "files" not in listed


def test_a_frame_is_lossless_and_cached_by_its_owner_alone(send: Any, api: APIClient) -> None:
    (row,) = send(ultrasound(frames=4, seed=6))["results"]
    address = f"{API}/images/{row['image_id']}/frames/2/rendered"
    answer = api.get(address, HTTP_ACCEPT="image/png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Cache-Control"] == "private, no-cache"
    x0, y0, x1, y1 = BOX
    assert np.array_equal(pixels(answer.content)[y0:y1, x0:x1], frame(602)[y0:y1, x0:x1])
    again = api.get(address, HTTP_IF_NONE_MATCH=answer["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert api.get(f"{address}/").status_code == 200
    beyond = api.get(f"{API}/images/{row['image_id']}/frames/4/rendered", HTTP_ACCEPT="image/png")
    assert beyond.status_code == 404
    assert beyond["Content-Type"] == "application/problem+json"
    assert beyond.json()["code"] == "no-such-frame"


def test_every_frame_can_be_seen_as_the_network_would(send: Any, api: APIClient) -> None:
    data = ultrasound(frames=9, seed=2)
    (row,) = send(data)["results"]
    source = read_ultrasound(data)
    for number in (0, 1, 4, 7, 8):
        seen = pixels(api.get(f"{API}/images/{row['image_id']}/frames/{number}/network-input").content)
        crop, _ = crop_to_region(source.frame(number), source.header)
        assert np.array_equal(seen, to_network_input(crop)), number


def test_a_removed_cache_is_made_again(send: Any, api: APIClient) -> None:
    (row,) = send(ultrasound())["results"]
    image = Image.objects.get()
    first = rendering.rendered(image, 0)
    for path in (rendering.storage.cached(rendering.Room.RENDERED, f"{image.sha256}-0.png"),):
        path.unlink()
    assert api.get(f"{API}/images/{row['image_id']}/frames/0/rendered").content == first


def test_a_band_set_by_hand_is_remembered_and_moves_the_pair(send: Any, api: APIClient) -> None:
    (hf,) = send(ultrasound(band=Band.HF, seed=1))["results"]
    (other,) = send(ultrasound(band=Band.HF, seed=2, TransducerData="C5-1"))["results"]
    assert (other["code"], other["band"]) == ("band-unknown", "")
    answer = api.patch(f"{API}/images/{other['image_id']}/", {"band": "LF"})
    assert (answer.status_code, answer.json()["band"], answer.json()["band_source"]) == (200, "LF", "manual")
    assert ImagePair.objects.get().lf_id == uuid.UUID(other["image_id"])
    assert Entry.objects.filter(action="image.band-set").count() == 1
    (again,) = send(ultrasound(band=Band.HF, seed=2, TransducerData="C5-1"))["results"]
    assert (again["outcome"], again["band"]) == ("duplicate", "LF")
    api.patch(f"{API}/images/{hf['image_id']}/", {"band": "LF"})
    assert not ImagePair.objects.exists()
    wrong = api.patch(f"{API}/images/{hf['image_id']}/", {"band": "MF"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "band")


def test_a_site_must_be_named_where_there_are_several(
    client_of: Any, make_user: Any, site_a: Site, site_b: Site
) -> None:
    both = client_of(make_user(Role.CLINICIAN, site_a, site_b, username="both"))
    refused = both.post(f"{API}/uploads/", {})
    assert (refused.status_code, refused.json()["code"]) == (400, "site-required")
    assert both.post(f"{API}/uploads/", {"site": "B"}).json()["site"] == "B"
    alone = client_of(make_user(Role.CLINICIAN, site_a, username="alone"))
    assert alone.post(f"{API}/uploads/", {"site": "B"}).status_code == 400
    assert alone.post(f"{API}/uploads/", {}).json()["site"] == "A"


def test_originals_in_quarantine_are_for_administrators_and_each_look_is_noted(
    send: Any, api: APIClient, client_of: Any, administrator: User
) -> None:
    sent = send(b"a letter about somebody", "letter.dcm")
    (row,) = sent["results"]
    address = f"{API}/uploads/{sent['upload']}/files/{row['id']}/original/"
    assert api.get(address).status_code == 403
    answer = client_of(administrator).get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"a letter about somebody"
    assert Entry.objects.filter(action="quarantine.opened", actor=administrator).count() == 1
    taken = send(ultrasound())
    gone = client_of(administrator).get(
        f"{API}/uploads/{taken['upload']}/files/{taken['results'][0]['id']}/original/"
    )
    assert (gone.status_code, gone.json()["code"]) == (404, "no-original")


def test_what_is_not_released_is_seen_by_administrators_only(
    send: Any, api: APIClient, client_of: Any, administrator: User
) -> None:
    (row,) = send(ultrasound())["results"]
    Image.objects.update(released=False)
    for address in (f"images/{row['image_id']}/", f"images/{row['image_id']}/frames/0/rendered"):
        assert api.get(f"{API}/{address}").status_code == 404
        assert client_of(administrator).get(f"{API}/{address}").status_code == 200


ADDRESSES = [
    ("get", "uploads/{upload}/"),
    ("post", "uploads/{upload}/files/"),
    ("get", "uploads/{upload}/files/{file}/original/"),
    ("get", "images/{image}/"),
    ("patch", "images/{image}/"),
    ("get", "images/{image}/frames/0/rendered"),
    ("get", "images/{image}/frames/0/network-input"),
    ("get", "pairs/{pair}/"),
]


@pytest.fixture
def things(send: Any) -> dict[str, Any]:
    sent = send(zipped({"a": ultrasound(seed=1), "b": ultrasound(band=Band.LF, seed=2)}))
    return {
        "upload": sent["upload"], "image": Image.objects.first().pk, "pair": ImagePair.objects.get().pk,
        "file": UploadFile.objects.first().pk,
    }  # fmt: skip


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_another_site_sees_nothing_of_it_in_any_role(
    things: dict[str, Any], client_of: Any, make_user: Any, site_b: Site, method: str, address: str
) -> None:
    place = f"{API}/{address.format(**things)}"
    for role in (Role.CLINICIAN, Role.ANNOTATOR, Role.RESEARCHER):
        client = client_of(make_user(role, site_b, username=f"other-{role}"))
        expected = 403 if address.endswith("original/") else 404
        assert getattr(client, method)(place, {}).status_code == expected, role
    assert getattr(client_of(None), method)(place, {}).status_code in {401, 403}


def test_lists_hold_ones_own_sites_only(things: dict[str, Any], client_of: Any, outsider: User) -> None:
    for name in ("uploads", "images", "pairs"):
        assert client_of(outsider).get(f"{API}/{name}/").json()["results"] == []


def test_an_interrupted_upload_is_taken_up_by_sending_again(send: Any, api: APIClient) -> None:
    data = ultrasound()
    upload = send(data)["upload"]
    answer = api.post(
        f"{API}/uploads/{upload}/files/", {"file": SimpleUploadedFile("x", data)}, format="multipart"
    )
    assert [row["outcome"] for row in answer.json()["results"]] == ["duplicate"]
    assert Upload.objects.count() == 1
    missing = api.post(f"{API}/uploads/{upload}/files/", {}, format="multipart")
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (400, "file")


def test_a_file_that_django_spooled_to_disk_is_taken_from_there(
    api: APIClient, settings: Any, tmp_path: Any, upload: Upload
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    answer = api.post(
        f"{API}/uploads/{upload.pk}/files/",
        {"file": SimpleUploadedFile("刘涛.dcm", ultrasound())},
        format="multipart",
    )
    assert [row["name"] for row in answer.json()["results"]] == ["刘涛.dcm"]
    assert list(tmp_path.glob("*.upload*")) == []

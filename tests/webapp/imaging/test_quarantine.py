"""The quarantine: a person releases, masks or removes; nobody else sees anything before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from pydicom.sequence import Sequence
from rest_framework.test import APIClient

from ml.dicom import SafeReader
from ml.spec import Band
from tests.ml.dicom.making import region
from tests.webapp.imaging.files import COLUMNS, ROWS, frame, ultrasound
from webapp.accounts.models import Site, User
from webapp.audit.models import Entry
from webapp.imaging import originals, quarantine_pictures, storage
from webapp.imaging.holding import expire
from webapp.imaging.models import Image, QuarantineItem, Upload, UploadFile, WaitingState
from webapp.imaging.quarantine import Decision, decide
from webapp.imaging.rendering import stored_frame
from webapp.imaging.services import exam_network_inputs, ingest_file, start_upload
from webapp.patients.models import Patient

NO_REGION: dict[str, Any] = {"SequenceOfUltrasoundRegions": Sequence([])}
KEEP = [[16, 12, 112, 84]]
DECIDE = "/api/v1/quarantine/decide/"


@pytest.fixture
def admin(client_of: Callable[[User], APIClient], administrator: User) -> APIClient:
    return client_of(administrator)


@pytest.fixture
def waiting(ingest: Callable[..., UploadFile]) -> QuarantineItem:
    """A file without ultrasound regions."""
    row = ingest(ultrasound(**NO_REGION))
    return QuarantineItem.objects.get(file=row)


def release(admin: APIClient, item: QuarantineItem, **more: Any) -> Any:
    body = {"items": [str(item.pk)], "action": "release", "reason": "no name in it", "keep": KEEP}
    return admin.post(DECIDE, body | more, format="json")


def test_a_file_that_waits_says_what_is_known_and_not_whose_it_is(waiting: QuarantineItem) -> None:
    assert waiting.state == WaitingState.WAITING
    assert waiting.code == "no-ultrasound-region"
    assert waiting.evidence["rows"] == ROWS
    assert waiting.evidence["proposal"]
    assert waiting.device == "Maker L12-5"
    assert not Image.objects.exists()
    assert not Patient.objects.exists()
    assert waiting.expires_at is not None
    assert abs(waiting.expires_at - timezone.now() - timedelta(days=settings.QUARANTINE_DAYS)) < timedelta(
        minutes=1
    )


def test_releasing_stores_what_was_kept_and_blanks_the_rest(
    admin: APIClient, waiting: QuarantineItem
) -> None:
    answer = release(admin, waiting)
    assert answer.status_code == 200, answer.content
    (result,) = answer.json()["results"]
    assert (result["state"], result["problem"]) == ("released", "")
    image = Image.objects.get(pk=result["image"])
    assert image.released
    picture = stored_frame(image, 0)
    assert np.array_equal(picture[12:84, 16:112], frame()[12:84, 16:112])
    assert picture.sum() == picture[12:84, 16:112].sum()
    assert image.regions[0]["delta_x_cm"] is None  # a box that a person drew has no calibration
    hf, lf = exam_network_inputs(image.exam)
    assert len(hf) + len(lf) == (1 if image.band else 0)
    item = QuarantineItem.objects.get(pk=waiting.pk)
    assert (item.decided_by.username, item.reason) == ("administrator", "no name in it")  # type: ignore[union-attr]
    assert Entry.objects.filter(action="quarantine.released", object_id=str(item.pk)).count() == 1


def test_masked_boxes_are_black_in_every_frame_and_for_the_networks(
    admin: APIClient, ingest: Callable[..., UploadFile]
) -> None:
    row = ingest(ultrasound(frames=4, **NO_REGION))
    item = QuarantineItem.objects.get(file=row)
    mask = [20, 20, 60, 40]
    answer = release(admin, item, action="mask", masks=[mask])
    assert answer.status_code == 200, answer.content
    image = Image.objects.get()
    for index in range(4):
        picture = stored_frame(image, index)
        assert not picture[20:40, 20:60].any()
        assert picture[12:20, 16:112].all()
    (seen, *_), _ = exam_network_inputs(image.exam)
    clean = stored_frame(image, image.analysis_frames[0])[12:84, 16:112]
    from ml.dicom import to_network_input

    assert np.array_equal(seen, to_network_input(clean))


def test_the_preview_is_what_is_stored(admin: APIClient, waiting: QuarantineItem) -> None:
    address = f"/api/v1/quarantine/{waiting.pk}/frames/0"
    before = _picture(admin.get(f"{address}/before/"))
    assert np.array_equal(before, frame())
    after = admin.get(f"{address}/after/?keep=16,12,112,84&masks=20,20,60,40")
    assert after["Cache-Control"] == "private, no-store"
    release(admin, waiting, action="mask", masks=[[20, 20, 60, 40]])
    assert np.array_equal(_picture(after), stored_frame(Image.objects.get(), 0))
    assert Entry.objects.filter(action="quarantine.viewed").count() == 1


def test_a_thumbnail_is_small(admin: APIClient, waiting: QuarantineItem) -> None:
    picture = _picture(admin.get(f"/api/v1/quarantine/{waiting.pk}/frames/0/before/?width=64"))
    assert picture.shape == (48, 64)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"action": "mask"}, "decision-incomplete"),
        ({"masks": [[0, 0, 9, 9]]}, "decision-incomplete"),
        ({"reason": " x "}, "decision-incomplete"),
        ({"keep": [[500, 500, 600, 600]]}, "rectangle-refused"),
        ({"keep": [[9, 9, 9, 9]]}, "rectangle-refused"),
        ({"keep": [[1, 2, 3]]}, "invalid-request"),
        ({"action": "publish"}, "invalid-request"),
        ({"patient": "P-0000-0000-0000"}, "decision-incomplete"),
    ],
)
def test_what_cannot_be_decided_changes_nothing(
    admin: APIClient, waiting: QuarantineItem, body: dict[str, Any], code: str
) -> None:
    answer = release(admin, waiting, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    waiting.refresh_from_db()
    assert waiting.state == WaitingState.WAITING
    assert not Image.objects.exists()


def test_a_decision_is_taken_once(admin: APIClient, waiting: QuarantineItem) -> None:
    assert release(admin, waiting).status_code == 200
    again = release(admin, waiting)
    assert (again.status_code, again.json()["code"]) == (409, "already-decided")
    assert Image.objects.count() == 1


def test_removing_forgets_the_bytes_and_keeps_the_row(
    admin: APIClient, waiting: QuarantineItem, django_capture_on_commit_callbacks: Any
) -> None:
    digest = waiting.file.quarantine_sha256  # type: ignore[union-attr]
    assert storage.path_of(storage.Room.QUARANTINE, digest).is_file()
    with django_capture_on_commit_callbacks(execute=True):
        answer = release(admin, waiting, action="remove", keep=[])
    assert answer.json()["results"][0]["state"] == "removed"
    assert not storage.path_of(storage.Room.QUARANTINE, digest).exists()
    waiting.refresh_from_db()
    assert not waiting.has_original
    assert admin.get(f"/api/v1/quarantine/{waiting.pk}/frames/0/before/").json()["code"] == "original-gone"


def test_the_same_bytes_wait_once_and_are_a_duplicate_after_release(
    admin: APIClient, waiting: QuarantineItem, ingest: Callable[..., UploadFile]
) -> None:
    second = ingest(ultrasound(**NO_REGION))
    assert second.outcome == "quarantined"
    assert QuarantineItem.objects.count() == 1
    release(admin, waiting)
    assert ingest(ultrasound(**NO_REGION)).code == "duplicate"
    second.refresh_from_db()
    assert second.image_id is not None


def test_alike_ones_are_decided_together_and_others_are_not(
    admin: APIClient, ingest: Callable[..., UploadFile]
) -> None:
    rows = [
        ingest(ultrasound(seed=seed, patient=f"P{seed}", study=f"1.2.{seed}", **NO_REGION))
        for seed in (1, 2, 3)
    ]
    other = ingest(ultrasound(seed=9, patient="P9", study="1.2.9", band=Band.LF, **NO_REGION))
    items = [QuarantineItem.objects.get(file=row) for row in rows]
    stranger = QuarantineItem.objects.get(file=other)
    assert len({item.layout for item in items}) == 1
    assert stranger.layout != items[0].layout
    body = {"action": "release", "reason": "same machine, looked at each", "keep": KEEP}
    mixed = admin.post(DECIDE, body | {"items": [str(i.pk) for i in (*items, stranger)]}, format="json")
    assert (mixed.status_code, mixed.json()["code"]) == (400, "layouts-differ")
    decide(item=items[1], decision=Decision("remove", "a letter"), actor=None)
    answer = admin.post(DECIDE, body | {"items": [str(i.pk) for i in items]}, format="json").json()
    assert [row["state"] for row in answer["results"]] == ["released", "removed", "released"]
    assert [row["problem"] for row in answer["results"]] == ["", "already-decided", ""]
    assert Image.objects.count() == 2


@pytest.mark.parametrize(("choice", "old_released"), [("both", True), ("replace", False)])
def test_a_conflict_of_identifiers_is_decided_by_a_person(
    admin: APIClient, ingest: Callable[..., UploadFile], choice: str, old_released: bool
) -> None:
    first = ingest(ultrasound(sop="1.2.3.4.5", seed=1))
    second = ingest(ultrasound(sop="1.2.3.4.5", seed=2))
    assert second.code == "conflict"
    item = QuarantineItem.objects.get(file=second)
    assert item.rival_id == first.image_id
    unsaid = release(admin, item)
    assert unsaid.json()["code"] == "decision-incomplete"
    answer = release(admin, item, conflict=choice)
    assert answer.status_code == 200, answer.content
    old, new = (
        Image.objects.get(pk=first.image_id),
        Image.objects.get(pk=answer.json()["results"][0]["image"]),
    )
    assert old.pk != new.pk
    assert (old.released, new.released) == (old_released, True)
    assert old.sop_key != new.sop_key
    assert old.exam_id == new.exam_id
    old.exam.refresh_from_db()
    assert old.exam.image_count == 1 + old_released
    assert ingest(ultrasound(sop="1.2.3.4.5", seed=2)).code == "duplicate"


def test_a_nameless_file_gets_the_patient_that_a_person_names(
    admin: APIClient, ingest: Callable[..., UploadFile]
) -> None:
    known = ingest(ultrasound(patient="P7", study="1.2.7"))
    patient = known.image.exam.patient  # type: ignore[union-attr]
    nameless = {"PatientID": "", "StudyInstanceUID": "", "SOPInstanceUID": "1.2.99"}
    item = QuarantineItem.objects.get(file=ingest(ultrasound(seed=4, **nameless)))
    assert item.code == "no-identity"
    wrong = release(admin, item, patient="P-0000-0000-0000")
    assert wrong.json()["code"] == "decision-incomplete"
    answer = release(admin, item, patient=patient.pseudonym)
    image = Image.objects.get(pk=answer.json()["results"][0]["image"])
    assert image.exam.patient_id == patient.pk
    other = QuarantineItem.objects.get(
        file=ingest(ultrasound(seed=5, **nameless | {"SOPInstanceUID": "1.2.98"}))
    )
    release(admin, other)
    assert Patient.objects.count() == 2


def test_the_band_may_be_said_or_asked_for(admin: APIClient, ingest: Callable[..., UploadFile]) -> None:
    for seed, (band, stored, source) in enumerate([("LF", "LF", "manual"), ("ask", "", "auto")]):
        study = f"1.2.{seed}"
        item = QuarantineItem.objects.get(file=ingest(ultrasound(seed=seed, study=study, **NO_REGION)))
        answer = release(admin, item, band=band)
        image = Image.objects.get(pk=answer.json()["results"][0]["image"])
        assert (image.band, image.band_source) == (stored, source)


def test_a_withdrawn_image_is_out_of_use_until_somebody_masks_it(
    admin: APIClient,
    api: APIClient,
    ingest: Callable[..., UploadFile],
    django_capture_on_commit_callbacks: Any,
) -> None:
    image = ingest(ultrasound()).image
    assert image is not None
    ingest(ultrasound(band=Band.LF, seed=1))
    assert image.exam.pair
    answer = api.post(f"/api/v1/images/{image.pk}/withdraw/", {"reason": "a name top left"}, format="json")
    assert answer.status_code == 200
    assert api.get(f"/api/v1/images/{image.pk}/").status_code == 404
    assert api.get(f"/api/v1/images/{image.pk}/frames/0/rendered").status_code == 404
    exam = api.get(f"/api/v1/exams/{image.exam_id}/").json()
    assert (exam["bands"], exam["pair_id"], len(exam["images"])) == (["LF"], None, 1)
    item = QuarantineItem.objects.get(image=image)
    old = image.sha256
    with django_capture_on_commit_callbacks(execute=True):
        masked = admin.post(
            DECIDE,
            {"items": [str(item.pk)], "action": "mask", "reason": "blacked", "masks": [[16, 12, 60, 30]]},
            format="json",
        )
    assert masked.status_code == 200, masked.content
    image.refresh_from_db()
    assert image.released
    assert image.sha256 != old
    assert not storage.path_of(storage.Room.IMAGES, old).exists()
    assert not stored_frame(image, 0)[12:30, 16:60].any()
    assert stored_frame(image, 0)[30:84, 16:112].all()
    assert api.get(f"/api/v1/exams/{image.exam_id}/").json()["bands"] == ["HF", "LF"]


def test_a_withdrawn_image_that_is_removed_is_black_and_stays_out(
    admin: APIClient, api: APIClient, ingest: Callable[..., UploadFile]
) -> None:
    image = ingest(ultrasound()).image
    assert image is not None
    api.post(f"/api/v1/images/{image.pk}/withdraw/", {"reason": "a name"}, format="json")
    item = QuarantineItem.objects.get(image=image)
    release(admin, item, action="remove", keep=[])
    image.refresh_from_db()
    assert not image.released
    assert not stored_frame(image, 0).any()


# --- Time ------------------------------------------------------------------------------------------


def test_originals_go_when_their_time_is_over_and_the_rows_stay(
    upload: Upload,
    clinician: User,
    waiting: QuarantineItem,
    capsys: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    (refused,) = ingest_file(upload=upload, name="letter.pdf", data=b"%PDF letter", actor=clinician)
    kept = list((settings.STORAGE_DIR / "quarantine").rglob("*"))
    assert len([path for path in kept if path.is_file()]) == 2
    assert expire() == {}
    QuarantineItem.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("expire_quarantine")
    said = capsys.readouterr().out
    assert "originals-removed: 2" in said
    assert "waiting-expired: 1" in said
    assert [p for p in Path(settings.STORAGE_DIR / "quarantine").rglob("*") if p.is_file()] == []
    assert set(QuarantineItem.objects.values_list("state", flat=True)) == {WaitingState.EXPIRED}
    refused.refresh_from_db()
    assert (refused.outcome, refused.quarantine_sha256) == ("refused", "")
    assert expire() == {}


def test_a_picture_that_comes_too_late_is_asked_for_again(
    admin: APIClient, waiting: QuarantineItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SafeReader(seconds=1e-6) as hurried, monkeypatch.context() as busy:
        busy.setattr(quarantine_pictures, "shared_reader", lambda: hurried)
        for side in ("before", "after"):
            answer = admin.get(f"/api/v1/quarantine/{waiting.pk}/frames/0/{side}/")
            assert (answer.status_code, answer.json()["code"]) == (503, "picture-late")
    for side in ("before", "after"):
        assert admin.get(f"/api/v1/quarantine/{waiting.pk}/frames/0/{side}/").status_code == 200


def test_an_original_that_another_site_still_needs_stays(
    waiting: QuarantineItem, site_b: Site, outsider: User, django_capture_on_commit_callbacks: Any
) -> None:
    there = start_upload(site=site_b, actor=outsider)
    (theirs,) = ingest_file(upload=there, name="x", data=ultrasound(**NO_REGION), actor=outsider)
    digest = waiting.file.quarantine_sha256  # type: ignore[union-attr]
    with django_capture_on_commit_callbacks(execute=True):
        decide(item=waiting, decision=Decision("remove", "not ours"), actor=None)
    assert not storage.path_of(storage.Room.QUARANTINE, digest).is_file()
    with originals.content(theirs) as kept:
        assert kept.read() == ultrasound(**NO_REGION)


def test_the_reconciler_looks_at_the_quarantine(waiting: QuarantineItem, db: None) -> None:
    from webapp.jobs.reconciler import Reconciler

    QuarantineItem.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    Reconciler().make_rounds()
    waiting.refresh_from_db()
    assert waiting.state == WaitingState.EXPIRED


def test_the_summary_counts(admin: APIClient, waiting: QuarantineItem) -> None:
    answer = admin.get("/api/v1/quarantine/summary/").json()
    assert answer["states"]["waiting"] == 1
    assert answer["waiting_by_code"] == {"no-ultrasound-region": 1}
    assert answer["days"] == settings.QUARANTINE_DAYS


def test_two_regions_and_colour_and_cine_leave_nothing_outside(
    ingest: Callable[..., UploadFile],
) -> None:
    two = Sequence([region(4, 12, 50, 80), region(70, 12, 120, 80)])
    colour = np.stack([frame(1), frame(2), frame(3)], axis=-1)
    from tests.ml.dicom.making import native

    data = native(
        [colour, colour[::-1]], PatientID="P5", SequenceOfUltrasoundRegions=two, TransducerData="L12-5"
    )
    image = ingest(data).image
    assert image is not None
    assert image.frame_count == 2
    outside = np.ones((ROWS, COLUMNS), bool)
    outside[12:81, 4:51] = outside[12:81, 70:121] = False
    for index in range(2):
        picture = stored_frame(image, index)
        assert not picture[outside].any()
        assert picture[~outside].any()


def _picture(answer: Any) -> np.ndarray[Any, Any]:
    assert answer.status_code == 200, answer.content
    return np.asarray(cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_UNCHANGED))

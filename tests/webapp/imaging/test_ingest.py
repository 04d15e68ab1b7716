"""The one hallway: a file ends as accepted, duplicate, quarantined or refused, and leaves what it should."""

from __future__ import annotations

import errno
import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from pydicom.sequence import Sequence
from rest_framework.test import APIClient

from ml.dicom import crop_to_region, read_ultrasound, to_network_input
from ml.spec import Band
from tests.ml.dicom.making import region
from tests.webapp.imaging.files import BOX, COLUMNS, ROWS, frame, regions, ultrasound, zipped
from webapp.accounts.models import Site, User
from webapp.audit.models import Entry
from webapp.imaging import originals, storage
from webapp.imaging.models import Image, ImagePair, Upload, UploadFile
from webapp.imaging.outcomes import Outcome
from webapp.imaging.services import ingest_file, start_upload
from webapp.imaging.storage import Room
from webapp.patients.models import Exam, Patient

Ingest = Callable[..., UploadFile]


def stored(image: Image) -> pydicom.Dataset:
    return pydicom.dcmread(storage.existing(Room.IMAGES, image.sha256))


def files_in(room: Room) -> list[Path]:
    return [path for path in (settings.STORAGE_DIR / room).rglob("*") if path.is_file()]


def test_an_accepted_file_has_its_band_exam_and_network_picture(ingest: Ingest) -> None:
    row = ingest(ultrasound(band=Band.HF))
    assert (row.outcome, row.code) == (Outcome.ACCEPTED, "accepted")
    image = row.image
    assert image is not None
    assert (image.band, image.band_source) == ("HF", "auto")
    assert image.band_confidence > 0.8
    assert {cue["cue"] for cue in image.band_evidence} >= {"probe", "depth"}
    assert (image.rows, image.columns, image.frame_count) == (ROWS, COLUMNS, 1)
    analysis = storage.load_array(Room.ANALYSIS, image.analysis_sha256)
    assert analysis.dtype == np.uint8
    assert analysis.shape == (1, 256, 256)
    exam = image.exam
    assert (exam.image_count, exam.hf_count, exam.lf_count) == (1, 1, 0)
    assert Entry.objects.filter(action="file.accepted", object_id=str(image.pk)).count() == 1


def test_everything_outside_the_region_is_blank_and_everything_inside_untouched(ingest: Ingest) -> None:
    pixels = stored(ingest(ultrasound(seed=3)).image).pixel_array
    x0, y0, x1, y1 = BOX
    original = frame(300)
    assert np.array_equal(pixels[y0:y1, x0:x1], original[y0:y1, x0:x1])
    outside = pixels.copy()
    outside[y0:y1, x0:x1] = 0
    assert original.min() > 0
    assert not outside.any()


def test_a_clip_keeps_every_frame_and_three_of_them_for_the_networks(ingest: Ingest) -> None:
    row = ingest(ultrasound(frames=9, seed=2))
    image = row.image
    assert image is not None
    assert (image.frame_count, image.frame_rate_hz, image.analysis_frames) == (9, 25.0, [1, 4, 7])
    x0, y0, x1, y1 = BOX
    pixels = stored(image).pixel_array
    for number in range(9):
        assert np.array_equal(pixels[number, y0:y1, x0:x1], frame(200 + number)[y0:y1, x0:x1])


def test_network_pictures_are_those_that_the_command_line_makes(ingest: Ingest, tmp_path: Path) -> None:
    path = tmp_path / "image.dcm"
    path.write_bytes(ultrasound(frames=9))
    taken = ingest(path).image
    assert taken is not None
    source = read_ultrasound(path)
    for number, picture in zip(
        taken.analysis_frames, storage.load_array(Room.ANALYSIS, taken.analysis_sha256), strict=True
    ):
        crop, _ = crop_to_region(source.frame(number), source.header)
        assert np.array_equal(picture, to_network_input(crop))


def test_hf_and_lf_of_one_study_become_a_pair(ingest: Ingest) -> None:
    ingest(ultrasound(band=Band.HF, seed=1))
    assert not ImagePair.objects.exists()
    ingest(ultrasound(band=Band.LF, seed=2))
    ingest(ultrasound(band=Band.LF, seed=3))
    pair = ImagePair.objects.get()
    assert (pair.hf.band, pair.lf.band) == ("HF", "LF")
    exam = Exam.objects.get()
    assert (exam.image_count, exam.hf_count, exam.lf_count, exam.pair) == (3, 1, 2, pair)
    assert pair.lf == Image.objects.filter(band="LF").order_by("created_at").first()


def test_two_studies_of_one_patient_on_one_day_are_one_exam(ingest: Ingest) -> None:
    ingest(ultrasound(study="1.2.3.1", band=Band.HF, seed=1))
    ingest(ultrasound(study="1.2.3.2", band=Band.LF, seed=2))
    # The second study stays with that exam even where a later file of it has lost its date.
    ingest(ultrasound(study="1.2.3.2", band=Band.LF, seed=3, date=""))
    assert Exam.objects.count() == 1
    assert Exam.objects.get().image_count == 3


def test_two_days_are_two_exams_and_two_numbers_two_patients(ingest: Ingest) -> None:
    ingest(ultrasound(study="1.2.3.1", date="20240310", seed=1))
    ingest(ultrasound(study="1.2.3.2", date="20240910", seed=2))
    ingest(ultrasound(patient="P002", study="1.2.3.3", seed=3))
    assert Exam.objects.count() == 3
    assert Patient.objects.count() == 2
    first, second = Exam.objects.filter(patient=Exam.objects.order_by("created_at")[0].patient).order_by(
        "exam_date"
    )
    assert first.exam_date is not None
    assert second.exam_date is not None
    assert (second.exam_date - first.exam_date).days == 184  # shifted, the interval kept


def test_the_same_bytes_again_are_a_duplicate(ingest: Ingest) -> None:
    first = ingest(ultrasound())
    again = ingest(ultrasound(), "copy.dcm")
    assert (again.outcome, again.code, again.image) == (Outcome.DUPLICATE, "duplicate", first.image)
    assert Image.objects.count() == 1


def test_the_same_instance_encoded_otherwise_is_a_duplicate(ingest: Ingest) -> None:
    ingest(ultrasound())
    again = ingest(ultrasound(ImageComments="exported again"))
    assert (again.outcome, again.code) == (Outcome.DUPLICATE, "duplicate")


def test_the_same_picture_of_the_same_patient_under_another_uid_is_a_duplicate(ingest: Ingest) -> None:
    ingest(ultrasound())
    again = ingest(ultrasound(sop="1.2.3.4.99"))
    assert (again.outcome, again.code) == (Outcome.DUPLICATE, "duplicate-picture")
    other = ingest(ultrasound(patient="P002", study="1.2.9", sop="1.2.9.1"))
    assert other.outcome == Outcome.ACCEPTED
    assert Image.objects.count() == 2


def test_the_same_uid_with_other_pixels_waits_for_a_person(ingest: Ingest) -> None:
    first = ingest(ultrasound(sop="1.2.3.4.5", seed=1))
    files = len(files_in(Room.IMAGES))
    other = ingest(ultrasound(sop="1.2.3.4.5", seed=2))
    assert (other.outcome, other.code, other.image) == (Outcome.QUARANTINED, "conflict", None)
    assert Image.objects.get() == first.image
    assert len(files_in(Room.IMAGES)) == files
    with originals.content(other) as kept:
        assert kept.read() == ultrasound(sop="1.2.3.4.5", seed=2)


WIDE = Sequence([region(0, 0, COLUMNS - 1, ROWS - 1)])
BEYOND = Sequence([region(10, 10, 2 * COLUMNS, 2 * ROWS)])
SPECTRUM = Sequence([region(16, 12, 111, 83, RegionSpatialFormat=3, RegionDataType=3)])


@pytest.mark.parametrize(
    ("elements", "code"),
    [
        ({"SequenceOfUltrasoundRegions": Sequence([])}, "no-ultrasound-region"),
        ({"SequenceOfUltrasoundRegions": SPECTRUM}, "no-ultrasound-region"),
        ({"SequenceOfUltrasoundRegions": WIDE}, "region-covers-frame"),
        ({"SequenceOfUltrasoundRegions": BEYOND}, "region-outside-frame"),
        ({"PatientID": "", "StudyInstanceUID": ""}, "no-identity"),
    ],
)  # fmt: skip
def test_what_could_show_a_name_waits_and_is_no_image(ingest: Ingest, elements: dict, code: str) -> None:
    row = ingest(ultrasound(**elements))
    assert (row.outcome, row.code, row.image) == (Outcome.QUARANTINED, code, None)
    assert row.remedy
    assert row.quarantine_sha256
    assert not Image.objects.exists()
    assert not Patient.objects.exists()
    assert files_in(Room.IMAGES) == files_in(Room.ANALYSIS) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"not an ultrasound file at all", "not-dicom"),
        (ultrasound()[:3000], "pixel-data-truncated"),
        (ultrasound(Modality="CT"), "modality-refused"),
    ],
)
def test_what_is_no_ultrasound_is_refused_with_a_remedy(ingest: Ingest, data: bytes, code: str) -> None:
    row = ingest(data)
    assert (row.outcome, row.code) == (Outcome.REFUSED, code)
    assert row.message
    assert row.remedy
    assert bool(row.quarantine_sha256) is bool(data)


def test_contradicting_cues_leave_the_band_to_a_person(ingest: Ingest) -> None:
    row = ingest(ultrasound(band=Band.HF, TransducerData="C5-1"))  # a convex probe, but 4 cm deep and square
    assert (row.outcome, row.code) == (Outcome.ACCEPTED, "band-unknown")
    assert row.image is not None
    assert row.image.band == ""
    assert (row.image.exam.image_count, row.image.exam.hf_count, row.image.exam.lf_count) == (1, 0, 0)


def test_a_patient_without_a_number_is_one_of_the_study_alone(ingest: Ingest) -> None:
    ingest(ultrasound(patient="", study="1.2.3.1", band=Band.HF, seed=1))
    ingest(ultrasound(patient="", study="1.2.3.1", band=Band.LF, seed=2))
    ingest(ultrasound(patient="", study="1.2.3.2", seed=3, date="20240310"))
    assert Patient.objects.count() == 2
    assert ImagePair.objects.count() == 1


def test_an_unexpected_failure_is_refused_and_its_words_are_not_logged(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Doe^Jane")

    monkeypatch.setattr("webapp.imaging.ingest.prepare", fail)
    row = ingest(ultrasound())
    assert (row.outcome, row.code) == (Outcome.REFUSED, "unexpected")
    assert "RuntimeError" in caplog.text
    assert "Doe" not in caplog.text


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [
        (OperationalError("deadlock detected"), 503, "database-away"),
        (InterfaceError("connection already closed"), 503, "database-away"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "disk-full"),
    ],
)
def test_a_trouble_of_the_moment_refuses_no_file(
    api: APIClient,
    upload: Upload,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception,
    status: int,
    code: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise trouble

    def send(file: bytes) -> Any:
        return api.post(
            f"/api/v1/uploads/{upload.pk}/files/",
            {"file": SimpleUploadedFile("a.dcm", file)}, format="multipart",
        )  # fmt: skip

    with monkeypatch.context() as troubled:
        troubled.setattr("webapp.imaging.ingest.prepare", fail)
        answer = send(ultrasound())
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert not UploadFile.objects.exists()
    with monkeypatch.context() as troubled:
        if isinstance(trouble, OSError):
            troubled.setattr("webapp.imaging.archives._unpack", fail)
            answer = send(zipped({"a.dcm": ultrasound()}))
            assert (answer.status_code, answer.json()["code"]) == (status, code)
            assert not UploadFile.objects.exists()
    assert send(ultrasound()).json()["results"][0]["outcome"] == Outcome.ACCEPTED


@pytest.mark.django_db(transaction=True)
def test_two_halves_of_a_pair_that_arrive_together_end_in_one_exam(site_a: Site, clinician: User) -> None:
    upload = start_upload(site=site_a, actor=clinician)
    files = [ultrasound(band=band, seed=seed) for seed, band in enumerate([Band.HF, Band.LF] * 2)]
    outcomes: list[str] = []
    gate = threading.Barrier(len(files) + 1)

    def send(data: bytes) -> None:
        gate.wait()
        try:
            outcomes.extend(
                row.outcome for row in ingest_file(upload=upload, name="x", data=data, actor=clinician)
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(data,)) for data in [*files, files[0]]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Outcome.ACCEPTED] * 4 + [Outcome.DUPLICATE]
    exam = Exam.objects.get()
    assert (exam.hf_count, exam.lf_count) == (2, 2)
    assert ImagePair.objects.count() == 1


def test_a_simulated_patient_comes_in_whole(
    upload: Upload, clinician: User, simulated_files: list[Path]
) -> None:
    rows = [
        row for path in simulated_files
        for row in ingest_file(upload=upload, name=path.name, data=path, actor=clinician)
    ]  # fmt: skip
    assert {row.outcome for row in rows} == {Outcome.ACCEPTED}
    patient = Patient.objects.get()
    assert patient.simulated
    assert patient.sex in {"F", "M"}
    exam = Exam.objects.get()
    assert exam.hf_count >= 1
    assert exam.lf_count >= 1
    assert 18 <= (exam.age_years or 0) <= 90
    assert ImagePair.objects.filter(exam=exam).exists()
    for image in Image.objects.all():
        file = stored(image)
        assert file.SyntheticData == "YES"
        assert file.PatientIdentityRemoved == "YES"
        again = io.BytesIO(storage.existing(Room.IMAGES, image.sha256).read_bytes())
        assert read_ultrasound(again.getvalue()).header.frame_count == image.frame_count


def test_a_band_that_rests_on_one_weak_cue_is_taken_and_asked_about(ingest: Ingest) -> None:
    unscaled = regions(PhysicalUnitsXDirection=0, PhysicalUnitsYDirection=0)
    row = ingest(ultrasound(TransducerData="", SequenceOfUltrasoundRegions=unscaled))
    assert row.image is not None
    assert [cue["cue"] for cue in row.image.band_evidence if cue["band"]] == ["geometry"]
    assert (row.outcome, row.code, row.image.band) == (Outcome.ACCEPTED, "band-unsure", "HF")
    assert "by hand" in row.remedy

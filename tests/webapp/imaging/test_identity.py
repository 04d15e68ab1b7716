"""Nobody's name comes in: identity planted wherever a file can hold it, then all that was kept searched."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
import pytest
from django.conf import settings
from pydicom import Dataset
from pydicom.datadict import DicomDictionary
from pydicom.sequence import Sequence
from rest_framework.test import APIClient

from ml.spec import Band
from tests.conftest import TEST_HOME
from tests.ml.dicom.making import native, region, to_bytes
from tests.webapp.imaging.files import frame, ultrasound, zipped
from tests.webapp.whole_database import every_row
from webapp.accounts.models import User
from webapp.imaging.identifiers import Identifiers
from webapp.imaging.models import Image, Upload
from webapp.imaging.outcomes import Outcome
from webapp.imaging.services import ingest_file
from webapp.patients.models import Patient

SURNAME, GIVEN, CHINESE = "Quartzmann", "Zebediah", "欧阳娜娜"
NUMBER, ACCESSION, PHONE = "7351942", "ACC88341", "555-0177-33"
BORN, STUDY = "19530417", "1.2.826.0.1.7351942.1"
SECRETS = (SURNAME, GIVEN, CHINESE, NUMBER, ACCESSION, PHONE, BORN, "1953-04-17", STUDY)
NAME = f"{SURNAME}^{GIVEN}={CHINESE}"
SENTENCE = f"{GIVEN} {SURNAME} {CHINESE} {NUMBER} {PHONE} {BORN}"
TEXTS = {"LO": SENTENCE[:64], "SH": NUMBER, "ST": SENTENCE, "LT": SENTENCE, "UT": SENTENCE, "UC": SENTENCE,
         "PN": NAME, "DA": BORN, "DT": BORN, "AE": NUMBER, "UR": f"http://x/{NUMBER}", "DS": NUMBER,
         "IS": NUMBER, "UI": STUDY}  # fmt: skip
KEPT_FOR_THE_PICTURE = {
    "SOPClassUID", "Rows", "Columns", "NumberOfFrames", "Modality", "SpecificCharacterSet", "SOPInstanceUID",
    "SequenceOfUltrasoundRegions", "StudyDate",
}  # fmt: skip


def planted(**elements: Any) -> bytes:
    """A file with the person in every text, date and number element that DICOM knows, and around them."""
    ds = pydicom.dcmread(io.BytesIO(ultrasound(patient=NUMBER, study=STUDY, sop=f"{STUDY}.9")), force=True)
    ds.SpecificCharacterSet = "ISO_IR 192"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for tag, (vr, multiplicity, _, retired, keyword) in DicomDictionary.items():
            group = tag >> 16
            if vr not in TEXTS or not keyword or keyword in KEPT_FOR_THE_PICTURE:
                continue
            if retired or not 8 <= group < 0x6000 or group == 0x28 or not multiplicity.startswith("1"):
                continue
            setattr(ds, keyword, TEXTS[vr])
    _surround(ds)
    ds.PatientID, ds.PatientName, ds.AccessionNumber = NUMBER, NAME, ACCESSION
    ds.PatientTelephoneNumbers, ds.PatientBirthDate, ds.StudyInstanceUID = PHONE, BORN, STUDY
    ds.PatientAge = "071Y"
    picture = frame()
    cv2.putText(picture, SURNAME, (2, 10), cv2.FONT_HERSHEY_SIMPLEX, 0.35, 255)
    picture[-1, : len(SENTENCE.encode())] = np.frombuffer(SENTENCE.encode(), np.uint8)
    ds.PixelData = picture.tobytes()
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    return to_bytes(ds, preamble=SENTENCE.encode()[:128].ljust(128, b"\0")) + SENTENCE.encode()


def _surround(ds: Dataset) -> None:
    """Private tags, sequences in sequences, overlays, curves, icons, padding."""
    ds.private_block(0x0019, SURNAME.upper(), create=True).add_new(1, "LO", NAME)
    inner = Dataset()
    inner.PatientName, inner.RequestedProcedureDescription = NAME, SENTENCE[:64]
    outer = Dataset()
    outer.RequestAttributesSequence = Sequence([inner])
    outer.PatientComments = SENTENCE
    ds.RequestAttributesSequence = Sequence([outer])
    ds.OtherPatientIDsSequence = Sequence([inner])
    box = ds.SequenceOfUltrasoundRegions[0]
    box.private_block(0x0019, SURNAME.upper(), create=True).add_new(1, "LO", NAME)
    box.PatientComments = SENTENCE
    box.PulseRepetitionFrequency = int(NUMBER)
    icon = Dataset()
    icon.Rows = icon.Columns = 8
    icon.BitsAllocated = 8
    icon.add_new(0x7FE00010, "OB", SENTENCE.encode()[:64].ljust(64, b"\0"))
    icon.ImageComments = SENTENCE
    ds.IconImageSequence = Sequence([icon])
    ds.add_new(0x60000022, "LO", SENTENCE[:64])
    ds.add_new(0x60003000, "OB", SENTENCE.encode().ljust(128, b"\0"))
    ds.add_new(0x50003000, "OB", SENTENCE.encode().ljust(128, b"\0"))
    ds.add_new(0xFFFCFFFC, "OB", SENTENCE.encode().ljust(128, b"\0"))


def spellings(secret: str) -> Iterator[bytes]:
    for text in (secret, secret.upper(), secret.lower()):
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            yield text.encode(encoding)
        yield text.encode("unicode_escape")


def leaks(content: bytes) -> list[str]:
    return [secret for secret in SECRETS if any(spelled in content for spelled in spellings(secret))]


def kept_files() -> Iterator[Path]:
    for folder in (settings.STORAGE_DIR, settings.WORK_DIR, TEST_HOME):
        for path in Path(folder).rglob("*"):
            if path.is_file() and "sqlite3" not in path.name:
                yield path


def database() -> bytes:
    return every_row().encode()


@pytest.fixture
def kept_out(upload: Upload, clinician: User, capfd: pytest.CaptureFixture[str]) -> Callable[[], None]:
    """Assert that no file, row or log line holds any of it."""

    def check() -> None:
        for path in kept_files():  # originals in quarantine too: they are encrypted
            assert leaks(path.read_bytes()) == [], path
            assert leaks(str(path).encode()) == [], path
        assert leaks(database()) == []
        assert leaks("".join(capfd.readouterr()).encode()) == []

    return check


def test_the_search_finds_what_it_looks_for(upload: Upload) -> None:
    assert set(leaks(planted())) >= {SURNAME, GIVEN, CHINESE, NUMBER, ACCESSION, PHONE, BORN, STUDY}


def test_a_planted_identity_is_nowhere(
    upload: Upload,
    clinician: User,
    api: APIClient,
    kept_out: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    (row,) = ingest_file(upload=upload, name=f"{SURNAME}_{NUMBER}.dcm", data=planted(), actor=clinician)
    assert (row.outcome, row.code) in {(Outcome.ACCEPTED, "accepted"), (Outcome.ACCEPTED, "band-unknown")}
    assert row.given_name == f"{SURNAME}_{NUMBER}.dcm"  # the sender sees it once
    kept_out()
    assert leaks(caplog.text.encode()) == []
    image = Image.objects.get()
    for address in (
        f"uploads/{upload.pk}/", "uploads/", f"images/{image.pk}/", f"patients/{image.exam.patient_id}/",
        f"exams/{image.exam_id}/", "exams/", "patients/", f"images/{image.pk}/frames/0/rendered",
    ):  # fmt: skip
        answer = api.get(f"/api/v1/{address}")
        assert answer.status_code == 200, address
        assert leaks(answer.content) == [], address


def test_what_is_refused_or_quarantined_is_named_nowhere(
    upload: Upload, clinician: User, kept_out: Callable[[], None]
) -> None:
    take = lambda data: ingest_file(upload=upload, name=f"{SURNAME}.dcm", data=data, actor=clinician)  # noqa: E731
    (waiting,) = take(planted(SequenceOfUltrasoundRegions=Sequence([])))
    (refused,) = take(planted(Modality=SURNAME.upper()))
    (foreign,) = take(f"%PDF letter about {SENTENCE}".encode())
    assert [waiting.outcome, refused.outcome, foreign.outcome] == [
        Outcome.QUARANTINED, Outcome.REFUSED, Outcome.REFUSED,
    ]  # fmt: skip
    kept_out()
    assert not Patient.objects.exists()
    quarantine = settings.STORAGE_DIR / "quarantine"
    originals = [path for path in quarantine.rglob("*") if path.is_file()]
    assert len(originals) == 3
    assert quarantine.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in originals)


def test_names_inside_an_archive_are_not_kept(
    upload: Upload, clinician: User, kept_out: Callable[[], None]
) -> None:
    archive = zipped({f"{SURNAME}/{NUMBER}/IM1.dcm": planted(), f"{SURNAME}/readme.txt": SENTENCE.encode()})
    rows = ingest_file(upload=upload, name=f"{SURNAME}.zip", data=archive, actor=clinician)
    assert [row.given_name for row in rows] == ["IM1.dcm", "readme.txt"]
    kept_out()


def test_uids_and_dates_are_replaced_alike_in_every_file_of_a_patient(
    upload: Upload, clinician: User
) -> None:
    from webapp.imaging import storage

    for seed, band in enumerate(Band):
        data = ultrasound(
            patient=NUMBER, study=STUDY, band=band, seed=seed, SeriesInstanceUID=f"{STUDY}.{seed}"
        )
        ingest_file(upload=upload, name="x", data=data, actor=clinician)
    one, two = (
        pydicom.dcmread(storage.existing(storage.Room.IMAGES, image.sha256)) for image in Image.objects.all()
    )
    assert one.StudyInstanceUID == two.StudyInstanceUID != STUDY
    assert one.SeriesInstanceUID != two.SeriesInstanceUID
    assert one.StudyDate == two.StudyDate != "20240310"
    assert one.PatientID == two.PatientID == str(Patient.objects.get().pseudonym)
    assert one.PatientIdentityRemoved == "YES"
    codes = [item.CodeValue for item in one.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113101", "113107", "113108"]
    assert one.file_meta.MediaStorageSOPInstanceUID == one.SOPInstanceUID
    assert one.preamble == b"\0" * 128


@pytest.mark.parametrize(
    ("born", "performed", "stated", "age"),
    [
        ("19800311", "20240310", "", 43),
        ("19800310", "20240310", "", 44),
        ("19200101", "20240310", "", 90),  # everybody above 89 is 90
        ("", "20240310", "095Y", 90),
        ("", "20240310", "018M", 1),
        ("", "20240310", "", None),
        ("20300101", "20240310", "", None),
    ],
)
def test_ages_are_whole_years_up_to_ninety(
    upload: Upload, clinician: User, born: str, performed: str, stated: str, age: int | None
) -> None:
    data = ultrasound(date=performed, PatientBirthDate=born, PatientAge=stated)
    (row,) = ingest_file(upload=upload, name="x", data=data, actor=clinician)
    assert row.image is not None
    assert row.image.exam.age_years == age


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("EPIQ 7G", True), ("LOGIQ E9", True), ("C5-1", True),
        ("Doe's machine", False), ("MACHINE OF DOE", False), ("Li 3000", False), ("Li-on", False),
        ("Lion 3", True),
        ("unit 88431-7", False), ("café", False), ("x" * 65, False),
    ],
)  # fmt: skip
def test_maker_model_and_probe_stay_unless_they_name_somebody(text: str, stays: bool) -> None:
    known = Identifiers(["Doe^Li"], ["LOGIQ-ROOM2", "88431-7"])
    assert (known.cleaned(text) == text) is stays


def test_without_knowing_the_name_no_free_text_stays() -> None:
    assert Identifiers([], [], complete=False).cleaned("EPIQ 7G") is None


def test_two_regions_are_both_kept_and_the_gap_between_them_blanked(upload: Upload, clinician: User) -> None:
    from webapp.imaging.rendering import stored_frame

    two = Sequence([region(4, 12, 50, 80), region(70, 12, 120, 80)])
    data = native([frame()], PatientID="P9", SequenceOfUltrasoundRegions=two)
    (row,) = ingest_file(upload=upload, name="x", data=data, actor=clinician)
    assert row.image is not None
    picture = stored_frame(row.image, 0)
    assert picture[12:81, 4:51].all()
    assert picture[12:81, 70:121].all()
    assert not picture[:, 51:70].any()

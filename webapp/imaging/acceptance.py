"""From what was prepared of a file to the rows of an image; and whether it is here already."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from ml.dicom import ASK_BELOW
from webapp.imaging import removal
from webapp.imaging.models import BandSource, Image
from webapp.imaging.outcomes import FileRefused
from webapp.imaging.pairing import refresh_exam
from webapp.imaging.preparation import Prepared
from webapp.imaging.storage import Room
from webapp.patients import services as patients
from webapp.patients.models import Exam, Patient
from webapp.patients.pseudonyms import date_shift
from webapp.patients.way_back import seal

if TYPE_CHECKING:
    from webapp.accounts.models import Site, User


def already_here(site_id: Any, found: Prepared) -> tuple[str, Image] | None:
    """The stored image that this one repeats, with the code that says how.

    The same SOP instance UID with other pixels is a conflict, for a person to settle: raise
    :class:`FileRefused` with the image that it contradicts as ``rival``.
    """
    subject = found.subject
    image = Image.objects.filter(sop_key=subject.sop_key).select_related("exam").first()
    if image is not None:
        if image.pixel_sha256 != found.pixel_sha256:
            refusal = FileRefused("conflict")
            refusal.look, refusal.rival = found.look, image
            raise refusal
        return "duplicate", image
    key = subject.identity_key
    twin = (
        Image.objects.filter(pixel_sha256=found.pixel_sha256, exam__patient__site=site_id)
        .filter(Q(exam__patient__identity_key=key) | Q(exam__patient__absorbed__identity_key=key))
        .select_related("exam")
        .first()
    )
    return ("duplicate-picture", twin) if twin is not None else None


def _accepted_code(found: Prepared) -> str:
    """Stored; and whether a person should look at the band."""
    if not found.band:
        return "band-unknown"
    return "accepted" if found.band_confidence >= ASK_BELOW else "band-unsure"


@transaction.atomic
def write_image(
    *, site: Site, found: Prepared, addresses: tuple[str, str], actor: User | None
) -> tuple[str, Image]:
    """The rows of an image whose files are stored: patient, exam, image, pair.

    Return its code and the image; of a file that came in through another process meanwhile, that one's.
    Raise :class:`webapp.imaging.removal.FileVanished` where a file was removed since: store it again.
    """
    patient = patients.find_or_create_patient(
        site=site,
        identity_key=found.subject.identity_key,
        sex=found.subject.sex,
        simulated=found.simulated,
        actor=actor,
    )
    seal(patient=patient, number=found.subject.hospital_number)
    if (known := already_here(site.pk, found)) is not None:  # asked again now that the patient is locked
        return known
    removal.name((Room.IMAGES, addresses[0]), (Room.ANALYSIS, addresses[1]))
    exam = _exam_for(patient, found)
    image = Image.objects.create(
        exam=exam,
        sop_key=found.subject.sop_key,
        study_key=found.subject.study_key,
        series_uid=found.series_uid,
        sha256=addresses[0],
        analysis_sha256=addresses[1],
        pixel_sha256=found.pixel_sha256,
        analysis_frames=found.analysis_frames,
        band=found.band,
        band_confidence=found.band_confidence,
        band_evidence=found.band_evidence,
        band_source=BandSource.MANUAL if found.band_by_hand else BandSource.AUTO,
        rows=found.rows,
        columns=found.columns,
        frame_count=found.frame_count,
        frame_rate_hz=found.frame_rate_hz,
        regions=found.regions,
        simulated=found.simulated,
    )
    refresh_exam(exam=exam)
    return _accepted_code(found), image


def _exam_for(patient: Patient, found: Prepared) -> Exam:
    """The exam of this study. A study that once joined the exam of its date stays with it."""
    sibling = (
        Image.objects.filter(exam__patient=patient, study_key=found.subject.study_key)
        .select_related("exam")
        .first()
    )
    if sibling is not None:
        return sibling.exam
    return patients.find_or_create_exam(
        patient=patient,
        study_key=found.subject.study_key,
        exam_date=_date_under(patient, found),
        age_years=found.subject.age_years,
    )


def _date_under(patient: Patient, found: Prepared) -> date | None:
    """The exam's date as the patient's own shift moves it: a merged number has another shift."""
    day, key = found.subject.exam_date, found.subject.identity_key
    if day is None or key == patient.identity_key:
        return day
    try:
        return day + (date_shift(patient.identity_key) - date_shift(key))
    except OverflowError:
        return None

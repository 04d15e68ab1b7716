"""An image that comes in, one that is withdrawn and one that gets its band, all of one exam at one moment.

With PostgreSQL (``make test DATABASE=postgres``) they meet at the rows' locks; SQLite has one writer anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from ml.spec import Band
from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import User
from webapp.imaging.models import Image, Upload, UploadFile
from webapp.imaging.quarantine import withdraw
from webapp.imaging.services import ingest_file, set_band
from webapp.patients.models import Exam

HEAD_START = 0.7  # seconds in which the other comes as far as it can
Ingest = Callable[..., UploadFile]


def together(first: Callable[[], None], second: Callable[[], object], then: Callable[[], object]) -> None:
    """``first`` and ``then`` in one transaction, and ``second`` in another that begins in between."""
    began, troubles = threading.Event(), list[Exception]()

    def other() -> None:
        began.wait(20)
        try:
            second()
        except Exception as error:
            troubles.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    try:
        with transaction.atomic():
            first()
            began.set()
            thread.join(HEAD_START)
            then()
    finally:
        began.set()
        thread.join(30)
    assert troubles == []


@pytest.mark.django_db(transaction=True)
def test_what_comes_in_while_another_is_withdrawn_is_counted(
    ingest: Ingest, upload: Upload, clinician: User, administrator: User
) -> None:
    first = ingest(ultrasound(band=Band.HF, seed=1)).image
    data = ultrasound(band=Band.LF, seed=2)
    together(
        lambda: ingest_file(upload=upload, name="x", data=data, actor=clinician) and None,
        lambda: withdraw(image=first, reason="a name in it", actor=administrator),
        lambda: None,
    )
    exam = Exam.objects.get()
    assert Image.objects.usable().filter(exam=exam).count() == 1
    assert (exam.image_count, exam.hf_count, exam.lf_count) == (1, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_a_band_and_a_withdrawal_wait_for_each_other(
    ingest: Ingest, clinician: User, administrator: User
) -> None:
    image = ingest(ultrasound(band=Band.HF, seed=1)).image
    assert image is not None
    together(
        lambda: Exam.objects.select_for_update().get(pk=image.exam_id) and None,
        lambda: withdraw(image=image, reason="a name in it", actor=administrator),
        lambda: set_band(image=Image.objects.get(pk=image.pk), band="LF", actor=clinician),
    )
    image = Image.objects.get()
    exam = Exam.objects.get()
    assert (image.band, image.released) == ("LF", False)
    assert (exam.image_count, exam.hf_count, exam.lf_count) == (0, 0, 0)

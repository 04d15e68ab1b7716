"""Exams from real files at site A, and people who read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ml.spec import Band
from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.imaging.models import Image
from webapp.imaging.services import ingest_file, start_upload
from webapp.patients.models import Exam


@pytest.fixture
def add_exam(site_a: Site, clinician: User) -> Callable[..., Exam]:
    """``add_exam("P1", "HF", "LF")``: an exam with images of these bands, through the hallway."""

    def add(patient: str, *bands: str, site: Site = site_a, frames: int = 1) -> Exam:
        upload = start_upload(site=site, actor=clinician)
        number = int.from_bytes(patient.encode())
        for index, band in enumerate(bands):
            (row,) = ingest_file(
                upload=upload, name="x", actor=clinician,
                data=ultrasound(patient=patient, study=f"1.2.{number}", band=Band(band), frames=frames,
                                seed=index + 10 * number % 9973),
            )  # fmt: skip
            assert row.image is not None, row.code
        return row.image.exam

    return add


@pytest.fixture
def exam(add_exam: Callable[..., Exam]) -> Exam:
    return add_exam("P1", "HF", "LF")


@pytest.fixture
def image(exam: Exam) -> Image:
    """128 columns × 96 rows, one frame."""
    return Image.objects.filter(exam=exam, band="HF").get()


@pytest.fixture
def second_reader(make_user: Callable[..., User], site_a: Site) -> User:
    return make_user(Role.ANNOTATOR, site_a, username="second-reader")


@pytest.fixture
def third_reader(make_user: Callable[..., User], site_a: Site) -> User:
    return make_user(Role.ANNOTATOR, site_a, username="third-reader")

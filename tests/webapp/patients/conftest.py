"""Patients of site A and B with exams, made through the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from webapp.accounts.models import Site
from webapp.patients import services
from webapp.patients.models import Exam, Patient
from webapp.patients.pseudonyms import Pseudonymiser


@pytest.fixture
def add_patient() -> Callable[..., Patient]:
    """``add_patient(site, "123")``: the patient whom the site knows under that number."""

    def add(site: Site, number: str, **known: str) -> Patient:
        key = Pseudonymiser.of_site(site.pk).identity_key(number)
        return services.find_or_create_patient(site=site, identity_key=key, **known)

    return add


@pytest.fixture
def patient(add_patient: Callable[..., Patient], site_a: Site) -> Patient:
    return add_patient(site_a, "H-1001", sex="F")


@pytest.fixture
def add_exam() -> Callable[..., Exam]:
    def add(patient: Patient, study: str, day: date | None = None) -> Exam:
        return services.find_or_create_exam(patient=patient, study_key=study.ljust(64, "0"), exam_date=day)

    return add

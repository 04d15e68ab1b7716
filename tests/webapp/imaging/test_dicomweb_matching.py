"""Hostile matching keys and headers: stars, digits and commas without end are answered as fast as others."""

from __future__ import annotations

import fnmatch
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from tests.webapp.imaging.files import ultrasound
from webapp.imaging.dicomweb.media import accepted
from webapp.imaging.dicomweb.wildcards import matches, simplified
from webapp.patients.models import Patient

pytestmark = pytest.mark.django_db
STUDIES = "/dicomweb/studies"


class Counted(str):
    """A text that counts how often a letter of it is looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> str:
        type(self).looks += 1
        return super().__getitem__(place)


@pytest.fixture
def patient(api: APIClient) -> Patient:
    assert api.post(STUDIES, ultrasound(), content_type="application/dicom").status_code == 200
    return Patient.objects.get()


PATTERNS = st.text("AB4-*?", max_size=12)


@given(PATTERNS, st.text("AB4-", max_size=12))
def test_a_pattern_matches_as_the_standard_says(pattern: str, text: str) -> None:
    assert matches(pattern, text) == bool(re.match(fnmatch.translate(pattern), text))
    assert matches(simplified(pattern), text) == matches(pattern, text)
    assert "**" not in simplified(pattern)
    assert "*?" not in simplified(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("*" * 2000 + "X", "US"), ("*A" * 500 + "X", "A" * 1000), ("?*" * 500 + "X", "A" * 1000)],
)
def test_no_pattern_is_tried_in_more_ways_than_its_letters_have_places(pattern: str, text: str) -> None:
    Counted.looks = 0
    assert not matches(Counted(pattern), Counted(text))
    assert Counted.looks <= 4 * (len(pattern) + 1) * (len(text) + 1)


@pytest.mark.parametrize("key", ["Modality", "ModalitiesInStudy", "PatientID", "StudyDescription"])
def test_a_value_longer_than_any_stored_one_is_refused(api: APIClient, key: str) -> None:
    """Two thousand stars took a web process a quarter of a minute, with the interpreter's lock held."""
    answer = api.get(STUDIES, {key: "*" * 2000 + "X"})
    assert (answer.status_code, answer.json()["code"]) == (400, "query-refused")
    assert "longer than 64" in answer.json()["detail"]


def test_a_list_may_be_longer_than_one_value(api: APIClient, patient: Patient) -> None:
    study = api.get(STUDIES).json()[0]["0020000D"]["Value"][0]
    for key, value in (
        ("ModalitiesInStudy", "\\".join(["CR", "CT", "MR", "NM", "PT"] * 6 + ["U?"])),
        ("StudyInstanceUID", ",".join([*(f"{study[:-1]}{digit}" for digit in range(10)), study])),
    ):
        assert len(value) > 64
        assert len(api.get(STUDIES, {key: value}).json()) == 1, key


def test_stars_in_a_pseudonym_are_no_regular_expression(api: APIClient, patient: Patient) -> None:
    """On SQLite it was Python's, in exponential time: this question was never answered."""
    for value, status in (
        ("P" + "*" * 62 + "!", 204),
        ("P" + "*" * 62 + "z", 200 if patient.pseudonym.endswith("Z") else 204),
        ("*-" * 3 + "*?" * 20, 204),
        ("*?" * 5 + patient.pseudonym[-2:], 200),
        ("?" * len(patient.pseudonym), 200),
        (patient.pseudonym[0] + "*" + patient.pseudonym[6:10].lower() + "*", 200),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert api.get(STUDIES, {"PatientID": value}).status_code == status, value
        assert not any("REGEXP" in one["sql"] or " ~ " in one["sql"] for one in asked.captured_queries)


@given(PATTERNS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_matches_as_we_do(patient: Patient, pattern: str) -> None:
    for text in ("A4-B", "AB4A-", "%4_", "\\B"):
        Patient.objects.filter(pk=patient.pk).update(pseudonym=text)
        for asked in (pattern, pattern.replace("A", "%"), pattern.replace("B", "_").replace("4", "\\")):
            found = Patient.objects.filter(pseudonym__wildcards=asked).exists()
            assert found == matches(asked, text), (asked, text)


def test_an_accept_header_is_split_in_one_walk() -> None:
    """Each comma looked at all that follows: 64 KB of them took eight seconds."""
    many = 20_000
    assert len(accepted("a/b," * many)) == many + 1
    assert [one.media for one in accepted('multipart/related; type="a,b", c/d')] == ["a,b", "c/d"]


@pytest.mark.parametrize("query", ["viewport=" + "9" * 5000 + ",1", "quality=" + "9" * 5000, "viewport=1,²"])
def test_digits_without_end_are_no_server_error(api: APIClient, patient: Patient, query: str) -> None:
    (study,) = api.get(STUDIES).json()
    (one,) = api.get(f"{STUDIES}/{study['0020000D']['Value'][0]}/instances").json()
    answer = api.get(one["00081190"]["Value"][0].removeprefix("http://testserver") + "/rendered?" + query)
    assert (answer.status_code, answer.json()["code"]) == (400, "rendering-refused")

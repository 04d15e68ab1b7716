"""The page of reason codes says what the code says, in both languages."""

from __future__ import annotations

from ml.dicom import REASONS as DICOM_REASONS
from tests.webapp.imaging import reasons_page
from webapp.imaging.outcomes import REASONS


def test_no_code_means_two_things():
    assert not set(REASONS) & set(DICOM_REASONS)


def test_every_code_has_its_words_in_both_languages():
    words = reasons_page.chinese()
    for code, text in [*((code, text[1:]) for code, text in REASONS.items()), *DICOM_REASONS.items()]:
        sentence, remedy = words[code]
        assert sentence, code
        assert bool(remedy) == bool(text[1]), code


def test_the_page_is_what_the_code_says():
    assert reasons_page.PAGE.read_text() == reasons_page.page(), (
        "run: .venv/bin/python -m tests.webapp.imaging.reasons_page"
    )

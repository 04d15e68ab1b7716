"""A signed report as PDF, DICOM SR and SEG and FHIR, read back by other programs."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pypdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from tests.conftest import absent
from webapp.accounts.models import User
from webapp.audit.models import Entry
from webapp.imaging.models import Image
from webapp.patients.models import ClinicalValues
from webapp.reading.services import save_outline
from webapp.staging import reporting
from webapp.staging.exports.pdf import is_latin, marked
from webapp.staging.exports.words import WORDS
from webapp.staging.models import Reason, Report, Staging

Answered = Callable[..., Staging]
Signed = Callable[..., Report]
NOTE = "Coarse texture 肝包膜欠光滑 <b>not bold</b> & x"


@pytest.fixture
def outlined(answered: Answered, clinician: User) -> Report:
    """A report on a staging whose HF image has a final liver outline, with serum values and a note."""
    from tests.webapp.conftest import PASSWORD

    staging = answered("P7")
    image = Image.objects.get(band="HF")
    box = image.regions[0]
    corners = [
        [box["x0"] + 10, box["y0"] + 10],
        [box["x1"] - 10, box["y0"] + 10],
        [box["x1"] - 10, box["y1"] - 10],
        [box["x0"] + 10, box["y1"] - 10],
    ]
    save_outline(image=image, frame=0, polygons=[corners], made_from=0, actor=clinician, final=True)
    ClinicalValues.objects.create(
        patient=staging.exam.patient, age_years=50, alt=49, ast=60, platelets=150, source="manual"
    )
    review = reporting.begin_review(
        staging=staging, actor=clinician, decision="cannot-be-staged",
        reasons=["image-quality", "other"], note=NOTE,
    )  # fmt: skip
    return reporting.sign(review=review, actor=clinician, password=PASSWORD, revision=1)


def get(api: APIClient, report: Report, form: str, **query: str) -> bytes:
    answer = api.get(f"/api/v1/reports/{report.pk}/{form}/", query)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    return bytes(answer.content)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_pdf_says_what_was_signed(outlined: Report, api: APIClient) -> None:
    pdf = get(api, outlined, "pdf")
    text = text_of(pdf)
    facts = outlined.facts
    for words in (
        facts["patient"]["pseudonym"], "Cannot be staged", "image quality, artefact or blur", "FIB-4", "2.86",
        "Not a medical device; for research.", "SIMULATED DATA", facts["model"]["name"], "liver outlined",
        f"{facts['staging']['result']['at_least']['S2']:.1%}", "<b>not bold</b> & x", "肝包膜欠光滑",
        "Signed electronically by clinician",
    ):  # fmt: skip
        assert words in text, words
    joined = text.replace("\n", "")
    for digest in (outlined.content_hash, facts["model"]["weights_sha256"], facts["dataset"]["hash"]):
        assert digest in joined
    for image in facts["images"]:
        assert image["sha256"] in joined
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        assert "Not a medical device" in page.extract_text()
    assert sum(len(page.images) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages) == 2


def test_the_chinese_pdf_is_chinese_and_its_letters_have_ink(outlined: Report, api: APIClient) -> None:
    pdf = get(api, outlined, "pdf", language="zh")
    text = text_of(pdf)
    for words in (
        "肝纤维化分期报告",
        "无法分期",
        "模拟数据",
        "非医疗器械；仅供研究。",
        "图像质量、伪影或模糊",
    ):
        assert words in text, words
    if not shutil.which("fc-list") or not subprocess.check_output(["fc-list", ":lang=zh"]):
        absent("no Chinese font on this machine")
    page = pypdfium2.PdfDocument(pdf)[0]
    found = page.get_textpage()
    place = found.get_charbox(found.get_text_range().index("肝纤维化分期报告"))
    scale = 4
    picture = np.asarray(page.render(scale=scale).to_pil().convert("L"))
    left, bottom, right, top = (value * scale for value in place)
    height = picture.shape[0]
    glyph = picture[int(height - top) : int(height - bottom) + 1, int(left) : int(right) + 1]
    assert 0.1 < (glyph < 128).mean() < 0.7  # neither blank nor a solid box


def test_the_same_report_gives_the_same_bytes(outlined: Report, api: APIClient) -> None:
    for form, query in (("pdf", {"language": "zh"}), ("sr", {}), ("seg", {}), ("fhir", {})):
        assert get(api, outlined, form, **query) == get(api, outlined, form, **query), form


def test_a_superseded_version_says_so_on_paper(signed: Signed, clinician: User, api: APIClient) -> None:
    from tests.webapp.conftest import PASSWORD

    first = signed()
    draft = reporting.amend(report=first, actor=clinician, reason="Biopsy came back")
    second = reporting.sign(review=draft, actor=clinician, password=PASSWORD, revision=1)
    assert "SUPERSEDED by version 2" in text_of(get(api, first, "pdf"))
    later = text_of(get(api, second, "pdf"))
    assert "SUPERSEDED" not in later
    assert "Biopsy came back" in later
    assert first.content_hash in later.replace("\n", "")
    assert json.loads(get(api, second, "fhir"))["status"] == "amended"


def test_the_sr_is_a_valid_measurement_report(outlined: Report, api: APIClient, tmp_path: Path) -> None:
    if shutil.which("dsrdump") is None:
        absent("no dcmtk on PATH")
    path = tmp_path / "report.dcm"
    path.write_bytes(get(api, outlined, "sr"))
    shown = subprocess.run(["dsrdump", "-Ec", str(path)], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert not [line for line in shown.stderr.splitlines() if line.startswith(("E:", "W:"))], shown.stderr
    facts = outlined.facts
    share = round(facts["staging"]["result"]["at_least"]["S2"] * 100, 4)
    (line,) = [line for line in shown.stdout.splitlines() if "Probability of at least stage S2" in line]
    assert f'"{share}"' in line
    assert "Percent" in line
    for words in ("Imaging Measurement Report", "Liver", "Simulated data", "Cannot be staged", "FIB-4 index"):
        assert words in shown.stdout, words
    document = pydicom.dcmread(path)
    assert document.VerificationFlag == "VERIFIED"
    referenced = {
        item.ReferencedSOPInstanceUID
        for study in document.CurrentRequestedProcedureEvidenceSequence
        for series in study.ReferencedSeriesSequence
        for item in series.ReferencedSOPSequence
    }
    assert len(referenced) == len(facts["images"])
    assert str(document.PatientID) == facts["patient"]["pseudonym"]


def test_the_seg_holds_the_outline_pixel_by_pixel(outlined: Report, api: APIClient, tmp_path: Path) -> None:
    archive = zipfile.ZipFile(io.BytesIO(get(api, outlined, "seg")))
    assert archive.namelist() == ["liver-HF.dcm"]
    content = archive.read("liver-HF.dcm")
    document = pydicom.dcmread(io.BytesIO(content))
    assert document.SOPClassUID == "1.2.840.10008.5.1.4.1.1.66.4"
    image = Image.objects.get(band="HF")
    box = image.regions[0]
    mask = np.zeros((image.rows, image.columns), np.uint8)
    mask[box["y0"] + 10 : box["y1"] - 10, box["x0"] + 10 : box["x1"] - 10] = 1
    assert np.array_equal(document.pixel_array.reshape(image.rows, image.columns), mask)
    assert document.SegmentSequence[0].SegmentLabel == "Liver"
    if shutil.which("dcmdump") is None:
        absent("no dcmtk on PATH")
    (tmp_path / "seg.dcm").write_bytes(content)
    assert subprocess.run(["dcmdump", "-q", str(tmp_path / "seg.dcm")], check=False).returncode == 0


def test_without_an_outline_there_is_no_seg(signed: Signed, api: APIClient) -> None:
    report = signed()
    answer = api.get(f"/api/v1/reports/{report.pk}/seg/")
    assert (answer.status_code, answer.json()["code"]) == (409, "report-without-outline")
    assert not api.get(f"/api/v1/reports/{report.pk}/").json()["has_outline"]


def test_the_fhir_resource_is_valid_r4(outlined: Report, api: APIClient) -> None:
    from fhir.resources.R4B.diagnosticreport import DiagnosticReport

    content = get(api, outlined, "fhir")
    found = DiagnosticReport.model_validate_json(content)
    assert (found.id, found.status) == (str(outlined.pk), "final")
    resource = json.loads(content)
    assert resource["meta"]["tag"][0]["code"] == "HTEST"
    values = {one["id"]: one for one in resource["contained"]}
    result = outlined.facts["staging"]["result"]
    assert values["p-S3"]["valueQuantity"]["value"] == pytest.approx(
        result["probabilities"]["S3"] * 100, abs=1e-3
    )
    assert values["p-S3"]["valueQuantity"]["code"] == "%"
    assert values["fib4"]["valueQuantity"]["value"] == pytest.approx(2.8571, abs=1e-3)
    assert {one["reference"] for one in resource["result"]} <= {f"#{key}" for key in values}
    assert resource["identifier"][1]["value"] == outlined.content_hash
    assert "Not a medical device" in resource["conclusion"]


def test_exports_are_for_report_readers_of_the_site_and_on_record(
    outlined: Report, api: APIClient, client_of: Any, outsider: User, annotator: User
) -> None:
    for form in ("pdf", "sr", "seg", "fhir"):
        address = f"/api/v1/reports/{outlined.pk}/{form}/"
        assert client_of(outsider).get(address).status_code == 404
        assert client_of(annotator).get(address).status_code == 403
    get(api, outlined, "pdf", language="zh")
    assert Entry.objects.filter(action="report.read", detail__form="pdf-zh").count() == 1


def test_every_reason_has_words_in_both_languages() -> None:
    for reason in Reason.values:
        assert set(WORDS[f"reason.{reason}"]) == {"en", "zh"}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60))
def test_any_note_is_safe_markup_and_loses_no_letter(note: str) -> None:
    import html
    import re

    words = marked(note)
    assert html.unescape(re.sub(r"</?font[^>]*>", "", words)) == note
    for plain in re.split(r"<font[^>]*>.*?</font>", words):
        assert all(is_latin(letter) for letter in html.unescape(plain))

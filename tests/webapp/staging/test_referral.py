"""A case that the model should not answer alone: said over HTTP and in every form of the report."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import numpy as np
import pydicom
import pypdf
import pytest
from rest_framework.test import APIClient

from ml.models import fit_familiarity
from ml.spec import Band
from webapp.staging.models import Report
from webapp.training.models import ModelVersion


@pytest.fixture
def champion(add_model: Callable[..., ModelVersion]) -> ModelVersion:
    """A model that learned from noise, so that no ultrasound is familiar to it."""
    noise = np.random.default_rng(0).integers(0, 256, (120, 256, 256), dtype=np.uint8)
    fitted = fit_familiarity(noise, [str(number // 4) for number in range(len(noise))])
    assert fitted is not None
    return add_model("fusion", "fusion", "hf", "lf", champion=True, familiarity=dict.fromkeys(Band, fitted))


def test_pictures_unlike_the_training_are_said_on_the_page_and_in_every_report(
    signed: Callable[..., Report], api: APIClient
) -> None:
    report = signed("P1")
    result = api.get(f"/api/v1/stagings/{report.review.staging_id}/").json()["result"]
    assert "unfamiliar-pictures" in result["referral"]
    assert {picture["band"] for picture in result["familiarity"]["unlike"]} == {"HF", "LF"}

    forms = {form: api.get(f"/api/v1/reports/{report.pk}/{form}/").content for form in ("pdf", "fhir", "sr")}
    words = "unlike those that the model learned from"
    pages = pypdf.PdfReader(io.BytesIO(forms["pdf"])).pages
    assert words in " ".join(" ".join(page.extract_text() for page in pages).split())
    assert words in json.loads(forms["fhir"])["conclusion"]
    assert "UNFAMILIAR" in str(pydicom.dcmread(io.BytesIO(forms["sr"])))

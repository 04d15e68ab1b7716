"""Nobody but an administrator gets anything of a file before a person has released it: all addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import get_resolver
from pydicom.sequence import Sequence
from rest_framework.test import APIClient

from ml.spec import Band, Stage
from tests.webapp.accounts.test_permissions import api_views
from tests.webapp.imaging.files import frame, ultrasound
from webapp.accounts.models import Site, User
from webapp.datasets.selection import select
from webapp.imaging.models import QuarantineItem, Upload, UploadFile
from webapp.imaging.quarantine import withdraw
from webapp.imaging.rendering import stored_frame
from webapp.imaging.services import exam_network_inputs
from webapp.patients.services import record_stage

NO_REGION: dict[str, Any] = {"SequenceOfUltrasoundRegions": Sequence([])}
DECIDE = "/api/v1/quarantine/decide/"


def _addresses(known: dict[str, str]) -> Iterator[str]:
    """Every address of the API that can be read, with identifiers that exist filled in."""
    for name, view, actions in api_views():
        reads = {"list", "retrieve", "get", "summary"} | {a for a in actions if a in {"rendered", "before"}}
        if not reads & set(actions) and not actions:
            continue
        for pattern in _patterns(name):
            for pk in known.values():
                yield "/" + re.sub(
                    r"\(\?P<(\w+)>[^)]*\)",
                    lambda found, pk=pk: {"frame": "0", "format": "json", "file": known["file"]}.get(
                        found[1], pk
                    ),
                    pattern,
                ).replace("^", "").replace("$", "").replace("\\Z", "").replace("/?", "/").replace("\\.", ".")
        assert view is not None


def _patterns(name: str) -> Iterator[str]:
    def walk(patterns: list[Any], prefix: str) -> Iterator[str]:
        for one in patterns:
            text = prefix + str(one.pattern)
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, text)
            elif one.name == name:
                yield re.sub(r"<(?:\w+:)?(\w+)>", r"(?P<\1>x)", text) if "(?P" not in text else text

    yield from walk(get_resolver().url_patterns, "")


@pytest.mark.parametrize("role", ["clinician", "annotator", "researcher"])
def test_no_address_serves_what_was_not_released(
    role: str,
    request: pytest.FixtureRequest,
    client_of: Callable[[User], APIClient],
    ingest: Callable[..., UploadFile],
    upload: Upload,
) -> None:
    """Every readable address, for every role but the administrator: no bytes, no pixels, no digests."""
    row = ingest(ultrasound(**NO_REGION))
    item = QuarantineItem.objects.get(file=row)
    image = ingest(ultrasound(seed=3, study="1.2.77", patient="P3")).image
    assert image is not None
    withdraw(image=image, reason="a name", actor=None)
    hidden = QuarantineItem.objects.get(image=image)
    known = {
        "item": str(item.pk), "file": str(row.pk), "upload": str(upload.pk), "image": str(image.pk),
        "hidden": str(hidden.pk), "exam": str(image.exam_id), "patient": str(image.exam.patient_id),
    }  # fmt: skip
    secrets = [row.quarantine_sha256.encode(), image.sha256.encode(), image.analysis_sha256.encode()]
    pixels = [frame()[:, :40].tobytes(), stored_frame(image, 0)[20:24, 20:100].tobytes()]
    client = client_of(request.getfixturevalue(role))
    visited = set()
    for address in dict.fromkeys(_addresses(known)):
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        visited.add((address, answer.status_code))
        assert answer.status_code < 500, address
        assert not any(secret in content for secret in secrets + pixels), address
        assert b"\x89PNG" not in content, address
    assert len(visited) > 100
    assert (f"/api/v1/images/{image.pk}/frames/0/rendered/", 404) in visited
    assert (f"/api/v1/exams/{image.exam_id}/", 200) in visited
    for path in ("", f"{item.pk}/", "summary/", f"{item.pk}/frames/0/before/", f"{item.pk}/frames/0/after/"):
        assert client.get(f"/api/v1/quarantine/{path}").status_code == 403
    assert client.post(DECIDE, {}, format="json").status_code == 403
    assert client.get(f"/api/v1/uploads/{upload.pk}/files/{row.pk}/original/").status_code == 403


def test_what_was_not_released_is_neither_staged_nor_in_a_dataset(
    ingest: Callable[..., UploadFile], site_a: Site
) -> None:
    pair = [ingest(ultrasound(band=band, seed=seed)).image for seed, band in enumerate(Band)]
    patient = pair[0].exam.patient  # type: ignore[union-attr]
    record_stage(patient=patient, stage=Stage.S2, source="biopsy", actor=None)
    assert len(select([site_a]).included) == 1
    for image in pair:
        assert image is not None
        withdraw(image=image, reason="a name", actor=None)
    assert [c.reason for c in select([site_a]).candidates] == ["not-released"]
    assert exam_network_inputs(pair[0].exam) == ([], [])  # type: ignore[union-attr]

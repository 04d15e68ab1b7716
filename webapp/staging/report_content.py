"""What a report says and pins, as one JSON object: collected once, at signing, from rows and files.

Language-neutral: codes, numbers and ids. The exports (:mod:`webapp.staging.exports`) put it into words and
read nothing else of the database, so that a report says tomorrow what it said when it was signed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import ml
from ml.checkout import commit_of
from ml.spec import Band, Stage
from webapp.accounts.models import User
from webapp.environment import BASE_DIR
from webapp.imaging import storage
from webapp.imaging.models import Image
from webapp.imaging.storage import Room
from webapp.reading.models import Outline
from webapp.reading.services import current_outline
from webapp.staging.models import Report, Review, Staging
from webapp.staging.report_errors import EvidenceChanged
from webapp.staging.serum import serum_of

SCHEMA = "hepastage.report/1"


def canonical(content: dict[str, Any]) -> str:
    """The one way to write it: keys sorted, no spaces, UTF-8 as it is, no NaN.

    >>> canonical({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of the canonical text, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(
    review: Review, *, report_id: str, version: int, previous: Report | None, signer: User, at: datetime
) -> dict[str, Any]:
    """Everything that is signed. Raises :class:`EvidenceChanged` where a pinned file is not what it was."""
    staging = review.staging
    exam = staging.exam
    patient = exam.patient
    images = list(_images(staging))
    model = staging.model
    check_evidence([image.sha256 for image in images], model.folder, model.sha256)
    simulated = bool(patient.simulated or model.simulated or any(image.simulated for image in images))
    return {
        "schema": SCHEMA,
        "report": {
            "id": report_id,
            "version": version,
            "previous": {"id": str(previous.pk), "content_hash": previous.content_hash} if previous else None,
            "amendment_reason": review.amendment_reason,
        },
        "patient": {
            "id": str(patient.pk),
            "pseudonym": patient.pseudonym,
            "sex": patient.sex,
            "age_years": exam.age_years,
            "site": {"code": patient.site.code, "name": patient.site.name},
        },
        "exam": {
            "id": str(exam.pk),
            "date": exam.exam_date.isoformat() if exam.exam_date else None,
            "date_is_shifted": True,
        },
        "staging": {
            "id": str(staging.pk),
            "seconds": staging.seconds,
            "asked_at": staging.created_at.isoformat(),
            "answered_at": staging.finished_at.isoformat() if staging.finished_at else None,
            "result": staging.result,
        },
        "review": {
            "id": str(review.pk),
            "decision": review.decision,
            "stage": Stage(review.stage).label if review.stage is not None else None,
            "reasons": review.reasons,
            "note": review.note,
        },
        "model": {
            "id": str(model.pk),
            "name": model.name,
            "weights_sha256": model.sha256,
            "folder_digest": model.digest,
            "architecture": model.architecture,
            "protocol": model.protocol,
            "simulated": model.simulated,
        },
        "dataset": {
            "id": str(model.dataset.pk),
            "name": str(model.dataset),
            "hash": model.dataset_hash,
        },
        "code": {"version": ml.__version__, "commit": running_commit()},
        "images": [_image_json(image) for image in images],
        "pictures": list(_pictures(images)),
        "serum": serum_of(exam),
        "simulated": simulated,
        "for_research_only": True,
        "signature": {
            "user": signer.pk,
            "username": signer.username,
            "name": signer.display_name,
            "role": str(signer.effective_role),
            "at": at.isoformat(),
            "how": "password",
        },
    }


@lru_cache(maxsize=1)
def running_commit() -> str | None:
    """Commit of this process's code, read once: what was loaded does not change under it."""
    return commit_of(BASE_DIR)


def check_evidence(images: list[str], model: Path, weights: str) -> None:
    """Read every file that a report pins and compare it with its hash; raise :class:`EvidenceChanged`."""
    for what in damaged_evidence(images, model, weights):
        raise EvidenceChanged(f"{what[0].upper()}{what[1:]}.")


def damaged_evidence(images: list[str], model: Path, weights: str) -> Iterator[str]:
    """What is wrong with the files that a report pins, one phrase each."""
    for sha256 in images:
        try:
            path = storage.existing(Room.IMAGES, sha256)
        except storage.StoredFileMissing:
            yield f"image {sha256[:12]} is missing"
            continue
        if storage.digest_of(path) != sha256:
            yield f"image {sha256[:12]} was altered"
    file = model / "model.safetensors"
    if not file.is_file():
        yield f"model {weights[:12]} is missing"
    elif storage.digest_of(file) != weights:
        yield f"model {weights[:12]} was altered"


def _images(staging: Staging) -> Iterator[Image]:
    """The images that were asked about, in that order."""
    rows = {str(image.pk): image for image in Image.objects.filter(pk__in=staging.images)}
    for key in staging.images:
        if key not in rows:
            raise EvidenceChanged("An image of this staging is no longer there.")
        yield rows[key]


def _image_json(image: Image) -> dict[str, Any]:
    return {
        "id": str(image.pk),
        "band": image.band,
        "sha256": image.sha256,
        "analysis_sha256": image.analysis_sha256,
        "analysis_frames": image.analysis_frames,
        "rows": image.rows,
        "columns": image.columns,
        "frame_count": image.frame_count,
        "regions": image.regions,
        "simulated": image.simulated,
    }


def _pictures(images: list[Image]) -> Iterator[dict[str, Any]]:
    """The frame of each band that a report shows: one with a final outline, or the model's first."""
    for band in Band:
        frames = [
            (image, frame)
            for image in images
            if image.band == band.value
            for frame in image.analysis_frames or [0]
        ]
        if not frames:
            continue
        outlines = [current_outline(image, frame) for image, frame in frames]
        chosen = next((place for place, outline in enumerate(outlines) if outline is not None), 0)
        (image, frame), outline = frames[chosen], outlines[chosen]
        yield {
            "image": str(image.pk),
            "sha256": image.sha256,
            "band": band.value,
            "frame": frame,
            "outline": None if outline is None else _outline_json(outline),
        }


def _outline_json(outline: Outline) -> dict[str, Any]:
    """Polygons in pixels of the stored frame: ``[[[x, y], …], …]``, x to the right, y down."""
    return {
        "id": str(outline.pk),
        "revision": outline.revision,
        "origin": outline.origin,
        "author": outline.author.display_name if outline.author else None,
        "algorithm": outline.algorithm,
        "polygons": outline.polygons,
    }

"""STOW-RS: instances of a request, one after the other, through the one hallway (PS3.18 §10.5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpResponse
from rest_framework.request import Request

from webapp import spool
from webapp.imaging import services
from webapp.imaging.dicomweb.answers import Sent, StoreAnswer
from webapp.imaging.dicomweb.media import DICOM, dicom_json
from webapp.imaging.dicomweb.parts import (
    ReceivedPart,
    RequestRefused,
    parameters_of,
    related_parts,
    single_part,
)
from webapp.imaging.models import Upload, UploadFile, UploadSource
from webapp.imaging.upload_api import site_for
from webapp.patients.api import actor_of


def store(request: Request, study: str | None = None) -> HttpResponse:
    """Take in every part; one upload a request. ``study`` is the original study UID that all must have."""
    media, parameters = parameters_of(request.META.get("CONTENT_TYPE", ""))
    kind = parameters.get("type", "").lower() if media == "multipart/related" else media
    boundary = parameters.get("boundary", "")
    if kind != DICOM or request.META.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        raise RequestRefused("This media type cannot be stored.", code="unsupported-media-type", status=415)
    if media == "multipart/related" and not boundary:
        raise RequestRefused("The request names no boundary.")
    actor = actor_of(request)
    upload = services.start_upload(
        site=site_for(request.user, request.query_params.get("site", "")),
        actor=actor,
        source=UploadSource.DICOMWEB,
        request=request,
    )
    answer = StoreAnswer(request.build_absolute_uri("/dicomweb/"))
    with spool.temporary_folder("stow") as folder:
        stream = request._request
        parts: Iterator[ReceivedPart] = (
            related_parts(stream, boundary, folder)
            if boundary
            else iter([single_part(stream, folder, media=media)])
        )
        for number, part in enumerate(parts, start=1):
            sent = Sent.of(part.path) if part.path is not None else Sent()
            answer.add(sent, _taken(request, upload, part.path, f"part-{number}.dcm", study))
    if not (answer.stored or answer.failed or answer.unnamed):
        raise RequestRefused("The request holds no instance.")
    content = json.dumps(answer.dataset().to_json_dict()).encode()
    return dicom_json(content, status=answer.status)


def _taken(request: Request, upload: Upload, path: Path | None, name: str, study: str | None) -> UploadFile:
    """What became of one part. A zip archive is no DICOM instance and has no place in this door."""
    return services.ingest_instance(
        upload=upload, name=name, path=path, actor=actor_of(request), study=study, request=request
    )

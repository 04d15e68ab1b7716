"""WADO-RS: stored files, their headers, frames, and pictures of frames (PS3.18 §10.4)."""

from __future__ import annotations

import re
from typing import Any

import cv2
import numpy as np
from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from numpy.typing import NDArray
from rest_framework.request import Request

from ml.spec import HepaStageError
from webapp.audit import services as audit
from webapp.imaging import presenting, rendering
from webapp.imaging.dicomweb.answers import instance_path
from webapp.imaging.dicomweb.headers import encoded, metadata
from webapp.imaging.dicomweb.identifiers import found
from webapp.imaging.dicomweb.media import (
    DICOM,
    DICOM_JSON,
    OCTETS,
    Part,
    Slice,
    choose,
    dicom_json,
    streamed,
)
from webapp.imaging.models import Image
from webapp.patients.api import actor_of
from webapp.whole_numbers import whole_number

MOST_FRAMES = 4096
THUMBNAIL = 128  # pixels of its longer side
MOST_SIDE = 4096
JPEG_QUALITY = 90

Grey = NDArray[np.uint8]


class RenderingRefused(HepaStageError):
    """A parameter of a rendered picture that makes no sense."""

    code = "rendering-refused"
    remedy = "quality is 1 to 100, viewport is width,height in pixels, window is centre,width,linear."


def whole(
    request: Request, study: str, series: str | None = None, instance: str | None = None
) -> HttpResponseBase:
    """The stored, de-identified files; one by itself also as plain ``application/dicom``.

    A file of a row that was merged is served under the pseudonym of the survivor.
    """
    images = _images(request, "retrieved", study, series, instance)
    offers = [(DICOM, True)] if instance is None else [(DICOM, True), (DICOM, False)]
    media, multipart = choose(_accept(request), offers)
    base = request.build_absolute_uri("/dicomweb/")
    parts = [Part(_presented(image), base + instance_path(image)) for image in images]
    return streamed(parts, media, multipart=multipart)


def headers(
    request: Request, study: str, series: str | None = None, instance: str | None = None
) -> HttpResponse:
    """Metadata: every element of every instance, pixels as links."""
    images = _images(request, "metadata", study, series, instance)
    choose(_accept(request), [(DICOM_JSON, False), ("application/json", False)])
    base = request.build_absolute_uri("/dicomweb/")
    return dicom_json(encoded(metadata(image, base + instance_path(image)) for image in images))


def frames(request: Request, study: str, series: str, instance: str, numbers: str) -> HttpResponseBase:
    """Frames as uncompressed bytes, numbered from 1."""
    (image,) = _images(request, "frames", study, series, instance)
    indices = [_index(image, number) for number in numbers.split(",")]
    if len(indices) > MOST_FRAMES:
        raise rendering.NoSuchFrame("More frames are named than any clip has.")
    offers = [(OCTETS, True), (OCTETS, False)] if len(indices) == 1 else [(OCTETS, True)]
    media, multipart = choose(_accept(request), offers)
    url = f"{request.build_absolute_uri('/dicomweb/')}{instance_path(image)}/frames/"
    parts = [Part(_frame_bytes(image, index, 1), f"{url}{index + 1}") for index in indices]
    return streamed(parts, media, multipart=multipart)


def bulk_data(request: Request, study: str, series: str, instance: str) -> HttpResponseBase:
    """All pixels, where the metadata's BulkDataURI leads."""
    (image,) = _images(request, "frames", study, series, instance)
    media, multipart = choose(_accept(request), [(OCTETS, True), (OCTETS, False)])
    part = Part(_frame_bytes(image, 0, image.frame_count), request.build_absolute_uri())
    return streamed([part], media, multipart=multipart)


def rendered(
    request: Request, study: str, series: str, instance: str, number: str | None = None
) -> HttpResponseBase:
    """A frame (of an instance: its first representative one) as JPEG or PNG."""
    (image,) = _images(request, "rendered", study, series, instance)
    index = _index(image, number) if number is not None else _representative(image)
    return _picture(request, image, index, request.query_params.get("viewport", ""))


def thumbnail(
    request: Request, study: str, series: str | None = None, instance: str | None = None
) -> HttpResponseBase:
    """A small picture of the first instance that the address names."""
    image = _images(request, "rendered", study, series, instance)[0]
    viewport = request.query_params.get("viewport", f"{THUMBNAIL},{THUMBNAIL}")
    return _picture(request, image, _representative(image), viewport)


def _images(request: Request, verb: str, study: str, series: str | None, instance: str | None) -> list[Image]:
    """What the address names, looked up for this user; the look is in the audit log."""
    actor = actor_of(request)
    images = list(found(actor, study, series, instance))
    first = images[0]
    audit.record(
        actor=actor,
        action=f"dicomweb.{verb}",
        object=first if instance is not None else first.exam,
        site=first.exam.patient.site,
        request=request,
        detail={"instances": len(images)},
    )
    return images


def _accept(request: Request) -> str:
    """The Accept header, or what stands for it in the address (PS3.18 §8.3.3.1)."""
    return request.query_params.get("accept", "") or request.META.get("HTTP_ACCEPT", "")


def _presented(image: Image) -> Slice:
    path, header = presenting.stored_file(image), presenting.restamped(image)
    if header is None:
        return Slice.whole(path)
    begins = presenting.pixels_at(image)
    return Slice(path, begins, path.stat().st_size - begins, header)


def _frame_bytes(image: Image, first: int, count: int) -> Slice:
    """Stored files end with their uncompressed frames (:mod:`webapp.imaging.preparation`)."""
    size = image.rows * image.columns
    begins = presenting.pixels_at(image)
    return Slice(presenting.stored_file(image), begins + first * size, count * size)


def _index(image: Image, number: str) -> int:
    index = int(number) - 1
    if not 0 <= index < image.frame_count:
        raise rendering.NoSuchFrame(
            f"There is no frame {number}; this image has {image.frame_count}, from 1."
        )
    return index


def _representative(image: Image) -> int:
    return image.analysis_frames[0] if image.analysis_frames else 0


def _picture(request: Request, image: Image, index: int, viewport: str) -> HttpResponseBase:
    media, _ = choose(_accept(request), [("image/jpeg", False), ("image/png", False)])
    window, quality = request.query_params.get("window", ""), request.query_params.get("quality", "")
    size = _viewport(viewport)
    etag = f'"{image.sha256}-{index}-{media[6:]}-{viewport}-{window}-{quality}"'
    etag = re.sub(r"[^!-~]", "", etag)
    known = get_conditional_response(request._request, etag=etag)
    response = known if known is not None else HttpResponse(content_type=media)
    if known is None and isinstance(response, HttpResponse):
        frame = _windowed(rendering.stored_frame(image, index), window)
        response.content = _encoded(_fitted(frame, size), media, quality)
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=86400"
    return response


def _viewport(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    sides = text.split(",")
    numbers = [whole_number(side, most=MOST_SIDE) for side in sides]
    if len(numbers) != 2 or not numbers[0] or not numbers[1]:
        raise RenderingRefused(f"{text[:40]!r} is not a viewport of at most {MOST_SIDE} pixels a side.")
    return numbers[0], numbers[1]


def _fitted(frame: Grey, size: tuple[int, int] | None) -> Grey:
    """The frame scaled to fit into ``(width, height)``, its proportions kept (PS3.18 §8.3.5.1.3)."""
    if size is None:
        return frame
    scale = min(size[0] / frame.shape[1], size[1] / frame.shape[0])
    target = (max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(frame, target, interpolation=method), np.uint8)


def _windowed(frame: Grey, text: str) -> Grey:
    """Window of centre and width in grey values 0 to 255 (PS3.3 C.11.2.1.2, LINEAR)."""
    if not text:
        return frame
    try:
        centre, width, function = text.split(",")
        c, w = float(centre), float(width)
    except ValueError:
        c, w, function = 0.0, 0.0, ""
    if function.lower() != "linear" or not (1 <= w <= 65536 and abs(c) <= 65536):
        raise RenderingRefused(f"{text[:40]!r} is not a window that is served.")
    levels = np.arange(256, dtype=np.float64)
    slope = ((levels - (c - 0.5)) / max(w - 1, 1e-6) + 0.5) * 255
    return np.clip(np.rint(slope), 0, 255).astype(np.uint8)[frame]


def _encoded(frame: Grey, media: str, quality: str) -> bytes:
    if media == "image/png":
        return rendering.encode(frame)
    wanted = whole_number(quality, most=100) if quality else JPEG_QUALITY
    if not wanted:
        raise RenderingRefused(f"{quality[:20]!r} is not a quality.")
    options: list[Any] = [cv2.IMWRITE_JPEG_QUALITY, wanted]
    done, data = cv2.imencode(".jpg", frame, options)
    if not done:
        raise ValueError("the picture cannot be encoded")
    return bytes(data.tobytes())

"""QIDO-RS: studies, series and instances (PS3.18 §10.6), a page at a time, from the rows.

Files are opened for the numbers and extra fields of the page's own results only, so a search costs the
same however many images there are.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from rest_framework.request import Request

from webapp.audit import services as audit
from webapp.imaging.deidentification import ULTRASOUND_IMAGE, ULTRASOUND_MULTIFRAME
from webapp.imaging.dicomweb.bookmarks import Bookmarks
from webapp.imaging.dicomweb.headers import (
    PATIENT_AND_STUDY,
    SERIES,
    as_json,
    element,
    encoded,
    tag_of,
)
from webapp.imaging.dicomweb.identifiers import visible
from webapp.imaging.dicomweb.matching import Query, matched
from webapp.imaging.dicomweb.media import DICOM_JSON, choose, dicom_json
from webapp.imaging.models import Image
from webapp.imaging.presenting import header_of
from webapp.imaging.storage import StoredFileMissing
from webapp.patients.api import actor_of
from webapp.patients.models import Exam
from webapp.patients.pseudonyms import uid_of_key

Result = dict[str, Any]
BOOKMARKS = Bookmarks()
_LEVELS: dict[str, tuple[str, ...]] = {
    "studies": ("study_key",),
    "series": ("study_key", "series_uid"),
    "instances": ("study_key", "series_uid", "sop_key"),
}


def search(request: Request, level: str, study: str | None = None, series: str | None = None) -> HttpResponse:
    """Answer a search at ``level``; an empty one is 204 without a body."""
    choose(request.META.get("HTTP_ACCEPT", ""), [(DICOM_JSON, False), ("application/json", False)])
    query = Query.of(request.query_params)
    for tag, uid in (("0020000D", study), ("0020000E", series)):
        if uid is not None:
            query.matches[tag] = uid
    actor = actor_of(request)
    everything = visible(actor)
    images, numbers = matched(everything, query)
    base = request.build_absolute_uri("/dicomweb/")
    asked = (actor.pk, level, frozenset(query.matches.items()))
    results, more = _page(everything, images, level, query, numbers, base, asked)
    audit.record(
        actor=actor,
        action="dicomweb.searched",
        request=request,
        detail={"level": level, "keys": sorted(query.matches), "results": len(results)},
    )
    warnings = list(query.warnings)
    if more and len(results) == query.limit:
        warnings.append("There are additional results that can be requested.")
    warning = " ".join(warnings)
    if not results:
        empty = HttpResponse(status=204)
        if warning:
            empty["Warning"] = f'299 HepaStage "{warning}"'
        return empty
    return dicom_json(encoded(results), warning=warning)


def _page(
    everything: QuerySet[Image],
    images: QuerySet[Image],
    level: str,
    query: Query,
    numbers: dict[str, str],
    base: str,
    asked: Hashable,
) -> tuple[list[Result], bool]:
    """One page of results in the order of their keys, and whether there are more.

    Asked by keys alone: an index on them ends the walk after a page, at a thousand and a million rows; what
    an offset skips is not walked again by whoever has just read it (:mod:`.bookmarks`).
    """
    columns = _LEVELS[level]
    keys = keys_in_order(images, level)
    if numbers:
        chosen = [key for key in keys if _numbered(everything, columns, key, numbers)]
        page = chosen[query.offset : query.offset + query.limit + 1]
    else:
        place, mark = BOOKMARKS.nearest(asked, query.offset)
        skipped = query.offset - place
        page = list(behind(keys, columns, mark)[skipped : skipped + query.limit + 1])
    kept = page[: query.limit]
    if kept and not numbers:
        BOOKMARKS.put(asked, query.offset + len(kept), kept[-1])
    firsts = _first_images(everything, columns, kept)
    counts = _counts(everything, level, kept)
    rows = [firsts[key] for key in kept if key in firsts]
    return [_result(image, level, query, counts, base) for image in rows], len(page) > query.limit


def keys_in_order(images: QuerySet[Image], level: str) -> QuerySet[Image, tuple[str, ...]]:
    """Keys of studies, series or instances, each once; instances are told apart without being compared."""
    columns = _LEVELS[level]
    keys = images.order_by(*columns).values_list(*columns)
    return keys if level == "instances" else keys.distinct()


def behind(
    keys: QuerySet[Image, tuple[str, ...]], columns: tuple[str, ...], mark: tuple[str, ...] | None
) -> QuerySet[Image, tuple[str, ...]]:
    """The keys that follow ``mark`` in their order; all of them without one."""
    if mark is None:
        return keys
    later = Q()
    for place, column in enumerate(columns):
        same = dict(zip(columns[:place], mark[:place], strict=True))
        later |= Q(**same, **{f"{column}__gt": mark[place]})
    return keys.filter(later, **{f"{columns[0]}__gte": mark[0]})  # the second is what the index begins at


def _first_images(
    images: QuerySet[Image], columns: tuple[str, ...], keys: list[tuple[str, ...]]
) -> dict[tuple[str, ...], Image]:
    """One image of each study, series or instance; of a study, its oldest."""
    if not keys:
        return {}
    near = images.filter(
        **{f"{columns[-1]}__in": {key[-1] for key in keys}, "study_key__in": {k[0] for k in keys}}
    )
    firsts: dict[tuple[str, ...], Image] = {}
    for image in near.select_related("exam__patient").order_by("-created_at", "-id").iterator(chunk_size=500):
        firsts[tuple(getattr(image, column) for column in columns)] = image
    return firsts


def _counts(images: QuerySet[Image], level: str, keys: list[tuple[str, ...]]) -> dict[tuple[str, ...], Any]:
    if level == "instances" or not keys:
        return {}
    columns = _LEVELS[level]
    of_page = images.filter(study_key__in={key[0] for key in keys})
    counted = (
        of_page.order_by()
        .values(*columns)
        .annotate(instances=Count("pk"), related=Count("series_uid", distinct=True))
    )
    return {tuple(row[column] for column in columns): row for row in counted}


def _numbered(
    images: QuerySet[Image], columns: tuple[str, ...], key: tuple[str, ...], numbers: dict[str, str]
) -> bool:
    """Whether any image of this key has the series and instance numbers that were asked for."""
    for image in images.filter(**dict(zip(columns, key, strict=True))).select_related("exam__patient"):
        try:
            header = header_of(image)
        except StoredFileMissing:
            continue  # what is not there has no number
        if all(str(header.get(keyword, "")) == value for keyword, value in numbers.items()):
            return True
    return False


def _result(image: Image, level: str, query: Query, counts: dict[tuple[str, ...], Any], base: str) -> Result:
    key = tuple(getattr(image, column) for column in _LEVELS[level])
    study, exam = uid_of_key(image.study_key), image.exam
    url = f"{base}studies/{study}"
    result: Result = {"00080005": element("CS", "ISO_IR 192"), "00080056": element("CS", "ONLINE")}
    header: dict[str, Any] = {}
    if level != "studies" or query.fields or query.all_fields:
        try:
            header = as_json(header_of(image))
        except StoredFileMissing:  # the search goes on; PS3.3 C.4.23.1.1
            result["00080056"] = element("CS", "UNAVAILABLE")
    result |= _of_study(exam, study)
    if level == "studies":
        result["00080061"] = element("CS", "US")
        result["00201206"] = element("IS", counts[key]["related"])
        result["00201208"] = element("IS", counts[key]["instances"])
        result |= _wanted(header, query, PATIENT_AND_STUDY)
    else:
        url += f"/series/{image.series_uid}"
        result["00080060"] = element("CS", "US")
        result["0020000E"] = element("UI", image.series_uid)
        result["00200011"] = header.get("00200011", {"vr": "IS"})
    if level == "series":
        result["00201209"] = element("IS", counts[key]["instances"])
        result |= _wanted(header, query, SERIES)
    if level == "instances":
        instance = uid_of_key(image.sop_key)
        url += f"/instances/{instance}"
        multiframe = image.frame_count > 1
        result["00080016"] = element("UI", ULTRASOUND_MULTIFRAME if multiframe else ULTRASOUND_IMAGE)
        result["00080018"] = element("UI", instance)
        result["00200013"] = header.get("00200013", {"vr": "IS"})
        result["00280008"] = element("IS", image.frame_count)
        result["00280010"] = element("US", image.rows)
        result["00280011"] = element("US", image.columns)
        result["00280100"] = element("US", 8)
        result |= _wanted(header, query, None)
    result["00081190"] = element("UR", url)
    return dict(sorted(result.items()))


def _of_study(exam: Exam, study: str) -> Result:
    patient = exam.patient
    day = exam.exam_date.strftime("%Y%m%d") if exam.exam_date else ""
    return {
        "00080020": element("DA", day),
        "00080030": element("TM"),
        "00080050": element("SH"),
        "00080090": element("PN"),
        "00100010": element("PN", patient.pseudonym),
        "00100020": element("LO", patient.pseudonym),
        "00100030": element("DA"),
        "00100040": element("CS", patient.sex),
        "0020000D": element("UI", study),
        "00200010": element("SH"),
    }


def _wanted(header: dict[str, Any], query: Query, level: frozenset[str] | None) -> Result:
    """What includefield asks for, of the elements that this level has (``None``: all of them)."""
    if not (query.fields or query.all_fields):
        return {}
    known = None if level is None else {tag_of(keyword) for keyword in level}
    return {
        tag: value
        for tag, value in header.items()
        if (query.all_fields or tag in query.fields) and (known is None or tag in known)
    }

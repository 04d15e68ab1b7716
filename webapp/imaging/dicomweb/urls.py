"""Addresses below ``/dicomweb/`` (PS3.18 Tables 10.4.1-1, 10.5.1-1, 10.6.1-1), without a slash at the end."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from webapp.imaging.dicomweb.views import Retrieve, Search, Studies, Study
from webapp.problems import api_not_found

_UID = "[0-9][0-9.]{0,63}"
STUDY = rf"^studies/(?P<study>{_UID})"
SERIES = rf"{STUDY}/series/(?P<series>{_UID})"
INSTANCE = rf"{SERIES}/instances/(?P<instance>{_UID})"
FRAME = rf"{INSTANCE}/frames/(?P<number>[0-9]{{1,6}})"
FRAMES = rf"{INSTANCE}/frames/(?P<numbers>[0-9]{{1,6}}(?:,[0-9]{{1,6}})*)"


def _retrieve(address: str, what: str) -> URLPattern:
    return re_path(rf"{address}/?$", Retrieve.as_view(what=what), name=f"dicomweb-{what}")


def _search(address: str, level: str) -> URLPattern:
    return re_path(rf"{address}/?$", Search.as_view(level=level), name=f"dicomweb-{level}")


urlpatterns: list[URLPattern] = [
    re_path(r"^studies/?$", Studies.as_view(), name="dicomweb-studies"),
    _search(r"^series", "series"),
    _search(r"^instances", "instances"),
    re_path(rf"{STUDY}/?$", Study.as_view(), name="dicomweb-study"),
    _search(rf"{STUDY}/series", "series"),
    _search(rf"{STUDY}/instances", "instances"),
    _search(rf"{SERIES}/instances", "instances"),
    _retrieve(SERIES, "whole"),
    _retrieve(INSTANCE, "whole"),
    *(_retrieve(rf"{address}/metadata", "headers") for address in (STUDY, SERIES, INSTANCE)),
    *(_retrieve(rf"{address}/thumbnail", "thumbnail") for address in (STUDY, SERIES, INSTANCE)),
    _retrieve(rf"{INSTANCE}/rendered", "rendered"),
    _retrieve(rf"{FRAME}/rendered", "rendered"),
    _retrieve(FRAMES, "frames"),
    _retrieve(rf"{INSTANCE}/bulkdata/7fe00010", "bulk_data"),
    re_path(r"^(?P<rest>.*)$", api_not_found),
]

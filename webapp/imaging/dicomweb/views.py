"""The views of DICOMweb: who asks and how; what is done lies in search, storing and retrieval."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from rest_framework.request import Request

from webapp.imaging.dicomweb import retrieval
from webapp.imaging.dicomweb.media import DicomwebView
from webapp.imaging.dicomweb.search import search
from webapp.imaging.dicomweb.storing import store


class Studies(DicomwebView):
    """``/studies``: search, store."""

    def get(self, request: Request) -> HttpResponseBase:
        return search(request, "studies")

    def post(self, request: Request) -> HttpResponseBase:
        return store(request)


class Study(DicomwebView):
    """``/studies/{study}``: retrieve, store into."""

    def get(self, request: Request, study: str) -> HttpResponseBase:
        return retrieval.whole(request, study)

    def post(self, request: Request, study: str) -> HttpResponseBase:
        return store(request, study)


class Search(DicomwebView):
    """Series and instances, of everything or of one study or series."""

    level = "series"

    def get(self, request: Request, **address: Any) -> HttpResponseBase:
        return search(request, self.level, **address)


class Retrieve(DicomwebView):
    """Whatever is retrieved: ``what`` names the function of :mod:`webapp.imaging.dicomweb.retrieval`."""

    what = "whole"

    def get(self, request: Request, **address: Any) -> HttpResponseBase:
        answer: HttpResponseBase = getattr(retrieval, self.what)(request, **address)
        return answer

"""Addresses of uploads, images with their frames, and pairs."""

from __future__ import annotations

from django.urls import re_path
from rest_framework import renderers

from webapp.imaging.image_api import ImageViewSet, PairViewSet, PngRenderer
from webapp.imaging.quarantine_api import QuarantineViewSet
from webapp.imaging.upload_api import UploadViewSet

_PNG_FIRST = {"renderer_classes": [PngRenderer, renderers.JSONRenderer]}
ROUTES = [
    ("uploads", UploadViewSet, "upload"),
    ("images", ImageViewSet, "image"),
    ("pairs", PairViewSet, "pair"),
    ("quarantine", QuarantineViewSet, "quarantine"),
]
_FRAME_OF_IMAGE = r"^images/(?P<pk>[0-9a-f-]{36})/frames/(?P<frame>[0-9]{1,6})"
PATHS = [
    re_path(
        _FRAME_OF_IMAGE + r"/rendered/?$",
        ImageViewSet.as_view({"get": "rendered"}, **_PNG_FIRST),
        name="image-rendered",
    ),
    re_path(
        _FRAME_OF_IMAGE + r"/network-input/?$",
        ImageViewSet.as_view({"get": "network_input"}, **_PNG_FIRST),
        name="image-network-input",
    ),
]

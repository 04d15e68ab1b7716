"""Addresses of outlines."""

from __future__ import annotations

from webapp.reading.outline_api import OutlineViewSet

ROUTES = [("outlines", OutlineViewSet, "outline")]

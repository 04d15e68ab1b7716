"""Addresses of outlines and blinded reads."""

from __future__ import annotations

from webapp.reading.outline_api import OutlineViewSet
from webapp.reading.read_api import (
    AdjudicationViewSet,
    AssignmentViewSet,
    QualityReadViewSet,
    StageReadViewSet,
)

ROUTES = [
    ("outlines", OutlineViewSet, "outline"),
    ("read-assignments", AssignmentViewSet, "read-assignment"),
    ("quality-reads", QualityReadViewSet, "quality-read"),
    ("stage-reads", StageReadViewSet, "stage-read"),
    ("adjudications", AdjudicationViewSet, "adjudication"),
]

"""What found an outline: a person's hand, or a program whose proposal a person took.

The segmenters are a floor further up, which says so when Django starts. An outline keeps the name of its
algorithm while it is corrected by hand; DICOM calls it AUTOMATIC before and SEMIAUTOMATIC after
(PS3.3 §C.8.20.2, Segment Algorithm Type).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import NotRequired, TypedDict

from webapp.reading.geometry import OutlineRefused, Polygon

LONGEST = 64  # characters of a DICOM LO


class Algorithm(TypedDict):
    """``version`` of ours is the SHA-256 of the weights. ``changed``: corrected by a person since."""

    name: str
    version: str
    changed: bool
    segmenter: NotRequired[str]


class Proposed(TypedDict):
    """A proposal that was made for one frame, and by what."""

    polygons: list[Polygon]
    name: str
    version: str
    segmenter: str


Source = Callable[[uuid.UUID, uuid.UUID, int], Proposed | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    """``source(proposal, image, frame)`` gives an answered proposal of that frame, or None."""
    if source not in _sources:
        _sources.append(source)


def of_proposal(proposal: uuid.UUID, image: uuid.UUID, frame: int, drawn: list[Polygon]) -> Algorithm:
    """The algorithm of an outline that was begun from a proposal; raise OutlineRefused for an unknown one."""
    for source in _sources:
        found = source(proposal, image, frame)
        if found is not None:
            return {
                "name": found["name"][:LONGEST],
                "version": found["version"][:LONGEST],
                "changed": [list(map(tuple, ring)) for ring in found["polygons"]]
                != [list(map(tuple, ring)) for ring in drawn],
                "segmenter": found["segmenter"],
            }
    raise OutlineRefused("Nothing proposed this outline for this frame.", remedy="Ask for a proposal again.")

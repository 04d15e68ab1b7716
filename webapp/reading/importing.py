"""Outlines of many frames out of files of other programs: looked at first, then saved over what is there.

Which frame a file speaks of, it says itself: labelme by ``imagePath``, COCO by ``file_name`` (both as we
export them), a DICOM SEG by the instance that it refers to. A frame that cannot be taken is one line of the
answer and does not stop the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from ml.spec import HepaStageError
from webapp.accounts.permissions import within_sites
from webapp.imaging import archives
from webapp.imaging.archives import ZipLimits
from webapp.imaging.dicomweb.identifiers import keys_of
from webapp.imaging.models import Image
from webapp.imaging.outcomes import FileRefused
from webapp.reading import interchange, services
from webapp.reading.dicom_seg import SegFrame, frames_of
from webapp.reading.geometry import OutlineRefused
from webapp.reading.interchange import CHOOSE, Parsed, is_dicom, picture_name
from webapp.reading.models import Outline, OutlineOrigin

if TYPE_CHECKING:
    from webapp.accounts.models import User

MOST_FRAMES = 500
LARGEST_LIST = 20 * 2**20  # bytes of JSON about many frames
LIMITS = ZipLimits(max_members=2 * MOST_FRAMES, max_member_bytes=64 * 2**20, max_total_bytes=2**30)
PICTURE = re.compile(
    r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9]{1,5})\.(?:png|jpe?g)", re.IGNORECASE
)

Outcome = Literal["new", "revised", "unchanged", "refused"]


class ImageUnknown(OutlineRefused):
    """A file speaks of a picture that this person cannot see here."""

    code = "outline-image-unknown"
    remedy = "Keep the picture's name as it was exported, and the SEG's reference to it."


@dataclass(frozen=True)
class Line:
    """What becomes of one frame of a file."""

    file: str
    outcome: Outcome
    layout: str = ""
    image: Image | None = None
    frame: int = 0
    problem: HepaStageError | None = None


@dataclass(frozen=True)
class _Found:
    image: Image
    frame: int
    outline: Parsed


def import_outlines(
    *, path: Path, name: str, actor: User, dry_run: bool, request: Any = None
) -> Iterator[Line]:
    """A line for each frame that the file (or archive) at ``path`` speaks of; saved unless ``dry_run``.

    A save is a draft on top of the outline that is there: what was final stays in force until a person
    finishes the new one.
    """
    count = 0
    for member, part in _parts(path, name):
        try:
            if isinstance(part, FileRefused):
                raise part
            for found in _found(part, actor):
                count += 1
                if count > MOST_FRAMES:
                    raise OutlineRefused(
                        f"The file speaks of more than {MOST_FRAMES} frames.", remedy="Import it in parts."
                    )
                yield _taken(found, member, actor, dry_run, request)
        except HepaStageError as problem:
            yield Line(member, "refused", problem=problem)
        if count > MOST_FRAMES:
            return


def _parts(path: Path, name: str) -> Iterator[tuple[str, bytes | FileRefused]]:
    if not archives.is_archive(path):
        yield name, path.read_bytes()
        return
    try:
        for member, part in archives.members(path, LIMITS):
            if isinstance(part, FileRefused):
                yield member, part
            elif not member.lower().endswith((".png", ".jpg", ".jpeg")):
                yield member, part.read_bytes()
    except FileRefused as refused:
        yield name, refused


def _found(content: bytes, actor: User) -> Iterator[_Found]:
    """Raise OutlineRefused where the whole file is no good."""
    if is_dicom(content):
        yield from _of_seg(content, actor)
        return
    document = interchange.document_of(content, largest=LARGEST_LIST)
    names = _picture_names(document)
    if not names:
        raise OutlineRefused("The file names no picture.", remedy=CHOOSE)
    for named in names:
        image, frame = _pictured(named, actor)
        yield _Found(image, frame, interchange.parsed_document(document, image=image, frame=frame))


def _picture_names(document: dict[str, Any]) -> list[str]:
    if "shapes" in document:
        return [str(document.get("imagePath", ""))]
    images = document.get("images")
    rows = images if isinstance(images, list) else []
    return [str(row.get("file_name", "")) for row in rows[: MOST_FRAMES + 1] if isinstance(row, dict)]


def _visible(actor: User) -> Any:
    images = Image.objects.usable().select_related("exam__patient__site")
    return images if actor.is_administrator else within_sites(images, actor, "exam__patient__site")


def _pictured(named: str, actor: User) -> tuple[Image, int]:
    """The frame whose picture was exported under this name; raise ImageUnknown."""
    match = PICTURE.fullmatch(re.split(r"[/\\]", named)[-1])
    image = _visible(actor).filter(pk=UUID(match[1])).first() if match else None
    if image is None or match is None:
        raise ImageUnknown("The file is of a picture that is not known here.")
    return image, int(match[2])


def _of_seg(content: bytes, actor: User) -> Iterator[_Found]:
    by_frame: dict[tuple[str, int], list[SegFrame]] = {}
    for one in frames_of(content):
        by_frame.setdefault((one.instance, one.frame or 0), []).append(one)
    if not by_frame:
        raise OutlineRefused("The segmentation has no frame of a liver.", remedy=CHOOSE)
    for (instance, frame), frames in by_frame.items():
        keys = keys_of(_visible(actor), "sop_key", instance)
        image = _visible(actor).filter(sop_key__in=keys).first() if keys else None
        if image is None:
            raise ImageUnknown("The segmentation refers to a picture that is not known here.")
        if frames[0].frame is None and image.frame_count > 1:
            raise OutlineRefused("The segmentation does not say which frame of the clip it is of.")
        yield _Found(image, frame, interchange.outline_of(frames, image))


def _taken(found: _Found, file: str, actor: User, dry_run: bool, request: Any) -> Line:
    image, frame, layout = found.image, found.frame, found.outline.layout
    there = Outline.objects.live().filter(image=image, frame=frame).first()
    outcome: Outcome = "new" if there is None else "revised"
    if there is not None and there.polygons == found.outline.polygons:
        outcome = "unchanged"
    try:
        if frame >= image.frame_count:
            raise OutlineRefused(f"{picture_name(image.pk, frame)} is beyond the clip's last frame.")
        if not dry_run and outcome != "unchanged":
            services.save_outline(
                image=image, frame=frame, polygons=found.outline.polygons,
                made_from=0 if there is None else there.revision, actor=actor, origin=OutlineOrigin.IMPORT,
                algorithm=found.outline.algorithm, request=request,
            )  # fmt: skip
    except HepaStageError as problem:
        return Line(file, "refused", layout, image, frame, problem)
    return Line(file, outcome, layout, image, frame)

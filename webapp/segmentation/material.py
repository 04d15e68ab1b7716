"""What a segmenter is trained from, as a folder of labelme files: an archive's, or outlines drawn here.

Nothing of an archive keeps its name: names may spell patients. Its members are numbered in the order of
its directory, and of a labelme file only the shapes, the image and the mark "simulated" are kept. Pictures
are not decoded here; that is for the training's own process.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from django.db.models import QuerySet

from webapp.accounts.models import Site
from webapp.imaging.archives import ZipLimits, check, is_archive, members
from webapp.imaging.outcomes import FileRefused
from webapp.imaging.rendering import rendered
from webapp.reading.models import Outline
from webapp.reading.services import as_final
from webapp.segmentation.errors import MaterialRefused

ARCHIVE = "archive.zip"
LIMITS = ZipLimits(max_members=40_000, max_member_bytes=64 * 2**20, max_total_bytes=4 * 2**30)
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"})
FEWEST = 10  # outlined images; of fewer no part would be left to test on
LARGEST_JSON = 16 * 2**20

Pulse = Callable[[str], None]


def final_outlines(sites: Iterable[Site]) -> QuerySet[Outline]:
    """Outlines in force of released images at these sites."""
    return (
        Outline.objects.with_final()
        .filter(image__released=True, image__exam__patient__site__in=list(sites))
        .select_related("image__exam__patient", "final")
        .order_by("pk")
    )


def check_archive(path: Path) -> None:
    """Raise :class:`MaterialRefused` for what is no zip, is hostile, or holds no labelme files."""
    if not is_archive(path):
        raise MaterialRefused("The file is not a zip archive.", code="segmenter-not-a-zip")
    try:
        names = check(path, LIMITS)
    except FileRefused as refusal:
        raise refused(refusal) from refusal
    outlines = sum(PurePosixPath(name).suffix.lower() == ".json" for name in names)
    if outlines < FEWEST:
        raise MaterialRefused(
            f"The archive holds {outlines} labelme files; {FEWEST} are needed.",
            code="segmenter-too-few-outlines",
            remedy="Send an archive with more outlined images.",
        )


def refused(refusal: FileRefused) -> MaterialRefused:
    """An archive's refusal in the words of this room."""
    return MaterialRefused(refusal.message, code=refusal.code, remedy=refusal.remedy)


def unpack(archive: Path, target: Path, pulse: Pulse) -> None:
    """Labelme files of the archive, numbered, with their images beside them. Whole or not at all."""
    if target.is_dir():
        return
    draft = _draft(target)
    try:
        renamed: dict[str, str] = {}
        for number, (name, member) in enumerate(members(archive, LIMITS)):
            suffix = PurePosixPath(name).suffix.lower()
            if isinstance(member, FileRefused) or suffix not in PICTURES | {".json"}:
                continue
            renamed[name] = f"{number:05}{suffix}"
            shutil.copyfile(member, draft / renamed[name])
            pulse(f"Unpacking: {number + 1} files")
        for name, new in renamed.items():
            if new.endswith(".json"):
                _rewrite(draft / new, PurePosixPath(name), renamed)
        draft.rename(target)
    except FileRefused as refusal:
        raise refused(refusal) from refusal
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _rewrite(path: Path, name: PurePosixPath, renamed: dict[str, str]) -> None:
    """Keep what training needs of a labelme file; one that is none stays a damaged one, to be reported."""
    try:
        if path.stat().st_size > LARGEST_JSON:
            raise ValueError("too large")
        given = json.loads(path.read_bytes())
        content: dict[str, Any] = {
            "shapes": [
                {key: shape.get(key) for key in ("label", "shape_type", "points")}
                for shape in given["shapes"]
            ],
            "imagePath": _image_of(name, given, renamed),
            "imageData": given.get("imageData"),
            "flags": {"simulated": bool((given.get("flags") or {}).get("simulated"))},
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        content = {"damaged": True}
    path.write_text(json.dumps(content), "utf-8")


def _image_of(name: PurePosixPath, given: dict[str, Any], renamed: dict[str, str]) -> str:
    """The new name of the image in the same folder: the one that is named, else the one called alike."""
    said = PureWindowsPath(str(given.get("imagePath") or "")).name
    for wanted in (said, *(f"{name.stem}{suffix}" for suffix in sorted(PICTURES))):
        found = renamed.get(str(name.with_name(wanted))) if wanted else None
        if found is not None:
            return found
    return ""


def write_drawn(sites: Iterable[Site], target: Path, pulse: Pulse) -> None:
    """Outlines in force as labelme files beside their frames. Whole or not at all; written once, so that
    a resumed training goes on with what it began with."""
    if target.is_dir():
        return
    draft = _draft(target)
    try:
        for number, outline in enumerate(final_outlines(sites).iterator(chunk_size=200)):
            current = as_final(outline)
            image = current.image
            (draft / f"{number:05}.png").write_bytes(rendered(image, current.frame))
            content = {
                "shapes": [
                    {"label": "liver", "shape_type": "polygon", "points": polygon}
                    for polygon in current.polygons
                ],
                "imagePath": f"{number:05}.png",
                "imageData": None,
                # A patient's frames stay in one part of the split.
                "flags": {"simulated": image.simulated, "group": str(image.exam.patient_id)},
            }
            (draft / f"{number:05}.json").write_text(json.dumps(content), "utf-8")
            pulse(f"Writing outlines: {number + 1}")
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _draft(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))

"""Outlines as other programs write them: labelme JSON, COCO and DICOM SEG.

Coordinates pass through labelme and COCO unchanged; a SEG holds pixels, which come back as the same pixels
(:mod:`webapp.reading.raster`). labelme and COCO use the convention of :mod:`webapp.reading.geometry` (pixel
edges, x right, y down). A COCO annotation with several polygons, and several annotations of one image, are
unions, as ours are; its run-length masks (``iscrowd``) are refused rather than approximated.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from webapp.imaging import rendering
from webapp.imaging.models import Image
from webapp.patients.pseudonyms import uid_of_key
from webapp.reading.dicom_seg import SegFrame, frames_of, seg_of
from webapp.reading.geometry import OutlineRefused, Polygon, checked_polygons, signed_area
from webapp.reading.models import Outline
from webapp.reading.provenance import Algorithm
from webapp.reading.raster import polygons_of

Layout = Literal["labelme", "coco", "seg"]
LAYOUTS: tuple[Layout, ...] = ("labelme", "coco", "seg")
LABEL = "liver"
# As ml.segmentation.labelme, whose package would load PyTorch into the web server.
LIVER_LABELS = frozenset({"liver", "parenchyma", "liver parenchyma", "肝", "肝脏", "肝实质"})
LARGEST_FILE = 5 * 2**20  # bytes of JSON for one frame; labelme's embedded image may be most of it
LARGEST_SEG = 64 * 2**20  # bytes: 600 frames of 1024×768
CHOOSE = "Choose a labelme, COCO or DICOM SEG file."
LABELME_VERSION = "5.5.0"


class Parsed(NamedTuple):
    """What a file says about one frame."""

    layout: Layout
    polygons: list[Polygon]
    algorithm: Algorithm | None = None


def picture_name(image_id: Any, frame: int) -> str:
    """The name of a frame's picture, and of the JSON beside it."""
    return f"{image_id}-{frame}.png"


def labelme_of(outline: Outline) -> dict[str, Any]:
    """The labelme document of an outline; its picture lies beside it under ``imagePath``."""
    image = outline.image
    return {
        "version": LABELME_VERSION,
        "flags": {"simulated": image.simulated},
        "shapes": [
            {
                "label": LABEL,
                "points": polygon,
                "group_id": None,
                "description": "",
                "shape_type": "polygon",
                "flags": {},
            }
            for polygon in outline.polygons
        ],
        "imagePath": picture_name(image.pk, outline.frame),
        "imageData": None,
        "imageHeight": image.rows,
        "imageWidth": image.columns,
    }


def labelme_archive(outlines: Iterable[Outline]) -> bytes:
    """A zip of labelme documents with their pictures, as labelme opens a folder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for outline in outlines:
            name = picture_name(outline.image_id, outline.frame)
            document = json.dumps(labelme_of(outline), ensure_ascii=False, indent=1)
            archive.writestr(name.replace(".png", ".json"), document)
            archive.writestr(name, rendering.rendered(outline.image, outline.frame), zipfile.ZIP_STORED)
    return buffer.getvalue()


def coco_of(outlines: Sequence[Outline]) -> dict[str, Any]:
    """One COCO document: an image per frame, an annotation per polygon (so that none is merged)."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, outline in enumerate(outlines, start=1):
        image = outline.image
        images.append(
            {
                "id": number,
                "file_name": picture_name(image.pk, outline.frame),
                "width": image.columns,
                "height": image.rows,
            }
        )
        for polygon in outline.polygons:
            xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": 1,
                    "segmentation": [[value for corner in polygon for value in corner]],
                    "area": abs(signed_area(polygon)),
                    "bbox": [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)],
                    "iscrowd": 0,
                }
            )
    simulated = any(outline.image.simulated for outline in outlines)
    return {
        "info": {"description": "Liver outlines from HepaStage", "simulated": simulated},
        "images": images,
        "annotations": annotations,
        "categories": [{"id": 1, "name": LABEL, "supercategory": "organ"}],
    }


def seg_archive(outlines: Iterable[Outline]) -> bytes:
    """A zip of DICOM SEG files, one a frame; outlines that cover no pixel cannot be said in one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for outline in outlines:
            if outline.polygons:
                name = picture_name(outline.image_id, outline.frame).replace(".png", ".dcm")
                archive.writestr(name, seg_of(outline))
    return buffer.getvalue()


def is_dicom(content: bytes) -> bool:
    """By the mark after the preamble (PS3.10 §7.1)."""
    return content[128:132] == b"DICM"


def parsed(content: bytes, *, image: Image, frame: int) -> Parsed:
    """The outline that a file holds for this frame of this image; raise OutlineRefused."""
    if is_dicom(content):
        return parsed_seg(content, image=image, frame=frame)
    return parsed_document(document_of(content), image=image, frame=frame)


def parsed_document(document: dict[str, Any], *, image: Image, frame: int) -> Parsed:
    """The outline that a :func:`document_of` holds for this frame; raise OutlineRefused."""
    name = picture_name(image.pk, frame)
    if "shapes" in document:
        layout: Layout = "labelme"
        rings = _labelme_rings(document, columns=image.columns, rows=image.rows)
    else:
        layout = "coco"
        rings = _coco_rings(document, name=name, columns=image.columns, rows=image.rows)
    return Parsed(layout, checked_polygons(rings, columns=image.columns, rows=image.rows))


def document_of(content: bytes, *, largest: int = LARGEST_FILE) -> dict[str, Any]:
    """labelme's or COCO's JSON, told apart by ``shapes``; raise OutlineRefused for anything else."""
    if len(content) > largest:
        raise OutlineRefused(
            "The file is too large for what it is to hold.", remedy="Export fewer outlines at once."
        )
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise OutlineRefused("The file is neither JSON nor DICOM.", remedy=CHOOSE) from None
    if not isinstance(document, dict) or not any(
        isinstance(document.get(part), list) for part in ("shapes", "annotations")
    ):
        raise OutlineRefused("The file has neither labelme's shapes nor COCO's annotations.", remedy=CHOOSE)
    if not isinstance(document.get("shapes"), list):
        document.pop("shapes", None)
    return document


def parsed_seg(content: bytes, *, image: Image, frame: int) -> Parsed:
    """The outline that a DICOM SEG holds for this frame; raise OutlineRefused."""
    instance = uid_of_key(image.sop_key)
    found = [
        one
        for one in frames_of(content)
        if one.instance == instance and (one.frame == frame or (one.frame is None and image.frame_count == 1))
    ]
    if not found:
        raise OutlineRefused(
            "The segmentation is of another picture or frame.",
            remedy="Choose the SEG file that refers to this frame, as it is fetched from here by DICOMweb.",
        )
    return outline_of(found, image)


def outline_of(found: Sequence[SegFrame], image: Image) -> Parsed:
    """The union of what a SEG says of one frame, as polygons with the same pixels."""
    mask = found[0].mask
    for one in found:
        _same_size(one.mask.shape[1], one.mask.shape[0], columns=image.columns, rows=image.rows)
        mask = mask | one.mask
    polygons = checked_polygons(polygons_of(mask), columns=image.columns, rows=image.rows)
    return Parsed("seg", polygons, next((one.algorithm for one in found if one.algorithm), None))


def _same_size(width: Any, height: Any, *, columns: int, rows: int) -> None:
    if (width, height) != (columns, rows):
        raise OutlineRefused(
            f"The file is about a picture of {width}×{height} pixels; this frame has {columns}×{rows}.",
            remedy="Choose the file of this frame, at its full size.",
        )


def _labelme_rings(document: dict[str, Any], *, columns: int, rows: int) -> list[Any]:
    _same_size(document.get("imageWidth"), document.get("imageHeight"), columns=columns, rows=rows)
    shapes = [shape for shape in document["shapes"] if isinstance(shape, dict)]
    labels = {str(shape.get("label", "")).strip().lower() for shape in shapes}
    wanted = labels & LIVER_LABELS or (labels if len(labels) == 1 else set())
    if shapes and not wanted:
        raise OutlineRefused(
            "No shape of the file is labelled liver.", remedy="Name the liver's shapes liver."
        )
    return [_labelme_ring(shape) for shape in shapes if str(shape.get("label", "")).strip().lower() in wanted]


def _labelme_ring(shape: dict[str, Any]) -> Any:
    points, kind = shape.get("points"), shape.get("shape_type", "polygon")
    if kind == "polygon":
        return points
    if kind == "rectangle" and isinstance(points, list) and len(points) in {2, 4}:
        try:
            xs, ys = [float(x) for x, _ in points], [float(y) for _, y in points]
        except (TypeError, ValueError, OverflowError):  # the last: an integer of more than 308 digits
            raise OutlineRefused("A rectangle of the file has no corners.") from None
        return [[min(xs), min(ys)], [max(xs), min(ys)], [max(xs), max(ys)], [min(xs), max(ys)]]
    raise OutlineRefused(
        f"Shapes of type {str(kind)[:20]} are not read.", remedy="Draw polygons or rectangles."
    )


def _coco_rings(document: dict[str, Any], *, name: str, columns: int, rows: int) -> list[Any]:
    listed = document.get("images")
    images = [image for image in listed if isinstance(image, dict)] if isinstance(listed, list) else []
    named = [image for image in images if str(image.get("file_name", "")).rsplit("/", 1)[-1] == name]
    chosen = named or images
    if len(chosen) != 1:
        raise OutlineRefused(
            f"The file holds {len(images)} images and none is {name}.", remedy="Choose a file of this frame."
        )
    _same_size(chosen[0].get("width"), chosen[0].get("height"), columns=columns, rows=rows)
    rings: list[Any] = []
    for annotation in document["annotations"]:
        if not isinstance(annotation, dict) or annotation.get("image_id") != chosen[0].get("id"):
            continue
        segmentation = annotation.get("segmentation")
        if not isinstance(segmentation, list):
            raise OutlineRefused(
                "An annotation is a run-length mask, not polygons.",
                remedy="Export polygons from the other program.",
            )
        rings += [_pairs(flat) for flat in segmentation]
    return rings


def _pairs(flat: Any) -> list[list[Any]]:
    if not isinstance(flat, list) or len(flat) % 2:
        raise OutlineRefused("A polygon of the file is not a list of x, y, x, y …")
    return [list(pair) for pair in zip(flat[::2], flat[1::2], strict=True)]

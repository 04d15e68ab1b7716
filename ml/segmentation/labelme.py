"""Liver outlines as labelme writes them: boxes and polygons on PNG or JPEG images (paper §3.1).

A box lies inside the parenchyma (that is how the paper's annotators and the simulation draw it): what
is outside a box may be liver too. A polygon follows the whole outline. A file without shapes says that
the image shows no liver.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import math
import struct
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.spec import HepaStageError

LIVER_LABELS = frozenset({"liver", "parenchyma", "liver parenchyma", "肝", "肝脏", "肝实质"})
LARGEST_EDGE = 8192  # pixels; beyond it a picture is not an ultrasound screen
LARGEST_JSON = 64 * 2**20  # bytes, generous for an embedded image

Kind = Literal["polygon", "box", "none"]
Ring = NDArray[np.float64]


class LabelmeRefused(HepaStageError):
    """A folder of outlines that cannot be used."""

    code = "labelme-refused"
    remedy = "Give a folder of labelme JSON files (rectangle or polygon shapes) beside their images."


@dataclass(frozen=True)
class Outline:
    """One outlined image. ``rings`` (N, 2) are corners as (x, y) in its pixels; ``sha256`` is the image's;
    images of one ``group`` (a patient's) stay together when they are split."""

    path: Path
    sha256: str
    kind: Kind
    rings: tuple[Ring, ...]
    height: int
    width: int
    simulated: bool
    content: bytes | None = None
    group: str = ""

    @property
    def group_hash(self) -> str:
        """SHA-256 of the group's name, empty without one: what a model says of whom it has seen."""
        return hashlib.sha256(self.group.encode()).hexdigest() if self.group else ""

    def frame(self) -> NDArray[np.uint8]:
        """Grey image (height, width), read anew each time: a folder of screens does not fit in memory."""
        return _decode(self.content if self.content is not None else self.path.read_bytes(), self.path.name)

    def mask(self) -> NDArray[np.bool_]:
        """Liver (height, width)."""
        drawn = np.zeros((self.height, self.width), np.uint8)
        for ring in self.rings:
            cv2.fillPoly(drawn, [np.rint(ring).astype(np.int32)], 1)
        return drawn.astype(bool)


@dataclass(frozen=True)
class Outlines:
    """What a folder holds, in the order of the image hashes, and what was wrong with the rest."""

    items: tuple[Outline, ...]
    problems: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.items)


def read_labelme(*folders: Path | str, label: str | None = None) -> Outlines:
    """Read every ``*.json`` below the folders; a file that cannot be read becomes a sentence in ``problems``.

    ``label`` names the shapes to take; without it those called liver (English or Chinese), or the only
    label there is. The same image twice counts once.
    """
    parsed: list[tuple[Path, dict[str, Any]]] = []
    problems: list[str] = []
    for path in sorted(p for folder in folders for p in _json_files(Path(folder))):
        try:
            parsed.append((path, _parse(path)))
        except (OSError, ValueError, LabelmeRefused) as error:
            problems.append(f"{path.name}: {error}")
        except RecursionError:
            problems.append(f"{path.name}: the JSON is nested too deeply")
    wanted = _wanted_labels([shape for _, content in parsed for shape in content["shapes"]], label)
    items: dict[str, Outline] = {}
    for path, content in parsed:
        try:
            outline = _outline(path, content, wanted)
        except (OSError, ValueError, KeyError, TypeError, OverflowError, LabelmeRefused) as error:
            problems.append(f"{path.name}: {error}")
            continue
        if outline.sha256 in items:
            problems.append(f"{path.name}: the same image as {items[outline.sha256].path.name}, counted once")
        else:
            items[outline.sha256] = outline
    if not items:
        detail = f" ({problems[0]})" if problems else ""
        raise LabelmeRefused(f"no outlined image was found in {', '.join(str(f) for f in folders)}{detail}")
    return Outlines(tuple(items[key] for key in sorted(items)), tuple(problems))


def _json_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise LabelmeRefused(f"{folder} is not a folder")
    return [path for path in folder.rglob("*.json") if not path.name.startswith(".")]


def _parse(path: Path) -> dict[str, Any]:
    if path.stat().st_size > LARGEST_JSON:
        raise LabelmeRefused("the JSON file is too large")
    content = json.loads(path.read_bytes())
    if not isinstance(content, dict) or not isinstance(content.get("shapes"), list):
        raise LabelmeRefused("not a labelme file: it has no list of shapes")
    if not all(isinstance(shape, dict) for shape in content["shapes"]):
        raise LabelmeRefused("not a labelme file: a shape has no label and points")
    if not isinstance(content.get("flags") or {}, dict):
        raise LabelmeRefused("not a labelme file: its flags have no names")
    return content


def _wanted_labels(shapes: list[Any], label: str | None) -> frozenset[str]:
    if label is not None:
        return frozenset({label.strip().lower()})
    seen = Counter(_label(shape) for shape in shapes)
    liver = frozenset(name for name in seen if name in LIVER_LABELS)
    if liver or not seen:
        return liver
    if len(seen) == 1:
        return frozenset(seen)
    raise LabelmeRefused(
        f"no shape is labelled liver; the labels are {', '.join(sorted(seen))}", code="labelme-label-unclear",
        remedy="Say which label outlines the liver.",
    )  # fmt: skip


def _label(shape: Any) -> str:
    label = shape.get("label") if isinstance(shape, dict) else None
    return label.strip().lower() if isinstance(label, str) else ""


def _outline(path: Path, content: dict[str, Any], wanted: frozenset[str]) -> Outline:
    rings: list[Ring] = []
    kinds: set[Kind] = set()
    for shape in content["shapes"]:
        if _label(shape) in wanted:
            ring, drawn_as = _ring(shape)
            rings.append(ring)
            kinds.add(drawn_as)
    image, embedded = _image_of(path, content)
    data = embedded if embedded is not None else image.read_bytes()
    height, width = _size_of(data, image.name)
    corners = np.concatenate(rings) if rings else np.zeros((0, 2))
    if (corners < -1).any() or (corners > (width, height)).any():
        raise LabelmeRefused(f"a shape lies outside its image of {width}×{height}")
    kind: Kind = "none" if not rings else ("polygon" if "polygon" in kinds else "box")
    flags = content.get("flags") or {}
    group = str(flags.get("group") or "")
    group.encode()  # half a surrogate pair is no name: it raises here, where it becomes a problem
    return Outline(
        path=image, sha256=hashlib.sha256(data).hexdigest(), kind=kind, rings=tuple(rings), height=height,
        width=width, simulated=bool(flags.get("simulated", False)), content=embedded,
        group=group,
    )  # fmt: skip


def _ring(shape: dict[str, Any]) -> tuple[Ring, Kind]:
    points = np.asarray(shape.get("points"), dtype=np.float64)
    kind = shape.get("shape_type", "polygon")
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise LabelmeRefused("a shape has no list of (x, y) points")
    if kind == "rectangle":
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]), "box"
    if kind == "polygon":
        if len(points) < 3:
            raise LabelmeRefused("a polygon has fewer than three corners")
        return points, "polygon"
    raise LabelmeRefused(f"shapes of type {kind!r} are not read; draw a rectangle or a polygon")


def _image_of(path: Path, content: dict[str, Any]) -> tuple[Path, bytes | None]:
    """The image beside the JSON (never elsewhere), else the one embedded in it."""
    named = PureWindowsPath(str(content.get("imagePath") or "")).name
    for name in (named, *(f"{path.stem}{suffix}" for suffix in (".png", ".jpg", ".jpeg", ".bmp", ".tif"))):
        if name and (path.parent / name).is_file():
            return path.parent / name, None
    if content.get("imageData"):
        try:
            return path.with_name(named or path.stem), base64.b64decode(content["imageData"], validate=True)
        except (binascii.Error, TypeError) as error:
            raise LabelmeRefused("the embedded image is damaged") from error
    raise LabelmeRefused(f"its image {named or path.stem} is not beside it")


def _size_of(data: bytes, name: str) -> tuple[int, int]:
    if _promised_edge(data) > LARGEST_EDGE:
        raise LabelmeRefused(f"{name} is larger than {LARGEST_EDGE} pixels")
    height, width = _decode(data, name).shape
    if max(height, width) > LARGEST_EDGE:
        raise LabelmeRefused(f"{name} is larger than {LARGEST_EDGE} pixels")
    return height, width


def _promised_edge(data: bytes) -> float:
    """Longer edge (pixels) by the header, 0 where none is read: a megabyte can decode to gigabytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data)) as picture:
                return max(picture.size)
        except Image.DecompressionBombError:
            return math.inf
        except (
            OSError,
            ValueError,
            SyntaxError,
            TypeError,
            struct.error,
        ):  # what Pillow says of broken files
            return 0


def _decode(data: bytes, name: str) -> NDArray[np.uint8]:
    try:
        grey = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE) if data else None
    except cv2.error:  # a header that promises more pixels than OpenCV decodes
        grey = None
    if grey is None:
        raise LabelmeRefused(f"{name} cannot be read as an image")
    return np.asarray(grey, dtype=np.uint8)

"""Ten classes of natural images as grey squares: from a folder, or built from what is installed.

The band networks are convolutional to the last layer, so the first transfer trains on squares of
128 pixels: a quarter of the work of the ultrasound pictures, the same kernels.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.spec import HepaStageError

CLASSES = 10
SIDE = 128
SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"}

EMBEDDED: dict[str, tuple[str, str]] = {
    "astronaut": ("skimage", "data/astronaut.png"),
    "brick": ("skimage", "data/brick.png"),
    "camera": ("skimage", "data/camera.png"),
    "chelsea": ("skimage", "data/chelsea.png"),
    "china": ("sklearn", "datasets/images/china.jpg"),
    "coffee": ("skimage", "data/coffee.png"),
    "flower": ("sklearn", "datasets/images/flower.jpg"),
    "grass": ("skimage", "data/grass.png"),
    "gravel": ("skimage", "data/gravel.png"),
    "rocket": ("skimage", "data/rocket.jpg"),
}
"""Ten photographs that the wheels of scikit-image and scikit-learn carry; each is one class."""

EMBEDDED_NOTE = (
    "Embedded source: patches of ten photographs that scikit-image and scikit-learn carry, one class each; "
    "not ImageNet. Validation patches come from another part of each photograph."
)

TRAIN_PATCHES, VALIDATION_PATCHES = 100, 25  # per class; as many as the usual ten-class subsets bring
TRAIN_SHARE = 0.7  # of each photograph, along its longer side


class SourceRefused(HepaStageError):
    """A first-transfer source that is not ten classes of readable images."""

    code = "transfer-source-refused"
    remedy = "Give a folder of ten sub-folders of images (or train/ and val/ with ten each), or 'embedded'."


@dataclass(frozen=True)
class Source:
    """``train`` and ``validation`` are uint8 (N, 128, 128); labels are 0 to 9."""

    name: str
    classes: tuple[str, ...]
    train: NDArray[np.uint8]
    train_labels: NDArray[np.int64]
    validation: NDArray[np.uint8]
    validation_labels: NDArray[np.int64]
    description: str


def load_source(name: str, *, seed: int = 0, below: Path | str = "") -> Source:
    """``embedded`` or the path of a folder, a relative one looked up ``below`` another."""
    return _embedded(seed) if name == "embedded" else _folder(Path(below) / Path(name).expanduser())


def _embedded(seed: int) -> Source:
    """Patches of ten photographs: train from one part of each, validation from the rest, no overlap.

    Ten photographs are not ten classes of ImageNet: the network learns to tell photographs apart by
    their edges and textures, which is what the shallow layers are wanted for, and nothing more.
    """
    rng = np.random.Generator(np.random.Philox(key=[seed, 0]))
    parts: tuple[list[NDArray[np.uint8]], list[NDArray[np.uint8]]] = ([], [])
    for package, path in EMBEDDED.values():
        grey = _read(resources.files(package).joinpath(path).read_bytes(), path)
        tall = grey.shape[0] > grey.shape[1]
        wide = grey.T if tall else grey
        cut = round(TRAIN_SHARE * wide.shape[1])
        for part, area, count in ((0, wide[:, :cut], TRAIN_PATCHES), (1, wide[:, cut:], VALIDATION_PATCHES)):
            patches = _patches(area, count, rng)
            parts[part].append(patches.transpose(0, 2, 1) if tall else patches)
    return Source(
        name="embedded",
        classes=tuple(EMBEDDED),
        train=np.concatenate(parts[0]),
        train_labels=np.repeat(np.arange(CLASSES), TRAIN_PATCHES),
        validation=np.concatenate(parts[1]),
        validation_labels=np.repeat(np.arange(CLASSES), VALIDATION_PATCHES),
        description=EMBEDDED_NOTE,
    )


def _patches(area: NDArray[np.uint8], count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    rows = rng.integers(0, area.shape[0] - SIDE + 1, count)
    columns = rng.integers(0, area.shape[1] - SIDE + 1, count)
    return np.stack([area[y : y + SIDE, x : x + SIDE] for y, x in zip(rows, columns, strict=True)])


def _folder(root: Path) -> Source:
    """``root/<class>/*`` (every fifth image validates), or ``root/train|val/<class>/*``."""
    if not root.is_dir():
        raise SourceRefused(f"{root} is not a folder.")
    nested = (root / "train").is_dir() and (root / "val").is_dir()
    top = root / "train" if nested else root
    names = sorted(entry.name for entry in top.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    if len(names) != CLASSES:
        raise SourceRefused(f"{top} has {len(names)} class folders; the first transfer needs {CLASSES}.")
    images: tuple[list[NDArray[np.uint8]], list[NDArray[np.uint8]]] = ([], [])
    labels: tuple[list[int], list[int]] = ([], [])
    for label, name in enumerate(names):
        for place, file in enumerate(_files(top / name)):
            part = 0 if nested or place % 5 else 1
            images[part].append(_square(_read(file.read_bytes(), str(file))))
            labels[part].append(label)
        for file in _files(root / "val" / name) if nested else []:
            images[1].append(_square(_read(file.read_bytes(), str(file))))
            labels[1].append(label)
    for part, title in ((0, "train"), (1, "validation")):
        empty = [name for label, name in enumerate(names) if label not in set(labels[part])]
        if empty:
            raise SourceRefused(f"{root} has no {title} image of {', '.join(empty)}.")
    return Source(
        name=root.name,
        classes=tuple(names),
        train=np.stack(images[0]),
        train_labels=np.array(labels[0], dtype=np.int64),
        validation=np.stack(images[1]),
        validation_labels=np.array(labels[1], dtype=np.int64),
        description=f"Ten classes of natural images from the folder {root.name}: {len(labels[0])} to train, "
        f"{len(labels[1])} to validate.",
    )


def _files(folder: Path) -> list[Path]:
    return (
        sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)
        if folder.is_dir()
        else []
    )


def _read(content: bytes, name: str) -> NDArray[np.uint8]:
    try:
        grey = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE) if content else None
    except cv2.error:  # a header that promises more pixels than OpenCV decodes
        grey = None
    if grey is None:
        raise SourceRefused(f"{name} is not a readable image.", remedy="Remove or replace the file.")
    return np.asarray(grey, dtype=np.uint8)


def _square(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The middle square, scaled to 128 pixels."""
    side = min(grey.shape)
    y, x = (grey.shape[0] - side) // 2, (grey.shape[1] - side) // 2
    middle = grey[y : y + side, x : x + side]
    return np.asarray(cv2.resize(middle, (SIDE, SIDE), interpolation=cv2.INTER_AREA), dtype=np.uint8)

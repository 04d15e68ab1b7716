"""``python -m ml segment``: train, apply and evaluate the liver segmentation (paper §3.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ml.cli.alone import alone_in
from ml.cli.listening import follow
from ml.cli.options import (
    EXISTING_FILE,
    EXISTING_FOLDER,
    FOLDER,
    device_option,
    options_of,
    report,
    with_events,
    workdir_option,
)
from ml.spec import HepaStageError, SegmenterSpec
from ml.spec.events import Evaluated

model_option = click.option(
    "--model", type=EXISTING_FOLDER, required=True, help="A segmenter: its model folder."
)


segmenter_option = click.option(
    "--segmenter", type=EXISTING_FOLDER, help="Crop to the liver that this segmenter finds."
)


def cropper_of(folder: Path | None, device: str) -> Any:
    """What cuts the liver out with the segmenter in ``folder``; ``None`` where none was named."""
    if folder is None:
        return None
    from ml.segmentation import LiverCropper, load_segmenter

    return LiverCropper(load_segmenter(folder, device=device))


class PictureRefused(HepaStageError):
    """A file that is neither ultrasound DICOM nor a picture."""

    code = "picture-refused"
    remedy = "Give ultrasound DICOM files, or PNG or JPEG pictures."


@click.group()
def segment() -> None:
    """Find the liver in B-mode images."""


@segment.command()
@click.argument("labelme_dir", type=EXISTING_FOLDER)
@workdir_option
@click.option("--extra", type=EXISTING_FOLDER, multiple=True, help="More outlines, e.g. of annotators.")
@options_of(SegmenterSpec)
@device_option
@with_events
def train(labelme_dir: Path, workdir: Path, examples: int, sink: Any, **options: Any) -> None:
    """Train on the labelme outlines (rectangles, polygons) in LABELME_DIR; the same --workdir resumes."""
    from ml.models import keep_freed_memory
    from ml.segmentation import train_segmenter

    keep_freed_memory()
    events = train_segmenter(labelme_dir, workdir=workdir, least_examples=examples, **options)
    with alone_in(workdir):
        heard = follow(events, sink=sink)
    found = [event.metrics for event in heard if isinstance(event, Evaluated)]
    lines = _metric_lines(found[-1]) if found else []
    report(sink, "\n".join([*lines, f"model: {workdir / 'model'}"]), heard)


@segment.command()
@click.argument("files", nargs=-1, required=True, type=EXISTING_FILE)
@model_option
@click.option("--out", type=FOLDER, help="Write each mask here as PNG (255 is liver).")
@device_option
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON per frame.")
def apply(files: tuple[Path, ...], model: Path, out: Path | None, device: str, as_json: bool) -> None:
    """Outline the liver in FILES (DICOM, all frames; PNG; JPEG), or say that there is none."""
    import cv2

    from ml.segmentation import apply_segmenter, liver_box, liver_outline, load_segmenter

    segmenter = load_segmenter(model, device=device)
    for path in files:
        for frame_index, frame in _frames(path):
            mask = apply_segmenter(segmenter, frame)
            found: dict[str, Any] = {"path": str(path), "frame": frame_index, "liver": mask is not None}
            if mask is not None:
                box = liver_box(mask)
                found |= {
                    "box": [box.x0, box.y0, box.x1, box.y1],
                    "share": round(float(mask.mean()), 4),
                    "polygons": liver_outline(mask),
                }
                if out is not None:
                    out.mkdir(parents=True, exist_ok=True)
                    target = out / f"{path.stem}-{frame_index}.png"
                    target.write_bytes(cv2.imencode(".png", mask.astype("uint8") * 255)[1].tobytes())
                    found["mask"] = str(target)
            print(json.dumps(found) if as_json else _line(found))


@segment.command()
@click.argument("labelme_dir", type=EXISTING_FOLDER)
@model_option
@device_option
@click.option("--json", "as_json", is_flag=True, help="Print the metrics as JSON.")
def evaluate(labelme_dir: Path, model: Path, device: str, as_json: bool) -> None:
    """Dice, Hausdorff distance and box coverage on the outlines in LABELME_DIR, with 95 % intervals."""
    from ml.segmentation import evaluate_segmenter, load_segmenter

    found = evaluate_segmenter(labelme_dir, load_segmenter(model, device=device))
    metrics = {name: metric.model_dump() for name, metric in found.items()}
    print(json.dumps(metrics, indent=1) if as_json else "\n".join(_metric_lines(metrics)))


def _frames(path: Path) -> Iterator[tuple[int, Any]]:
    """Grey frames of a DICOM file, or the one of a picture."""
    import cv2
    import numpy as np

    from ml.dicom import DicomRefused, read_ultrasound

    try:
        image = read_ultrasound(path)
    except DicomRefused as refused:
        picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
        if picture is None:
            raise PictureRefused(
                f"{path.name} is neither a picture nor usable DICOM: {refused.message}"
            ) from refused
        yield 0, picture
        return
    yield from enumerate(image.frames())


def _line(found: dict[str, Any]) -> str:
    where = f"{found['path']} frame {found['frame']}"
    if not found["liver"]:
        return f"{where}: no liver"
    x0, y0, x1, y1 = found["box"]
    return f"{where}: liver in x {x0}–{x1}, y {y0}–{y1}, {found['share']:.0%} of the frame"


def _metric_lines(metrics: dict[str, Any]) -> list[str]:
    from ml.evaluation.table import cell

    width = max(map(len, metrics))
    return [f"  {name:<{width}}  {cell(values)}" for name, values in metrics.items()]

"""The child of :mod:`ml.dicom.safe_process`: reads requests on stdin, answers on stdout, within limits.

Run as ``python -m ml.dicom.safe_worker MEMORY_BYTES SECONDS [writing]``; with ``writing`` it loads what finds
text in pictures before it says that it is ready. Messages are a four-byte length, JSON
of that length, and the raw bytes of the pictures that the JSON announces. Nothing is pickled, so a
decoder that a file has taken over cannot hand objects to the parent.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
import pydicom.config
from numpy.typing import NDArray

from ml.dicom.band import recognise_band
from ml.dicom.cropping import Box, crop_to_region, representative_frames, to_network_input
from ml.dicom.limits import Limits
from ml.dicom.reading import UltrasoundImage, read_ultrasound
from ml.dicom.refusal import DicomRefused

Reply = tuple[dict[str, Any], list[NDArray[np.uint8]]]


def main(memory_bytes: int, seconds: float, *, writing: bool = False) -> None:
    """Serve until stdin closes. Library prints go to stderr; stdout belongs to the protocol."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = sys.stdin.buffer
    cv2.setNumThreads(1)
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE  # we judge what we use ourselves
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # a reader writes no files
    if sys.platform == "linux":  # elsewhere the system does not enforce it; time and pixel limits still hold
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    if writing:
        from ml.dicom.writing import warm_up

        warm_up()
    send(answers, {"ready": True}, [])
    while (request := receive(requests)) is not None:
        signal.setitimer(signal.ITIMER_REAL, 2 * seconds)  # should the parent be gone, end here
        message, pictures = answer(request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        send(answers, message, pictures)
        if message.get("refused") == "too-much-memory":
            return  # what a failed allocation left behind is best thrown away


def answer(request: dict[str, Any]) -> Reply:
    """Do one request; every failure becomes a refusal with a code."""
    try:
        return inspect(request)
    except DicomRefused as refusal:
        return {"refused": refusal.code, "detail": refusal.detail}, []
    except MemoryError:
        return {"refused": "too-much-memory", "detail": ""}, []
    except RecursionError:
        return {"refused": "header-too-deep", "detail": ""}, []
    except Exception as error:  # whatever a hostile file provokes must not end the service
        return {"refused": "reader-crashed", "detail": type(error).__name__}, []


def inspect(request: dict[str, Any]) -> Reply:
    """Read the file that the request names and render what it asks for."""
    path = Path(request["path"])
    image = read_ultrasound(path, limits=Limits(**request["limits"]))
    if request["verify"]:
        image.verify()
    wanted = request["frames"]
    indices = representative_frames(image.header.frame_count) if wanted == "representative" else list(wanted)
    message: dict[str, Any] = {"header": image.header.as_dict(), "sha256": _sha256(path), "frames": []}
    pictures: list[NDArray[np.uint8]] = []
    shown: NDArray[np.uint8] | None = None
    look = _look_for_writing(image) if request["writing"] else None
    for index in indices:
        if not 0 <= index < image.header.frame_count:
            raise DicomRefused("frame-count-wrong", f"frame {index + 1} of {image.header.frame_count}")
        shown = frame = image.frame(index)
        crop, box = crop_to_region(frame, image.header)
        entry: dict[str, Any] = {"index": index, "box": asdict(box)}
        if look is not None:
            entry["writing"] = look(frame, box)
        message["frames"].append(entry)
        if request["grey"]:
            pictures.append(frame)
        if request["network"]:
            pictures.append(to_network_input(crop))
    if request["band"]:
        message["band"] = recognise_band(image, shown).as_dict()
    if request["elements"]:
        message["elements"] = _elements(image)
    return message, pictures


def _look_for_writing(image: UltrasoundImage) -> Callable[[NDArray[np.uint8], Box], list[dict[str, Any]]]:
    """What finds lines of text in each B-mode region, or where the picture seems to be, of frame after frame.

    They come as boxes and scores. What was read in an earlier frame of the request is not given again.
    """
    from ml.dicom.writing import WritingSearch

    search = WritingSearch()
    tissue = [(r.x0, r.y0, r.x1, r.y1) for r in image.header.regions if r.is_tissue]

    def look(frame: NDArray[np.uint8], box: Box) -> list[dict[str, Any]]:
        found = []
        for x0, y0, x1, y1 in dict.fromkeys(tissue or [(box.x0, box.y0, box.x1, box.y1)]):
            found += search.look(frame[y0:y1, x0:x1], offset=(x0, y0))
        return [asdict(one) for one in found]

    return look


def _elements(image: UltrasoundImage) -> dict[str, Any]:
    """The header in the DICOM JSON model, without bulk data."""
    return image.dataset.to_json_dict(
        bulk_data_threshold=4096,
        bulk_data_element_handler=lambda element: "",
        suppress_invalid_tags=True,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def send(stream: BinaryIO, message: dict[str, Any], pictures: list[NDArray[np.uint8]]) -> None:
    data = json.dumps({**message, "shapes": [picture.shape for picture in pictures]}).encode()
    stream.write(len(data).to_bytes(4, "big") + data)
    for picture in pictures:
        stream.write(np.ascontiguousarray(picture).data)
    stream.flush()


def receive(stream: BinaryIO) -> dict[str, Any] | None:
    head = stream.read(4)
    if len(head) < 4:
        return None
    request: dict[str, Any] = json.loads(stream.read(int.from_bytes(head, "big")))
    return request


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), writing="writing" in sys.argv[3:])

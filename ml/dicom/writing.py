"""Writing inside a picture: where it is and how sure, never what it says.

PP-OCR (RapidOCR, whose wheel carries its models: nothing is fetched at run time) finds lines of text
and reads them; what is read is judged here and forgotten, because it may be a name. Numerals of a
depth scale, their units and the machine's own settings (``TIS 0.4``, ``36Hz``, ``Dyn R 58``) are no
writing in this sense. A hint, not a proof: small or faint letters are missed (docs/intake.md has the
measured rates), so that a picture without a hint is not thereby shown to be free of names.
"""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.dicom.lettering import MARGIN, Lettering, Place, lettering

LONGEST_SIDE = 960  # larger pictures are shrunk for the search
SMALLEST_SIDE = 16  # of a picture that can hold a word
SMALL = 64  # rows of a place with its margin: letters of at most 24 pixels or so
MOST_PIXELS = (
    4 * 2**20
)  # that are read in one request: 2 s of a processor, of the 10 s that a request may take
LEAST_PIXELS = 2**14  # what reading a small place costs all the same
LEAST_SCORE = 0.5  # of the reading, 0 to 1; speckle that is taken for letters stays below
LETTERS, DIGITS = 2, 5  # fewer letters and fewer digits in a row name nobody
_NUMBER = r"[-+<>~]?\d{1,4}(?:[.,:]\d{0,3})?"
_UNIT = r"(?:cm|mm|hz|khz|mhz|db|m/s|cm/s|ms|s|%|fps|°|dpi)"
# What machines write beside and inside the picture: thermal and mechanical index, gain, frame rate, dynamic
# range, depth, focus, frequency, harmonic imaging, scale. A word that is also a name is not in it.
_SETTING = (
    r"(?:tis|tib|tic|ti|mi|gn|gain|fr|dr|dyn ?r|frq|freq|depth|dep|pwr|ao|thi|har|chi|map|ste|"
    r"2d|b|cf|pw|cw|prf|wf|fps|hz|cm|mm|db|mhz|khz|res|gen|pen|zoom|cine|m\d)"
)
# Calipers joined by dots ("+....+") are read as 十……十.
_FURNITURE = re.compile(
    rf"(?:{_NUMBER}\s*{_UNIT}?|{_SETTING}\W*(?:{_NUMBER})?\s*{_UNIT}?|[\W_十]+)(?:[\s/,;\-⁻]+|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Writing:
    """A line of text in a frame: ``box`` is x0, y0, x1, y1 in pixels (x0 <= x < x1), ``score`` 0 to 1."""

    box: tuple[int, int, int, int]
    score: float


def is_furniture(text: str) -> bool:
    """Whether a line holds nothing but numerals, units and settings of a machine.

    >>> [is_furniture(text) for text in ("TIS 0.4", "16cm", "Dyn R 58", "36Hz", "MI:1.1", "10")]
    [True, True, True, True, True, True]
    >>> [is_furniture(text) for text in ("DOE^JANE", "7351942", "Sag Liver", "欧阳")]
    [False, False, False, False]
    """
    rest = text.strip()
    while rest:
        found = _FURNITURE.match(rest)
        if found is None or found.end() == 0:
            return False
        rest = rest[found.end() :]
    return True


def could_name(text: str) -> bool:
    """Whether a line that was read could name somebody: letters or a long number that are no furniture."""
    letters = sum(map(str.isalpha, text))
    longest = max(map(len, re.findall(r"\d+", text)), default=0)
    return (letters >= LETTERS or longest >= DIGITS) and not is_furniture(text)


class WritingSearch:
    """One look through the frames of a file: what was read in an earlier frame is not read again.

    Only places that may hold letters (:func:`ml.dicom.lettering.lettering`) are shown to the reader. Where
    more of them change than can be read, nobody has shown the file to be free of names: what was not read
    is given as writing, with :data:`LEAST_SCORE`.
    """

    def __init__(self, most_pixels: int = MOST_PIXELS) -> None:
        self._left = most_pixels
        self._read: list[tuple[Place, tuple[int, int], NDArray[np.uint8]]] = []

    def look(self, frame: NDArray[np.uint8], offset: tuple[int, int] = (0, 0)) -> list[Writing]:
        """Lines in a grey picture that could name somebody, but for those of the frames before.

        ``offset`` (x, y) is where the picture lies in its frame; it is added to the boxes.
        """
        if min(frame.shape) < SMALLEST_SIDE:
            return []
        seen = lettering(frame)
        fresh = [place for place in seen.places if not self._known(seen, place, offset)]
        if not fresh:
            return []
        self._read += [(place, offset, seen.steps) for place in fresh]
        worth = _worth_reading(fresh, frame.shape)
        self._left -= sum(_cost(place) for place in worth)
        if self._left < 0:
            return [Writing(_moved(place, offset), LEAST_SCORE) for place in fresh]
        return [
            Writing(_moved(line.box, offset), line.score) for place in worth for line in _lines(frame, place)
        ]

    def _known(self, seen: Lettering, place: Place, offset: tuple[int, int]) -> bool:
        return any(
            offset == where and steps.shape == seen.steps.shape and _inside(place, earlier)
            and seen.repeats(place, steps)
            for earlier, where, steps in self._read
        )  # fmt: skip


def find_writing(frame: NDArray[np.uint8], offset: tuple[int, int] = (0, 0)) -> list[Writing]:
    """Lines in one grey picture that could name somebody; ``offset`` (x, y) is added to their boxes."""
    return WritingSearch().look(frame, offset)


def _worth_reading(places: list[Place], shape: tuple[int, ...]) -> list[Place]:
    """The places, or the whole picture where they cover so much of it that one reading is cheaper."""
    rows, columns = shape[:2]
    whole = (0, 0, columns, rows)
    return [whole] if sum(map(_cost, places)) > _cost(whole) else places


def _cost(place: Place) -> int:
    """Pixels that the reader of letters goes through for a place."""
    x0, y0, x1, y1 = place
    pixels = (x1 - x0) * (y1 - y0) * _scale(place) ** 2
    return min(max(pixels, LEAST_PIXELS), LONGEST_SIDE**2)


def _scale(place: Place) -> int:
    """Small letters are read at twice their size."""
    x0, y0, x1, y1 = place
    return 2 if y1 - y0 <= SMALL and x1 - x0 <= LONGEST_SIDE // 2 else 1


def _lines(frame: NDArray[np.uint8], place: Place) -> list[Writing]:
    """What the reader of letters makes of a part of the picture."""
    x0, y0, x1, y1 = place
    scale, part = _scale(place), frame[y0:y1, x0:x1]
    if scale > 1:
        part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    answer = _engine()(np.repeat(part[:, :, None], 3, axis=2), use_cls=False)
    texts, scores, boxes = (getattr(answer, name, None) for name in ("txts", "scores", "boxes"))
    if texts is None or scores is None or boxes is None:
        return []
    rows, columns = frame.shape
    found = []
    for text, score, corners in zip(texts, scores, boxes, strict=True):
        if float(score) >= LEAST_SCORE and could_name(str(text)):
            left, top = np.floor(np.min(corners, axis=0) / scale).astype(int)
            right, bottom = np.ceil(np.max(corners, axis=0) / scale).astype(int) + 1
            box = (
                max(int(left) + x0, 0),
                max(int(top) + y0, 0),
                min(int(right) + x0, columns),
                min(int(bottom) + y0, rows),
            )
            found.append(Writing(box, min(max(float(score), 0.0), 1.0)))
    return found


def _inside(place: Place, other: Place) -> bool:
    """Whether a place lies in another one, give or take the margin: the picture beside the letters moves."""
    x, y = MARGIN
    return (
        place[0] >= other[0] - x and place[1] >= other[1] - y
        and place[2] <= other[2] + x and place[3] <= other[3] + y
    )  # fmt: skip


def _moved(box: Place, offset: tuple[int, int]) -> Place:
    x, y = offset
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y


def warm_up() -> None:
    """Load the models now, so that the first file does not pay for it."""
    _lines(np.zeros((64, 64), np.uint8), (0, 0, 64, 64))


@lru_cache(maxsize=1)
def _engine() -> Any:
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": LEAST_SCORE,
            "Det.limit_side_len": LONGEST_SIDE,
            "Det.limit_type": "max",
        }
    )

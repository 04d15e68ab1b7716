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

from ml.dicom.lettering import MARGIN, TALL, Lettering, Place, lettering, turned_lettering

LONGEST_SIDE = 960  # larger pictures are shrunk for the search
SMALLEST_SIDE = 16  # of a picture that can hold a word
SMALL = 64  # rows of a place with its margin: letters of at most 24 pixels or so
MOST_PIXELS = (
    4 * 2**20
)  # that are read in one request: 2 s of a processor, of the 10 s that a request may take
LEAST_PIXELS = 2**14  # what reading a small place costs all the same
SURROUNDINGS = 31  # pixels, odd: wider than a stroke, narrower than what the picture itself shows
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


@dataclass(frozen=True)
class Line(Writing):
    """The same with what was read; it goes no further than this module."""

    text: str


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

    Only places that may hold letters (:func:`ml.dicom.lettering.lettering`) are shown to the reader; those
    that are tall are turned first. Where more of them change than can be read, nobody has shown the file to
    be free of names: what was not read is given as writing, with :data:`LEAST_SCORE`.
    """

    def __init__(self, most_pixels: int = MOST_PIXELS) -> None:
        self._left = most_pixels
        self._read: dict[bool, list[tuple[Place, tuple[int, int], NDArray[np.uint8]]]] = {False: [], True: []}

    def look(self, frame: NDArray[np.uint8], offset: tuple[int, int] = (0, 0)) -> list[Writing]:
        """Lines in a grey picture that could name somebody, but for those of the frames before.

        ``offset`` (x, y) is where the picture lies in its frame; it is added to the boxes.
        """
        if min(frame.shape) < SMALLEST_SIDE:
            return []
        turned = np.ascontiguousarray(np.rot90(frame, -1))
        seen, rows = turned_lettering(turned), frame.shape[0]
        lying = self._look(frame, lettering(frame), offset, turned=False)
        standing = self._look(turned, seen, offset, turned=True)
        # The reader turns a tall line by itself, but does not know which end is up.
        tall = [_turned_back(place, rows) for place in seen.places]
        sure = [line for line in lying if not (_is_tall(line.box) and _any_overlaps(tall, line.box))]
        back = [Writing(_turned_back(line.box, rows), line.score) for line in standing]
        return [Writing(_moved(line.box, offset), line.score) for line in sure + back]

    def _look(
        self, frame: NDArray[np.uint8], seen: Lettering, offset: tuple[int, int], *, turned: bool
    ) -> list[Writing]:
        read = self._read[turned]
        fresh = [place for place in seen.places if not _known(read, seen, place, offset)]
        if not fresh:
            return []
        read += [(place, offset, seen.steps) for place in fresh]
        worth = fresh if turned else _worth_reading(fresh, frame.shape)
        self._left -= sum(map(_cost, worth)) * (2 if turned else 1)
        if self._left < 0:
            return [Writing(place, LEAST_SCORE) for place in fresh]
        return [line for place in worth for line in self._lines(frame, place, turned)]

    def _lines(self, frame: NDArray[np.uint8], place: Place, turned: bool) -> list[Writing]:
        """What the reader makes of a place.

        Where it finds nothing: once more with faint strokes brought out, while there is time for that. A
        turned place is read from both ends.
        """
        x0, y0, x1, y1 = place
        part = np.ascontiguousarray(frame[y0:y1, x0:x1])
        if turned:
            found = _either_way(part)
        else:
            found = _nameable(_read_part(part))
            if not found and self._left >= _cost(place):
                self._left -= _cost(place)
                found = _nameable(_read_part(_evened(part)))
        return [Writing(_moved(line.box, (x0, y0)), line.score) for line in found]


def _known(
    read: list[tuple[Place, tuple[int, int], NDArray[np.uint8]]],
    seen: Lettering,
    place: Place,
    offset: tuple[int, int],
) -> bool:
    return any(
        offset == where and steps.shape == seen.steps.shape and _inside(place, earlier)
        and seen.repeats(place, steps)
        for earlier, where, steps in read
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


def _either_way(part: NDArray[np.uint8]) -> list[Writing]:
    """Lines that could name somebody, read from the end from which the reader is surer."""
    rows, columns = part.shape
    one, other = _read_part(part), _read_part(np.ascontiguousarray(part[::-1, ::-1]))
    if _sureness(one) >= _sureness(other):
        return _nameable(one)
    return [
        Writing(
            (columns - line.box[2], rows - line.box[3], columns - line.box[0], rows - line.box[1]), line.score
        )
        for line in _nameable(other)
    ]


def _sureness(lines: list[Line]) -> float:
    return max((line.score * min(len(line.text), 4) for line in lines), default=0.0)


def _nameable(lines: list[Line]) -> list[Writing]:
    return [Writing(line.box, line.score) for line in lines if could_name(line.text)]


def _evened(part: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Faint strokes brought out: what stands out from its surroundings, over the whole range of grey."""
    around = cv2.medianBlur(part, SURROUNDINGS)
    raised = cv2.subtract(part, around)
    top = max(float(np.percentile(raised, 99.5)), 1.0)
    return np.asarray(cv2.convertScaleAbs(raised, alpha=255.0 / top), np.uint8)


def _read_part(part: NDArray[np.uint8]) -> list[Line]:
    """What the reader of letters reads, with boxes in pixels of the part."""
    rows, columns = part.shape
    scale = _scale((0, 0, columns, rows))
    if scale > 1:
        part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    answer = _engine()(np.repeat(part[:, :, None], 3, axis=2), use_cls=False)
    texts, scores, boxes = (getattr(answer, name, None) for name in ("txts", "scores", "boxes"))
    if texts is None or scores is None or boxes is None:
        return []
    found = []
    for text, score, corners in zip(texts, scores, boxes, strict=True):
        if float(score) >= LEAST_SCORE:
            left, top = np.floor(np.min(corners, axis=0) / scale).astype(int)
            right, bottom = np.ceil(np.max(corners, axis=0) / scale).astype(int) + 1
            box = (max(int(left), 0), max(int(top), 0), min(int(right), columns), min(int(bottom), rows))
            found.append(Line(box, min(max(float(score), 0.0), 1.0), str(text)))
    return found


def _turned_back(box: Place, rows: int) -> Place:
    """A box of the picture turned clockwise, in the upright one of so many rows."""
    x0, y0, x1, y1 = box
    return y0, rows - x1, y1, rows - x0


def _inside(place: Place, other: Place) -> bool:
    """Whether a place lies in another one, give or take the margin: the picture beside the letters moves."""
    x, y = MARGIN
    return (
        place[0] >= other[0] - x and place[1] >= other[1] - y
        and place[2] <= other[2] + x and place[3] <= other[3] + y
    )  # fmt: skip


def _is_tall(box: Place) -> bool:
    return box[3] - box[1] > TALL * (box[2] - box[0])


def _any_overlaps(places: list[Place], box: Place) -> bool:
    return any(
        min(place[2], box[2]) > max(place[0], box[0]) and min(place[3], box[3]) > max(place[1], box[1])
        for place in places
    )


def _moved(box: Place, offset: tuple[int, int]) -> Place:
    x, y = offset
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y


def warm_up() -> None:
    """Load the models now, so that the first file does not pay for it."""
    _read_part(np.zeros((64, 64), np.uint8))


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

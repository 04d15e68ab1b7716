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

import numpy as np
from numpy.typing import NDArray

LONGEST_SIDE = 960  # larger pictures are shrunk for the search
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
_FURNITURE = re.compile(
    rf"(?:{_NUMBER}\s*{_UNIT}?|{_SETTING}\W*(?:{_NUMBER})?\s*{_UNIT}?|[\W_]+)(?:[\s/,;\-⁻]+|$)", re.IGNORECASE
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


def find_writing(frame: NDArray[np.uint8], offset: tuple[int, int] = (0, 0)) -> list[Writing]:
    """Lines in a grey picture that could name somebody; ``offset`` (x, y) is added to their boxes."""
    if min(frame.shape) < 16:
        return []
    answer = _engine()(np.repeat(frame[:, :, None], 3, axis=2), use_cls=False)
    texts, scores, boxes = (getattr(answer, name, None) for name in ("txts", "scores", "boxes"))
    if texts is None or scores is None or boxes is None:
        return []
    found = []
    for text, score, corners in zip(texts, scores, boxes, strict=True):
        if float(score) >= LEAST_SCORE and could_name(str(text)):
            x0, y0 = np.floor(np.min(corners, axis=0)).astype(int)
            x1, y1 = np.ceil(np.max(corners, axis=0)).astype(int) + 1
            height, width = frame.shape
            box = (
                max(int(x0), 0) + offset[0],
                max(int(y0), 0) + offset[1],
                min(int(x1), width) + offset[0],
                min(int(y1), height) + offset[1],
            )
            found.append(Writing(box, min(max(float(score), 0.0), 1.0)))
    return found


def warm_up() -> None:
    """Load the models now, so that the first file does not pay for it."""
    find_writing(np.zeros((64, 64), np.uint8))


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

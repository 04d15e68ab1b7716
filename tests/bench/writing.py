"""How much writing in pictures is found, how often clean ones are held: ``python -m tests.bench writing``.

Names are burned into the B-mode regions of simulated files at several heights, greys and places; each
picture goes through :func:`ml.dicom.writing.find_writing`, as in the reading child. A name counts as found
when a line overlaps it; some run upwards or downwards. Clean pictures, and pictures with a machine's usual
settings, must give nothing.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from ml.dicom import crop_to_region, read_ultrasound
from ml.dicom.writing import Writing, find_writing, warm_up
from ml.simulation import simulate

NAMES = ("ZHANG WEI", "QUARTZMANN, Z", "ID 7351942", "Li Na 1953-04-17")
FURNITURE = ("TIS 0.4", "MI 1.1", "36Hz", "16cm", "Dyn R 58", "10", "5.0", "2D 60%")
HEIGHTS = (8, 10, 12, 16, 20, 28)  # of a capital letter, in pixels
STANDING_HEIGHTS = (12, 20)
GREYS = (255, 200, 160)
FRAMES = 12
PLACES = ("top left", "middle", "bottom right")


def frames(folder: Path, most: int) -> Iterator[np.ndarray]:
    """The B-mode region of the first frame of every so many files."""
    files = sorted(folder.rglob("*.dcm"))
    for path in files[:: max(1, len(files) // most)][:most]:
        image = read_ultrasound(path)
        yield crop_to_region(image.frame(0), image.header)[0].copy()


def burn(frame: np.ndarray, text: str, height: int, grey: int, place: str) -> tuple[int, int, int, int]:
    """Write into the picture; return where: x0, y0, x1, y1."""
    font, thick = cv2.FONT_HERSHEY_SIMPLEX, 1 if height < 18 else 2
    scale = cv2.getFontScaleFromHeight(font, height, thick)
    (width, tall), base = cv2.getTextSize(text, font, scale, thick)
    rows, columns = frame.shape
    x, y = {
        "top left": (4, tall + 4),
        "middle": ((columns - width) // 2, rows // 2),
        "bottom right": (columns - width - 4, rows - base - 4),
    }[place]
    cv2.putText(frame, text, (x, y), font, scale, grey, thick, cv2.LINE_AA)
    return x, y - tall, x + width, y + base


def overlaps(found: Writing, box: tuple[int, int, int, int]) -> bool:
    x0, y0, x1, y1 = found.box
    return min(x1, box[2]) > max(x0, box[0]) and min(y1, box[3]) > max(y0, box[1])


def main(argv: list[str]) -> int:
    """``argv``: a folder of files, else a few patients are simulated."""
    warm_up()
    if argv:
        return measure(list(frames(Path(argv[0]), FRAMES)))
    with tempfile.TemporaryDirectory() as folder:
        for _ in simulate(Path(folder), patients=6, seed=0, normals=0):
            pass
        return measure(list(frames(Path(folder) / "export", FRAMES)))


def measure(clean: list[np.ndarray]) -> int:
    began = time.process_time()
    held = sum(bool(find_writing(frame)) for frame in clean)
    per_frame = (time.process_time() - began) / len(clean)
    settings = 0
    for index, frame in enumerate(clean):
        shown = frame.copy()
        for place, text in zip(
            PLACES, (FURNITURE[(index + k) % len(FURNITURE)] for k in range(3)), strict=True
        ):
            burn(shown, text, 14, 230, place)
        settings += bool(find_writing(shown))
    found: dict[str, list[bool]] = defaultdict(list)
    for number, frame in enumerate(clean):
        for height in HEIGHTS:
            for grey in GREYS:
                text, place = NAMES[number % len(NAMES)], PLACES[(number + height) % len(PLACES)]
                shown = frame.copy()
                box = burn(shown, text, height, grey, place)
                hit = any(overlaps(one, box) for one in find_writing(shown))
                for key in (f"height {height}", f"grey {grey}", place, f"height {height}, grey {grey}"):
                    found[key].append(hit)
    for number, frame in enumerate(clean):
        for height in STANDING_HEIGHTS:
            for grey in GREYS:
                turns = 1 if (number + height) % 2 else -1
                text, place = NAMES[number % len(NAMES)], PLACES[(number + height) % len(PLACES)]
                shown = np.ascontiguousarray(np.rot90(frame, turns))
                burn(shown, text, height, grey, place)
                found[f"standing, grey {grey}"].append(bool(find_writing(np.rot90(shown, -turns).copy())))
    print(
        json.dumps(
            {
                "frames": len(clean),
                "seconds_per_clean_frame": round(per_frame, 3),
                "clean_held": held,
                "settings_held": settings,
                "found": {key: f"{sum(hits)}/{len(hits)}" for key, hits in sorted(found.items())},
            },
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Sheets of simulated images for people to judge with their eyes: stages by bands, and vendors' screens.

``python -m ml.simulation.montage FOLDER`` writes both, as docs/simulation.md shows them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.simulation.convex import VIEWS
from ml.simulation.furniture import Caption, draw_screen, draw_text
from ml.simulation.patient import Shot, generator, patient_key, simulate_patient
from ml.simulation.scanner import VENDORS
from ml.spec import Band, Stage

GAP = 8


def write_montage(
    path: Path, *, seed: int = 0, rows_per_band: int = 2, cell: tuple[int, int] = (300, 400)
) -> None:
    """Save the sheet of :func:`montage` as a PNG."""
    cv2.imwrite(str(path), montage(seed=seed, rows_per_band=rows_per_band, cell=cell))


def montage(
    *, seed: int = 0, rows_per_band: int = 2, cell: tuple[int, int] = (300, 400)
) -> NDArray[np.uint8]:
    """Ultrasound regions of different patients: HF rows, then LF rows; columns S0 … S4.

    Both bands of a column and row number belong to the same patient. ``cell`` is (height, width).
    """
    blocks: dict[Band, list[NDArray[np.uint8]]] = {band: [] for band in Band}
    for row in range(rows_per_band):
        strips: dict[Band, list[NDArray[np.uint8]]] = {band: [] for band in Band}
        for stage in Stage:
            index = 100_000 + row * len(Stage) + stage
            patient = simulate_patient(
                generator(*patient_key(seed, "MONTAGE", index)), stage, seed=seed, site="MONTAGE", index=index
            )
            patient.plan = [Shot(Band.HF), Shot(Band.LF, view=VIEWS[row % len(VIEWS)])]
            for picture in patient.pictures():
                strips[picture.band].append(_fit(picture.frames[0], cell))
        for band in Band:
            blocks[band].append(np.hstack(strips[band]))
    sheet = np.vstack([*blocks[Band.HF], *blocks[Band.LF]])
    heading = np.full((26, sheet.shape[1], 3), 24, np.uint8)
    for stage in Stage:
        draw_text(heading, f"{stage.label}  SIMULATED", (int((stage + 0.36) * (cell[1] + GAP)), 18), size=0.5)
    return np.vstack([heading[..., 0], sheet])


def write_screens(path: Path, *, seed: int = 8, height: int = 440) -> None:
    """Save one whole screen per vendor, side by side, as a PNG."""
    shown = ((Stage.S1, Band.LF), (Stage.S2, Band.HF), (Stage.S4, Band.LF))
    tiles = []
    for number, (vendor, (stage, band)) in enumerate(zip(VENDORS, shown, strict=True)):
        key = patient_key(seed, "SCREENS", number)
        patient = simulate_patient(generator(*key), stage, seed=seed, site="SCREENS", index=number)
        patient.vendor, patient.plan = vendor, [Shot(band, view=VIEWS[0] if band is Band.LF else None)]
        picture = next(patient.pictures())
        screen = draw_screen(picture, Caption.of(patient.person, "01.02.2024 10:22:11"))[0]
        colour = screen if screen.ndim == 3 else np.repeat(screen[..., None], 3, axis=2)
        width = round(colour.shape[1] * height / colour.shape[0])
        tiles.append(cv2.resize(colour, (width, height), interpolation=cv2.INTER_AREA))
        tiles.append(np.full((height, GAP, 3), 90, np.uint8))
    cv2.imwrite(str(path), np.hstack(tiles[:-1])[..., ::-1])


def _fit(frame: NDArray[np.uint8], cell: tuple[int, int]) -> NDArray[np.uint8]:
    """Scale to fit and centre on black with a gap at the right and foot."""
    scale = min(cell[0] / frame.shape[0], cell[1] / frame.shape[1])
    small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[: cell[0], : cell[1]]
    canvas = np.zeros((cell[0] + GAP, cell[1] + GAP), np.uint8)
    top, left = (cell[0] - small.shape[0]) // 2, (cell[1] - small.shape[1]) // 2
    canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
    return canvas


if __name__ == "__main__":
    write_montage(Path(sys.argv[1]) / "montage.png", cell=(260, 300))
    write_screens(Path(sys.argv[1]) / "screens.png")

"""The sheet for human eyes."""

from __future__ import annotations

from pathlib import Path

import cv2

from ml.simulation.montage import GAP, write_montage


def test_sheet_has_a_column_per_stage_and_rows_per_band(tmp_path: Path) -> None:
    write_montage(tmp_path / "sheet.png", rows_per_band=1, cell=(90, 120))
    sheet = cv2.imread(str(tmp_path / "sheet.png"), cv2.IMREAD_GRAYSCALE)
    assert sheet.shape == (26 + 2 * (90 + GAP), 5 * (120 + GAP))
    for column in range(5):
        for row in range(2):
            top, left = 26 + row * (90 + GAP), column * (120 + GAP)
            assert sheet[top : top + 90, left : left + 120].std() > 10

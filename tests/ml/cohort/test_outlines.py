"""A labelme file is read as outlines, or refused by name whatever is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml.cohort.outlines import OutlineUnreadable, read_outline


@pytest.mark.parametrize(
    "content",
    [
        "[" * 200_000,
        '{"shapes": ["liver"]}',
        '{"shapes": [{"label": "liver", "points": [[1' + "0" * 400 + ", 1], [2, 3], [4, 5]]}]}",
        '{"shapes": [{"label": "liver", "points": [[NaN, 1], [2, 3], [4, 5]]}]}',
        '{"shapes": [{"label": "liver", "shape_type": "rectangle", "points": [[NaN, 1], [2, 3]]}]}',
        '{"shapes": []}',
    ],
    ids=["nested", "no shape", "a number without end", "no number", "a box of no number", "empty"],
)
def test_a_file_made_to_break_the_reader_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content, "utf-8")
    with pytest.raises(OutlineUnreadable, match=r"bad\.json"):
        read_outline(path)

"""``python -m ml augment``: counts of each policy, and a sheet of pictures."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
from click.testing import CliRunner

from ml.cli.main import cli


def test_prints_what_each_policy_makes_of_the_training_counts(cache: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    done = CliRunner().invoke(
        cli, ["augment", "--cohort", str(cache), "--out", str(sheet), "--pictures", "1", "--json"]
    )
    assert done.exit_code == 0, done.output
    counts = json.loads(done.stdout)["HF"]
    assert counts["images"] == {"S0": 3, "S1": 3, "S2": 3, "S3": 3, "S4": 3}
    assert counts["paper"] == {"S0": 21, "S1": 12, "S2": 21, "S3": 18, "S4": 18}
    assert counts["balanced"] == counts["images"]
    picture = cv2.imread(str(sheet), cv2.IMREAD_GRAYSCALE)
    assert picture.shape == (6 * (256 + 4 + 22), 2 * (256 + 4))

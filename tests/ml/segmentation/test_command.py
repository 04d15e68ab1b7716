"""``python -m ml segment`` from outlines to masks, as a person calls it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.cli.main import main
from tests.ml.dicom import making
from tests.ml.segmentation.conftest import draw_screen, write_folder


def ml(*arguments: str | Path) -> int:
    before, sys.argv = sys.argv, ["ml", *map(str, arguments)]
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        sys.argv = before
    return 0


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("segment")
    outlines = write_folder(home / "outlines", 24)
    assert ml("segment", "train", outlines, "--workdir", home / "work", "--epochs", "1") == 0
    return home


def test_evaluate_prints_every_metric_with_its_interval(
    trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    model = trained / "work" / "model"
    assert ml("segment", "evaluate", trained / "outlines", "--model", model, "--json") == 0
    metrics = json.loads(capsys.readouterr().out)
    assert {"dice", "hausdorff"} <= set(metrics)
    assert all({"value", "low", "high"} == set(metric) for metric in metrics.values())


def test_apply_reads_pictures_and_dicom_and_says_what_it_found(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame, _ = draw_screen(np.random.default_rng(99))
    cv2.imwrite(str(tmp_path / "screen.png"), frame)
    (tmp_path / "black.dcm").write_bytes(making.native([np.zeros((64, 80), np.uint8)]))
    capsys.readouterr()
    arguments = ["--model", trained / "work" / "model", "--out", tmp_path / "masks", "--json"]
    assert ml("segment", "apply", tmp_path / "screen.png", tmp_path / "black.dcm", *arguments) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(Path(line["path"]).name, line["frame"]) for line in found] == [
        ("screen.png", 0),
        ("black.dcm", 0),
    ]
    assert found[1]["liver"] is False
    for line in found:
        assert ("mask" in line) == line["liver"]
        if line["liver"]:
            mask = cv2.imread(line["mask"], cv2.IMREAD_GRAYSCALE)
            assert mask.shape == frame.shape
            assert set(np.unique(mask)) <= {0, 255}


def test_apply_refuses_what_is_no_picture(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    assert ml("segment", "apply", tmp_path / "notes.txt", "--model", trained / "work" / "model") == 1
    assert "picture-refused" in capsys.readouterr().err

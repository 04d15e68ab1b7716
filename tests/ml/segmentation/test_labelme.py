"""Outlines are read as labelme writes them; what cannot be read is said, never dropped in silence."""

from __future__ import annotations

import base64
import json
import struct
import zlib

import numpy as np
import pytest

from ml.segmentation import LabelmeRefused, read_labelme

BOX = {"label": "liver", "shape_type": "rectangle", "points": [[30, 40], [10, 20]]}


def test_box_and_polygon_become_masks(tmp_path, screen, case) -> None:
    frame, _ = screen(np.random.default_rng(0))
    case(tmp_path, "box", frame, [BOX])
    other, _ = screen(np.random.default_rng(1))
    case(
        tmp_path,
        "triangle",
        other,
        [{"label": "Liver ", "shape_type": "polygon", "points": [[0, 0], [9, 0], [0, 9]]}],
    )
    by_kind = {outline.kind: outline for outline in read_labelme(tmp_path).items}
    mask = by_kind["box"].mask()
    assert mask.shape == frame.shape
    assert mask[20:41, 10:31].all()
    assert mask.sum() == 21 * 21
    assert by_kind["polygon"].mask()[1, 1]
    assert not by_kind["polygon"].mask()[9, 9]
    assert np.array_equal(by_kind["box"].frame(), frame)
    assert by_kind["box"].simulated


def test_no_shapes_says_that_there_is_no_liver(tmp_path, screen, case) -> None:
    case(tmp_path, "empty", screen(np.random.default_rng(0), liver=False)[0], [])
    (outline,) = read_labelme(tmp_path).items
    assert outline.kind == "none"
    assert not outline.mask().any()


def test_chinese_labels_and_windows_paths_are_understood(tmp_path, screen, case) -> None:
    case(
        tmp_path,
        "a",
        screen(np.random.default_rng(0))[0],
        [BOX | {"label": "肝脏"}],
        imagePath="..\\图像\\a.png",
    )
    assert len(read_labelme(tmp_path)) == 1


def test_embedded_image_is_used_when_the_file_is_gone(tmp_path, screen, case) -> None:
    frame, _ = screen(np.random.default_rng(0))
    path = case(tmp_path, "a", frame, [BOX])
    image = path.with_suffix(".png")
    content = json.loads(path.read_text()) | {"imageData": base64.b64encode(image.read_bytes()).decode()}
    image.unlink()
    path.write_text(json.dumps(content))
    assert np.array_equal(read_labelme(tmp_path).items[0].frame(), frame)


def test_an_image_outside_the_folder_is_never_read(tmp_path, screen, case) -> None:
    case(tmp_path / "elsewhere", "secret", screen(np.random.default_rng(0))[0], [BOX])
    path = case(
        tmp_path / "in", "a", screen(np.random.default_rng(1))[0], [BOX], imagePath="../elsewhere/secret.png"
    )
    path.with_suffix(".png").unlink()
    with pytest.raises(LabelmeRefused, match="not beside it"):
        read_labelme(tmp_path / "in")


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        ([BOX | {"shape_type": "circle"}], "circle"),
        ([BOX | {"points": [[1, 2], [3, float("nan")]]}], "points"),
        ([BOX | {"points": []}], "points"),
        ([{"label": "liver", "shape_type": "polygon", "points": [[1, 1], [2, 2]]}], "three corners"),
        ([BOX | {"points": [[10, 10], [500, 500]]}], "outside"),
    ],
)
def test_a_bad_file_is_a_named_problem_and_the_rest_is_read(
    tmp_path, outlined, screen, case, shapes, words
) -> None:
    outlined(tmp_path, 2)
    case(tmp_path, "bad", screen(np.random.default_rng(9))[0], shapes)
    found = read_labelme(tmp_path)
    assert len(found) == 2
    assert len(found.problems) == 1
    assert "bad.json" in found.problems[0]
    assert words in found.problems[0]


def test_foreign_json_and_broken_images_are_problems_too(tmp_path, outlined, screen, case) -> None:
    outlined(tmp_path, 1)
    (tmp_path / "notes.json").write_text("[1, 2]")
    (tmp_path / "cut.json").write_text('{"shapes": [')
    case(tmp_path, "torn", screen(np.random.default_rng(9))[0], [BOX]).with_suffix(".png").write_bytes(
        b"no image"
    )
    assert len(read_labelme(tmp_path).problems) == 3


def test_the_same_image_twice_counts_once(tmp_path, screen, case) -> None:
    frame, _ = screen(np.random.default_rng(0))
    case(tmp_path / "a", "x", frame, [BOX])
    case(tmp_path / "b", "y", frame, [BOX])
    found = read_labelme(tmp_path / "a", tmp_path / "b")
    assert len(found) == 1
    assert "same image" in found.problems[0]


def test_unclear_labels_are_refused_with_their_names(tmp_path, screen, case) -> None:
    case(
        tmp_path,
        "a",
        screen(np.random.default_rng(0))[0],
        [BOX | {"label": "roi"}, BOX | {"label": "spleen"}],
    )
    with pytest.raises(LabelmeRefused, match="roi, spleen"):
        read_labelme(tmp_path)
    assert read_labelme(tmp_path, label="roi").items[0].kind == "box"


def test_empty_and_missing_folders_are_refused(tmp_path) -> None:
    with pytest.raises(LabelmeRefused, match="no outlined image"):
        read_labelme(tmp_path)
    with pytest.raises(LabelmeRefused, match="not a folder"):
        read_labelme(tmp_path / "missing")


def test_a_file_made_to_break_the_reader_is_a_problem_and_the_rest_is_read(
    tmp_path, outlined, screen, case
) -> None:
    outlined(tmp_path, 2)
    frame = screen(np.random.default_rng(9))[0]
    case(tmp_path, "huge", frame, [BOX]).with_suffix(".png").write_bytes(png_that_says(60_000))
    (tmp_path / "deep.json").write_text("[" * 200_000)
    case(tmp_path, "flags", frame, [BOX], flags=["x"])
    case(tmp_path, "shapes", frame, ["liver"])
    case(tmp_path, "digits", frame, [BOX | {"points": [[10**400, 1], [2, 3]]}])
    case(tmp_path, "group", frame, [BOX], flags={"group": "\ud800"})
    found = read_labelme(tmp_path)
    assert len(found) == 2
    assert {problem.split(".")[0] for problem in found.problems} == {
        "huge", "deep", "flags", "shapes", "digits", "group",
    }  # fmt: skip


def test_a_picture_is_refused_by_its_header_before_gigabytes_are_decoded(tmp_path, outlined, case) -> None:
    outlined(tmp_path, 1)
    case(tmp_path, "wide", np.zeros((8, 8), np.uint8), []).with_suffix(".png").write_bytes(
        png_that_says(9_000)  # fewer pixels than OpenCV refuses by itself; the data would be missing
    )
    (problem,) = read_labelme(tmp_path).problems
    assert problem == "wide.json: wide.png is larger than 8192 pixels"


def png_that_says(edge: int) -> bytes:
    """A PNG of some bytes whose header promises a square of ``edge`` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", edge, edge, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")

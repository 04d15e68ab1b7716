"""Draws and warps of a batch against the formulas of one picture, written out (paper §3.2)."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.augmentation.draws import CROP_SIDE, GAMMA, HIGH_IN, LOW_IN, content_boxes, draw
from ml.augmentation.executors import apply_cpu
from ml.spec import AugmentationSpec

SIZE = 64
switch = st.booleans()
edges = st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)).map(sorted).filter(lambda two: two[0] < two[1])


def centre(length: float, content: tuple[int, int], aim: tuple[int, int], share: float) -> float:
    """A window of ``length`` in the content, as much of it in the aim as there is room."""
    if length >= content[1] - content[0]:
        return (content[0] + content[1] - 1) / 2
    low, high = content[0] + length / 2, content[1] - length / 2
    first, last = sorted((aim[0] + length / 2, aim[1] - length / 2))
    first, last = min(max(first, low), high), min(max(last, low), high)
    return first + (last - first) * share - 0.5


def one_by_one(
    picture: np.ndarray, box: list[int], aim: list[int], shares: np.ndarray, spec: AugmentationSpec
) -> np.ndarray:
    """One picture: imadjust, then the window turned about its centre, reflected at the content's edges."""
    side, angle, across, down, low, high, gamma = shares
    part = picture[box[1] : box[3], box[0] : box[2]]
    if spec.intensity:
        black, white, bend = (
            a + (b - a) * s for (a, b), s in ((LOW_IN, low), (HIGH_IN, high), (GAMMA, gamma))
        )
        level = np.clip((np.arange(256) / 255 - black) / (white - black), 0, 1) ** bend
        part = np.rint(255 * level).astype(np.uint8)[part]
    side = CROP_SIDE[0] + (CROP_SIDE[1] - CROP_SIDE[0]) * side if spec.crop else 1.0
    angle = 2 * np.pi * angle if spec.rotation else 0.0
    if not spec.crop:
        across, down, aim = 0.5, 0.5, box
    turn = side * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    place = np.array(
        [
            centre(side * SIZE, (box[0], box[2]), (aim[0], aim[2]), across) - box[0],
            centre(side * SIZE, (box[1], box[3]), (aim[1], aim[3]), down) - box[1],
        ]
    )
    matrix = np.column_stack([turn, place - turn @ np.full(2, (SIZE - 1) / 2)])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(part, matrix, (SIZE, SIZE), flags=flags, borderMode=cv2.BORDER_REFLECT_101)


@given(content=st.lists(st.tuples(edges, edges), min_size=1, max_size=4), aims=st.tuples(edges, edges),
       crop=switch, rotation=switch, intensity=switch, seed=st.integers(0, 99))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_a_batch_is_each_of_its_pictures_by_itself(
    content: list, aims: tuple, crop: bool, rotation: bool, intensity: bool, seed: int
) -> None:
    spec = AugmentationSpec(crop=crop, rotation=rotation, intensity=intensity)
    grain = np.random.default_rng(seed).integers(1, 256, (len(content), SIZE, SIZE), dtype=np.uint8)
    pictures = np.zeros_like(grain)
    for row, ((left, right), (top, bottom)) in enumerate(content):
        pictures[row, top:bottom, left:right] = grain[row, top:bottom, left:right]
    boxes = content_boxes(pictures)
    assert boxes.tolist() == [[x[0], y[0], x[1], y[1]] for x, y in content]
    aim = [aims[0][0], aims[1][0], aims[0][1], aims[1][1]]
    keys = [(row, row + 1) for row in range(len(pictures))]
    drawn = draw(spec, SIZE, boxes, keys, seed=seed, epoch=2, parenchyma=np.tile(aim, (len(keys), 1)))
    found = apply_cpu(pictures, drawn)
    for row, (sample, copy) in enumerate(keys):
        rng = np.random.Generator(np.random.Philox(key=[seed << 32 | 2, sample << 16 | copy]))
        alone = one_by_one(pictures[row], boxes[row].tolist(), aim, rng.random(7), spec)
        # Sums in another order move a sample by 1e-13 pixel, which can round to the next grey level.
        difference = np.abs(found[row].astype(int) - alone)
        assert difference.mean() < 0.05
        assert np.quantile(difference, 0.99) <= 8

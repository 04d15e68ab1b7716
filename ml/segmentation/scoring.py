"""How well a segmenter outlines: Dice, Hausdorff distance, and whether it knows an absent liver.

Distances are in pixels of the image as it was outlined. Intervals are 95 % bootstrap intervals over the
groups (patients) that the labelme files name, over the images where they name none. An image outlined by a
box is scored by the share of the box that was found, because the rest of the liver lies outside the box;
where boxes bound the liver (all outlines are boxes), by Dice as well.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from ml.evaluation.metrics import MetricValue, patient_weights
from ml.segmentation.canvas import Canvas
from ml.segmentation.examples import draw_negative, photographs
from ml.segmentation.labelme import Outline, read_labelme
from ml.segmentation.segmenter import Segmenter, SegmenterUnusable, liver_of

RESAMPLES = 2000
Mask = NDArray[np.bool_]


def evaluate_segmenter(
    folder: Path | str, model: Segmenter, *, label: str | None = None, seed: int = 0
) -> dict[str, MetricValue]:
    """Metrics on the outlined images of ``folder`` that the model was not trained or validated on.

    Another image of a group (a patient) that it was trained on is left out as well: they are alike.
    """
    known, groups = set(model.info.trained_on), set(model.info.trained_groups)
    unseen = [
        outline
        for outline in read_labelme(folder, label=label).items
        if outline.sha256 not in known and outline.group_hash not in groups
    ]
    if not unseen:
        raise SegmenterUnusable(
            f"the segmenter was trained on every image, or every patient, of {folder}",
            code="segmenter-nothing-unseen",
            remedy="Evaluate on outlined images of patients that it has not seen.",
        )  # fmt: skip
    return score_outlines(unseen, model, seed=seed)


def score_outlines(outlines: Sequence[Outline], model: Segmenter, *, seed: int = 0) -> dict[str, MetricValue]:
    """``dice``, ``hausdorff``, ``hausdorff_95``, ``box_coverage``, ``liver_found``, ``absence_recognised``.

    ``absence_recognised`` counts images outlined as having no liver and one made negative of each other
    image. An unfound liver has a Dice of 0 and no distance.
    """
    values: dict[str, list[float]] = {name: [] for name in METRICS}
    whose: dict[str, list[str]] = {name: [] for name in METRICS}
    for index, outline in enumerate(outlines):

        def note(name: str, value: float, whom: str = outline.group or outline.sha256) -> None:
            values[name].append(value)
            whose[name].append(whom)

        found = liver_of(model.probabilities(outline.frame()))
        absent = found if outline.kind == "none" else liver_of(_negative(model, outline, [seed, index]))
        note("absence_recognised", float(absent is None))
        if outline.kind == "none":
            continue
        truth = outline.mask()
        note("liver_found", float(found is not None))
        drawn = found if found is not None else np.zeros_like(truth)
        if outline.kind == "box":
            note("box_coverage", float(drawn[truth].mean()))
        if outline.kind == "polygon" or model.info.boxes_bound:
            note("dice", dice(truth, drawn))
            if found is not None:
                note("hausdorff", hausdorff(truth, drawn))
                note("hausdorff_95", hausdorff(truth, drawn, percentile=95))
    return {name: mean_with_interval(values[name], whose[name], seed=seed) for name in METRICS}


METRICS: tuple[str, ...] = (
    "dice", "hausdorff", "hausdorff_95", "box_coverage", "liver_found", "absence_recognised",
)  # fmt: skip


def _negative(model: Segmenter, outline: Outline, key: list[int]) -> NDArray[np.float32]:
    canvas = Canvas(outline.height, outline.width, model.info.size)
    placed, mask = canvas.place(outline.frame()), canvas.place_mask(outline.mask())
    return model.probabilities(draw_negative(placed, mask, np.random.default_rng(key), photographs()[1]))


def dice(truth: Mask, found: Mask) -> float:
    """Twice the overlap over the sum of the areas; two empty masks agree."""
    total = int(truth.sum()) + int(found.sum())
    return 1.0 if total == 0 else 2 * int((truth & found).sum()) / total


def hausdorff(truth: Mask, found: Mask, *, percentile: float = 100) -> float:
    """Largest (or ``percentile``) distance from one outline to the other, the worse of both directions."""
    from monai.metrics import compute_hausdorff_distance

    if not (truth.any() and found.any()):
        raise ValueError("the distance to an empty mask is not defined")
    one, other = (torch.from_numpy(mask)[None, None].float() for mask in (found, truth))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # MONAI 1.6 warns of a setting of its own
        distance = compute_hausdorff_distance(one, other, include_background=True, percentile=percentile)
    return float(distance)


def mean_with_interval(
    values: Sequence[float], whose: Sequence[str] | None = None, *, seed: int = 0
) -> MetricValue:
    """Mean over images and its bootstrap interval; nulls where there is no image of the kind.

    ``whose`` names the patient of each image, who is drawn with all of them; without it each is its own.
    """
    if not values:
        return MetricValue(value=None, low=None, high=None, note="no image of this kind")
    member = np.arange(len(values)) if whose is None else pd.factorize(np.asarray(whose))[0]
    mean, people = float(np.mean(values)), int(member.max()) + 1
    if people == 1:
        one = "one image" if len(values) == 1 else "one patient"
        return MetricValue(value=mean, low=None, high=None, note=f"{one} gives no interval")
    weights = patient_weights(people, RESAMPLES, seed)[1:, member]
    low, high = np.percentile(weights @ np.asarray(values) / weights.sum(axis=1), [2.5, 97.5])
    return MetricValue(value=mean, low=float(low), high=float(high))

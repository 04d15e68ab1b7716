"""The segmenter learns an outline, knows an absent liver, and resumes as if it had never stopped."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from ml.segmentation import (
    SegmenterUnusable,
    apply_segmenter,
    evaluate_segmenter,
    liver_box,
    liver_outline,
    load_segmenter,
    read_labelme,
    split_outlines,
    train_segmenter,
)
from ml.segmentation.examples import black_screen, boxes_bound_the_liver, draw_example, load_examples
from ml.segmentation.scoring import dice
from ml.segmentation.segmenter import liver_of
from ml.segmentation.training import masked_loss
from ml.spec.events import EVENT
from tests.ml.segmentation.conftest import shapes_of

TINY = {"size": 32, "width": 4, "epochs": 3, "least_examples": 0, "precision": "fp32", "device": "cpu"}

EPOCHS = 6


@pytest.fixture(scope="module")
def trained(tmp_path_factory, outlined):
    """A segmenter trained on 40 small screens, and the events of its training."""
    root = tmp_path_factory.mktemp("segmenter")
    outlined(root / "normals", 40)
    events = list(
        train_segmenter(
            root / "normals", workdir=root / "work", size=64, width=8, epochs=EPOCHS, least_examples=240,
            precision="fp32", device="cpu",
        )
    )  # fmt: skip
    return root, events, load_segmenter(root / "work" / "model", device="cpu")


def test_it_outlines_a_liver_it_has_not_seen(trained, screen) -> None:
    _, _, model = trained
    rng = np.random.default_rng(77)
    overlaps = []
    for _ in range(8):
        frame, mask = screen(rng)
        found = apply_segmenter(model, frame)
        overlaps.append(0.0 if found is None else dice(mask, found))
    assert np.mean(overlaps) > 0.85


@pytest.mark.parametrize("picture", ["screen without a liver", "black", "white", "gradient"])
def test_a_picture_without_a_liver_is_said_to_have_none(trained, screen, picture: str) -> None:
    frame = {
        "screen without a liver": screen(np.random.default_rng(5), liver=False)[0],
        "black": np.zeros((72, 96), np.uint8),
        "white": np.full((72, 96), 255, np.uint8),
        "gradient": np.tile(np.linspace(0, 255, 96).astype(np.uint8), (72, 1)),
    }[picture]
    assert apply_segmenter(trained[2], frame) is None


def test_events_tell_the_whole_story_and_survive_json(trained) -> None:
    root, events, model = trained
    kinds = [event.kind for event in events if event.kind != "progressed"]
    assert kinds == [
        "started",
        "phase-started",
        *["epoch-finished", "checkpoint-saved"] * EPOCHS,
        "evaluated",
        "finished",
    ]
    for event in events:
        assert EVENT.validate_json(event.model_dump_json()) == event
    metrics = events[-2].metrics
    assert set(metrics) == {
        "dice", "hausdorff", "hausdorff_95", "box_coverage", "liver_found", "absence_recognised",
    }  # fmt: skip
    assert json.loads((root / "work" / "metrics.json").read_text())["test"] == metrics
    assert model.info.metrics == metrics
    assert model.info.simulated
    assert "SIMULATED" in (root / "work" / "model" / "card.md").read_text()


def test_evaluation_leaves_out_what_the_model_has_seen(trained, outlined, tmp_path) -> None:
    root, events, model = trained
    again = evaluate_segmenter(root / "normals", model)
    assert {name: metric.model_dump() for name, metric in again.items()} == events[-2].metrics
    fresh = evaluate_segmenter(outlined(tmp_path / "fresh", 6, seed=50), model)
    assert fresh["dice"].value > 0.8
    assert fresh["hausdorff"].value >= fresh["hausdorff_95"].value
    assert fresh["dice"].low <= fresh["dice"].value <= fresh["dice"].high


def test_evaluating_on_training_images_alone_is_refused(trained, tmp_path) -> None:
    root, _, model = trained
    seen = next(o for o in read_labelme(root / "normals").items if o.sha256 in model.info.trained_on)
    for path in (seen.path, seen.path.with_suffix(".json")):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(SegmenterUnusable, match="trained on every image"):
        evaluate_segmenter(tmp_path, model)


def test_resumed_training_equals_an_unbroken_one_to_the_bit(tmp_path, outlined) -> None:
    folder = outlined(tmp_path / "normals", 12)
    unbroken = list(train_segmenter(folder, workdir=tmp_path / "a", **TINY))
    broken = train_segmenter(folder, workdir=tmp_path / "b", **TINY)
    for event in broken:
        if event.kind == "checkpoint-saved" and event.epoch == 2:
            break
    broken.close()
    resumed = list(train_segmenter(folder, workdir=tmp_path / "b", **TINY))
    assert resumed[0].resumed
    assert [e.epoch for e in resumed if e.kind == "epoch-finished"] == [3]
    assert resumed[-2] == unbroken[-2]
    one, other = (load_file(tmp_path / run / "model" / "model.safetensors") for run in "ab")
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_calling_a_finished_training_again_only_reports_it(tmp_path, outlined) -> None:
    folder = outlined(tmp_path / "normals", 6)
    first = list(train_segmenter(folder, workdir=tmp_path / "w", **TINY))
    again = list(train_segmenter(folder, workdir=tmp_path / "w", **TINY))
    assert [event.kind for event in again] == ["started", "evaluated", "finished"]
    assert again[1] == first[-2]


def test_a_work_directory_is_not_shared_by_two_trainings(tmp_path, outlined) -> None:
    folder = outlined(tmp_path / "normals", 6)
    list(itertools.islice(train_segmenter(folder, workdir=tmp_path / "w", **TINY), 6))
    with pytest.raises(SegmenterUnusable) as caught:
        next(train_segmenter(folder, workdir=tmp_path / "w", **TINY | {"seed": 1}))
    assert caught.value.code == "workdir-of-another-run"


def test_problems_of_the_folder_are_noted(tmp_path, outlined) -> None:
    folder = outlined(tmp_path / "normals", 4)
    (folder / "stray.json").write_text("{}")
    events = train_segmenter(folder, workdir=tmp_path / "w", **TINY)
    assert "stray.json" in next(event for event in events if event.kind == "note").message


def test_annotators_outlines_are_added(tmp_path, outlined) -> None:
    normals, drawn = outlined(tmp_path / "normals", 5), outlined(tmp_path / "drawn", 5, seed=1)
    started = next(train_segmenter(normals, workdir=tmp_path / "w", extra=[drawn], **TINY))
    assert sum(started.record["images"].values()) == 10


def test_split_is_by_image_complete_and_the_same_in_any_order(tmp_path, outlined) -> None:
    items = read_labelme(outlined(tmp_path, 20)).items
    parts, turned = split_outlines(items, seed=3), split_outlines(items[::-1], seed=3)
    assert parts == turned
    hashes = [[o.sha256 for o in part] for part in (parts.train, parts.validation, parts.test)]
    assert [len(part) for part in hashes] == [16, 2, 2]
    assert len(set(itertools.chain(*hashes))) == 20


def test_outside_of_a_box_is_undecided_unless_all_are_boxes(tmp_path, outlined) -> None:
    mixed = read_labelme(outlined(tmp_path / "mixed", 6)).items
    boxes = read_labelme(outlined(tmp_path / "boxes", 6, kinds=("rectangle",))).items
    assert not boxes_bound_the_liver(mixed)
    assert boxes_bound_the_liver(boxes)
    undecided = load_examples(boxes, 32, boxes_bound=False)
    black = black_screen(undecided.canvases[0])
    assert np.array_equal(undecided.trusted[0], undecided.masks[0] | black)
    assert black.any()
    assert load_examples(boxes, 32, boxes_bound=True).trusted.all()


def test_examples_depend_on_seed_and_epoch_alone(tmp_path, outlined) -> None:
    examples = load_examples(read_labelme(outlined(tmp_path, 3)).items, 32, boxes_bound=False)
    first, again, later = (draw_example(examples, 1, seed=0, epoch=e) for e in (4, 4, 5))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], later[0])
    empty = sum(not draw_example(examples, 0, seed=0, epoch=e)[1].any() for e in range(200))
    assert 45 <= empty <= 90  # a third are negatives


def test_untrusted_pixels_have_no_say_in_the_loss() -> None:
    torch.manual_seed(0)
    logits, masks = torch.randn(2, 1, 8, 8), (torch.rand(2, 1, 8, 8) > 0.5).float()
    trusted = torch.ones(2, 1, 8, 8)
    trusted[:, :, :4] = 0
    changed = logits.clone()
    changed[:, :, :4] += 5
    assert masked_loss(logits, masks, trusted) == masked_loss(
        changed, 1 - masks * (1 - trusted) - (1 - masks) * trusted, trusted
    )
    certain = torch.where(masks > 0, 30.0, -30.0)
    assert masked_loss(certain, masks, torch.ones_like(masks)) < 1e-3


def test_a_damaged_checkpoint_or_model_says_so(trained, tmp_path, outlined) -> None:
    folder = outlined(tmp_path / "normals", 4)
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "checkpoint.safetensors").write_bytes(b"half")
    with pytest.raises(SegmenterUnusable, match="cannot be read"):
        next(train_segmenter(folder, workdir=tmp_path / "w", **TINY))
    with pytest.raises(SegmenterUnusable, match="not found"):
        load_segmenter(tmp_path)
    root = trained[0]
    for name in ("model.json", "model.safetensors"):
        (tmp_path / name).write_bytes((root / "work" / "model" / name).read_bytes())
    with (tmp_path / "model.safetensors").open("ab") as file:
        file.write(b"x")
    with pytest.raises(SegmenterUnusable, match="changed"):
        load_segmenter(tmp_path)


def test_specks_are_dropped_and_vessels_filled() -> None:
    likely = np.zeros((40, 40), np.float32)
    likely[10:30, 10:30] = 0.95
    likely[18:21, 18:21] = 0.0
    likely[1, 1] = 0.99
    mask = liver_of(likely)
    assert mask.sum() == 400
    assert liver_of(likely * 0.6) is None  # unsure
    assert liver_of(np.pad(likely, 100)) is None  # too small a part of the frame


def test_the_crop_and_outline_follow_the_mask() -> None:
    mask = np.zeros((60, 80), bool)
    mask[20:40, 30:70] = True
    box = liver_box(mask, margin=0.1)
    assert (box.x0, box.y0, box.x1, box.y1) == (26, 16, 74, 44)
    assert liver_box(mask, margin=5).crop(mask).shape == mask.shape
    (polygon,) = liver_outline(mask)
    assert set(polygon) == {(30, 20), (30, 39), (69, 39), (69, 20)}
    with pytest.raises(SegmenterUnusable):
        liver_box(np.zeros((4, 4), bool))


def test_a_colour_or_float_frame_is_refused(trained) -> None:
    for frame in (np.zeros((20, 20, 3), np.uint8), np.zeros((20, 20)), np.zeros((2, 2), np.uint8)):
        with pytest.raises(SegmenterUnusable, match="grey picture"):
            apply_segmenter(trained[2], frame)


def test_a_training_killed_while_it_writes_its_results_writes_them_all_the_next_time(
    tmp_path, outlined, monkeypatch
) -> None:
    folder, work = outlined(tmp_path / "normals", 6), tmp_path / "w"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("ml.segmentation.training.write_examples", killed)
        with pytest.raises(KeyboardInterrupt):
            list(train_segmenter(folder, workdir=work, **TINY))
    assert not (work / "model" / "model.json").exists(), "the mark of a finished training comes last"
    resumed = list(train_segmenter(folder, workdir=work, **TINY))
    assert resumed[0].resumed
    (work / "metrics.json").unlink()  # as an earlier version left it, which wrote the model first
    (work / "examples" / "0.png").unlink()
    again = list(train_segmenter(folder, workdir=work, **TINY))
    assert json.loads((work / "metrics.json").read_text())["test"] == again[-2].metrics
    assert (work / "examples" / "0.png").is_file()


def test_other_images_of_trained_patients_are_not_unseen(tmp_path, case, screen) -> None:
    def people(folder, names, seed: int):
        rng = np.random.default_rng(seed)
        for place, name in enumerate(names):
            frame, mask = screen(rng)
            case(folder, f"{seed}-{place}", frame, shapes_of(mask, "polygon"), flags={"group": name})
        return folder

    names = [f"patient {n}" for n in range(6)]
    list(train_segmenter(people(tmp_path / "first", names, 1), workdir=tmp_path / "w", **TINY))
    model = load_segmenter(tmp_path / "w" / "model", device="cpu")
    assert len(model.info.trained_groups) == 5, "all but the one that was held out"
    assert "patient" not in json.dumps(model.info.trained_groups), "a model names nobody"
    outlines = read_labelme(tmp_path / "first").items
    trained = [o.group for o in outlines if o.sha256 in model.info.trained_on]
    with pytest.raises(SegmenterUnusable, match="every patient"):
        evaluate_segmenter(people(tmp_path / "same", trained, 2), model)
    found = evaluate_segmenter(people(tmp_path / "both", [*trained, "somebody else"], 3), model)
    assert "one image" in found["liver_found"].note

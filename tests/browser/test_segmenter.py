"""From outlined livers, sent or drawn here, to a segmenter in use that proposes outlines, in the browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ml.simulation import simulate
from ml.spec import Stage
from tests.browser.api import Api
from tests.browser.test_outline import Editor

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(900)]
WORK_MS = 600_000
NORMALS = 24
EXAMPLES = "24"  # in an epoch: enough to have been trained


@pytest.fixture(scope="module")
def normals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``normals/`` as ``python -m ml simulate`` writes it, zipped as it lies there."""
    out = tmp_path_factory.mktemp("normals")
    counts = tuple(int(stage is Stage.S0) for stage in Stage)
    for _event in simulate(out, patients=1, counts=counts, seed=5, site="N", normals=NORMALS, workers=1):
        pass
    return Path(shutil.make_archive(str(out / "outlined"), "zip", out, "normals"))


def test_a_zip_of_normals_becomes_a_segmenter_that_proposes_outlines(
    normals: Path, hospital: None, api: Callable[[str], Api], open_as: Callable[..., Page]
) -> None:
    page = open_as("researcher")
    page.goto("/segmenters")
    page.get_by_role("button", name="Train a segmenter").first.click()
    form = page.get_by_role("dialog", name="Train a segmenter")
    send = form.get_by_role("button", name="Train a segmenter")
    form.get_by_role("textbox", name="Name").fill("Of normals")
    expect(send).to_be_disabled()

    chooser = form.locator("input[type=file]")
    chooser.set_input_files({"name": "notes.zip", "mimeType": "application/zip", "buffer": b"not a zip"})
    form.get_by_role("textbox", name="Epochs").fill("0")
    expect(send).to_be_disabled()
    form.get_by_role("textbox", name="Epochs").fill("1")
    form.get_by_role("textbox", name="Examples").fill(EXAMPLES)
    send.click()
    expect(form.get_by_text("not a zip archive")).to_be_visible()

    chooser.set_input_files(normals)
    send.click()
    progress = page.get_by_test_id("segmenter-progress")
    expect(progress).to_have_attribute("data-state", "succeeded", timeout=WORK_MS)
    expect(page.get_by_test_id("segmenter-metrics").locator("tr[data-metric=dice]")).to_contain_text("0.")
    expect(page.get_by_test_id("segmenter-examples").locator("img, canvas, svg").first).to_be_visible()

    page.get_by_role("button", name="Take into use").click()
    page.get_by_role("dialog").get_by_role("button", name="Take into use").click()
    expect(page.get_by_role("button", name="Take out of use")).to_be_visible()
    (active,) = [one for one in api("researcher").get("segmenters/")["results"] if one["active"]]
    assert active["name"] == "Of normals"

    annotator = api("annotator")
    exam = annotator.get("exams/?has_pair=yes")["results"][0]["id"]
    image = annotator.get(f"images/?exam={exam}")["results"][0]["id"]
    drawing = open_as("annotator")
    drawing.goto(f"/reading/outline/{image}")
    expect(drawing.get_by_test_id("outline-editor")).to_have_attribute("data-ready", "true")
    drawing.get_by_role("button", name="Propose").click()
    # One epoch on a few pictures may find no liver: then it says so, which is an answer, too.
    found = drawing.get_by_test_id("outline-overlay").get_by_test_id("outline-polygon").first
    expect(found.or_(drawing.get_by_text("sees no liver", exact=False)).first).to_be_visible(timeout=120_000)


def test_outlines_drawn_here_become_a_segmenter(
    hospital: Path, api: Callable[[str], Api], open_as: Callable[..., Page]
) -> None:
    """The last outline that is needed is drawn in the browser, those before it over the API."""
    annotator, researcher = api("annotator"), api("researcher")
    material = researcher.get("segmenters/material/")  # other tests leave outlines, too
    missing = max(1, material["fewest"] - material["outlines"])
    exams = annotator.get("exams/?has_pair=yes")["results"]
    images = (annotator.get(f"images/?exam={exam['id']}")["results"][0] for exam in exams)
    untouched = (image for image in images if not annotator.get(f"outlines/?image={image['id']}")["results"])
    last, *first = islice(untouched, missing)
    for image in first:
        width, height = image["columns"], image["rows"]
        box = [[x * width, y * height] for x, y in ((0.3, 0.3), (0.7, 0.3), (0.7, 0.8), (0.3, 0.8))]
        annotator.post(
            "outlines/", {"image": image["id"], "frame": 0, "polygons": [box], "made_from": 0, "final": True}
        )
    outlines = material["outlines"] + missing
    assert researcher.get("segmenters/material/")["outlines"] == outlines - 1

    drawing = open_as("annotator")
    editor = Editor(drawing, last["id"]).open()
    editor.tool("box")
    editor.drag((0.4, 0.3), (0.6, 0.7))
    editor.expect_phase("saved")
    drawing.get_by_test_id("frame-canvas").focus()
    drawing.keyboard.press("Control+Enter")
    expect(drawing.get_by_test_id("revision").first).to_contain_text("Final")

    page = open_as("researcher")
    page.goto("/segmenters")
    page.get_by_role("button", name="Train a segmenter").first.click()
    form = page.get_by_role("dialog", name="Train a segmenter")
    form.get_by_role("textbox", name="Name").fill("Of outlines drawn here")
    form.get_by_role("textbox", name="Epochs").fill("1")
    form.get_by_role("textbox", name="Examples").fill(EXAMPLES)
    form.get_by_role("checkbox", name=f"Outlines drawn here ({outlines})").check()
    form.get_by_role("button", name="Train a segmenter").click()

    expect(page.get_by_test_id("segmenter-progress")).to_have_attribute(
        "data-state", "succeeded", timeout=WORK_MS
    )
    expect(page.get_by_test_id("segmenter-metrics").locator("tr[data-metric=dice]")).to_contain_text("0.")
    expect(page.get_by_test_id("segmenter-examples").locator("img").first).to_be_visible()
    page.goto("/segmenters")
    row = page.get_by_test_id("segmenters").locator("tbody tr", has_text="Of outlines drawn here")
    expect(row).to_contain_text("Finished")

"""A model leaves as a file and comes in as another; what is no model, or was changed, is refused."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.api import Api

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(600)]
Door = Callable[[str], Api]
NAME = "From elsewhere"
# In either language: the buttons, then what is said of a picture and of weights that were changed.
REFUSALS = (
    (
        "en-GB",
        ("Import a model", "Evaluate on", "Import and evaluate"),
        (("it is not a zip", "Send the zip"), ("The weights are not those", "Export the model anew")),
    ),
    (
        "zh-CN",
        ("导入模型", "评估所用数据集", "导入并评估"),
        (("这不是一个模型文件夹的压缩包", "请发送"), ("权重与其 model.json 所记的不符", "重新导出")),
    ),
)


@pytest.fixture
def model(champion: str, api: Door) -> str:
    return str(api("researcher").get(f"runs/{champion}/")["model"])


def changed(archive: Path, out: Path, **members: Callable[[bytes], bytes]) -> Path:
    """The archive with members changed: ``card=…`` is ``card.md``, ``model=…`` are the weights."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            change = members.get({"card.md": "card", "model.safetensors": "model"}.get(name, ""), bytes)
            new.writestr(name, change(old.read(name)))
    return out


def flipped(weights: bytes) -> bytes:
    return weights[:-1] + bytes([weights[-1] ^ 1])


def choose(form: Locator, file: Path, button: str) -> None:
    form.locator("input[type=file]").set_input_files(file)
    form.get_by_role("button", name=button).click()


def test_a_model_is_exported_and_comes_back_as_another_once_it_was_evaluated(
    model: str, api: Door, open_as: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_as("researcher")
    page.goto(f"/models/{model}")
    with page.expect_download() as leaving:
        page.get_by_role("link", name="Export").click()
    ours = tmp_path / leaving.value.suggested_filename
    assert ours.suffix == ".zip"
    leaving.value.save_as(ours)

    page.goto("/models")
    page.get_by_role("button", name="Import a model").click()
    form = page.get_by_role("dialog")
    form.get_by_role("combobox", name="Evaluate on").click()
    page.get_by_role("option", name="For tests v1").click()
    form.get_by_role("textbox", name="Name here").fill(NAME)
    choose(form, ours, "Import and evaluate")
    expect(form.get_by_role("alert")).to_contain_text("in the registry as First of the tests")

    theirs = changed(ours, tmp_path / "theirs.zip", card=lambda text: text + b"\nTrained elsewhere.\n")
    form.locator("input[type=file]").set_input_files(theirs)
    expect(form.get_by_role("alert")).to_have_count(0)  # it was about the other file
    with page.expect_response(re.compile(r"/api/v1/models/import/$")) as taken:
        form.get_by_role("button", name="Import and evaluate").click()
    arrival = taken.value.json()
    researcher = api("researcher")
    assert researcher._door.get(f"/api/v1/models/{arrival['model']}/").status == 404, "not evaluated yet"
    expect(form.get_by_role("link", name="Open the job")).to_be_visible()
    researcher.wait_for_job(arrival["job"]["id"], seconds=240)

    form.get_by_role("link", name="Open the model").click()
    expect(page.get_by_role("heading", name=NAME, level=1)).to_be_visible()
    expect(page.get_by_text("evaluated on For tests v1")).to_be_visible()
    expect(page.get_by_test_id("metric-table")).to_be_visible()
    expect(page.get_by_test_id("model-card")).to_contain_text("Trained elsewhere.")
    # The same weights on the same patients: our evaluation finds what the training found.
    found, before = (researcher.get(f"models/{pk}/")["metrics"] for pk in (arrival["model"], model))
    assert found["accuracy"] == before["accuracy"]


def test_what_is_no_model_or_was_changed_is_refused_with_what_to_do(
    model: str, api: Door, open_as: Callable[..., Page], tmp_path: Path
) -> None:
    researcher = api("researcher")
    ours, picture = tmp_path / "ours.zip", tmp_path / "picture.zip"
    ours.write_bytes(researcher._door.get(f"/api/v1/models/{model}/export/").body())
    picture.write_bytes(b"GIF89a")
    broken = changed(ours, tmp_path / "broken.zip", model=flipped)
    jobs = len(researcher.get("jobs/?kind=training.import&page_size=200")["results"])
    for locale, (opening, dataset, send), words in REFUSALS:
        page = open_as("researcher", locale=locale)
        page.goto("/models")
        page.get_by_role("button", name=opening).click()
        form = page.get_by_role("dialog")
        form.get_by_role("combobox", name=dataset).click()
        page.get_by_role("option", name="For tests v1").click()
        for file, said in zip((picture, broken), words, strict=True):
            choose(form, file, send)
            for part in said:
                expect(form.get_by_role("alert")).to_contain_text(part)
    assert len(researcher.get("jobs/?kind=training.import&page_size=200")["results"]) == jobs

"""Freeze, launch from the form, watch, cancel, resume, read the results, compare, promote: in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from safetensors.torch import save_file

from ml.models.comparators import build_comparator
from tests.browser.api import Api
from tests.browser.house import House
from tests.browser.pages import Datasets, Launch, Run

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(1500)]
WEIGHTS = "resnet18-by-chance.safetensors"
EPOCHS = 40  # enough to be cancelled in the middle on a fast machine
INTERVAL = re.compile(r"^\d\.\d{3} \(\d\.\d{3}–\d\.\d{3}\)$")


def test_from_labelled_cases_to_the_model_that_stages(
    champion: str, api: Callable[[str], Api], open_as: Callable[..., Page]
) -> None:
    page = open_as("researcher")
    Datasets(page).freeze("Road")
    expect(page.get_by_test_id("stage-table").first).to_contain_text("Training")
    page.get_by_role("link", name="Launch a run").click()

    launch = Launch(page)
    expect(page.get_by_test_id("spec-form")).to_be_visible()
    launch.preset("LF alone")
    launch.number("Epochs", 0)
    expect(page.get_by_role("button", name="Launch", exact=True)).to_be_disabled()
    launch.number("Epochs", EPOCHS)
    launch.number("Early-stopping patience (epochs)", EPOCHS)
    launch.number("Batch size", 16)
    launch.choose("Policy", "None")
    run_id = launch.submit("Road, LF")

    run = Run(page)
    run.wait_for_points(1)
    run.cancel()
    run.wait_for_state("cancelled")
    finished = run.points
    assert finished < EPOCHS, "the run was over before it could be cancelled"

    run.resume()
    run.wait_for_state("succeeded")
    run.wait_for_points(EPOCHS)  # the last epochs may be drawn a moment after the state
    assert run.points == EPOCHS
    run.wait_for_figures()
    for metric in ("accuracy", "auc_macro", "auc_ge_s2"):
        assert INTERVAL.match(run.metric(metric)), run.metric(metric)
    expect(page.get_by_test_id("event-log")).to_contain_text("State: Finished")

    page.goto("/runs")
    for name in ("Road, LF", "First of the tests"):
        page.get_by_role("checkbox", name=f"Choose {name} for comparing").check()
    page.get_by_role("link", name=re.compile("Compare")).last.click()
    assert set(_ids(page)) == {run_id, champion}
    diff = page.get_by_test_id("parameter-diff")
    expect(diff.locator("tr[data-path=architecture]")).to_contain_text("LF alone")
    expect(
        page.locator("[data-testid=compare-metrics] tr[data-metric=accuracy] [data-best=true]").first
    ).to_be_visible()
    expect(page.locator("[data-figure=roc] [data-testid=figure]")).to_have_attribute("data-drawn", "true")
    expect(page.locator("[data-testid=compare-confusion] [data-drawn=true]")).to_have_count(2)
    address = page.url
    page.reload()
    expect(diff.locator("tr[data-path=architecture]")).to_contain_text("HF alone")
    assert page.url == address

    page.goto(f"/runs/{run_id}")
    page.get_by_role("link", name="Open the model").click()
    expect(page.get_by_test_id("model-card")).to_contain_text("Not a medical device")
    page.get_by_role("button", name="Make champion").click()
    page.get_by_role("dialog").get_by_role("button", name="Make champion").click()
    expect(page.locator("h1 ~ * [data-alias=champion], [data-alias=champion]").first).to_be_visible()
    assert _champion(api) == "Road, LF"

    page.goto("/models")
    page.get_by_role("button", name="Roll back").click()
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert _champion(api) == "First of the tests"


def test_a_comparator_starts_from_weights_that_lie_in_the_house(
    dataset: str, house: House, open_as: Callable[..., Page]
) -> None:
    """Weights of torchvision's names and shapes, drawn by chance: what counts here is the way there."""
    sources = house.home / "sources"
    sources.mkdir(exist_ok=True)
    save_file(build_comparator("resnet18", 3, 1000).state_dict(), sources / WEIGHTS)
    page = open_as("researcher")
    launch = Launch(page).open(dataset=dataset)
    launch.preset("ResNet")
    form = page.get_by_test_id("spec-form")
    expect(form.get_by_role("switch", name="First transfer")).to_be_disabled()
    expect(form.get_by_role("combobox", name="Head", exact=True)).to_be_disabled()
    launch.choose("Comparator input", "LF alone")
    launch.choose("Policy", "None")
    launch.number("Epochs", 1)
    published = form.get_by_role("textbox", name="Published weights")
    published.fill("not-here.pth")
    page.get_by_role("button", name="Launch", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is no file of weights 'not-here.pth' here.")
    published.fill(WEIGHTS)
    launch.submit("Road, ResNet")

    run = Run(page)
    run.wait_for_state("succeeded")
    run.wait_for_figures()
    page.get_by_role("tab", name="Transfers").click()
    expect(page.get_by_test_id("transfers")).to_contain_text(WEIGHTS)
    assert INTERVAL.match(run.metric("accuracy"))
    page.get_by_role("link", name="Open the model").click()
    card = page.get_by_test_id("model-card")
    expect(card).to_contain_text("resnet")
    expect(card).to_contain_text(WEIGHTS)
    expect(card).to_contain_text("Not a medical device")


def test_a_queued_run_says_its_place(
    dataset: str, api: Callable[[str], Api], open_as: Callable[..., Page]
) -> None:
    researcher = api("researcher")
    spec = {"architecture": "hf", "transfer": {"first": False, "second": False}, "epochs": 50}
    runs = [researcher.launch(f"Waiting {number}", dataset, spec) for number in (1, 2, 3)]
    try:
        page = open_as("researcher")
        Run(page).open(runs[2]["id"])
        expect(page.get_by_test_id("job-progress")).to_contain_text(re.compile(r"Place \d in the queue"))
    finally:
        for run in reversed(runs):
            researcher.post(f"runs/{run['id']}/cancel/")
        for run in runs:
            researcher.wait_for_job(run["job"]["id"], seconds=120, state="cancelled")


def test_the_server_s_objection_stands_at_its_field(dataset: str, open_as: Callable[..., Page]) -> None:
    """What the schema cannot say, the server says; the form shows it where it belongs."""
    page = open_as("researcher")
    launch = Launch(page).open(dataset=dataset)
    page.get_by_test_id("spec-form").get_by_role("textbox", name="First-transfer source").fill("../../etc")
    page.get_by_role("button", name="Launch", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("transfer-source-refused")
    assert "/runs/new" in launch.page.url


def _ids(page: Page) -> list[str]:
    page.wait_for_url(re.compile(r"/compare\?ids="))
    return re.split(r"%2C|,", page.url.split("ids=", 1)[1])


def _champion(api: Callable[[str], Api]) -> str:
    found = api("researcher").get("models/?alias=champion")["results"]
    assert len(found) == 1
    return str(found[0]["name"])

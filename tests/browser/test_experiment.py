"""An experiment from a frozen dataset to its report, in the browser, with real workers."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.api import Api

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(900)]
WORK_MS = 600_000
MODELS = ("LF alone", "HF alone")  # the SVM needs more patients than the tests' hospital has
FOLDS = 2


def test_the_table_fills_fold_by_fold_and_the_report_can_be_kept(
    dataset: str, open_as: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_as("researcher")
    page.goto(f"/datasets/{dataset}")
    page.get_by_role("link", name="Run the benchmark").click()
    page.get_by_role("textbox", name="Name").fill("Two of the eight")
    page.get_by_role("button", name="None", exact=True).click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    for model in MODELS:
        page.get_by_role("checkbox", name=model).check()
    page.get_by_role("combobox", name="Test on").click()
    page.get_by_role("option", name=f"{FOLDS} folds").click()
    page.get_by_role("radio", name="Quick: at most 3 epochs").check()
    expect(page.get_by_test_id("estimate")).to_contain_text(f"{FOLDS * len(MODELS)} runs")
    page.get_by_role("button", name="Start", exact=True).click()

    table = page.get_by_test_id("table-1")
    expect(table.locator("tr[data-line]")).to_have_count(len(MODELS))
    expect(page.get_by_text("The numbers mean nothing")).to_be_visible()
    for line in range(1, len(MODELS) + 1):
        row = table.locator(f"tr[data-line='{line}']")
        expect(row).to_have_attribute("data-state", "succeeded", timeout=WORK_MS)
        expect(row.locator("td").nth(1)).to_contain_text("–")  # its interval, without reloading the page
    expect(table.locator("tr[data-reported]").first).to_contain_text("0.716")

    results = page.get_by_test_id("experiment-results")
    expect(results).to_have_attribute("data-complete", str(len(MODELS)), timeout=120_000)
    for tab in ("ROC", "Confusion"):
        page.get_by_role("tab", name=tab, exact=True).click()
        expect(results.get_by_test_id("figure").first).to_have_attribute("data-drawn", "true", timeout=60_000)
    page.get_by_role("tab", name="Each stage").click()
    expect(page.get_by_test_id("stage-table").locator("tbody tr")).to_have_count(5 * len(MODELS))
    page.get_by_role("tab", name="Significance").click()
    expect(page.get_by_test_id("paired-tests")).to_contain_text("LF alone")

    table_csv = _downloaded(page, "Table 1 (CSV)", tmp_path)
    rows = list(csv.DictReader(table_csv.read_text("utf-8-sig").splitlines()))
    assert {row["model"] for row in rows} >= set(MODELS), rows
    offline = page.context.new_page()
    offline.goto(_downloaded(page, "Report, opens offline (HTML)", tmp_path).as_uri())
    expect(offline.get_by_role("heading", level=1)).to_have_text("Two of the eight")
    expect(offline.locator(".js-plotly-plot").first).to_be_visible()


def test_a_row_is_trained_also_with_another_head_and_in_nothing_else_another(
    dataset: str, api: Callable[[str], Api], open_as: Callable[..., Page]
) -> None:
    page = open_as("researcher")
    page.goto(f"/experiments/new?dataset={dataset}")
    page.get_by_role("textbox", name="Name").fill("Another head")
    page.get_by_role("button", name="None", exact=True).click()
    page.get_by_role("checkbox", name="HF alone").check()
    page.get_by_role("radio", name="Quick: at most 3 epochs").check()
    expect(page.get_by_test_id("estimate")).to_contain_text("1 run")
    page.get_by_role("checkbox", name="Ordinal head (CORN)").check()
    expect(page.get_by_test_id("estimate")).to_contain_text("2 runs")
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(re.compile(r"/experiments/[0-9a-f-]{36}$"))

    table = page.get_by_test_id("table-1")
    for line, title in enumerate(("HF alone", "HF alone, ordinal head"), 1):
        row = table.locator(f"tr[data-line='{line}']")
        expect(row).to_contain_text(title)
        expect(row).to_have_attribute("data-state", "succeeded", timeout=WORK_MS)
    expect(page.get_by_test_id("experiment-results")).to_have_attribute("data-complete", "2", timeout=120_000)
    page.get_by_role("tab", name="Significance").click()
    expect(page.get_by_test_id("paired-tests")).to_contain_text("HF alone, ordinal head")
    researcher = api("researcher")
    made = researcher.get(f"experiments/{page.url.rsplit('/', 1)[-1]}/")
    plain, ordinal = (researcher.get(f"runs/{row['run']['id']}/")["spec"] for row in made["rows"])
    assert {key for key in plain if plain[key] != ordinal[key]} == {"head"}
    assert (plain["head"], ordinal["head"]) == ("softmax", "ordinal")


def _downloaded(page: Page, file: str, folder: Path) -> Path:
    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as kept:
        page.get_by_role("menuitem", name=file, exact=True).click()
    target = folder / kept.value.suggested_filename
    kept.value.save_as(target)
    return target

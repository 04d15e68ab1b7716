"""An experiment from a frozen dataset to its report, in the browser, with real workers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(900)]
WORK_MS = 600_000


def test_the_table_fills_as_the_runs_finish_and_the_report_can_be_kept(
    dataset: str, open_as: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_as("researcher")
    page.goto(f"/datasets/{dataset}")
    page.get_by_role("link", name="Run the benchmark").click()
    page.get_by_role("textbox", name="Name").fill("Two of the eight")
    page.get_by_role("button", name="None", exact=True).click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    for model in ("LF alone", "HF alone"):
        page.get_by_role("checkbox", name=model).check()
    page.get_by_role("radio", name="Quick: at most 3 epochs").check()
    expect(page.get_by_test_id("estimate")).to_contain_text("2 runs")
    page.get_by_role("button", name="Start", exact=True).click()

    table = page.get_by_test_id("table-1")
    expect(table.locator("tr[data-line]")).to_have_count(2)
    expect(page.get_by_text("The numbers mean nothing")).to_be_visible()
    for line in (1, 2):
        row = table.locator(f"tr[data-line='{line}']")
        expect(row).to_have_attribute("data-state", "succeeded", timeout=WORK_MS)
        expect(row.locator("td").nth(1)).to_contain_text("–")  # its interval, without reloading the page
    expect(table.locator("tr[data-reported]").first).to_contain_text("0.716")

    results = page.get_by_test_id("experiment-results")
    expect(results).to_have_attribute("data-complete", "2", timeout=120_000)
    expect(results.get_by_test_id("figure").first).to_have_attribute("data-drawn", "true", timeout=60_000)
    page.get_by_role("tab", name="Each stage").click()
    expect(page.get_by_test_id("stage-table").locator("tbody tr")).to_have_count(10)
    page.get_by_role("tab", name="Significance").click()
    expect(page.get_by_test_id("paired-tests")).to_contain_text("LF alone")

    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as kept:
        page.get_by_role("menuitem", name="Report, opens offline (HTML)").click()
    report = tmp_path / "report.html"
    kept.value.save_as(report)
    offline = page.context.new_page()
    offline.goto(report.as_uri())
    expect(offline.get_by_role("heading", level=1)).to_have_text("Two of the eight")
    expect(offline.locator(".js-plotly-plot").first).to_be_visible()

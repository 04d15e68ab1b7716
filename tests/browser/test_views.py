"""Filters kept under a name: saved, opened, removed and brought back; and the audit log that is searched."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]


def test_a_view_of_the_cohort_is_saved_opened_removed_and_brought_back(
    hospital: Path, open_as: Callable[..., Page]
) -> None:
    page = open_as("researcher")
    page.goto("/cohort?step=included")
    expect(page.get_by_test_id("cohort-step")).to_be_visible()
    views = page.get_by_test_id("saved-views")
    views.click()
    page.get_by_role("menuitem", name="Save these filters as a view").click()
    page.get_by_role("dialog").get_by_label("Name").fill("In the study")
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    expect(views).to_have_text("In the study")
    page.goto("/cohort")
    views.click()
    page.get_by_role("menuitem", name="In the study").click()
    page.wait_for_url(re.compile("step=included"))
    expect(page.get_by_test_id("cohort-step")).to_be_visible()
    views.click()
    page.get_by_role("menuitem", name="Remove", exact=True).click()
    expect(views).to_have_text("Views")
    page.get_by_test_id("undo").get_by_role("button", name="Undo").click()
    expect(views).to_have_text("In the study")


def test_the_audit_log_is_searched_and_exported(hospital: Path, open_as: Callable[..., Page]) -> None:
    page = open_as("administrator")
    page.goto("/audit?action=stage.")
    rows = page.locator("main table tbody tr")
    expect(rows.first).to_contain_text("stage.")
    found = rows.all_inner_texts()
    assert found
    assert all("stage." in text for text in found)
    page.goto("/audit?action=no.such")
    expect(page.locator("main table tbody tr")).to_have_count(0)

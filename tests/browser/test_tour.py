"""The guided tour is offered once, walks the side bar by keyboard and can be had again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_the_tour_is_offered_once_and_walks_the_side_bar(open_as: Callable[..., Page]) -> None:
    page = open_as("clinician")
    page.goto("/")
    page.get_by_test_id("tour-offer").get_by_role("button", name="Take the tour").click()
    step = page.locator(".driver-popover")
    expect(step).to_contain_text("Welcome to HepaStage")
    entries = page.locator("[data-tour]").all_inner_texts()
    steps = len(entries) + 2
    titles = []
    for _ in range(6 * steps):  # a key that comes while a step is still drawn is not heard
        titles.append(step.locator(".driver-popover-title").inner_text())
        if f"{steps} of {steps}" in step.inner_text():
            break
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(300)
    assert list(dict.fromkeys(titles)) == ["Welcome to HepaStage", *entries, "That is all"]
    page.keyboard.press("Escape")
    expect(step).to_be_hidden()

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")
    expect(page.get_by_test_id("tour-offer")).to_be_hidden()
    page.get_by_role("button", name="Clinician").click()
    page.get_by_role("menuitem", name="Take the tour").click()
    expect(step).to_contain_text("Welcome to HepaStage")

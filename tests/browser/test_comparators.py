"""A comparator from the launch form: what does not apply is switched off, and it trains to its results."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Launch, Run

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(900)]


def test_the_form_greys_out_what_does_not_apply_and_the_svm_trains(
    dataset: str, open_as: Callable[..., Page]
) -> None:
    page = open_as("researcher")
    launch = Launch(page).open(dataset=dataset)
    form = page.get_by_test_id("spec-form")
    first = form.get_by_role("switch", name="First transfer")
    expect(first).to_be_checked()
    expect(form.get_by_role("combobox", name="Comparator input")).to_be_disabled()

    launch.choose("Architecture", "SVM (texture features)")
    expect(first).to_be_disabled()
    expect(first).not_to_be_checked()
    expect(form.get_by_role("textbox", name="Published weights")).to_be_disabled()
    expect(form.get_by_role("combobox", name="Comparator input")).to_be_enabled()
    launch.choose("Policy", "None")
    launch.submit("SVM of the form")

    run = Run(page)
    run.wait_for_state("succeeded")
    run.wait_for_figures()
    expect(page.get_by_test_id("event-log")).to_contain_text("texture features")
    page.get_by_role("tab", name="Transfers").click()
    expect(page.get_by_text("No weights were transferred.")).to_be_visible()
